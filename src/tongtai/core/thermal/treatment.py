"""A treatment from the first second to the last: source, heat and damage together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tongtai.core.needle import Needle
from tongtai.core.thermal.applicator_box import (
    Box,
    box_around,
    box_grid,
    drawn_radius_mm,
    staircase_area_m2,
    surface_depth_m,
)
from tongtai.core.thermal.applicators import MicrowaveAntenna, RfElectrode, place
from tongtai.core.thermal.bioheat import Bioheat, Precision
from tongtai.core.thermal.boundaries import Boundaries, Dirichlet
from tongtai.core.thermal.compiled import Floats
from tongtai.core.thermal.damage import DamageFields, DamageModels
from tongtai.core.thermal.errors import HeatCancelledError, ThermalError
from tongtai.core.thermal.grid import MM_PER_M
from tongtai.core.thermal.media import Medium
from tongtai.core.thermal.microwave import MicrowaveGenerator, MicrowaveSource
from tongtai.core.thermal.radiofrequency import PowerRecord, RadiofrequencySource, RfGenerator
from tongtai.core.thermal.result import Criterion, HeatResult, Snapshot, measure
from tongtai.core.thermal.scene import HeatScene

Mask = NDArray[np.bool_]
Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatOptions:
    """How finely a treatment is simulated.

    ``refresh_k`` and ``refresh_s`` say when the microwave field is computed anew: after any cell near the
    antenna has warmed by so much, or so much time has passed. The electric field decides by itself.
    Cells are computed from where the tissue has changed by ``still_k`` on, unless ``whole_grid``.
    """

    max_step_s: float = 7.5
    max_rise_k: float = 20.0
    refresh_k: float = 5.0
    refresh_s: float = 15.0
    precision: Precision = "single"
    whole_grid: bool = False
    still_k: float = 0.03
    snapshots_s: Sequence[float] = ()
    cool_down_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DamageRules:
    """Damage models and the criteria whose contours are reported."""

    models: DamageModels
    criteria: Sequence[Criterion]


class HeatSource(Protocol):
    """What heats: sets the power density of its box and remembers what it did.

    ``every_step`` asks for `update` after each step, otherwise after `HeatOptions.refresh_k`;
    ``longest_step_s`` is as far as the source can look ahead.
    """

    box: Box
    records: list[PowerRecord]
    every_step: bool
    longest_step_s: float

    def update(self, heat: Bioheat) -> float:
        """Renew the power density; returns the time by which to call again."""
        ...

    def stop(self, heat: Bioheat) -> None:
        """Switch off."""
        ...


def simulate_rfa(
    scene: HeatScene,
    electrode: RfElectrode,
    needle: Needle,
    generator: RfGenerator,
    rules: DamageRules,
    *,
    duration_s: float,
    options: HeatOptions | None = None,
    after: HeatResult | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> HeatResult:
    """Simulate radiofrequency ablation.

    Parameters
    ----------
    scene
        Tissues and vessels on the grid to simulate; crop it to the target's surroundings first.
    electrode, needle, generator
        What is placed where, and how it is driven.
    rules
        Damage models and contours.
    duration_s
        Time with power; ``options.cool_down_s`` follows without.
    after
        An earlier activation on the same grid, whose heat and damage go on (`tongtai.core.thermal.sequence`).
    progress
        Called with the fraction done.
    cancelled
        Asked before every step.

    Raises
    ------
    HeatCancelledError
        When ``cancelled`` said so.
    PropertyMissingError
        When a tissue lacks a quantity that this technique needs.
    """
    chosen = options or HeatOptions()
    placed = place(electrode, needle)
    source = RadiofrequencySource(scene, placed, generator, refresh_s=chosen.refresh_s)
    coolant, cells = None, None
    if electrode.coolant_c is not None:
        wall = electrode.wall_h_w_m2k * source.wall_share
        coolant = Medium(name="coolant", held_c=electrode.coolant_c, wall_h_w_m2k=wall)
        cells = source.metal
    notes = [
        "the ground pad is far away: the potential falls like 1/r beyond the electric box",
        "the current keeps its shape until the bounds of the resistance lie 2 to 5 % apart",
    ]
    heat = _prepare(scene, chosen, coolant, source.box, cells, after)
    run = _Run(scene, needle, rules, chosen, heat, source, duration_s, after, progress, cancelled)
    return run.finish(notes)


def simulate_mwa(
    scene: HeatScene,
    antenna: MicrowaveAntenna,
    needle: Needle,
    generator: MicrowaveGenerator,
    rules: DamageRules,
    *,
    duration_s: float,
    options: HeatOptions | None = None,
    after: HeatResult | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> HeatResult:
    """Simulate microwave ablation; parameters as in `simulate_rfa`."""
    chosen = options or HeatOptions()
    source = MicrowaveSource(scene, antenna, needle, generator, refresh_s=chosen.refresh_s)
    coolant, cells, box = None, None, source.box
    if antenna.coolant_c is not None:
        box, cells, share = _cooled_shaft(scene, antenna, needle)
        wall = antenna.wall_h_w_m2k * share
        coolant = Medium(name="coolant", held_c=antenna.coolant_c, wall_h_w_m2k=wall)
    notes = [
        "the antenna's field is that of a homogeneous medium with the absorbed power's mean permittivity",
        f"field renewed after {chosen.refresh_k:g} K or {chosen.refresh_s:g} s",
    ]
    heat = _prepare(scene, chosen, coolant, box, cells, after)
    run = _Run(scene, needle, rules, chosen, heat, source, duration_s, after, progress, cancelled)
    return run.finish(notes)


def _cooled_shaft(scene: HeatScene, antenna: MicrowaveAntenna, needle: Needle) -> tuple[Box, Mask, float]:
    """Cells of the shaft behind the slot, and the real area over that of the cells."""
    slot = np.asarray(needle.tip_lps_mm) - antenna.slot_from_tip_mm * needle.direction
    top = slot - antenna.proximal_mm * needle.direction
    pieces = np.array([[top, slot]])
    radius = antenna.insulation_mm
    box = box_around(scene.labels, pieces[0], 3 * radius + float(scene.labels.spacing_mm.max()))
    cells = surface_depth_m(scene.labels, box, pieces, drawn_radius_mm(scene.labels, radius)) <= 0.0
    if not cells.any():
        raise ThermalError("The antenna lies outside the simulated box; check the needle and the volume.")
    area = staircase_area_m2(box_grid(scene.labels, box), cells)
    return box, cells, 2 * np.pi * radius * antenna.proximal_mm / MM_PER_M**2 / area


def _prepare(
    scene: HeatScene,
    options: HeatOptions,
    coolant: Medium | None,
    box: Box,
    cooled: Mask | None,
    after: HeatResult | None,
) -> Bioheat:
    if after is not None and after.final_c.shape != scene.labels.voxels.shape:
        raise ThermalError("An activation can only follow one on the same grid.")
    media, labels = scene.media(coolant)
    if cooled is not None:
        labels[box.cells][cooled] = scene.coolant_label
    return Bioheat(
        scene.grid,
        labels,
        media,
        boundaries=Boundaries.everywhere(Dirichlet(scene.blood_c)),
        initial_c=scene.blood_c if after is None else after.final_c,
        blood_c=scene.blood_c,
        precision=options.precision,
        whole_grid=options.whole_grid,
        still_k=options.still_k,
    )


@dataclass(slots=True)
class _Run:
    """The loop over time of one treatment."""

    scene: HeatScene
    needle: Needle
    rules: DamageRules
    options: HeatOptions
    heat: Bioheat
    source: HeatSource
    duration_s: float
    after: HeatResult | None
    progress: Progress | None
    cancelled: Cancelled | None
    taken: list[Snapshot] = field(default_factory=list)
    pending_s: float = 0.0

    def finish(self, notes: Sequence[str]) -> HeatResult:
        """Run to the end and measure."""
        if self.duration_s <= 0.0 or self.options.cool_down_s < 0.0:
            raise ThermalError("The treatment's duration must be above zero.")
        damage = DamageFields(
            self.heat.grid.shape,
            self.rules.models,
            initial_c=self.scene.blood_c,
            dtype=self.heat.dtype,
            perfusion=self.heat.perfusion,
        )
        if self.after is not None:
            before = self.after
            damage.resume(before.peak_c, before.omega, before.dose_min, before.alive, before.dead)
        self._heat_up(damage)
        self._steps_until(self.duration_s + self.options.cool_down_s, np.inf, damage)
        damage.advance(self.heat.padded_c, 0.5 * self.pending_s, self.heat.region.window)
        return self._result(damage, notes)

    def _heat_up(self, damage: DamageFields) -> None:
        while self.heat.time_s < self.duration_s - 1e-6:
            due_s = self.source.update(self.heat)
            refresh_k = 0.0 if self.source.every_step else self.options.refresh_k
            self._steps_until(min(due_s, self.duration_s), refresh_k, damage)
        self.source.stop(self.heat)

    def _steps_until(self, until_s: float, refresh_k: float, damage: DamageFields) -> None:
        """Step to a time, or until a cell of the source's box has warmed by ``refresh_k``."""
        follows = 0.0 < refresh_k < np.inf
        start = self.heat.temperature_c[self.source.box.cells].copy() if follows else None
        total_s = self.duration_s + self.options.cool_down_s
        while until_s - self.heat.time_s > 1e-6:
            if self.cancelled is not None and self.cancelled():
                raise HeatCancelledError
            longest_s = min(self.options.max_step_s, self.source.longest_step_s)
            limit_s = min(longest_s, self._next_stop_s(until_s) - self.heat.time_s)
            self._step(limit_s, damage)
            if self.progress is not None:
                self.progress(min(self.heat.time_s / total_s, 1.0))
            if refresh_k == 0.0 or (start is not None and self._warmed_k(start) > refresh_k):
                return

    def _warmed_k(self, start: Floats) -> float:
        return float(np.abs(self.heat.temperature_c[self.source.box.cells] - start).max())

    def _next_stop_s(self, until_s: float) -> float:
        wanted = [t for t in self.options.snapshots_s if t > self.heat.time_s + 1e-6]
        return min([until_s, *wanted])

    def _step(self, limit_s: float, damage: DamageFields) -> None:
        heat = self.heat

        def watch(length_s: float) -> None:
            damage.advance(heat.padded_c, 0.5 * (self.pending_s + length_s), heat.region.window)
            self.pending_s = length_s

        heat.step(limit_s, max_rise_k=self.options.max_rise_k, before=watch)
        if any(abs(t - heat.time_s) <= 1e-6 for t in self.options.snapshots_s):
            self.taken.append(Snapshot(heat.time_s, heat.temperature_c.copy()))

    def _result(self, damage: DamageFields, notes: Sequence[str]) -> HeatResult:
        heat, volume = self.heat, self.scene.labels
        tissue = ~heat.table.held[heat.labels]
        fields = {
            "peak_c": damage.peak_c,
            "omega": damage.omega,
            "dose_min": damage.dose_min,
            "dead": damage.dead,
        }
        contours = [
            measure(fields[one.field], one, volume, self.needle, tissue) for one in self.rules.criteria
        ]
        return HeatResult(
            labels=volume,
            needle=self.needle,
            time_s=heat.time_s,
            peak_c=damage.peak_c,
            final_c=heat.temperature_c.copy(),
            omega=damage.omega,
            dose_min=damage.dose_min,
            alive=damage.alive,
            dead=damage.dead,
            snapshots=tuple(self.taken),
            energy=heat.balance(),
            power=tuple(self.source.records),
            contours=tuple(contours),
            steps=heat.steps,
            notes=tuple(notes),
        )
