"""From the chosen paths and places to the needles, seeds and template of the plan."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from tongtai.core.needle import Needle
from tongtai.core.planning.assembling import needle_id
from tongtai.core.planning.needles import BrokenRule, NearStructure, NeedleGap
from tongtai.core.seed_planning.attempt import Attempt, needle_with_tip
from tongtai.core.seed_planning.by_hand import broken_by_seed
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds
from tongtai.core.seed_planning.paths import SeedPath
from tongtai.core.seed_planning.placed import (
    BlockedCount,
    PlannedSeed,
    SeedNeedle,
    TemplateHole,
    TemplateUsed,
)
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.seed_planning.template import Template
from tongtai.core.trajectory.needle_measure import NeedleMeasure
from tongtai.core.trajectory.needle_sets import shaft_distances_mm
from tongtai.core.trajectory.reach import NO_TUMOUR, as_point
from tongtai.core.trajectory.rules import LimitName

_GAPS_SHOWN_MM = 20.0


def loaded_needles(case: SeedCase, attempt: Attempt) -> tuple[HandNeedleOfSeeds, ...]:
    """The needles of an attempt with their seeds, each with its tip just beyond its deepest seed."""
    assert attempt.places is not None and attempt.chosen is not None  # noqa: S101, PT018  (an attempt with seeds)
    places, beyond = attempt.places, case.knowledge.rules.number(SeedNumber.TIP_BEYOND_SEED_MM)
    needles = []
    for number in np.unique(places.path[attempt.chosen.chosen]):
        path = places.paths[int(number)]
        depths = places.depth_mm[(places.path == number) & attempt.chosen.chosen]
        needles.append(
            HandNeedleOfSeeds(
                hole="" if attempt.template is None else path.line.name,
                needle=needle_with_tip(path, float(depths.max()) + beyond),
                depths_mm=tuple(float(depth) for depth in depths),
            )
        )
    return HandPlacedSeeds(needles=tuple(needles)).loaded()


def plane_offset_mm(case: SeedCase, template: Template, paths: Sequence[SeedPath]) -> float:
    """Where the template's plane lies along its direction, from its middle: outside the skin under its open holes."""
    entries = [
        path.entry_lps_mm
        for path in paths
        if path.entry_lps_mm is not None and (path.is_open or path.meets_target)
    ]
    along = [float((entry - template.middle_lps_mm) @ template.direction) for entry in entries]
    return min(along, default=0.0) - case.knowledge.rules.number(SeedNumber.TEMPLATE_STANDOFF_MM)


def template_used(
    case: SeedCase, template: Template, paths: Sequence[SeedPath], needles: Sequence[HandNeedleOfSeeds]
) -> TemplateUsed:
    """The template with every hole, open or closed."""
    by_name = {path.line.name: path for path in paths}
    used = {one.hole: needle_id(number) for number, one in enumerate(needles)}
    origin = template.middle_lps_mm + plane_offset_mm(case, template, paths) * template.direction
    holes = []
    for name, column, row in template.offsets_mm():
        path = by_name.get(name)
        entry = None if path is None or path.entry_lps_mm is None else as_point(path.entry_lps_mm)
        holes.append(
            TemplateHole(
                name=name,
                column_mm=column,
                row_mm=row,
                centre_lps_mm=as_point(origin + column * template.column_axis + row * template.row_axis),
                entry_lps_mm=entry,
                meets_target=path is not None and path.meets_target,
                blocked_by="" if path is None else path.blocked_by,
                blocked_depth_mm=None if path is None else path.blocked_depth_mm,
                open_to_mm=path.open_to_mm if path is not None and path.is_open else None,
                needle=used.get(name, ""),
            )
        )
    return TemplateUsed(
        origin_lps_mm=as_point(origin),
        column_axis_lps=as_point(template.column_axis),
        row_axis_lps=as_point(template.row_axis),
        direction_lps=as_point(template.direction),
        spacing_mm=template.spacing_mm,
        columns=template.holes,
        rows=template.holes,
        rotation_deg=template.rotation_deg,
        holes=tuple(holes),
        blocked=blocked_counts(paths, named=True),
    )


def blocked_counts(paths: Sequence[SeedPath], *, named: bool) -> tuple[BlockedCount, ...]:
    """Closed paths towards the target by constraint, most first."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if path.meets_target and not path.is_open:
            found[path.blocked_by].append(path.line.name)
    return tuple(
        BlockedCount(constraint=name, count=len(lines), holes=tuple(lines) if named else ())
        for name, lines in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def seed_needles(
    case: SeedCase, needles: Sequence[HandNeedleOfSeeds], plane_lps_mm: np.ndarray | None
) -> tuple[SeedNeedle, ...]:
    """The needles as the plan writes them down, each measured with its tip."""
    measures = case.measurer.measure([one.needle for one in needles], case.prepared.tumour.name)
    return tuple(
        _needle(number, one, measure, plane_lps_mm)
        for number, (one, measure) in enumerate(zip(needles, measures, strict=True))
    )


def _needle(
    number: int, one: HandNeedleOfSeeds, measure: NeedleMeasure, plane_lps_mm: np.ndarray | None
) -> SeedNeedle:
    needle, distances = one.needle, measure.structure_distance_mm
    to_tip = None
    if plane_lps_mm is not None:
        to_tip = float((np.asarray(needle.tip_lps_mm) - plane_lps_mm) @ needle.direction)
    broken = [v for v in measure.violations if v.constraint != NO_TUMOUR]
    return SeedNeedle(
        id=needle_id(number),
        hole=one.hole,
        entry_lps_mm=needle.entry_lps_mm,
        tip_lps_mm=needle.tip_lps_mm,
        depth_mm=needle.length_mm,
        template_to_tip_mm=to_tip,
        axial_angle_deg=measure.axial_angle_deg,
        craniocaudal_deg=measure.craniocaudal_deg,
        mediolateral_deg=measure.mediolateral_deg,
        liver_pass_mm=measure.liver_pass_mm,
        near=tuple(
            NearStructure(name=name, distance_mm=distance, depth_mm=measure.nearest_depth_mm[name])
            for name, distance in sorted(distances.items(), key=lambda item: (item[1], item[0]))
            if np.isfinite(distance)
        ),
        seeds=len(one.depths_mm),
        tip_to_first_mm=needle.length_mm - one.depths_mm[0],
        steps_mm=tuple(
            deep - next_one for deep, next_one in zip(one.depths_mm[:-1], one.depths_mm[1:], strict=True)
        ),
        broken_rules=tuple(
            BrokenRule(constraint=v.constraint, value=v.value, allowed=v.allowed) for v in broken
        ),
    )


def planned_seeds(
    case: SeedCase, needles: Sequence[HandNeedleOfSeeds], *, by_hand: bool
) -> tuple[PlannedSeed, ...]:
    """Every seed, needle by needle, the deepest of each first."""
    if not needles:
        return ()
    rule = case.knowledge.rules.number
    centres = np.array([one.needle.point_at(depth) for one in needles for depth in one.depths_mm])
    outside, vessel = case.region.outside_at(centres), case.region.vessel_at(centres)
    found: list[PlannedSeed] = []
    for number, one in enumerate(needles):
        for place, depth in enumerate(one.depths_mm):
            at = len(found)
            found.append(
                PlannedSeed(
                    number=at + 1,
                    needle=needle_id(number),
                    depth_mm=depth,
                    centre_lps_mm=as_point(centres[at]),
                    axis_lps=as_point(one.needle.direction),
                    strength_u=case.request.strength_u,
                    activity_mci=case.request.activity_mci,
                    outside_target_mm=float(outside[at]),
                    broken_rules=broken_by_seed(
                        rule, one, place, outside=float(outside[at]), vessel=float(vessel[at])
                    )
                    if by_hand
                    else (),
                )
            )
    return tuple(found)


def needle_gaps_of(case: SeedCase, needles: Sequence[Needle]) -> tuple[NeedleGap, ...]:
    """Distances between shafts, of those that come near each other."""
    distance = shaft_distances_mm(needles, case.knowledge.needle_rules.limit(LimitName.NEEDLE_LENGTH_MM))
    return tuple(
        NeedleGap(first=needle_id(a), second=needle_id(b), distance_mm=float(distance[a, b]))
        for a in range(len(needles))
        for b in range(a + 1, len(needles))
        if distance[a, b] < _GAPS_SHOWN_MM
    )
