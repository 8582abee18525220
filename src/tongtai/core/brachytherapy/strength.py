"""Air-kerma strength, apparent activity and decay.

One unit inside: air-kerma strength in U = µGy m² h⁻¹. Activity is always *apparent* activity, that
of a bare source of the same air-kerma strength; the conversion depends on the nuclide and stands in
the data file of the seed model (1.270 U/mCi for iodine-125, TG-43U1, Med Phys 2004;31:633).
"""

import math

from tongtai.core.brachytherapy.errors import ImplantError

MBQ_PER_MCI = 37.0
HOURS_PER_DAY = 24.0


def strength_of_activity_u(activity_mci: float, *, u_per_mci: float) -> float:
    """Air-kerma strength of an apparent activity.

    Examples
    --------
    >>> strength_of_activity_u(0.5, u_per_mci=1.270)
    0.635
    """
    return activity_mci * u_per_mci


def activity_mci(strength_u: float, *, u_per_mci: float) -> float:
    """Apparent activity of an air-kerma strength.

    Examples
    --------
    >>> round(activity_mci(0.635, u_per_mci=1.270), 12)
    0.5
    """
    return strength_u / u_per_mci


def activity_mbq(strength_u: float, *, u_per_mci: float) -> float:
    """Apparent activity of an air-kerma strength, 37 MBq to the millicurie.

    Examples
    --------
    >>> round(activity_mbq(0.635, u_per_mci=1.270), 12)
    18.5
    """
    return activity_mci(strength_u, u_per_mci=u_per_mci) * MBQ_PER_MCI


def mean_life_h(half_life_d: float) -> float:
    """Mean life 1/λ = T½ / ln 2: a permanent implant gives its initial dose rate times this.

    Examples
    --------
    >>> round(mean_life_h(59.40), 2)
    2056.71
    """
    return half_life_d * HOURS_PER_DAY / math.log(2.0)


def decay_factor(elapsed_d: float, *, half_life_d: float) -> float:
    """Share of the strength that is left after a time; above one for a time before the calibration.

    Raises
    ------
    ImplantError
        If the time is not a finite number.

    Examples
    --------
    >>> round(decay_factor(59.40, half_life_d=59.40), 12)
    0.5
    """
    if not math.isfinite(elapsed_d):
        raise ImplantError(f"The time between calibration and implant must be finite, got {elapsed_d} days.")
    return math.exp(-math.log(2.0) * elapsed_d / half_life_d)


def delivered_share(elapsed_d: float, *, half_life_d: float) -> float:
    """Share of the dose to infinity that a permanent implant has given after a time.

    Parameters
    ----------
    elapsed_d
        Days since the implant; ``inf`` for the whole dose.

    Raises
    ------
    ImplantError
        If the time is negative or no number.

    Examples
    --------
    >>> round(delivered_share(60.0, half_life_d=59.40), 6)
    0.503489
    """
    if math.isnan(elapsed_d) or elapsed_d < 0.0:
        raise ImplantError(f"The time since the implant must be zero or more days, got {elapsed_d}.")
    return -math.expm1(-math.log(2.0) * elapsed_d / half_life_d)
