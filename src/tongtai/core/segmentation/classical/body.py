"""Body, skin, and the air inside: lungs apart from the gas of stomach and bowel."""

from dataclasses import dataclass

import numpy as np

from tongtai.core.segmentation.errors import UnsuitableImageError
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import (
    Spacing,
    dilated,
    eroded,
    filled_in_slices,
    largest_part,
    opened,
    parts,
    parts_touching,
)
from tongtai.core.segmentation.resampling import Floats

# Half-way between air (−1000 HU) and fat (−100 HU), towards fat so that skin folds stay skin.
_TISSUE_ABOVE_HU = -350.0
_AIR_BELOW_HU = -400.0
# Aerated lung is −950 to −600 HU, gas in bowel or around the patient −1000: Kazerooni 2001, Kemerink 1998.
_LUNG_ABOVE_HU = -945.0
_TABLE_MM = 5.0
_SMALLEST_BODY_ML = 300.0
# Air nearer to the outside is a fold, or the gap between trunk and arm.
_SKIN_FOLD_MM = 7.0
_SMALLEST_LUNG_ML = 20.0


@dataclass(frozen=True, slots=True)
class Air:
    """Air inside the body, each ``(K, J, I)``."""

    lung: Mask
    gas: Mask


def find_body(hounsfield: Floats, spacing_mm: Spacing) -> Mask:
    """The trunk with everything in it, without table, blankets and arms that lie apart.

    Raises
    ------
    UnsuitableImageError
        If nothing in the picture is large enough to be a body.
    """
    tissue = hounsfield > _TISSUE_ABOVE_HU
    core = largest_part(opened(tissue, _TABLE_MM, spacing_mm))
    body = dilated(core, _TABLE_MM + 1.0, spacing_mm) & tissue
    body = filled_in_slices(body | _lung_cut_by_border(hounsfield, body, spacing_mm))
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    if np.count_nonzero(body) * block_ml < _SMALLEST_BODY_ML:
        raise UnsuitableImageError(
            "There is no body in this picture: nothing of soft-tissue density is larger than "
            f"{_SMALLEST_BODY_ML:.0f} ml. Choose a CT of the abdomen in Hounsfield units."
        )
    return body


def _lung_cut_by_border(hounsfield: Floats, body: Mask, spacing_mm: Spacing) -> Mask:
    """Lung that the picture's side cuts off: filling within slices would lose it to the outside."""
    air = hounsfield < _AIR_BELOW_HU
    border = np.zeros_like(air)
    border[:, [0, -1], :] = True
    border[:, :, [0, -1]] = True
    core = eroded(air, 2.0, spacing_mm)
    labels, sizes = parts(core & parts_touching(air, border & air))
    sums = np.bincount(labels.ravel(), hounsfield.ravel())
    means = np.divide(sums, sizes, out=np.full(len(sizes), -1000.0), where=sizes > 0)
    lung_like = np.concatenate([[False], means[1:] > _LUNG_ABOVE_HU])
    return dilated(lung_like[labels], 3.0, spacing_mm) & air & ~body


def find_air(hounsfield: Floats, body: Mask, spacing_mm: Spacing) -> Air:
    """Lung and gastrointestinal gas.

    A pocket of air is lung when its core is denser than gas and it is large or reaches the top of
    the picture: lung bases hang down from the chest, bowel does not.
    """
    air = body & (hounsfield < _AIR_BELOW_HU) & eroded(body, _SKIN_FOLD_MM, spacing_mm)
    core = eroded(air, 2.5, spacing_mm)
    labels, sizes = parts(core)
    lung_seed = np.zeros(len(sizes), np.bool_)
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    top = np.unique(labels[-1])
    for label in range(1, len(sizes)):
        volume_ml = sizes[label] * block_ml
        if volume_ml < 0.5:
            continue
        values = hounsfield[labels == label]
        is_dense = float(np.median(values)) > _LUNG_ABOVE_HU
        lung_seed[label] = is_dense and (volume_ml > _SMALLEST_LUNG_ML or label in top)
    lung_core = lung_seed[labels]
    gas_core = core & ~lung_core
    near_lung = dilated(lung_core, 4.0, spacing_mm)
    lung = near_lung & air & ~dilated(gas_core, 2.5, spacing_mm) if lung_core.any() else lung_core
    return Air(lung=lung, gas=air & ~lung)


def wall_recesses(air: Air, bone: Mask, spacing_mm: Spacing) -> Air:
    """Count thin slivers of air along the ribs as lung: the recesses of the pleura, too thin for a core.

    Slivers elsewhere that hang on no pocket of gas are noise, and go.
    """
    labels, sizes = parts(air.gas, connectivity=26)
    if len(sizes) == 1:
        return air
    pocket = np.zeros(len(sizes), np.bool_)
    pocket[np.unique(labels[eroded(air.gas, 2.5, spacing_mm)])] = True
    by_rib = np.bincount(labels[dilated(bone, 12.0, spacing_mm)], minlength=len(sizes)) / np.maximum(sizes, 1)
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    recess = ~pocket & (by_rib > 0.7) & (sizes * block_ml > 0.2)
    pocket |= (sizes * block_ml > 0.15) & ~recess
    recess[0] = pocket[0] = False
    return Air(lung=air.lung | recess[labels], gas=pocket[labels])


def skin_of(body: Mask, spacing_mm: Spacing, *, thickness_mm: float = 2.0) -> Mask:
    """The outer layer of the body, at least one voxel thick; where the picture cuts the body there is none."""
    inner = body.copy()
    for axis in range(3):
        for _ in range(max(1, round(thickness_mm / spacing_mm[axis]))):
            before = inner.copy()
            front = [slice(None)] * 3
            back = [slice(None)] * 3
            front[axis], back[axis] = slice(None, -1), slice(1, None)
            inner[tuple(front)] &= before[tuple(back)]
            inner[tuple(back)] &= before[tuple(front)]
    return body & ~inner
