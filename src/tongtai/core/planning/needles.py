"""Needles and positions of a plan."""

from dataclasses import dataclass

from tongtai.core.planning.inputs import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class NearStructure:
    """A structure beside a needle.

    Attributes
    ----------
    distance_mm
        From the needle's axis; 0 where the needle passes through it.
    depth_mm
        How deep below the skin it is nearest.
    """

    name: str
    distance_mm: float
    depth_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A hard rule that a needle placed by hand breaks."""

    constraint: str
    value: float
    allowed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNeedle:
    """One needle.

    Attributes
    ----------
    id
        ``N1``, ``N2``, in the order of use.
    entry_lps_mm, target_lps_mm, tip_lps_mm
        Where it enters the skin, the point of its axis nearest to the tumour's middle, its deepest tip.
    depth_mm
        From the skin to the deepest tip.
    axial_angle_deg, craniocaudal_deg, mediolateral_deg
        Angle to the axial plane; the same, above zero towards the head; in the axial plane from
        the vertical, above zero towards the patient's left.
    liver_depth_mm, liver_pass_mm, tumour_depth_mm
        From the skin to the liver, through liver before the tumour, from the skin to the tumour.
        None where the needle does not meet it.
    capsule_angle_deg
        Between the needle and the liver's surface; 90 is perpendicular.
    near
        Structures by distance, the nearest first.
    pleura_crossed
        Whether the needle passes through lung.
    track_ablation_mm
        Way through liver to burn on withdrawal.
    broken_rules
        Empty for every needle that the program places.
    """

    id: str
    device_id: str
    entry_lps_mm: Place
    target_lps_mm: Place
    tip_lps_mm: Place
    depth_mm: float
    axial_angle_deg: float
    craniocaudal_deg: float
    mediolateral_deg: float
    liver_depth_mm: float | None
    liver_pass_mm: float
    tumour_depth_mm: float | None
    capsule_angle_deg: float
    near: tuple[NearStructure, ...]
    pleura_crossed: bool
    track_ablation_mm: float
    broken_rules: tuple[BrokenRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPosition:
    """One application of energy; its zone is an ellipsoid of revolution about the needle.

    Attributes
    ----------
    number
        Place in the order of treatment, from 1.
    needle
        The needle's id.
    pull_back_mm
        How far the needle is drawn back from its position before.
    centre_lps_mm, axis_lps
        Middle of the zone, and the unit vector of its axis (from the skin inwards).
    semi_across_mm, semi_along_mm
        Half axes.
    statement, sources
        How the zone's size came about, and the rows of the table that it comes from.
    extrapolated
        Whether anything was taken from outside the table.
    """

    number: int
    needle: str
    tip_depth_mm: float
    tip_lps_mm: Place
    pull_back_mm: float
    power_w: float | None
    current_ma: float | None
    time_min: float
    centre_lps_mm: Place
    axis_lps: Place
    semi_across_mm: float
    semi_along_mm: float
    volume_ml: float
    statement: str
    sources: tuple[str, ...]
    extrapolated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedleGap:
    """Smallest distance between the shafts of two needles, inside and outside the patient."""

    first: str
    second: str
    distance_mm: float
