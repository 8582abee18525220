"""Template, needles and seeds of a seed plan."""

from dataclasses import dataclass
from enum import StrEnum

from tongtai.core.planning.inputs import Place
from tongtai.core.planning.needles import BrokenRule, NearStructure


class Layout(StrEnum):
    """How needles are led."""

    TEMPLATE = "template"
    """Parallel, through the holes of a coplanar template."""
    FREE = "free"
    """Each by itself, by free hand or navigation."""
    BY_HAND = "by_hand"
    """Placed by a person; the plan judges them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedCount:
    """How many needle paths a constraint closes.

    Attributes
    ----------
    holes
        Names of the template's holes; empty for free needles.
    """

    constraint: str
    count: int
    holes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateHole:
    """A hole of the template.

    Attributes
    ----------
    name
        Column's letter and row's number, such as ``D5``; column A and row 1 lie at the most negative offsets.
    column_mm, row_mm
        Offset from the template's origin along its axes.
    centre_lps_mm
        On the template's plane.
    entry_lps_mm
        Where its needle would enter the skin; None where its line does not meet the body.
    meets_target
        Whether its line passes through a place where a seed may lie, if nothing blocked it.
    blocked_by
        Hard constraint (``bone``, ``lung``, …) that closes it, or ends it before its deepest place; empty
        where nothing does.
    blocked_depth_mm
        Depth below the skin at which that is met; 0 for what forbids the entry itself.
    open_to_mm
        Deepest tip that is allowed, below the skin. None for a hole that is closed to the target.
    needle
        The plan's needle in it; empty for none.
    """

    name: str
    column_mm: float
    row_mm: float
    centre_lps_mm: Place
    entry_lps_mm: Place | None
    meets_target: bool
    blocked_by: str
    blocked_depth_mm: float | None
    open_to_mm: float | None
    needle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUsed:
    """The coplanar template: a plane with holes on a square grid, all needles perpendicular to it.

    Attributes
    ----------
    origin_lps_mm
        Middle of the template, on its plane, just outside the skin.
    column_axis_lps, row_axis_lps
        Unit vectors in the plane, turned by ``rotation_deg``.
    direction_lps
        Unit vector of every needle, from the skin inwards.
    spacing_mm
        Between neighbouring holes of a row or column.
    columns, rows
        Number of holes.
    rotation_deg
        Turn of the axes about ``direction_lps``, from the axial plane for the columns.
    holes
        Every hole, row by row.
    blocked
        How many holes towards the target are closed, by constraint.
    """

    origin_lps_mm: Place
    column_axis_lps: Place
    row_axis_lps: Place
    direction_lps: Place
    spacing_mm: float
    columns: int
    rows: int
    rotation_deg: float
    holes: tuple[TemplateHole, ...]
    blocked: tuple[BlockedCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedNeedle:
    """A needle and how it is loaded.

    Attributes
    ----------
    id
        ``N1``, ``N2``, in the order of use.
    hole
        The template's hole; empty for a free needle.
    entry_lps_mm, tip_lps_mm
        Where it enters the skin; its tip before the first seed is left.
    depth_mm
        From the skin to the tip.
    template_to_tip_mm
        From the template's plane to the tip; None without a template.
    axial_angle_deg, craniocaudal_deg, mediolateral_deg
        As of the needles of an ablation plan.
    liver_pass_mm
        Through liver before the tumour.
    near
        Structures by distance, the nearest first.
    seeds
        How many.
    tip_to_first_mm
        From the tip back to the first seed's centre.
    steps_mm
        From each seed's centre back to the next one's, the deepest seed first; one fewer than seeds.
    broken_rules
        Empty for every needle that the program places.
    """

    id: str
    hole: str
    entry_lps_mm: Place
    tip_lps_mm: Place
    depth_mm: float
    template_to_tip_mm: float | None
    axial_angle_deg: float
    craniocaudal_deg: float
    mediolateral_deg: float
    liver_pass_mm: float
    near: tuple[NearStructure, ...]
    seeds: int
    tip_to_first_mm: float
    steps_mm: tuple[float, ...]
    broken_rules: tuple[BrokenRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSeed:
    """One seed.

    Attributes
    ----------
    number
        From 1, needle by needle, the deepest of each first.
    needle
        The needle's id.
    depth_mm
        Of its centre, below the skin along the needle.
    axis_lps
        The needle's direction.
    strength_u, activity_mci
        Air-kerma strength and apparent activity at the implant.
    outside_target_mm
        How far its centre lies outside the target; 0 inside.
    broken_rules
        Rules of seeds that it breaks; empty for every seed that the program places.
    """

    number: int
    needle: str
    depth_mm: float
    centre_lps_mm: Place
    axis_lps: Place
    strength_u: float
    activity_mci: float
    outside_target_mm: float
    broken_rules: tuple[BrokenRule, ...]
