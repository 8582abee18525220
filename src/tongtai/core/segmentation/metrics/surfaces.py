"""Distances between the surfaces of two masks, every piece of surface weighted by its area.

Definition (Nikolov and others, J Med Internet Res 2021;23(7):e26151, with its published software):
the surface lies in the cells between eight voxel centres that are neither all inside nor all
outside. Each such cell carries the area of the marching-cubes triangles in it, and its distance to
the other surface is that between the cells' centres. Means and percentiles weight by this area, so
that a finely sampled axis does not count more than a coarse one. Averages over border *voxels*, as
other programs report, differ from these by a fraction of the voxel's size.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import edt
import numpy as np
from numpy.typing import NDArray
from skimage.measure import marching_cubes, mesh_surface_area

from tongtai.core.segmentation.errors import SegmentationError
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.working_grid import bounding_box
from tongtai.core.volumes import GridError

Spacing = tuple[float, float, float]


class EmptyMaskError(SegmentationError):
    """A mask without voxels has no surface."""

    code = "mask_empty"


@dataclass(frozen=True, slots=True)
class SurfaceDistances:
    """Distances from each piece of one surface to the other.

    Attributes
    ----------
    from_predicted_mm, from_true_mm : (P,), (T,) array
        Distance of every surface cell of one mask to the nearest surface cell of the other.
    predicted_area_mm2, true_area_mm2 : (P,), (T,) array
        Area in these cells.
    """

    from_predicted_mm: NDArray[np.float64]
    from_true_mm: NDArray[np.float64]
    predicted_area_mm2: NDArray[np.float64]
    true_area_mm2: NDArray[np.float64]

    def hausdorff_mm(self, percent: float = 100.0) -> float:
        """Larger of the two directed percentiles: 100 is the Hausdorff distance, 95 the robust one (HD95).

        The directed percentile is the smallest distance within which this share of the area lies.
        """
        return max(
            _weighted_percentile(self.from_predicted_mm, self.predicted_area_mm2, percent),
            _weighted_percentile(self.from_true_mm, self.true_area_mm2, percent),
        )

    @property
    def average_symmetric_mm(self) -> float:
        """Average symmetric surface distance (ASSD): mean over the area of both surfaces."""
        area = self.predicted_area_mm2.sum() + self.true_area_mm2.sum()
        total = self.from_predicted_mm @ self.predicted_area_mm2 + self.from_true_mm @ self.true_area_mm2
        return float(total / area)

    def surface_dice(self, tolerance_mm: float) -> float:
        """Share of both surfaces' area that lies within the tolerance of the other surface."""
        within = (
            self.predicted_area_mm2[self.from_predicted_mm <= tolerance_mm].sum()
            + self.true_area_mm2[self.from_true_mm <= tolerance_mm].sum()
        )
        return float(within / (self.predicted_area_mm2.sum() + self.true_area_mm2.sum()))


def surface_distances(predicted: Mask, true: Mask, spacing_mm: Spacing) -> SurfaceDistances:
    """Measure the distances between two surfaces.

    Parameters
    ----------
    predicted, true : (K, J, I) bool array
        The masks; outside of the array is outside of the masks.
    spacing_mm : (float, float, float)
        Spacing along k, j, i.

    Raises
    ------
    GridError
        If the shapes differ.
    EmptyMaskError
        If either mask is empty.

    Examples
    --------
    >>> box = np.zeros((10, 10, 12), bool)
    >>> box[2:8, 2:8, 2:8] = True
    >>> surface_distances(box, np.roll(box, 3, axis=2), (1.0, 1.0, 1.0)).hausdorff_mm()
    3.0
    """
    if predicted.shape != true.shape:
        raise GridError(f"The masks have different shapes: {predicted.shape} and {true.shape}.")
    box = bounding_box(predicted | true)
    if box is None or not predicted.any() or not true.any():
        raise EmptyMaskError("One of the masks is empty: there is no surface to measure from.")
    codes = [_cell_codes(np.pad(mask[box], 1)) for mask in (predicted, true)]
    border = [(code != 0) & (code != 255) for code in codes]
    areas = _cell_areas(tuple(float(value) for value in spacing_mm))
    distance = [
        np.sqrt(edt.edtsq(~cells, anisotropy=spacing_mm, black_border=False, parallel=2)) for cells in border
    ]
    return SurfaceDistances(
        distance[1][border[0]].astype(np.float64),
        distance[0][border[1]].astype(np.float64),
        areas[codes[0][border[0]]],
        areas[codes[1][border[1]]],
    )


def _cell_codes(mask: Mask) -> NDArray[np.uint8]:
    """Which of a cell's eight corners are inside, as the bits of a number."""
    bits = mask.astype(np.uint8)
    code = np.zeros(tuple(n - 1 for n in mask.shape), np.uint8)
    for bit, (k, j, i) in enumerate(np.ndindex(2, 2, 2)):
        code |= bits[k : k + code.shape[0], j : j + code.shape[1], i : i + code.shape[2]] << bit
    return code


@lru_cache(maxsize=32)
def _cell_areas(spacing_mm: Spacing) -> NDArray[np.float64]:
    """Area of the marching-cubes triangles in a cell, by its code."""
    areas = np.zeros(256)
    # scikit-image's functions carry no types.
    cubes: Any = marching_cubes
    area: Any = mesh_surface_area
    for code in range(1, 255):
        corners = np.array([code >> bit & 1 for bit in range(8)], np.float32).reshape(2, 2, 2)
        vertices, faces, _, _ = cubes(corners, 0.5, spacing=spacing_mm)
        areas[code] = area(vertices, faces)
    areas.setflags(write=False)
    return areas


def _weighted_percentile(distance: NDArray[np.float64], area: NDArray[np.float64], percent: float) -> float:
    order = np.argsort(distance, kind="stable")
    reached = np.cumsum(area[order]) / area.sum()
    position = int(np.searchsorted(reached, percent / 100.0 - 1e-12))
    return float(distance[order][min(position, len(distance) - 1)])
