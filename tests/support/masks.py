"""Volumes with simple shapes for tests of segmentation, and the labelled CTs of ``../shared``."""

from functools import cache
from typing import Any

import nibabel as nib
import numpy as np
from numpy.typing import NDArray
from tests.support.images import SHARED

from tongtai.core.phantom.abdomen import AbdomenPhantom, draw_anatomy, imaged
from tongtai.core.segmentation.masks import Grade, Quality, Segmentation, StructureMask
from tongtai.core.segmentation.structures import structure
from tongtai.core.volumes import Volume
from tongtai.formats.dicom.series import choose_series, list_series, read_series

LABELLED = SHARED / "ct-abdomen-organs"
MODEL = SHARED.parent / "models" / "liver-tumour-kiunet"
GRADE = Grade(Quality.FAIR, "For a test.")


def volume(voxels: NDArray[Any], spacing_mm: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Volume:
    """A canonical volume with its first voxel at the origin."""
    index_to_lps = np.zeros((4, 4))
    index_to_lps[[2, 1, 0, 3], [0, 1, 2, 3]] = (*spacing_mm, 1.0)
    return Volume(voxels, index_to_lps)


def ellipsoid(
    shape: tuple[int, int, int],
    centre_mm: tuple[float, float, float],
    radii_mm: tuple[float, float, float],
    spacing_mm: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> NDArray[np.bool_]:
    """Voxels whose centre lies in an ellipsoid."""
    axes = [np.arange(n) * step for n, step in zip(shape, spacing_mm, strict=True)]
    grid = np.meshgrid(*axes, indexing="ij")
    inside: NDArray[np.bool_] = (
        sum(((x - a) / r) ** 2 for x, a, r in zip(grid, centre_mm, radii_mm, strict=True)) <= 1.0
    )
    return inside


def box(shape: tuple[int, int, int], *spans: tuple[int, int]) -> NDArray[np.bool_]:
    """Voxels of a box."""
    mask = np.zeros(shape, np.bool_)
    mask[tuple(slice(*span) for span in spans)] = True
    return mask


def segmentation(
    shape: tuple[int, int, int], spacing_mm: tuple[float, float, float] = (1.0, 1.0, 1.0), **masks: Any
) -> Segmentation:
    """Masks by their structure's key; ``liver_tumour_2`` is the second tumour."""
    made = []
    for name, voxels in masks.items():
        key, _, last = name.rpartition("_")
        number = int(last) if last.isdecimal() else 1
        key = key if last.isdecimal() else name
        made.append(
            StructureMask(
                structure=structure(key), voxels=voxels, engine="test/1", grade=GRADE, number=number
            )
        )
    return Segmentation(grid=volume(np.zeros(shape, np.int16), spacing_mm), masks=tuple(made))


@cache
def small_phantom(seed: int = 7) -> AbdomenPhantom:
    """A whole upper abdomen in 3 × 3 × 5 mm: segmented in a few seconds."""
    anatomy = draw_anatomy(np.random.default_rng(seed))
    return imaged(anatomy, np.random.default_rng(3), slices=60, size=128, slice_mm=5.0)


def slices_of(image: Volume, start: int, stop: int) -> Volume:
    """Some slices of a volume, as a picture of their own."""
    index_to_lps = image.index_to_lps.copy()
    index_to_lps[:3, 3] = image.lps_of(np.array([start, 0, 0]))
    return Volume(np.ascontiguousarray(image.voxels[start:stop]), index_to_lps)


def dice(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Dice coefficient, counted apart from the code under test."""
    return 2.0 * float(np.sum(a & b)) / float(np.sum(a) + np.sum(b))


def stored_otherwise(image: Volume, order: tuple[int, int, int], flips: tuple[int, int, int]) -> Volume:
    """The same patient with the voxels stored in another order."""
    voxels = image.voxels.transpose(order)
    index_to_lps = image.index_to_lps[:, [*order, 3]].copy()
    for axis, flip in enumerate(flips):
        if flip:
            voxels = np.flip(voxels, axis)
            index_to_lps[:3, 3] += (voxels.shape[axis] - 1) * index_to_lps[:3, axis]
            index_to_lps[:3, axis] *= -1.0
    return Volume(np.ascontiguousarray(voxels), index_to_lps)


def labelled_plain_ct() -> tuple[Volume, NDArray[np.uint8]]:
    """A plain CT of 3 mm and TotalSegmentator's labels."""
    image = _nifti(LABELLED / "example_ct.nii.gz")
    return image, _nifti(LABELLED / "example_seg_fast_force_split.nii.gz").voxels.astype(np.uint8)


def labelled_portal_ct() -> tuple[Volume, NDArray[np.uint8]]:
    """Twenty slices in the portal phase and their labels, whose rows run the other way."""
    series = choose_series(list_series(LABELLED / "example_ct_dicom")).series
    image = read_series(series).volume
    labels = _nifti(LABELLED / "example_seg_dicom.nii.gz").voxels.astype(np.uint8)
    return image, np.ascontiguousarray(labels[:, ::-1])


def _nifti(path: Any) -> Volume:
    image: Any = nib.load(path)
    ijk_to_lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    voxels = np.ascontiguousarray(np.asanyarray(image.dataobj).transpose(2, 1, 0))
    return Volume(voxels.astype(np.int16), ijk_to_lps[:, [2, 1, 0, 3]])
