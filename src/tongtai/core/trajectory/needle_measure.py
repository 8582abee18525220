"""What is known of one needle in one patient."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongtai.core.needle import Needle


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a needle breaks: its name, what was measured, what is allowed."""

    constraint: str
    value: float
    allowed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedleMeasure:
    """Everything that is known of one needle.

    Attributes
    ----------
    length_mm
        From the entry to the tip.
    axial_angle_deg
        Between the needle and the axial plane, 0 to 90.
    craniocaudal_deg
        The same with its sign: above zero when the needle runs to the head.
    mediolateral_deg
        In the axial plane, from the table's direction (straight down is 0), above zero when the
        needle runs to the patient's left; -180 to 180.
    liver_depth_mm, liver_pass_mm, tumour_depth_mm
        From the skin to the liver; through liver before the tumour; from the skin to the tumour.
        Infinite (the pass: 0) where the needle does not meet it.
    capsule_angle_deg
        Between the needle and the liver's surface where it enters: 90 is perpendicular.
    distance_mm
        From the needle's axis to each obstacle of the rules.
    structure_distance_mm, nearest_depth_mm
        From the axis to each structure given, and how deep below the skin it is nearest.
    violations
        Hard rules broken; empty for a needle that may be used.
    """

    needle: Needle
    tumour: str
    length_mm: float
    axial_angle_deg: float
    craniocaudal_deg: float
    mediolateral_deg: float
    liver_depth_mm: float
    liver_pass_mm: float
    tumour_depth_mm: float
    capsule_angle_deg: float
    distance_mm: Mapping[str, float]
    structure_distance_mm: Mapping[str, float]
    nearest_depth_mm: Mapping[str, float]
    violations: tuple[Violation, ...]

    def value(self, criterion: str) -> float | None:
        """What a criterion of the rules measures; None if its obstacle was not given."""
        kind, _, obstacle = criterion.partition(":")
        return self.distance_mm.get(obstacle) if obstacle else float(getattr(self, kind))
