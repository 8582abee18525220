"""The Pennes bioheat equation on a grid, stepped in time.

rho c dT/dt = div(k grad T) - w (T - T_blood) + Q, with temperature-dependent k, boiling, cells held
at a temperature (large vessels, coolant) and a ledger of where the energy went. Pennes HH. Analysis
of tissue and arterial blood temperatures in the resting human forearm. J Appl Physiol 1948;1:93-122.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.boundaries import SIDES, Boundaries
from tongtai.core.thermal.boundary_faces import BoundaryFaces, axis_of, layer
from tongtai.core.thermal.compiled import Floats, Labels, Real, real, threads_for
from tongtai.core.thermal.conduction import first_rate, first_stage, next_stage, place_source, rows_media
from tongtai.core.thermal.conductivities import cell_conductivities, face_conductivities
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.grid import HeatGrid
from tongtai.core.thermal.media import MediaTable, Medium
from tongtai.core.thermal.stepping import legendre_scheme, longest_step_s, stages_for
from tongtai.core.thermal.walls import WallFaces
from tongtai.core.thermal.warm_region import STILL_K, Box, WarmRegion

BODY_C = 37.0
# Warming of any cell after which the conductivities are looked at (they change by 0.1 to 0.6 % a kelvin), and the relative
# change of a cell's that is let be.
DRIFT_K = 3.0
CONDUCTIVITY_CHANGE = 1e-3
# Whether a cell will be dry is looked for so many steps ahead, at the present rates.
LOOK_AHEAD = 2.0
Precision = Literal["single", "double"]
# Faces, metrics, perfusion, source and blood temperature, in the order that the kernels take them.
Flow = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Real]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyBalance:
    """Where the energy went, in joules; ``residual_j`` is what the time steps' sums leave open.

    ``held_j`` is by medium: what large vessels or the coolant took. ``boundary_j`` left through the
    sides. ``stored_j`` is in the tissue.
    """

    delivered_j: float
    stored_j: float
    blood_j: float
    held_j: dict[str, float]
    boundary_j: float

    @property
    def residual_j(self) -> float:
        """Delivered minus everything accounted for."""
        return self.delivered_j - self.stored_j - self.blood_j - sum(self.held_j.values()) - self.boundary_j


class Bioheat:
    """State of a heat simulation.

    Parameters
    ----------
    grid
        Cells; see `HeatGrid`.
    labels : (K, J, I) array of uint8
        Index into ``media``.
    media
        What each label means.
    boundaries
        Conditions of the six sides; insulated by default.
    initial_c
        Temperature at the start, a number or an array of the grid's shape.
    blood_c
        Temperature of the perfusing blood.
    precision
        ``single`` halves time and memory; its rounding is about 1e-5 K a step.
    whole_grid
        Compute every cell from the start, instead of a region that grows with what is warm
        (it grows when its rim has changed by ``still_k``).
    still_k
        See ``whole_grid``.

    Examples
    --------
    >>> from tongtai.core.thermal.grid import Axis
    >>> slab = HeatGrid((Axis.single(), Axis.single(), Axis.straight(20, 1e-3)))
    >>> water = Medium(name="water", conductivity_w_mk=0.6, capacity_j_m3k=4.2e6)
    >>> heat = Bioheat(slab, np.zeros(slab.shape, np.uint8), [water], precision="double")
    >>> heat.set_source(np.full(slab.shape, 4.2e6))
    >>> heat.advance(2.0)
    >>> round(float(heat.temperature_c.mean()), 9)
    39.0
    """

    def __init__(
        self,
        grid: HeatGrid,
        labels: Labels,
        media: Sequence[Medium],
        *,
        boundaries: Boundaries | None = None,
        initial_c: float | NDArray[np.floating] = BODY_C,
        blood_c: float = BODY_C,
        precision: Precision = "single",
        whole_grid: bool = False,
        still_k: float = STILL_K,
    ) -> None:
        if labels.shape != grid.shape or int(labels.max()) >= len(media):
            raise ThermalError("The labels must have the grid's shape and one medium each.")
        self.dtype: np.dtype[np.floating] = np.dtype(np.float32 if precision == "single" else np.float64)
        self.grid, self.labels = grid, np.ascontiguousarray(labels, np.uint8)
        self.table = MediaTable(media, reference_c=blood_c, dtype=self.dtype)
        self.time_s, self.steps, self.stages = 0.0, 0, 0
        self.peak_c = float(np.max(initial_c))
        self._blood, self._still = real(blood_c, self.dtype), real(still_k, self.dtype)
        self._sides = BoundaryFaces(grid, self.labels, self.table, boundaries or Boundaries())
        self._walls = WallFaces(grid, self.labels, self.table)
        self.perfusion: Floats = self.table.perfusion[self.labels]
        self._allocate(np.broadcast_to(np.asarray(initial_c, np.float64), grid.shape))
        self._set_metrics()
        self._set_region(whole_grid)

    def _allocate(self, initial_c: NDArray[np.float64]) -> None:
        start = np.where(self.table.held[self.labels], self.table.curve[0][self.labels], initial_c)
        self._padded: Floats = np.pad(start, 1, mode="edge").astype(self.dtype)
        for side in SIDES:
            axis, far = axis_of(side)
            ghost = self._padded[layer(axis, -1 if far else 0)]
            ghost[1:-1, 1:-1] = self._sides.outside_c(side)
        self._spare = self._padded.copy()
        self._content = self.table.heat_content(start, self.labels)
        self._first_content = self._content.copy()
        self._stage_contents = [self._content.copy(), self._content.copy()]
        self._rate: Floats = np.zeros(self.grid.shape, self.dtype)
        self._conductivity: Floats = np.zeros(self.grid.shape, self.dtype)
        self._flux: Floats = self._sides.flux_source.astype(self.dtype)
        self.source: Floats = self._flux.copy()
        self._source_box: Box | None = None
        self._source_included = False
        shape = np.array(self.grid.shape)
        self._faces = [np.zeros(shape + np.eye(3, dtype=int)[axis], self.dtype) for axis in range(3)]

    def _set_metrics(self) -> None:
        self._metric = [np.array(axis.into_cell(), self.dtype) for axis in self.grid.axes]
        self._steepness = sum(float(np.add(*axis.into_cell()).max()) for axis in self.grid.axes)
        self._volumes = [np.array(axis.volumes) for axis in self.grid.axes]
        self._limits = np.zeros((4, self.grid.shape[0]), self.dtype)
        self._carried_w = np.zeros(self.grid.shape[0])
        self._drift_k = np.inf
        self._renewed = np.zeros(self.grid.shape[:2], np.bool_)
        self._media: Labels = np.zeros(self.grid.shape[:2], np.uint8)
        self._source_w, self._pending_s = 0.0, 0.0
        self._delivered_j, self._blood_j, self._boundary_j = 0.0, 0.0, 0.0

    def _set_region(self, whole_grid: bool) -> None:
        """Start with the cells that differ from the blood, or with all of them."""
        self._grows = not whole_grid and not self._sides.disturb(float(self._blood))
        self.region = WarmRegion(self.grid.shape)
        if self._grows:
            self.region.start_from(self.temperature_c != self._blood)
        self._enter()

    def _enter(self) -> None:
        """Prepare cells that have come into the region: their conductivities, and which rows are of one medium."""
        self._drift_k = np.inf
        rows_media(self.labels, self.region.window, self._media)

    @property
    def temperature_c(self) -> Floats:
        """Temperature of the cells, shape of the grid; a view that the next step overwrites."""
        return self._padded[1:-1, 1:-1, 1:-1]

    @property
    def blood_c(self) -> float:
        """Temperature of the perfusing blood."""
        return float(self._blood)

    @property
    def padded_c(self) -> Floats:
        """Temperature with one layer of ghost cells around it, as the kernels take it."""
        return self._padded

    def set_source(
        self,
        density_w_m3: NDArray[np.floating],
        *,
        corner: tuple[int, int, int] = (0, 0, 0),
        scale: float = 1.0,
    ) -> None:
        """Set the power density of a box of cells, whose first cell is ``corner``, to ``scale`` times an array.

        All power comes from this one box; a box set before, if it was another, is emptied. Held cells
        take no power.
        """
        k, j, i = (slice(c, c + n) for c, n in zip(corner, density_w_m3.shape, strict=True))
        box: Box = (k, j, i)
        if self._source_box != box:
            if self._source_box is not None:
                self.source[...] = self._flux
            self._source_box, self._source_included = box, False
        in_k, in_j, in_i = (axis.volumes[part] for axis, part in zip(self.grid.axes, box, strict=True))
        per_slice = np.zeros(density_w_m3.shape[0])
        with threads_for(density_w_m3.size):
            place_source(
                density_w_m3,
                np.where(self.table.held, 0.0, scale).astype(self.dtype),
                self.labels[box],
                self._flux[box],
                in_k,
                in_j,
                in_i,
                self.source[box],
                per_slice,
            )
        self._source_w = float(per_slice.sum())
        if self._grows and self._source_w != 0.0 and not self._source_included:
            self.region.include(box)
            self._enter()
            self._source_included = True

    @property
    def source_power_w(self) -> float:
        """Power that the source now puts into the grid."""
        return self._source_w

    def advance(self, duration_s: float, *, max_step_s: float = 1.0, max_rise_k: float = 10.0) -> None:
        """Step until ``duration_s`` later; steps end there exactly."""
        end_s = self.time_s + duration_s
        while end_s - self.time_s > 1e-9 * max(1.0, end_s):
            self.step(min(max_step_s, end_s - self.time_s), max_rise_k=max_rise_k)

    def step(
        self,
        limit_s: float,
        *,
        max_rise_k: float = 10.0,
        before: Callable[[float], None] | None = None,
    ) -> float:
        """One step of at most ``limit_s``, in which no cell is to warm by more than ``max_rise_k``.

        ``before`` is called with the chosen length while the temperatures are still those of the
        step's start. Returns the length in seconds.
        """
        with threads_for(self.region.cells):
            if self._grows and self.region.grow(self._padded, self._blood, self._still):
                self._enter()
            return self._step(limit_s, max_rise_k, before)

    def _step(self, limit_s: float, max_rise_k: float, before: Callable[[float], None] | None) -> float:
        if self._drift_k > DRIFT_K:
            self._update_faces(self.region, CONDUCTIVITY_CHANGE)
            self._drift_k = 0.0
        self._start_rate(limit_s)
        length_s = self._length(limit_s, max_rise_k)
        self._account(0.5 * (self._pending_s + length_s))
        if before is not None:
            before(length_s)
        self._pending_s = length_s
        self._delivered_j += self._source_w * length_s
        self._run_stages(length_s)
        self.time_s += length_s
        self.steps += 1
        return length_s

    def _update_faces(self, region: WarmRegion, least_change: float) -> None:
        """Renew the faces of cells whose conductivity has changed."""
        change, around, renewed = real(least_change, self.dtype), region.around, self._renewed
        conduction, cells = self.table.conduction, self._conductivity
        cell_conductivities(self._padded, self.labels, conduction, change, around, cells, renewed)
        face_conductivities(cells, renewed, around, *self._faces)
        self._walls.update(cells, self._faces)
        self._sides.update(self._padded, self._faces, region.box)

    def _start_rate(self, limit_s: float) -> None:
        volume_k, volume_j, volume_i = self._volumes
        first_rate(
            self._padded,
            *self._flow(),
            self._content,
            self.labels,
            self._media,
            self.table.curve,
            real(LOOK_AHEAD * limit_s, self.dtype),
            self.region.window,
            self._rate,
            self._limits,
            volume_k,
            volume_j,
            volume_i,
            self._carried_w,
        )

    def _flow(self) -> Flow:
        faces_k, faces_j, faces_i = self._faces
        metric_k, metric_j, metric_i = self._metric
        return (
            faces_k,
            faces_j,
            faces_i,
            metric_k,
            metric_j,
            metric_i,
            self.perfusion,
            self.source,
            self._blood,
        )

    def _length(self, limit_s: float, max_rise_k: float) -> float:
        now_c, warming, cooling, beyond = self._limits[:, self.region.box[0]].max(axis=1).tolist()
        self.peak_c = max(self.peak_c, now_c)
        diffusivity, perfusion = self.table.stiffest(now_c, dry=beyond > 0.0)
        self._euler_limit_s = 2 / (2 * diffusivity * self._steepness + perfusion)
        length_s = min(limit_s, longest_step_s(self._euler_limit_s))
        if warming * length_s > max_rise_k:
            length_s = max(max_rise_k / warming, 1e-3 * limit_s)
        self._drift_k += max(warming, cooling) * length_s
        return length_s

    def _run_stages(self, length_s: float) -> None:
        stages = stages_for(length_s, self._euler_limit_s)
        scheme = legendre_scheme(stages)
        before, other = self._stage_contents
        start, weight = self._content, real(scheme.first * length_s, self.dtype)
        first_stage(
            start,
            self._rate,
            self.labels,
            self._media,
            self.table.curve,
            weight,
            self.region.window,
            before,
            self._spare,
        )
        older = start
        for row in scheme.later:
            self._padded, self._spare = self._spare, self._padded
            weights = (row * (1.0, 1.0, 1.0, length_s, length_s)).astype(self.dtype)
            next_stage(
                self._padded,
                *self._flow(),
                self.labels,
                self._media,
                self.table.curve,
                weights,
                start,
                self._rate,
                before,
                older,
                self.region.window,
                other,
                self._spare,
            )
            before, older, other = other, before, before
        self._padded, self._spare = self._spare, self._padded
        self._content, self._stage_contents = before, [start, older]
        self.stages += stages

    def _account(self, weight_s: float) -> None:
        self._blood_j += weight_s * float(self._carried_w[self.region.box[0]].sum())
        self._boundary_j += weight_s * self._sides.power_out_w(self._padded, self._faces)

    def balance(self) -> EnergyBalance:
        """Where the energy went since the start.

        Blood and boundary are sums of the powers at the steps' ends (trapezoidal rule).
        """
        self._start_rate(0.0)
        self._account(0.5 * self._pending_s)
        self._pending_s = 0.0
        gained = (self._content.astype(np.float64) - self._first_content) * self.grid.cell_volumes_m3()
        by_label = np.bincount(self.labels.ravel(), gained.ravel(), len(self.table.media))
        held_j = {
            one.name: float(joules)
            for one, joules, held in zip(self.table.media, by_label, self.table.held, strict=True)
            if held
        }
        return EnergyBalance(
            delivered_j=self._delivered_j,
            stored_j=float(by_label[~self.table.held].sum()),
            blood_j=self._blood_j,
            held_j=held_j,
            boundary_j=self._boundary_j,
        )

    def conductances_w_k(self) -> list[NDArray[np.float64]]:
        """Conductance (W/K) of every face at the present temperatures; along each axis one more than cells."""
        self._update_faces(WarmRegion(self.grid.shape), 0.0)
        return [
            of_axis * (self.grid.face_areas_m2(axis) / self.grid.spacing_m[axis])
            for axis, of_axis in enumerate(self._faces)
        ]
