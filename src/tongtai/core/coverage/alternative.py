"""One of several plans side by side."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One row of the table; the meaning of each number is that of the plan's own.

    Attributes
    ----------
    reached_ml
        Other structures in the zones, vessels among them.
    organs_ml
        Of these, organs that must be spared.
    """

    table_id: str
    device: str
    evidence: str
    settings: tuple[str, ...]
    margin_mm: float
    needles: int
    positions: int
    energy_time_min: float
    tumour_coverage: float
    target_coverage: float
    minimum_margin_mm: float | None
    collateral_ml: float
    remnant_share: float
    reached_ml: float
    organs_ml: float
    probability: float | None
    probability_low: float | None
    probability_high: float | None
    method: str
    gap: float | None
    extrapolated: bool
