"""From masks to closed surfaces: triangles whose front looks outwards and which enclose the mask's volume."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import marching_cubes

from tongtai.core.errors import TongtaiError
from tongtai.core.volumes import Interpolation, Volume, box_around, cropped, resampled_onto

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]

DEFAULT_CELL_MM = 1.5
_CELLS_ACROSS = 16.0
_PAD_CELLS = 3
_HALVINGS = 8
_VOLUME_TOLERANCE = 0.002
_LEAST_LEVEL = 0.02
_MOST_LEVEL = 0.98


class SurfaceError(TongtaiError):
    """A mask or a surface that bounds nothing."""


@dataclass(frozen=True, slots=True)
class Surface:
    """A closed surface of triangles.

    Attributes
    ----------
    vertices_lps_mm : (V, 3) array
        Corners in LPS millimetres; none appears twice.
    triangles : (T, 3) array
        Corners of each triangle, counter-clockwise when seen from outside.

    Raises
    ------
    SurfaceError
        If an edge does not belong to exactly two triangles that run along it in opposite directions,
        or the front of the surface looks inwards.

    Examples
    --------
    >>> corners = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> pyramid = Surface(corners, np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]))
    >>> round(6000 * pyramid.volume_ml, 6)
    1.0
    """

    vertices_lps_mm: Points
    triangles: Triangles

    def __post_init__(self) -> None:
        if not is_closed(self.triangles):
            raise SurfaceError("The surface has a hole, or two of its triangles look to opposite sides.")
        if self.volume_ml <= 0.0:
            raise SurfaceError("The front of the surface looks inwards.")

    @property
    def volume_ml(self) -> float:
        """Enclosed volume (sum of signed tetrahedra; divergence theorem)."""
        a, b, c = self.vertices_lps_mm[self.triangles.T]
        middle = self.vertices_lps_mm.mean(axis=0)
        return float(np.einsum("nd,nd->", a - middle, np.cross(b - middle, c - middle))) / 6000.0

    @property
    def area_cm2(self) -> float:
        """Area of the triangles."""
        a, b, c = self.vertices_lps_mm[self.triangles.T]
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum()) / 200.0

    @property
    def normals(self) -> Points:
        """Unit vectors out of the surface at each vertex, weighted by area, shape ``(V, 3)``."""
        a, b, c = self.vertices_lps_mm[self.triangles.T]
        faces = np.cross(b - a, c - a)
        total = np.zeros_like(self.vertices_lps_mm)
        for corner in range(3):
            np.add.at(total, self.triangles[:, corner], faces)
        length = np.linalg.norm(total, axis=1, keepdims=True)
        unit: Points = total / np.where(length > 0.0, length, 1.0)
        return unit


def is_closed(triangles: Triangles) -> bool:
    """Whether every edge belongs to exactly two triangles that run along it in opposite directions."""
    if len(triangles) == 0:
        return False
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    if np.any(edges[:, 0] == edges[:, 1]):
        return False
    count = int(triangles.max()) + 1
    forth = np.sort(edges[:, 0] * count + edges[:, 1])
    back = np.sort(edges[:, 1] * count + edges[:, 0])
    return bool(np.all(forth[1:] != forth[:-1]) and np.array_equal(forth, back))


def surface_of(mask: Volume, *, cell_mm: float = DEFAULT_CELL_MM) -> Surface:
    """The smooth, closed surface of a mask, with the mask's own volume.

    The mask is averaged to cubes, so that thick slices leave no steps, and the surface is drawn by
    marching cubes (Lewiner et al., J Graph Tools 2003;8:1-15) at the level that encloses the volume
    of the mask's voxels. Where the mask reaches the picture's border it is closed by a flat face.

    Parameters
    ----------
    mask
        Truth values on any grid.
    cell_mm
        Side of the cubes; smaller for structures that are less than sixteen cubes across.

    Raises
    ------
    SurfaceError
        If the mask is empty or the cubes have no size.

    Examples
    --------
    >>> grid = Volume(np.zeros((40, 40, 40), bool), np.eye(4))
    >>> ball = np.linalg.norm(np.indices((40, 40, 40)) - 19.5, axis=0) <= 12.0
    >>> surface = surface_of(grid.with_voxels(ball))
    >>> round(surface.volume_ml * 1000 / int(ball.sum()), 2)
    1.0
    """
    if not mask.voxels.any():
        raise SurfaceError("An empty mask has no surface.")
    if not cell_mm > 0.0:
        raise SurfaceError(f"The surface's cubes need a size above zero, got {cell_mm:g} mm.")
    volume_ml = float(np.count_nonzero(mask.voxels)) * mask.voxel_volume_ml
    across_mm = (6000.0 * volume_ml / np.pi) ** (1.0 / 3.0)
    field = _averaged(mask, min(cell_mm, across_mm / _CELLS_ACROSS))
    return _at_volume(field, volume_ml)


def _averaged(mask: Volume, cell_mm: float) -> Volume:
    """The mask's share of each cube of a grid that holds it with room on every side."""
    part = cropped(mask, box_around(mask))
    ends = [(-0.5, size - 0.5) for size in part.voxels.shape]
    corners = part.lps_of(np.array(list(product(*ends))))
    sigma = np.maximum(cell_mm, part.spacing_mm) / 2.0
    room = _PAD_CELLS * cell_mm + 3.0 * float(sigma.max())
    low, high = corners.min(axis=0) - room, corners.max(axis=0) + room
    counts = np.ceil((high - low) / cell_mm).astype(int) + 1
    pads = np.ceil(3.0 * sigma / part.spacing_mm).astype(int) + 1
    padded = np.pad(part.voxels.astype(np.float32), [(n, n) for n in pads])
    blurred = ndimage.gaussian_filter(padded, sigma / part.spacing_mm, mode="constant", truncate=3.0)
    index_to_lps = part.index_to_lps.copy()
    index_to_lps[:3, 3] = part.lps_of(-pads)
    to_lps = np.zeros((4, 4))
    to_lps[[2, 1, 0], [0, 1, 2]], to_lps[3, 3] = cell_mm, 1.0
    to_lps[:3, 3] = low
    shape = (int(counts[2]), int(counts[1]), int(counts[0]))
    return resampled_onto(
        Volume(blurred, index_to_lps), shape, to_lps, interpolation=Interpolation.LINEAR, fill=0.0
    )


def _at_volume(field: Volume, volume_ml: float) -> Surface:
    """The level surface that encloses a volume: first the level by counting cubes, then by halving."""
    values = np.sort(field.voxels, axis=None)[::-1]
    low, high = _LEAST_LEVEL, _MOST_LEVEL * float(values[0])
    place = min(round(volume_ml / field.voxel_volume_ml), len(values) - 1)
    level = float(np.clip(values[place], low, high))
    best = surface = _level_surface(field, level)
    for _ in range(_HALVINGS):
        excess = surface.volume_ml - volume_ml
        if abs(excess) <= _VOLUME_TOLERANCE * volume_ml:
            return surface
        low, high = (level, high) if excess > 0.0 else (low, level)
        level = (low + high) / 2.0
        surface = _level_surface(field, level)
        best = min(best, surface, key=lambda one: abs(one.volume_ml - volume_ml))
    return best


def _level_surface(field: Volume, level: float) -> Surface:
    # A cube's corner exactly on the level would collapse triangles into lines.
    off = np.where(np.abs(field.voxels - level) < 1e-6, np.float32(level + 2e-6), field.voxels)
    index, triangles, _, _ = marching_cubes(off, level, allow_degenerate=False)  # type: ignore[no-untyped-call]
    vertices = field.lps_of(index.astype(np.float64))
    faces = triangles.astype(np.int64)
    a, b, c = vertices[faces.T]
    middle = vertices.mean(axis=0)
    if np.einsum("nd,nd->", a - middle, np.cross(b - middle, c - middle)) < 0.0:
        faces = np.ascontiguousarray(faces[:, ::-1])
    return Surface(vertices, faces)
