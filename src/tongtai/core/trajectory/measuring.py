"""A needle measured against the patient: every distance, every angle, every broken rule.

This is done on the image's own grid, needle by needle, and knows nothing of the reachability map:
planned needles and needles placed by hand are judged alike. A distance is that from the needle's
axis to the nearest voxel centre of the structure, and 0 if the axis passes through one of its voxels.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.needle import Needle
from tongtai.core.trajectory.anatomy import Anatomy, Mask, Points, boundary_voxels
from tongtai.core.trajectory.judging import violations_of
from tongtai.core.trajectory.marching import marked_mm
from tongtai.core.trajectory.needle_measure import NeedleMeasure
from tongtai.core.trajectory.reach import axial_angle_deg
from tongtai.core.trajectory.rules import Obstacle
from tongtai.core.trajectory.scene import SMOOTHING_MM, Scene
from tongtai.core.trajectory.surface import filled

_NOT_MEASURED = ("liver", "body", "skin")


class Measurer:
    """Measures needles in one scene; builds what it needs once.

    Parameters
    ----------
    scene
        The prepared patient with the rules.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        anatomy = scene.anatomy
        self._masks = {
            name: mask
            for name, mask in anatomy.structures.items()
            if name not in _NOT_MEASURED and mask.any()
        }
        # Where thin parts do not count, the obstacle is measured for itself.
        self._masks |= {
            _thick(item.obstacle): item.mask
            for item in scene.obstacles
            if item.obstacle.minimum_diameter_mm > 0.0
        }
        self._borders = {name: _border_lps(anatomy, mask) for name, mask in self._masks.items()}
        self._liver = anatomy.liver
        self._body = _grown(filled(anatomy.body))

    def measure(self, needles: Sequence[Needle], tumour: str) -> tuple[NeedleMeasure, ...]:
        """Measure needles that are meant for one tumour.

        Parameters
        ----------
        needles
            Entry and tip of each.
        tumour
            Name of the tumour.
        """
        if not needles:
            return ()
        entries = np.array([needle.entry_lps_mm for needle in needles])
        tips = np.array([needle.tip_lps_mm for needle in needles])
        found = {
            name: self._distances(self._masks[name], border, entries, tips)
            for name, border in self._borders.items()
        }
        return tuple(
            self._one(needle, tumour, {name: (float(d[n]), float(at[n])) for name, (d, at) in found.items()})
            for n, needle in enumerate(needles)
        )

    def _distances(self, mask: Mask, border: Points, entries: Points, tips: Points) -> tuple[Points, Points]:
        distance, depth = nearest_to_segments(border, entries, tips)
        grid = self.scene.anatomy.grid
        starts, ends = grid.index_of(entries), grid.index_of(tips)
        lengths = np.linalg.norm(tips - entries, axis=1)
        for n in np.flatnonzero(distance < 2.0 * grid.spacing_mm.max()):
            if np.isfinite(marked_mm(mask, starts[n], ends[n], float(lengths[n]))[1]):
                distance[n] = 0.0
        return distance, depth

    def _to_obstacles(self, found: dict[str, tuple[float, float]]) -> dict[str, float]:
        return {
            item.obstacle.name: min(
                (found[name][0] for name in _measured_as(item.obstacle) if name in found),
                default=float("inf"),
            )
            for item in self.scene.obstacles
        }

    def _one(self, needle: Needle, tumour: str, found: dict[str, tuple[float, float]]) -> NeedleMeasure:
        scene = self.scene
        along = needle.direction
        axis = np.asarray(scene.positioning.gantry_axis_lps)
        liver_depth = self._within(self._liver, needle, needle.length_mm)[1]
        tumour_depth = self._within(scene.anatomy.tumours[tumour], needle, needle.length_mm)[1]
        measured = NeedleMeasure(
            needle=needle,
            tumour=tumour,
            length_mm=needle.length_mm,
            axial_angle_deg=float(axial_angle_deg(along, axis)),
            craniocaudal_deg=float(np.degrees(np.arcsin(np.clip(along @ axis, -1.0, 1.0)))),
            mediolateral_deg=_mediolateral_deg(along, scene),
            liver_depth_mm=liver_depth,
            liver_pass_mm=self._liver_pass(needle, tumour_depth),
            tumour_depth_mm=tumour_depth,
            capsule_angle_deg=self._capsule_angle(needle, liver_depth),
            distance_mm=self._to_obstacles(found),
            structure_distance_mm={name: pair[0] for name, pair in found.items() if ":" not in name},
            nearest_depth_mm={name: pair[1] for name, pair in found.items() if ":" not in name},
            violations=(),
        )
        return replace(measured, violations=violations_of(measured, scene, self._outside_mm(needle)))

    def _within(self, mask: Mask, needle: Needle, depth_mm: float) -> tuple[float, float]:
        """Length of the needle's first ``depth_mm`` inside a mask, and where it enters."""
        grid = self.scene.anatomy.grid
        start = grid.index_of(np.asarray(needle.entry_lps_mm))
        end = grid.index_of(needle.point_at(depth_mm))
        inside, entered = marked_mm(mask, start, end, depth_mm)
        return float(inside), float(entered)

    def _liver_pass(self, needle: Needle, tumour_depth: float) -> float:
        if not np.isfinite(tumour_depth) or tumour_depth <= 0.0:
            return 0.0
        tumours = self.scene.anatomy.tumours.values()
        others = sum(self._within(mask, needle, tumour_depth)[0] for mask in tumours)
        return self._within(self._liver, needle, tumour_depth)[0] - others

    def _outside_mm(self, needle: Needle) -> float:
        return needle.length_mm - self._within(self._body, needle, needle.length_mm)[0]

    def _capsule_angle(self, needle: Needle, liver_depth: float) -> float:
        if not np.isfinite(liver_depth):
            return 90.0
        normal = surface_normal(self._liver, self.scene, needle.point_at(liver_depth))
        return float(np.degrees(np.arcsin(min(1.0, abs(float(normal @ needle.direction))))))


def _thick(obstacle: Obstacle) -> str:
    return f"{obstacle.name}:thick"


def _measured_as(obstacle: Obstacle) -> tuple[str, ...]:
    return (_thick(obstacle),) if obstacle.minimum_diameter_mm > 0.0 else obstacle.structures


def _border_lps(anatomy: Anatomy, mask: Mask) -> Points:
    return anatomy.grid.lps_of(boundary_voxels(mask))


def _grown(mask: Mask) -> Mask:
    grown: Mask = ndimage.binary_dilation(mask)
    return grown


@njit(parallel=True, cache=True)
def nearest_to_segments(points: Points, entries: Points, tips: Points) -> tuple[Points, Points]:
    """Distance of each segment to the nearest of many points, and the depth along it there.

    Parameters
    ----------
    points : (P, 3) array
        Positions in millimetres.
    entries, tips : (N, 3) arrays
        Ends of the segments.

    Returns
    -------
    distance_mm, depth_mm : (N,) arrays
        Infinite where there are no points.
    """
    count = entries.shape[0]
    distance = np.full(count, np.inf)
    depth = np.full(count, np.inf)
    for n in prange(count):
        way = tips[n] - entries[n]
        length = np.sqrt(way[0] ** 2 + way[1] ** 2 + way[2] ** 2)
        ux, uy, uz = way[0] / length, way[1] / length, way[2] / length
        best, where = np.inf, np.inf
        for p in range(points.shape[0]):
            dx = points[p, 0] - entries[n, 0]
            dy = points[p, 1] - entries[n, 1]
            dz = points[p, 2] - entries[n, 2]
            t = min(max(dx * ux + dy * uy + dz * uz, 0.0), length)
            rest = (dx - t * ux) ** 2 + (dy - t * uy) ** 2 + (dz - t * uz) ** 2
            if rest < best:
                best, where = rest, t
        distance[n], depth[n] = np.sqrt(best), where
    return distance, depth


def surface_normal(mask: Mask, scene: Scene, point: Points) -> Points:
    """Unit vector across a mask's surface near a point, from the slope of the smoothed mask."""
    grid = scene.anatomy.grid
    spacing = grid.spacing_mm
    centre = np.rint(grid.index_of(point)).astype(int)
    half = np.ceil(3.0 * SMOOTHING_MM / spacing).astype(int) + 1
    low = np.maximum(centre - half, 0)
    high = np.minimum(centre + half + 1, mask.shape)
    part = mask[low[0] : high[0], low[1] : high[1], low[2] : high[2]].astype(np.float32)
    if min(part.shape) < 2:
        return np.zeros(3)
    smooth = ndimage.gaussian_filter(part, SMOOTHING_MM / spacing, mode="nearest", truncate=3.0)
    slopes = np.gradient(smooth, *[float(step) for step in spacing])
    at = tuple(np.clip(centre - low, 0, np.array(part.shape) - 1))
    slope = np.array([component[at] for component in slopes])
    length = float(np.linalg.norm(slope))
    if length < 1e-9:
        return np.zeros(3)
    normal: Points = (grid.index_to_lps[:3, :3] / spacing) @ (slope / length)
    return normal


def _mediolateral_deg(along: NDArray[np.float64], scene: Scene) -> float:
    down = np.asarray(scene.positioning.table_direction_lps)
    axis = np.asarray(scene.positioning.gantry_axis_lps)
    # Supine with the head along the axis, this is the patient's left.
    left = np.cross(down, axis)
    return float(np.degrees(np.arctan2(along @ left, along @ down)))
