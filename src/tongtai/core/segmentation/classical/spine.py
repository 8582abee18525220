"""The spinal canal: the landmark that everything in the abdomen is placed by."""

from dataclasses import dataclass

import cc3d
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing
from tongtai.core.segmentation.resampling import Floats

_BONE_ABOVE_HU = 180.0
# The bony canal of adults is 15–30 mm wide and deep: Panjabi 1991, 1992 (thoracic, lumbar).
_CANAL_MM2 = (90.0, 800.0)
_RING_GAP_MM = 9.0
_OFF_MIDLINE_MM = 45.0


@dataclass(frozen=True, slots=True)
class SpineAxis:
    """Centre of the canal in every slice.

    Attributes
    ----------
    row, column : (K,) array
        Index along j and i, in blocks.
    seen : float
        Share of the slices in which a closed canal was seen; the others lie between or beyond.
    """

    row: NDArray[np.float64]
    column: NDArray[np.float64]
    seen: float

    def offsets_mm(self, shape: tuple[int, int, int], spacing_mm: Spacing) -> tuple[Floats, Floats]:
        """Distance of each voxel behind the canal and to the patient's left of it.

        Returns
        -------
        behind : (K, J, 1) array
            Negative in front of the canal.
        left : (K, 1, I) array
            Negative on the patient's right.
        """
        behind = (np.arange(shape[1])[None, :] - self.row[:, None]) * spacing_mm[1]
        left = (np.arange(shape[2])[None, :] - self.column[:, None]) * spacing_mm[2]
        return behind[:, :, None].astype(np.float32), left[:, None, :].astype(np.float32)


def find_spine(hounsfield: Floats, body: Mask, spacing_mm: Spacing) -> SpineAxis | None:
    """The canal: in each slice the soft hole in the bone nearest to the body's midline; None without one."""
    rows, columns, slices = [], [], []
    for k in range(len(hounsfield)):
        if not body[k].any():
            continue
        found = _canal_in(hounsfield[k], body[k], spacing_mm)
        if found is not None:
            slices.append(k)
            rows.append(found[0])
            columns.append(found[1])
    if len(slices) < 3:
        return None
    row, column, kept = _smooth_line(np.array(slices), np.array(rows), np.array(columns), spacing_mm)
    if len(kept) < 3:
        return None
    every = np.arange(len(hounsfield))
    return SpineAxis(np.interp(every, kept, row), np.interp(every, kept, column), len(kept) / len(every))


def _canal_in(picture: Floats, body: Mask, spacing_mm: Spacing) -> tuple[float, float] | None:
    inside = np.argwhere(body)
    middle = inside.mean(axis=0)
    bone = (picture > _BONE_ABOVE_HU) & body
    steps = max(1, round(_RING_GAP_MM / 2 / spacing_mm[2]))
    ring = ndimage.binary_closing(
        np.pad(bone, steps), ndimage.generate_binary_structure(2, 1), iterations=steps
    )
    ring = ring[steps:-steps, steps:-steps] | bone
    hole = (
        ndimage.binary_fill_holes(ring) & (ndimage.uniform_filter(picture, 3) < _BONE_ABOVE_HU - 60.0) & ~bone
    )
    hole &= picture > -120.0
    hole = ndimage.binary_opening(hole, ndimage.generate_binary_structure(2, 1))
    labels, count = cc3d.connected_components(hole[None], connectivity=6, return_N=True)
    best: tuple[float, tuple[float, float]] | None = None
    area = spacing_mm[1] * spacing_mm[2]
    for label in range(1, count + 1):
        where = np.argwhere(labels[0] == label)
        if not _CANAL_MM2[0] <= len(where) * area <= _CANAL_MM2[1]:
            continue
        centre = where.mean(axis=0)
        off_mm = abs(centre[1] - middle[1]) * spacing_mm[2]
        behind_mm = (centre[0] - middle[0]) * spacing_mm[1]
        if off_mm > _OFF_MIDLINE_MM or behind_mm < 0:
            continue
        spread = np.ptp(where, axis=0) * np.array(spacing_mm[1:])
        score = off_mm + 2.0 * abs(float(spread[0]) - float(spread[1]))
        if best is None or score < best[0]:
            best = (score, (float(centre[0]), float(centre[1])))
    return None if best is None else best[1]


def _smooth_line(
    slices: NDArray[np.intp], rows: NDArray[np.float64], columns: NDArray[np.float64], spacing_mm: Spacing
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Drop canals that jump away from their neighbours; average the rest over 30 mm."""
    window = max(3, 2 * round(15.0 / spacing_mm[0]) + 1)
    near = [ndimage.median_filter(line, min(window, len(line)), mode="nearest") for line in (rows, columns)]
    jump = np.hypot((rows - near[0]) * spacing_mm[1], (columns - near[1]) * spacing_mm[2])
    good = jump < 10.0
    width = max(1, round(15.0 / spacing_mm[0]))
    row = ndimage.uniform_filter1d(rows[good], width, mode="nearest") if good.any() else rows[good]
    column = ndimage.uniform_filter1d(columns[good], width, mode="nearest") if good.any() else columns[good]
    return row, column, slices[good]
