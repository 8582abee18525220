"""The spinal canal: the landmark that everything in the abdomen is placed by."""

from dataclasses import dataclass

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
_LEAST_PLACES = 3
# Vertebral bodies are 30–36 mm deep: the canal's middle lies this far behind theirs (Panjabi 1991, 1992).
_BEHIND_BODY_MM = 25.0
_BODY_RADIUS_MM = 8.0
_MARROW_ABOVE_HU = 140.0


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
    """The canal: in each slice the soft hole in the bone nearest to the body's midline.

    Where no ring of bone is closed (thick slices, children) its place behind the vertebral bodies;
    None without either.
    """
    for look in (_canal_in, _vertebra_in):
        places = {
            k: found
            for k in range(len(hounsfield))
            if body[k].any() and (found := look(hounsfield[k], body[k], spacing_mm)) is not None
        }
        axis = _axis_through(places, len(hounsfield), spacing_mm)
        if axis is not None:
            return axis
    return None


def _axis_through(
    places: dict[int, tuple[float, float]], slices: int, spacing_mm: Spacing
) -> SpineAxis | None:
    if len(places) < _LEAST_PLACES:
        return None
    centres = np.array(list(places.values()))
    row, column, kept = _smooth_line(np.array(list(places)), centres[:, 0], centres[:, 1], spacing_mm)
    if len(kept) < _LEAST_PLACES:
        return None
    every = np.arange(slices)
    return SpineAxis(np.interp(every, kept, row), np.interp(every, kept, column), len(kept) / slices)


def _vertebra_in(picture: Floats, body: Mask, spacing_mm: Spacing) -> tuple[float, float] | None:
    """Where the canal lies behind the vertebral body, where its ring of bone is open."""
    middle = np.argwhere(body).mean(axis=0)
    bone = ndimage.gaussian_filter(picture, 0.7) > _MARROW_ABOVE_HU
    steps = max(1, round(_BODY_RADIUS_MM / spacing_mm[2]))
    thick = ndimage.binary_opening(bone & body, ndimage.generate_binary_structure(2, 1), iterations=steps)
    labels, count = ndimage.label(thick)
    best: tuple[float, tuple[float, float]] | None = None
    for label in range(1, count + 1):
        centre = np.argwhere(labels == label).mean(axis=0)
        off_mm = abs(centre[1] - middle[1]) * spacing_mm[2]
        if off_mm > _OFF_MIDLINE_MM or centre[0] < middle[0]:
            continue
        if best is None or off_mm < best[0]:
            best = (off_mm, (float(centre[0]) + _BEHIND_BODY_MM / spacing_mm[1], float(centre[1])))
    return None if best is None else best[1]


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
    labels, count = ndimage.label(hole)
    best: tuple[float, tuple[float, float]] | None = None
    area = spacing_mm[1] * spacing_mm[2]
    for label in range(1, count + 1):
        where = np.argwhere(labels == label)
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
