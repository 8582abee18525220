"""Kidneys: bright with contrast medium, else soft islands in the fat beside the spine."""

import numpy as np

from tongtai.core.segmentation.classical.edges import to_half_way
from tongtai.core.segmentation.classical.shape import compactness
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing, closed, dilated, filled, opened, parts
from tongtai.core.segmentation.resampling import Floats
from tongtai.core.segmentation.working_grid import bounding_box

# Both sexes, all ages of adults: 80–300 ml a kidney (Roseman 2017); less where the picture cuts it.
_VOLUME_ML = (30.0, 450.0)
# Middle of the kidney beside and behind the canal; the psoas lies nearer.
_USUAL_MM = (68.0, -20.0)
_BESIDE_MM = (36.0, 105.0)
_BEHIND_MM = (-62.0, 38.0)
_BRIGHTER_THAN_LIVER_HU = 22.0
_NECKS_MM = (5.0, 7.0, 10.0)
# Plain kidney is 30 HU, muscle beside it 50–60 HU.
_PLAIN_HU = (-8.0, 46.0)
_PLAIN_BESIDE_MM = 40.0
_PLAIN_BEHIND_MM = 14.0


def find_kidney(
    smooth: Floats,
    allowed: Mask,
    behind_mm: Floats,
    beside_mm: Floats,
    liver_hu: float | None,
    lowest: int,
    spacing_mm: Spacing,
) -> Mask | None:
    """Find the kidney of one side.

    Parameters
    ----------
    smooth : (K, J, I) array
        Smoothed Hounsfield units.
    allowed : (K, J, I) bool array
        Voxels that no other organ claims; bright kidneys may be among what bone left.
    behind_mm, beside_mm : arrays that broadcast to (K, J, I)
        Distance behind the canal, and to this kidney's side of it.
    liver_hu : float, optional
        Density of the liver, which contrast medium makes the kidney surpass.
    lowest : int
        Slice above which it lies.
    """
    place = (
        (beside_mm > _BESIDE_MM[0] - 18.0)
        & (beside_mm < _BESIDE_MM[1] + 15.0)
        & (behind_mm > _BEHIND_MM[0] - 15.0)
        & (behind_mm < _BEHIND_MM[1] + 15.0)
    )
    region = allowed & place
    region[:lowest] = False
    if liver_hu is not None:
        bright = region & (smooth > max(liver_hu + _BRIGHTER_THAN_LIVER_HU, 90.0))
        found = _best_piece(bright, behind_mm, beside_mm, (3.0, 5.0), spacing_mm)
        if found is not None:
            grown = to_half_way(smooth, found, region, float(np.median(smooth[found])), spacing_mm)
            return _with_pelvis(grown, smooth, region, spacing_mm)
    region &= (beside_mm > _PLAIN_BESIDE_MM) & (behind_mm < _PLAIN_BEHIND_MM)
    plain = region & (smooth > _PLAIN_HU[0]) & (smooth < _PLAIN_HU[1])
    found = _best_piece(plain, behind_mm, beside_mm, _NECKS_MM, spacing_mm)
    if found is None:
        return None
    return to_half_way(smooth, found, region, float(np.median(smooth[found])), spacing_mm)


def _best_piece(
    tissue: Mask, behind_mm: Floats, beside_mm: Floats, necks_mm: tuple[float, ...], spacing_mm: Spacing
) -> Mask | None:
    """The most compact piece of a kidney's size whose middle lies where kidneys lie."""
    best: Mask | None = None
    highest = 0.3
    for neck in necks_mm:
        labels, sizes = parts(opened(tissue, neck, spacing_mm))
        volumes = sizes * float(np.prod(spacing_mm)) / 1000.0
        for label in np.flatnonzero((volumes > _VOLUME_ML[0]) & (volumes < _VOLUME_ML[1])):
            piece = labels == label
            k, j, i = np.nonzero(piece)
            behind = float(np.mean(behind_mm[k, j, 0]))
            beside = float(np.mean(beside_mm[k, 0, i]))
            if not (_BESIDE_MM[0] < beside < _BESIDE_MM[1] and _BEHIND_MM[0] < behind < _BEHIND_MM[1]):
                continue
            usual = np.exp(-(((beside - _USUAL_MM[0]) / 28.0) ** 2) - ((behind - _USUAL_MM[1]) / 35.0) ** 2)
            score = compactness(piece, spacing_mm) * min(1.0, float(volumes[label]) / 90.0) * float(usual)
            if score > highest:
                highest = score
                best = dilated(piece, min(neck, 5.0), spacing_mm) & tissue
    return best


def _with_pelvis(kidney: Mask, smooth: Floats, region: Mask, spacing_mm: Spacing) -> Mask:
    """The kidney with the medulla and pelvis that it surrounds."""
    box = bounding_box(kidney, margin=round(12.0 / min(spacing_mm)))
    whole = kidney.copy()
    if box is not None:
        soft = region[box] & (smooth[box] > -20.0)
        whole[box] = filled(kidney[box] | closed(kidney[box], 7.0, spacing_mm) & soft)
    return whole
