"""What a heat simulation gives: temperatures, damage, contours with their sizes, and the energy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from tongtai.core.needle import Needle
from tongtai.core.thermal.applicators import across
from tongtai.core.thermal.bioheat import EnergyBalance
from tongtai.core.thermal.compiled import Floats
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.radiofrequency import PowerRecord
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
TURNS = 24
STEP_MM = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A way to say what is ablated: a field of the result at or above a level."""

    id: str
    field: str
    level: float
    label: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contour:
    """The zone of one criterion and its size.

    ``long_axis_mm`` lies along the needle; ``short_axis_mm`` is the largest over the needle's length of
    the mean diameter across it; ``middle_from_tip_mm`` is measured from the tip towards the entry. The
    mean diameter counts from the needle's axis outwards, so a channel that the coolant keeps cold
    belongs to the zone; the volume counts tissue only.
    """

    criterion: Criterion
    mask: Mask
    volume_ml: float
    short_axis_mm: float
    long_axis_mm: float
    middle_from_tip_mm: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Temperatures at one time."""

    time_s: float
    temperature_c: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatResult:
    """One finished simulation on the grid of ``labels``.

    Fields are arrays of the grid's shape; ``alive`` and ``dead`` are the three-state model's fractions,
    ``omega`` the Arrhenius integral, ``dose_min`` CEM43; of an earlier activation they go on. ``power`` tells what the applicator did, ``notes`` what was
    simplified.
    """

    labels: Volume
    needle: Needle
    time_s: float
    peak_c: Floats
    final_c: Floats
    omega: Floats
    dose_min: Floats
    alive: Floats
    dead: Floats
    snapshots: Sequence[Snapshot]
    energy: EnergyBalance
    power: Sequence[PowerRecord]
    contours: Sequence[Contour]
    steps: int
    notes: Sequence[str]

    def contour(self, criterion_id: str) -> Contour:
        """The contour of a criterion by its id."""
        for one in self.contours:
            if one.criterion.id == criterion_id:
                return one
        known = ", ".join(one.criterion.id for one in self.contours)
        raise ThermalError(f"There is no contour {criterion_id!r}; there are: {known}.")


def measure(field: Floats, criterion: Criterion, labels: Volume, needle: Needle, tissue: Mask) -> Contour:
    """Volume and axes of the zone where ``field`` reaches the criterion's level.

    Parameters
    ----------
    field : (K, J, I) array
        On the grid of ``labels``.
    tissue : (K, J, I) array of bool
        Cells that count; vessels, coolant and surroundings do not.

    Returns
    -------
    Contour
        With zero axes when nothing reaches the level.
    """
    mask = (field >= criterion.level) & tissue
    volume_ml = float(mask.sum()) * labels.voxel_volume_ml
    short_mm, long_mm, middle_mm = (0.0, 0.0, 0.0)
    if mask.any():
        short_mm, long_mm, middle_mm = _axes(field, criterion.level, mask, labels, needle)
    return Contour(
        criterion=criterion,
        mask=mask,
        volume_ml=volume_ml,
        short_axis_mm=short_mm,
        long_axis_mm=long_mm,
        middle_from_tip_mm=middle_mm,
    )


def _axes(
    field: Floats, level: float, mask: Mask, labels: Volume, needle: Needle
) -> tuple[float, float, float]:
    """Short and long axis, and the middle of the zone from the tip, by rays from the needle's axis."""
    index = np.stack(np.unravel_index(np.flatnonzero(mask), mask.shape), axis=1)
    places = labels.lps_of(index) - np.asarray(needle.tip_lps_mm)
    heights = places @ -needle.direction
    away = np.sqrt(np.maximum(np.sum(places**2, axis=1) - heights**2, 0.0))
    rim = float(labels.spacing_mm.max())
    z = np.arange(heights.min() - rim, heights.max() + rim + STEP_MM, STEP_MM)
    radius = np.arange(0.0, away.max() + 2 * rim + STEP_MM, STEP_MM)
    corner = np.maximum(index.min(axis=0) - 2, 0)
    box = tuple(slice(first, last) for first, last in zip(corner, index.max(axis=0) + 3, strict=True))
    # Beyond twice the level only the crossing's place counts; huge doses would spoil its interpolation.
    near = np.minimum(field[box].astype(np.float64), 2 * abs(level) + 1)
    rays = _Rays(near, corner, labels, needle, z, radius)
    reach = np.stack([rays.outermost(level, turn) for turn in np.arange(TURNS) * 2 * np.pi / TURNS])
    area = np.mean(reach**2, axis=0)
    inside = np.flatnonzero(area > 0.0)
    if inside.size == 0:
        return 0.0, 0.0, 0.0
    low = float(z[inside[0]]) - _end(area, int(inside[0]), 1)
    high = float(z[inside[-1]]) + _end(area, int(inside[-1]), -1)
    return float(2 * reach.mean(axis=0).max()), high - low, 0.5 * (low + high)


def _end(area: Numbers, last: int, inwards: int) -> float:
    """How far beyond the last height the cross-section, falling in a straight line, becomes zero."""
    before = last + inwards
    if not 0 <= before < area.size or area[before] <= area[last]:
        return 0.0
    return float(min(area[last] / (area[before] - area[last]), 1.0) * STEP_MM)


@dataclass(frozen=True, slots=True)
class _Rays:
    """Rays at right angles to the needle through a part of a field that begins at ``corner``."""

    field: Numbers
    corner: NDArray[np.int64]
    labels: Volume
    needle: Needle
    heights_mm: Numbers
    radius_mm: Numbers

    def outermost(self, level: float, turn: float) -> Numbers:
        """Distance from the axis of the outermost crossing of the level, at each height."""
        first, second = across(self.needle.direction)
        outwards = np.cos(turn) * first + np.sin(turn) * second
        places = (
            np.asarray(self.needle.tip_lps_mm)
            - self.heights_mm[:, None, None] * self.needle.direction
            + self.radius_mm[None, :, None] * outwards
        )
        index = np.moveaxis(self.labels.index_of(places) - self.corner, -1, 0)
        values = map_coordinates(self.field, index, order=1, mode="nearest")
        reached = values >= level
        last = reached.shape[1] - 1 - np.argmax(reached[:, ::-1], axis=1)
        beyond = np.minimum(last + 1, reached.shape[1] - 1)
        rows = np.arange(self.heights_mm.size)
        drop = values[rows, last] - values[rows, beyond]
        part = np.where(drop > 0, (values[rows, last] - level) / np.where(drop > 0, drop, 1.0), 0.0)
        found: Numbers = np.where(reached.any(axis=1), self.radius_mm[last] + part * STEP_MM, 0.0)
        return found
