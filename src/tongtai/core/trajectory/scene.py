"""The patient prepared for many rays: a coarser grid, obstacles grown by their margins, the skin.

The planning grid joins whole voxels of the image, so its axes are the image's. Obstacles and
tumours keep every voxel that touches them, liver and body the voxels that they fill by half: what
must be avoided can only grow. Needles that are proposed are measured again on the image's own grid.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.trajectory.anatomy import (
    Anatomy,
    Mask,
    ObstacleMask,
    Points,
    bounding_box,
    distance_mm,
    obstacle_masks,
)
from tongtai.core.trajectory.marching import AIR_BIT, LIVER_BIT, TUMOUR_SHIFT, Marks
from tongtai.core.trajectory.rules import SUPINE, LimitName, Positioning, TrajectoryRules
from tongtai.core.trajectory.surface import Skin, filled, skin_of
from tongtai.core.volumes import Volume

PLANNING_SPACING_MM = 2.0
FARTHEST_MM = 25.0
"""Distances are followed this far; on the map, farther is shown as this."""
STEPS_PER_MM = 4.0
SMOOTHING_MM = 3.0
"""Width of the Gaussian with which surfaces are smoothed to find their slope."""
_BELOW_TUMOUR = np.uint32((1 << TUMOUR_SHIFT) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What rays are sent through.

    Attributes
    ----------
    obstacles
        Obstacles with their masks on the image's grid; an obstacle's place is its bit in ``marks``.
    marks
        Shape ``(K, J, I)`` of the planning grid, see ``marching.march_rays``.
    fields
        Shape ``(M, K, J, I)``: distance to each obstacle in quarters of a millimetre, at most
        ``FARTHEST_MM``.
    grid
        The planning grid; its voxels are the body.
    liver, smooth_liver
        The liver with its tumours on the planning grid; the same smoothed, for its surface's slope.
    subcapsular
        For each tumour, whether it lies within the subcapsular depth.
    unchecked
        Obstacles of which no mask was given.
    table_mm
        Height of the table's surface along the table's direction: the lowest skin lies on it.
    axis_point_lps_mm
        A point on the gantry's axis: the middle of the body's box, where a patient is centred.
    spacing_asked_mm
        Voxels were joined up to this size.
    """

    anatomy: Anatomy
    rules: TrajectoryRules
    positioning: Positioning
    obstacles: tuple[ObstacleMask, ...]
    unchecked: tuple[str, ...]
    grid: Volume
    marks: Marks
    fields: NDArray[np.uint8]
    liver: Mask
    smooth_liver: NDArray[np.float32]
    skin: Skin
    subcapsular: tuple[bool, ...]
    table_mm: float
    axis_point_lps_mm: Points
    spacing_asked_mm: float

    def tumour_number(self, name: str) -> int:
        """Number of a tumour in ``marks``, from 1."""
        return list(self.anatomy.tumours).index(name) + 1


def prepare(
    anatomy: Anatomy,
    rules: TrajectoryRules,
    *,
    positioning: Positioning = SUPINE,
    spacing_mm: float = PLANNING_SPACING_MM,
    on_progress: Callable[[float], None] | None = None,
) -> Scene:
    """Build the scene of a patient under the rules of a technique.

    Parameters
    ----------
    anatomy, rules, positioning
        The patient, the rules, how the patient lies.
    spacing_mm
        Voxels are joined up to this size; voxels that are larger stay as they are.
    on_progress
        Called with the share done, between 0 and 1; may raise to cancel.

    Returns
    -------
    Scene
    """
    box, factors = _blocks(anatomy, spacing_mm)
    body = filled(_joined(anatomy.body, box, factors, whole=False))
    grid = _coarse_grid(anatomy.grid, box, factors, body)
    liver = _joined(anatomy.liver, box, factors, whole=False)
    obstacles, unchecked = obstacle_masks(anatomy, rules.obstacles)
    fields = np.zeros((len(obstacles), *body.shape), np.uint8)
    marks = np.zeros(body.shape, np.uint32)
    progress = on_progress or (lambda _share: None)
    for bit, item in enumerate(obstacles):
        grown = _grow(_joined(item.mask, box, factors), item.obstacle.margin_mm, grid, fields[bit])
        marks |= grown.astype(np.uint32) << np.uint32(bit)
        progress((bit + 1) / (len(obstacles) + 1))
    tumours = [_joined(tumour, box, factors) for tumour in anatomy.tumours.values()]
    _mark_inside(marks, body=body, liver=liver, tumours=tumours)
    skin = skin_of(grid)
    return Scene(
        anatomy=anatomy,
        rules=rules,
        positioning=positioning,
        obstacles=obstacles,
        unchecked=unchecked,
        grid=grid,
        marks=marks,
        fields=fields,
        liver=liver,
        smooth_liver=_smoothed(liver, grid.spacing_mm),
        skin=skin,
        subcapsular=_subcapsular(anatomy, rules.limit(LimitName.SUBCAPSULAR_DEPTH_MM)),
        table_mm=float((skin.points_lps_mm @ np.asarray(positioning.table_direction_lps)).max()),
        axis_point_lps_mm=(skin.points_lps_mm.min(axis=0) + skin.points_lps_mm.max(axis=0)) / 2.0,
        spacing_asked_mm=spacing_mm,
    )


def _mark_inside(
    marks: NDArray[np.uint32],
    *,
    body: NDArray[np.bool_],
    liver: NDArray[np.bool_],
    tumours: list[NDArray[np.bool_]],
) -> None:
    """Write tumours, liver and the outside into the marks; the liver takes its tumours in."""
    for number, part in enumerate(tumours, 1):
        marks[part] = (marks[part] & _BELOW_TUMOUR) | np.uint32(number << TUMOUR_SHIFT)
        liver |= part
    marks |= liver.astype(np.uint32) << np.uint32(LIVER_BIT)
    # One voxel of grace: the steps of the grid must not count as gaps beneath the skin.
    marks |= (~ndimage.binary_dilation(body)).astype(np.uint32) << np.uint32(AIR_BIT)


def _blocks(anatomy: Anatomy, spacing_mm: float) -> tuple[tuple[slice, slice, slice], tuple[int, int, int]]:
    steps = [max(1, int(spacing_mm / step + 1e-6)) for step in anatomy.grid.spacing_mm]
    factors = (steps[0], steps[1], steps[2])
    box = bounding_box(anatomy.body, (0, 2 * factors[1], 2 * factors[2]))
    assert box is not None  # noqa: S101  (an anatomy has a body)
    return box, factors


def _joined(
    mask: Mask, box: tuple[slice, slice, slice], factors: tuple[int, int, int], *, whole: bool = True
) -> Mask:
    """Blocks of voxels made one: true where any is (``whole``), or where half of them are."""
    part = mask[box]
    if factors == (1, 1, 1):
        return np.ascontiguousarray(part)
    shape = tuple(-(-size // factor) for size, factor in zip(part.shape, factors, strict=True))
    kind = np.bool_ if whole else np.uint8
    joined = np.zeros(shape, kind)
    for a, b, c in np.ndindex(factors):
        piece = part[a :: factors[0], b :: factors[1], c :: factors[2]]
        inner = joined[: piece.shape[0], : piece.shape[1], : piece.shape[2]]
        if whole:
            np.logical_or(inner, piece, out=inner)
        else:
            np.add(inner, piece, out=inner, casting="unsafe")
    return joined if whole else 2 * joined.astype(np.int32) >= np.prod(factors)


def _coarse_grid(
    grid: Volume, box: tuple[slice, slice, slice], factors: tuple[int, int, int], body: Mask
) -> Volume:
    transform = grid.index_to_lps.copy()
    first = np.array([side.start for side in box]) + (np.array(factors) - 1) / 2.0
    transform[:3, 3] = grid.lps_of(first)
    transform[:3, :3] = grid.index_to_lps[:3, :3] * np.array(factors)
    return Volume(body, transform, grid.frame_of_reference_uid)


def _grow(mask: Mask, margin_mm: float, grid: Volume, field: NDArray[np.uint8]) -> Mask:
    """The mask grown (or, below zero, shrunk) by its margin; fills ``field`` with distances."""
    field[...] = int(FARTHEST_MM * STEPS_PER_MM)
    grown = np.zeros_like(mask)
    spacing = grid.spacing_mm
    reach = max(FARTHEST_MM, margin_mm)
    pads = [int(np.ceil(reach / step)) for step in spacing]
    box = bounding_box(mask, (pads[0], pads[1], pads[2]))
    if box is None:
        return grown
    distance = distance_mm(~mask[box], spacing)
    field[box] = np.minimum(distance, FARTHEST_MM) * np.float32(STEPS_PER_MM)
    if margin_mm > 0.0:
        grown[box] = distance < margin_mm
    elif margin_mm == 0.0:
        grown[box] = mask[box]
    else:
        grown[box] = distance_mm(mask[box], spacing) > -margin_mm
    return grown


def _smoothed(mask: Mask, spacing: Points) -> NDArray[np.float32]:
    smooth = np.zeros(mask.shape, np.float32)
    pads = [int(np.ceil(3.0 * SMOOTHING_MM / step)) + 1 for step in spacing]
    box = bounding_box(mask, (pads[0], pads[1], pads[2]))
    if box is not None:
        part = mask[box].astype(np.float32)
        smooth[box] = ndimage.gaussian_filter(part, SMOOTHING_MM / spacing, mode="nearest", truncate=3.0)
    return smooth


def _subcapsular(anatomy: Anatomy, depth_mm: float) -> tuple[bool, ...]:
    found = []
    liver = anatomy.liver
    spacing = anatomy.grid.spacing_mm
    pads = [int(np.ceil(depth_mm / step)) + 1 for step in spacing]
    for tumour in anatomy.tumours.values():
        box = bounding_box(tumour, (pads[0], pads[1], pads[2]))
        assert box is not None  # noqa: S101  (an anatomy has no empty tumour)
        depth = distance_mm(liver[box], spacing)
        found.append(bool(depth[tumour[box]].min() <= depth_mm))
    return tuple(found)
