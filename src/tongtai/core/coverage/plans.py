"""Plans of zones: which needles, tip depths and settings, in which order, and what they achieve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tongtai.core.coverage.assessment import Assessment, assess
from tongtai.core.coverage.choosing import Place, choose, every_position, sizes_to_try, within_reach
from tongtai.core.coverage.devices import DeviceTable, ZoneSize
from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.lines import NeedleLine
from tongtai.core.coverage.organs import OrganReached, organs_reached
from tongtai.core.coverage.probability import MarginProbability, RequiredPoints, margin_probability
from tongtai.core.coverage.selection import Effort, Selection
from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.coverage.zones import Zone, zone_at
from tongtai.core.needle import Needle
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.needle_measure import NeedleMeasure
from tongtai.core.trajectory.reach import as_point

_DEPTH_TOLERANCE_MM = 1e-6
_SMALLER = 3
"""Smaller settings that are tried besides, where an organ is near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One application of energy.

    Attributes
    ----------
    needle
        Number of the needle in its plan, from 0.
    tip_depth_mm
        Depth of the tip below the skin.
    pull_back_mm
        How far the needle is drawn back from its position before; 0 for a needle's first.
    """

    needle: int
    tip_depth_mm: float
    pull_back_mm: float
    size: ZoneSize
    zone: Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlan:
    """A plan for one tumour.

    Attributes
    ----------
    needles
        In the order of use, each measured with the tip at its deepest position; needles placed by
        hand as they stand.
    positions
        In the order of treatment: the deepest needle first, each needle from its deepest position
        outwards, so that gas never hides what is still to be treated.
    energy_time_min
        Sum of the times of energy, one position after the other.
    track_ablation_mm
        For each needle, the way through liver from its last zone to the liver's surface, to be
        burnt on withdrawal.
    selection
        How the positions were chosen; None for a plan made by hand.
    organs
        Organs that must be spared and that the zones reach all the same, the most reached first.
    kept_off
        Organs for whose sake positions were left out that the choice would have had.
    """

    tumour: str
    margin_mm: float
    table: DeviceTable
    needles: tuple[NeedleMeasure, ...]
    positions: tuple[Position, ...]
    assessment: Assessment
    probability: MarginProbability | None
    energy_time_min: float
    track_ablation_mm: tuple[float, ...]
    selection: Selection | None
    organs: tuple[OrganReached, ...]
    kept_off: tuple[str, ...] = ()

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The zones, in the order of treatment."""
        return tuple(position.zone for position in self.positions)

    @property
    def extrapolated(self) -> bool:
        """Whether any zone was taken from outside a table."""
        return any(position.size.extrapolated for position in self.positions)


def plan_zones(
    measurer: Measurer,
    target: AblationTarget,
    lines: Sequence[NeedleLine],
    table: DeviceTable,
    *,
    sizes: Sequence[ZoneSize] | None = None,
    effort: Effort | None = None,
    spare_organs: bool = True,
) -> ZonePlan:
    """The fewest positions and needles of one device that cover a target.

    No zone may reach an organ that the rules spare: what cannot be covered without stays uncovered,
    and ``ZonePlan.kept_off`` names the organs.

    Parameters
    ----------
    measurer, target, lines
        The patient, the target, and the lines that needles may take (``lines.needle_lines``).
    table
        The device.
    sizes
        Settings to choose from, say corrected for perfusion; a few of the table's if not given.
    effort
        Of the exact search; None keeps the greedy choice.
    spare_organs
        False lets zones reach any organ, to compare.

    Returns
    -------
    ZonePlan
        Without a probability, see ``with_probability``. What no needle can cover is left uncovered
        and counted in ``selection`` and ``assessment``.

    Raises
    ------
    CoverageError
        If there are no lines or no usable settings, or every zone that touches the target reaches
        an organ to be spared.
    """
    tried = sizes_to_try(table, target) if sizes is None else tuple(sizes)
    if not lines or not tried:
        raise CoverageError(
            "No needle line reaches the tumour." if not lines else f"{table.name} has no usable setting."
        )
    scene, kept_off = measurer.scene, tuple[str, ...]()
    every = every_position(target, lines, tried)
    if spare_organs:
        allowed, kept_off = within_reach(scene, target, every)
        if kept_off and sizes is None:
            more = sizes_to_try(table, target, smaller=_SMALLER)
            allowed, kept_off = within_reach(scene, target, every_position(target, lines, more))
        if every and not allowed:
            raise CoverageError(f"Every zone of {table.name} would reach {', '.join(kept_off)}.")
        every = allowed
    selection = choose(scene, target, lines, every, effort=effort)
    chosen = [every[c] for c in selection.chosen]
    return replace(assembled(measurer, target, table, lines, chosen, selection), kept_off=kept_off)


def assembled(
    measurer: Measurer,
    target: AblationTarget,
    table: DeviceTable,
    lines: Sequence[NeedleLine],
    chosen: Sequence[Place],
    selection: Selection | None,
    *,
    standing: bool = False,
) -> ZonePlan:
    """Put chosen positions in order and judge them.

    Lines without a position are left out, and needles go no deeper than their positions, unless the
    needles stand already (``standing``): then each is judged as it stands.
    """
    deepest = {number: line.deepest_mm for number, line in enumerate(lines) if standing}
    for line, depth, _, _ in chosen:
        deepest[line] = max(deepest.get(line, 0.0), depth)
    order = sorted(deepest, key=lambda line: (-deepest[line], line))
    needles = measurer.measure([_tipped(lines[line].needle, deepest[line]) for line in order], target.tumour)
    positions: list[Position] = []
    for number, line in enumerate(order):
        before: float | None = None
        for _, depth, size, zone in sorted(
            (place for place in chosen if place[0] == line), key=lambda place: -place[1]
        ):
            back = 0.0 if before is None else before - depth
            positions.append(
                Position(needle=number, tip_depth_mm=depth, pull_back_mm=back, size=size, zone=zone)
            )
            before = depth
    zones = [position.zone for position in positions]
    return ZonePlan(
        tumour=target.tumour,
        margin_mm=target.margin_mm,
        table=table,
        needles=needles,
        positions=tuple(positions),
        assessment=assess(target, zones),
        probability=None,
        energy_time_min=float(sum(position.size.time_min for position in positions)),
        track_ablation_mm=tuple(_track_mm(n, needle, positions) for n, needle in enumerate(needles)),
        selection=selection,
        organs=organs_reached(target, zones, measurer.scene.rules),
    )


def _tipped(needle: Needle, depth_mm: float) -> Needle:
    return Needle(needle.entry_lps_mm, as_point(needle.point_at(depth_mm)))


def _track_mm(number: int, needle: NeedleMeasure, positions: Sequence[Position]) -> float:
    starts = [
        position.tip_depth_mm + position.size.zone_beyond_tip_mm - position.size.long_mm
        for position in positions
        if position.needle == number
    ]
    # A needle that gives no energy burns no track; one that misses the liver has none in it.
    return max(0.0, min(starts) - needle.liver_depth_mm) if starts else 0.0


def plan_by_hand(
    measurer: Measurer,
    target: AblationTarget,
    table: DeviceTable,
    needles: Sequence[Needle],
    applications: Sequence[tuple[int, float, ZoneSize]],
) -> ZonePlan:
    """The plan that somebody placed by hand, judged like any other and at once.

    Nothing is moved or left out: every needle is measured as it stands, also one that gives no
    energy; broken rules are listed with it, not refused.

    Parameters
    ----------
    needles
        Entry and tip of each.
    applications
        For each application of energy: number of the needle, depth of the tip, and setting.

    Raises
    ------
    CoverageError
        If an application names no needle, or a tip outside the skin or deeper than its needle.
    """
    for number, depth, _ in applications:
        if not 0 <= number < len(needles):
            raise CoverageError(f"Applications name needles from 0 to {len(needles) - 1}.")
        if not 0.0 < depth <= needles[number].length_mm + _DEPTH_TOLERANCE_MM:
            raise CoverageError(
                f"Needle {number} stands {needles[number].length_mm:.1f} mm deep: "
                f"energy cannot be given at {depth:.1f} mm."
            )
    measures = measurer.measure(list(needles), target.tumour)
    lines = [
        NeedleLine(measure=measure, aim_depth_mm=measure.length_mm, deepest_mm=measure.length_mm)
        for measure in measures
    ]
    chosen = [(n, depth, size, zone_at(needles[n], depth, size)) for n, depth, size in applications]
    return assembled(measurer, target, table, lines, chosen, None, standing=True)


def with_probability(
    plan: ZonePlan, required: RequiredPoints, generator: np.random.Generator, *, trials: int = 2000
) -> ZonePlan:
    """The plan with the probability that its margin holds; see ``probability.margin_probability``."""
    needles = [position.needle for position in plan.positions]
    chance = margin_probability(required, plan.zones, needles, generator, trials=trials)
    return replace(plan, probability=chance)
