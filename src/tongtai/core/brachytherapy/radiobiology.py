"""Biologically effective dose of a permanent implant, linear-quadratic model with repair and decay."""

import math
from dataclasses import dataclass

from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.brachytherapy.strength import HOURS_PER_DAY

FORMULA = (
    "BED = D [1 + D λ / ((μ + λ) α/β)] to infinity, λ = ln 2 / T½, μ = ln 2 / repair half-time, "
    "no repopulation (Dale, Br J Radiol 1985;58:515); EQD2 = BED / (1 + 2 Gy / (α/β))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueResponse:
    """What the linear-quadratic model needs to know of a tissue; nothing is assumed.

    Attributes
    ----------
    alpha_beta_gy
        α/β.
    repair_half_time_h
        Half-time of the repair of sublethal damage.
    """

    alpha_beta_gy: float
    repair_half_time_h: float

    def __post_init__(self) -> None:
        for value in (self.alpha_beta_gy, self.repair_half_time_h):
            if not math.isfinite(value) or value <= 0.0:
                raise BrachytherapyError("α/β and the repair half-time must be finite and above zero.")


def biologically_effective_dose_gy(dose_gy: float, tissue: TissueResponse, *, half_life_d: float) -> float:
    """BED of a permanent implant with this dose to infinity.

    Examples
    --------
    >>> liver_tumour = TissueResponse(alpha_beta_gy=10.0, repair_half_time_h=1.0)
    >>> round(biologically_effective_dose_gy(110.0, liver_tumour, half_life_d=59.40), 4)
    110.8482
    """
    decay = math.log(2.0) / (half_life_d * HOURS_PER_DAY)
    repair = math.log(2.0) / tissue.repair_half_time_h
    return dose_gy * (1.0 + dose_gy * decay / ((repair + decay) * tissue.alpha_beta_gy))


def equivalent_dose_2gy(bed_gy: float, tissue: TissueResponse) -> float:
    """EQD2: dose in fractions of 2 Gy with the same BED.

    Examples
    --------
    >>> equivalent_dose_2gy(120.0, TissueResponse(alpha_beta_gy=10.0, repair_half_time_h=1.0))
    100.0
    """
    return bed_gy / (1.0 + 2.0 / tissue.alpha_beta_gy)
