"""Numbers that say how a dose fits a target, each by one published definition.

V_T is the target's volume, V_ref the volume of the whole prescription isodose, V_T,ref the part of the
target that gets at least the prescription, V_T,1.5ref at least one and a half times it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram
from tongtai.core.brachytherapy.errors import DoseVolumeError

Numbers = NDArray[np.float64]
_BINS = 160
_LEAST_BINS_OF_PEAK = 3

DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "conformity_index": "(V_T,ref / V_T) (V_T,ref / V_ref); 1 is best (van 't Riet, IJROBP 1997;37:731)",
        "homogeneity_index": "(V_T,ref - V_T,1.5ref) / V_T,ref (Saw and Suntharalingam, Med Dosim 1991)",
        "external_index": "(V_ref - V_T,ref) / V_T; 0 is best (Saw and Suntharalingam)",
        "natural_dose_ratio": (
            "natural prescription dose / prescription; the former is where the natural histogram dV/du, u = D^-1.5, "
            "rises half-way from the level of one point source to its peak (Anderson, Med Phys 1986;13:898); 1 is best"
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanIndices:
    """How the prescription isodose fits the target; see `DEFINITIONS`.

    Attributes
    ----------
    homogeneity_index
        None when no part of the target gets the prescription.
    conformity_index
        None when the prescription isodose is empty.
    natural_dose_ratio
        None when the natural histogram has no peak, as with one seed.
    """

    conformity_index: float | None
    homogeneity_index: float | None
    external_index: float
    natural_dose_ratio: float | None


def plan_indices(
    target: DoseVolumeHistogram, everywhere: DoseVolumeHistogram, prescription_gy: float
) -> PlanIndices:
    """Conformity, homogeneity, spill and natural dose of a plan.

    Parameters
    ----------
    target
        Of the target.
    everywhere
        Of a region that holds the whole prescription isodose, target or not.
    prescription_gy
        Above zero.

    Raises
    ------
    DoseVolumeError
        If the prescription is not above zero.

    Examples
    --------
    >>> inside = DoseVolumeHistogram.of(np.array([200.0, 120.0, 90.0]), 1.0)
    >>> around = DoseVolumeHistogram.of(np.array([200.0, 120.0, 90.0, 110.0]), 1.0)
    >>> found = plan_indices(inside, around, 100.0)
    >>> round(found.conformity_index, 4), found.homogeneity_index, round(found.external_index, 4)
    (0.4444, 0.5, 0.3333)
    """
    if not np.isfinite(prescription_gy) or prescription_gy <= 0.0:
        raise DoseVolumeError(f"The prescription must be above zero Gy, got {prescription_gy}.")
    covered = target.volume_ml_above(prescription_gy)
    hot = target.volume_ml_above(1.5 * prescription_gy)
    isodose = everywhere.volume_ml_above(prescription_gy)
    natural = natural_prescription_dose_gy(everywhere)
    return PlanIndices(
        conformity_index=covered / target.total_ml * (covered / isodose) if isodose > 0.0 else None,
        homogeneity_index=(covered - hot) / covered if covered > 0.0 else None,
        external_index=max(0.0, isodose - covered) / target.total_ml,
        natural_dose_ratio=None if natural is None else natural / prescription_gy,
    )


def natural_histogram(everywhere: DoseVolumeHistogram, dose_edges_gy: Numbers) -> Numbers:
    """Volume per u = D^(-3/2) between rising doses: flat for one point source without attenuation."""
    volumes = everywhere.differential_ml(dose_edges_gy)
    widths = -np.diff(dose_edges_gy**-1.5)
    found: Numbers = volumes / widths
    return found


def natural_prescription_dose_gy(everywhere: DoseVolumeHistogram) -> float | None:
    """The dose that a set of seeds offers by its own arrangement, or None where there is none.

    The level of one point source is taken as the natural histogram's at its highest doses, where each
    seed is by itself.
    """
    top, low = everywhere.dose_to_share_gy(1e-4), everywhere.dose_to_share_gy(0.5)
    if low <= 0.0 or top <= low * 1.5:
        return None
    edges = np.geomspace(low, top, _BINS + 1)
    histogram = natural_histogram(everywhere, edges)
    smooth = np.convolve(histogram, np.ones(5) / 5.0, mode="valid")
    doses = np.sqrt(edges[:-1] * edges[1:])[2:-2]
    floor, peak = float(np.median(smooth[-_BINS // 8 :])), int(smooth.argmax())
    if smooth[peak] < 1.2 * floor or peak < _LEAST_BINS_OF_PEAK:
        return None
    below = np.flatnonzero(smooth[:peak] < (floor + smooth[peak]) / 2.0)
    return float(doses[below[-1] + 1]) if len(below) else None
