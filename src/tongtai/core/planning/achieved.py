"""What a plan's zones cover and cost."""

from dataclasses import dataclass

from tongtai.core.planning.inputs import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginChance:
    """Probability that the margin holds under needle and registration error, with its own error.

    Attributes
    ----------
    low, high
        Wilson's 95 % interval.
    needle_error_mm, registration_error_mm
        Mean lengths of the errors that were drawn.
    """

    margin_mm: float
    probability: float
    standard_error: float
    low: float
    high: float
    trials: int
    needle_error_mm: float
    registration_error_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedStructure:
    """Another structure that a zone reaches."""

    name: str
    volume_ml: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageAchieved:
    """What the zones of the table cover and cost.

    Attributes
    ----------
    tumour, target
        Covered shares of the tumour, and of tumour and margin.
    minimum_margin_mm, minimum_margin_lps_mm
        Thinnest margin away from the capsule, and where; None for a tumour that is all subcapsular.
    minimum_at_capsule_mm
        The same at the capsule, where there is no room for a margin.
    surface_below_zero, surface_below_asked, surface_at_least_asked
        Shares of the tumour's surface by margin: missed, thinner than asked, as asked.
    surface_excluded
        Share of the surface at the capsule, which is left out of these.
    zone_ml
        All zones together, inside the liver.
    collateral_ml
        Healthy liver in the zones beyond the margin.
    remnant_ml, remnant_share
        Healthy liver that stays.
    reached
        Other structures inside the zones.
    chance
        Probability that the margin holds.
    method, gap
        How needles and zones were chosen, and how far the choice may be from the best one, as a
        share; None where it is not known.
    """

    tumour: float
    target: float
    minimum_margin_mm: float | None
    minimum_margin_lps_mm: Place | None
    minimum_at_capsule_mm: float | None
    surface_below_zero: float
    surface_below_asked: float
    surface_at_least_asked: float
    surface_excluded: float
    zone_ml: float
    collateral_ml: float
    remnant_ml: float
    remnant_share: float
    reached: tuple[ReachedStructure, ...]
    chance: MarginChance | None
    method: str
    gap: float | None
