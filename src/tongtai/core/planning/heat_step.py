"""Third step: the heat of every position, beside the zone of the device's table.

The treatment is simulated as it is given: each position begins in the heat, the damage and the
stopped perfusion that the ones before left, after a pause. Beside the table's zone stands each
position alone from body temperature, because that is how tables are measured.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongtai.core.coverage.plans import Position, ZonePlan
from tongtai.core.needle import Needle
from tongtai.core.planning.heating import (
    HeatBand,
    HeatFound,
    HeatSink,
    SimulatedContour,
    SimulatedZone,
)
from tongtai.core.planning.knowledge import HeatKnowledge, StandIn
from tongtai.core.planning.reach_step import PreparedCase
from tongtai.core.planning.result import HeatFields
from tongtai.core.thermal.applicators import MicrowaveAntenna
from tongtai.core.thermal.comparison import TableZone, compare_with_table
from tongtai.core.thermal.microwave import MicrowaveGenerator
from tongtai.core.thermal.result import HeatResult
from tongtai.core.thermal.scene import HeatScene, crop, large_vessels
from tongtai.core.thermal.sequence import Activation, MwActivation, RfActivation, simulate
from tongtai.core.thermal.uncertainty import contour_band
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.reach import as_point
from tongtai.core.trajectory.surface import filled
from tongtai.core.volumes import Volume

Mask = NDArray[np.bool_]
Ends = Mapping[str, Literal["low", "value", "high"]]
VESSELS = ("portal_vein", "hepatic_veins", "liver_vessel", "inferior_vena_cava", "aorta", "artery")
_AROUND_MM = 15.0
_SECONDS_PER_MINUTE = 60.0
_NOTES = (
    "beside the device's table each position is heated alone, from body temperature, as the table was measured",
    "everything inside the skin but large vessels is heated as liver: no values of other tissues are kept",
    "the device itself is not modelled: an applicator of its class stands for it",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulated:
    """What the simulation gives: the plan's section, and fields for pictures."""

    found: HeatFound
    fields: HeatFields


class _Cannot(Exception):  # noqa: N818  (turned into a sentence at once)
    """Why no heat is simulated."""


def simulate_heat(
    case: PreparedCase,
    plan: ZonePlan,
    knowledge: HeatKnowledge,
    tell: Callable[[float], None],
) -> Simulated | str:
    """Simulate every position of a plan.

    Parameters
    ----------
    case, plan
        The patient and the chosen needles and zones.
    knowledge
        Tissues and applicators.
    tell
        Told the finished share; may raise to cancel.

    Returns
    -------
    Simulated, or str
        A sentence where there is no applicator for the device, or its table gives no power.
    """
    table = plan.table
    stand_in = knowledge.stand_in(table.technique, table.kind.value, table.frequency_mhz)
    if stand_in is None:
        return f"Heat was not simulated: no applicator stands for {table.name}."
    try:
        return _Run(case, plan, knowledge, stand_in, tell).whole()
    except _Cannot as reason:
        return str(reason)


class _Run:
    """All positions of one plan on one grid."""

    def __init__(
        self,
        case: PreparedCase,
        plan: ZonePlan,
        knowledge: HeatKnowledge,
        stand_in: StandIn,
        tell: Callable[[float], None],
    ) -> None:
        self.case, self.plan, self.knowledge, self.stand_in, self.tell = case, plan, knowledge, stand_in, tell
        self.scene = heat_scene(case.anatomy, plan, knowledge)
        self.done = 0
        bands = 2 * len(knowledge.band) + 3 if knowledge.band else 0
        self.together = len(plan.positions) > 1
        self.runs = (3 if self.together else 2) * len(plan.positions) + bands

    def whole(self) -> Simulated:
        """Simulate, join and compare."""
        results = [self._simulated(position, self.scene) for position in self.plan.positions]
        zones = [self._zone(n, result) for n, result in enumerate(results)]
        treated = self._treated() if self.together else results[0]
        contours = {one.criterion.id: one.mask for one in treated.contours}
        band = self._band() if self.knowledge.band else None
        spacing = self.scene.labels.spacing_mm
        return Simulated(
            found=HeatFound(
                criterion=self.knowledge.criterion,
                applicator=self.stand_in.applicator.name,
                generator=self._generator_text(),
                spacing_mm=as_point(spacing),
                contours=tuple(self._contour(treated, name, mask) for name, mask in contours.items()),
                zones=tuple(zones),
                band=band,
                notes=(*_NOTES, *self._pauses_text(), self.stand_in.source, *results[0].notes),
            ),
            fields=HeatFields(peak_c=self.scene.labels.with_voxels(treated.peak_c), contours=contours),
        )

    def _simulated(self, position: Position, scene: HeatScene) -> HeatResult:
        """One position alone, from body temperature."""
        return self._run([self._activation(position, 0.0)], scene)

    def _treated(self) -> HeatResult:
        """All positions in their order, each in what the ones before left."""
        positions, pauses = self.plan.positions, self.knowledge.pauses
        waits = [
            pauses.pull_back_s if one.needle == other.needle else pauses.next_needle_s
            for one, other in pairwise(positions)
        ]
        activations = [self._activation(*pair) for pair in zip(positions, [*waits, 0.0], strict=True)]
        return self._run(activations, self.scene)

    def _run(self, activations: Sequence[Activation], scene: HeatScene) -> HeatResult:
        started, runs = self.done, len(activations)
        self.done += runs

        def tell(fraction: float) -> None:
            self.tell((started + runs * fraction) / self.runs)

        return simulate(scene, activations, self.knowledge.rules, progress=tell)[-1]

    def _activation(self, position: Position, pause_s: float) -> Activation:
        applicator, generator = self.stand_in.applicator, self.stand_in.generator
        seconds, needle = position.size.time_min * _SECONDS_PER_MINUTE, self._needle(position)
        if isinstance(applicator, MicrowaveAntenna):
            power_w = position.size.power_w
            if power_w is None:
                raise _Cannot(f"Heat was not simulated: the table of {self.plan.table.name} gives no power.")
            return MwActivation(
                needle=needle,
                antenna=applicator,
                generator=MicrowaveGenerator(power_w=power_w),
                duration_s=seconds,
                pause_s=pause_s,
            )
        if generator is None:
            raise _Cannot("Heat was not simulated: no generator stands for the device.")
        return RfActivation(
            needle=needle, electrode=applicator, generator=generator, duration_s=seconds, pause_s=pause_s
        )

    def _pauses_text(self) -> tuple[str, ...]:
        pauses = self.knowledge.pauses
        text = (
            f"between positions energy pauses for {pauses.pull_back_s:g} s on the same needle and "
            f"{pauses.next_needle_s:g} s on another; what is warm or dead by then stays so"
        )
        return (text,) if self.together else ()

    def _needle(self, position: Position) -> Needle:
        """The needle with its tip where it is for this position."""
        needle = self.plan.needles[position.needle].needle
        return Needle(needle.entry_lps_mm, as_point(needle.point_at(position.tip_depth_mm)))

    def _zone(self, number: int, result: HeatResult) -> SimulatedZone:
        position = self.plan.positions[number]
        size, scene = position.size, self.scene
        table = TableZone(
            short_axis_mm=size.short_mm,
            long_axis_mm=size.long_mm,
            middle_from_tip_mm=size.long_mm / 2.0 - size.zone_beyond_tip_mm,
            source="; ".join(size.sources),
        )
        contour = result.contour(self.knowledge.criterion)
        needle = self._needle(position)
        compared = compare_with_table(contour, table, scene.labels, needle, scene.vessels)
        if compared.deficits:
            # Only what the zone would reach without the vessel is the vessel's doing.
            compared = compare_with_table(
                contour, table, scene.labels, needle, scene.vessels, unhindered=self._unhindered(position)
            )
        return SimulatedZone(
            position=number + 1,
            short_mm=contour.short_axis_mm,
            long_mm=contour.long_axis_mm,
            volume_ml=contour.volume_ml,
            short_difference_mm=compared.short_axis_difference_mm,
            long_difference_mm=compared.long_axis_difference_mm,
            volume_difference_ml=compared.volume_difference_ml,
            overlap_dice=compared.overlap_dice,
            deficits=tuple(
                HeatSink(
                    volume_ml=one.volume_ml,
                    depth_mm=one.depth_mm,
                    centre_lps_mm=one.centre_lps_mm,
                    vessel_lps_mm=one.vessel_lps_mm,
                )
                for one in compared.deficits
            ),
        )

    def _unhindered(self, position: Position) -> Mask:
        """The position's zone without vessels."""
        bare = replace(self.scene, vessels=None)
        mask: Mask = self._simulated(position, bare).contour(self.knowledge.criterion).mask
        return mask

    def _contour(self, result: HeatResult, name: str, mask: Mask) -> SimulatedContour:
        criterion, labels, target = result.contour(name).criterion, self.scene.labels, self.case.target
        return SimulatedContour(
            criterion=criterion.id,
            label=criterion.label,
            source=criterion.source,
            volume_ml=float(mask.sum()) * labels.voxel_volume_ml,
            tumour=share_inside(labels.with_voxels(mask), target.tumour_points),
            target=share_inside(labels.with_voxels(mask), target.target_points),
        )

    def _band(self) -> HeatBand:
        """The band of the position with the largest zone of the table."""
        volumes = [position.zone.volume_ml for position in self.plan.positions]
        number = int(np.argmax(volumes))

        def simulate(ends: Ends) -> HeatResult:
            return self._simulated(self.plan.positions[number], self.scene.varied(ends))

        band = contour_band(simulate, self.knowledge.band, self.knowledge.criterion)
        return HeatBand(
            position=number + 1,
            quantities=self.knowledge.band,
            volume_ml=band.variations[0].volume_ml,
            smallest_ml=band.smallest.volume_ml,
            largest_ml=band.largest.volume_ml,
        )

    def _generator_text(self) -> str:
        generator = self.stand_in.generator
        return (
            "constant power of the position" if generator is None else f"{generator.id}: {generator.source}"
        )


def heat_scene(anatomy: Anatomy, plan: ZonePlan, knowledge: HeatKnowledge) -> HeatScene:
    """Liver, vessels of 3 mm and more, and the air around the patient, in a box around all zones."""
    centres = np.array([zone.centre_lps_mm for zone in plan.zones])
    middle = (centres.min(axis=0) + centres.max(axis=0)) / 2.0
    reach = max(
        float(np.linalg.norm(centre - middle)) + max(zone.short_mm, zone.long_mm) / 2.0
        for centre, zone in zip(centres, plan.zones, strict=True)
    )
    half_mm = reach + _AROUND_MM

    def boxed(mask: Mask) -> Volume:
        return crop(anatomy.grid.with_voxels(mask), middle, half_mm, knowledge.spacing_mm)

    body = boxed(filled(anatomy.body))
    vessels = np.zeros(body.voxels.shape, np.bool_)
    for name in VESSELS:
        if name in anatomy.structures:
            vessels |= boxed(anatomy.structures[name]).voxels
    return HeatScene(
        labels=body.with_voxels(np.zeros(body.voxels.shape, np.uint8)),
        tissues=[knowledge.liver],
        blood=knowledge.blood,
        vessels=large_vessels(body.with_voxels(vessels)),
        outside=~body.voxels,
    )


def share_inside(mask: Volume, points: NDArray[np.float64]) -> float:
    """Share of points whose nearest voxel belongs to a mask; points off the grid count as outside."""
    index = np.rint(mask.index_of(points)).astype(np.int64)
    on_grid = np.all((index >= 0) & (index < mask.voxels.shape), axis=1)
    held = mask.voxels[tuple(index[on_grid].T)]
    return float(held.sum()) / max(len(points), 1)
