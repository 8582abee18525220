"""DICOM SEG onto the grid of the images (PS3.3 A.51)."""

import warnings
from io import BytesIO
from typing import Any

import highdicom as hd
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from tongtai.core.volumes import GridError, Interpolation, Volume, reordered_like, resampled_onto
from tongtai.formats.dicom.errors import BrokenHeaderError, DicomError
from tongtai.formats.dicom.masks.errors import MaskError, MasksOutsideError, NotMasksError
from tongtai.formats.dicom.masks.structures import (
    ImportedMask,
    MaskImport,
    all_coded,
    check_frame_of_reference,
    coded,
)

# Binary or fractional, and label map.
SEGMENTATIONS = frozenset({"1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"})
_HALF = 0.5
_GRID_TOLERANCE_VOXELS = 0.02
_MADE = {"MANUAL": "manual", "SEMIAUTOMATIC": "semi-automatic", "AUTOMATIC": "automatic"}


def read_segmentation(content: bytes, reference: Volume) -> MaskImport:
    """The segments of a DICOM SEG.

    A segmentation on the same voxels is taken over exactly; one on another grid goes to the
    nearest voxel, which its notes say. Fractional segments are cut at one half.

    Parameters
    ----------
    content : bytes
        The file.
    reference : Volume
        The images' volume; only its grid and its frame of reference are used.

    Raises
    ------
    MaskError
        One of its subclasses: no segmentation, another frame of reference, outside of the images.
    """
    try:
        with warnings.catch_warnings():
            # highdicom remarks on harmless oddities of other makers' files.
            warnings.simplefilter("ignore")
            return _read(content, reference)
    except DicomError:
        raise
    except Exception as error:
        # pydicom and highdicom meet hostile bytes with nearly every built-in exception there is.
        raise BrokenHeaderError("The segmentation is damaged or of an unusual form.") from error


def _read(content: bytes, reference: Volume) -> MaskImport:
    segmentation = _opened(content)
    check_frame_of_reference(str(segmentation.get("FrameOfReferenceUID", "")), reference)
    masks, skipped = [], []
    for item in segmentation.SegmentSequence:
        number, name = (
            int(item.SegmentNumber),
            str(item.get("SegmentLabel", "")) or f"segment {item.SegmentNumber}",
        )
        own, notes = _segment(segmentation, number)
        if not own.voxels.any():
            skipped.append((name, "empty"))
            continue
        mask, more = _on_grid(own, reference)
        if not mask.voxels.any():
            skipped.append((name, "outside of the images"))
            continue
        masks.append(_imported(item, name, mask, (*notes, *more)))
    if not masks and skipped:
        raise MasksOutsideError(f"None of {len(skipped)} segments lies in the images.")
    return MaskImport(masks=tuple(masks), skipped=tuple(skipped))


def _opened(content: bytes) -> Any:
    try:
        return hd.seg.segread(BytesIO(content))
    except ValueError as error:
        raise NotMasksError from error


def _segment(segmentation: Any, number: int) -> tuple[Volume, tuple[str, ...]]:
    try:
        found = segmentation.get_volume(segment_numbers=[number], allow_missing_positions=True)
    except RuntimeError as error:
        raise MaskError("The frames of the segmentation do not lie on a regular grid.") from error
    values: NDArray[Any] = found.array[..., 0]
    notes: tuple[str, ...] = ()
    if np.issubdtype(values.dtype, np.floating):
        notes = ("fractional; voxels of at least one half were taken",)
        values = values >= _HALF
    return Volume(values.astype(bool), np.asarray(found.affine, float)), notes


def _on_grid(own: Volume, reference: Volume) -> tuple[Volume, tuple[str, ...]]:
    own_to_reference = np.linalg.inv(reference.index_to_lps) @ own.index_to_lps
    steps, offset = own_to_reference[:3, :3], own_to_reference[:3, 3]
    error = max(
        (np.abs(steps - np.rint(steps)) * np.array(own.voxels.shape)).max(),
        np.abs(offset - np.rint(offset)).max(),
    )
    if error < _GRID_TOLERANCE_VOXELS and np.abs(np.rint(steps)).sum() == 3:
        return _placed(own, reference, own_to_reference)
    mask = resampled_onto(
        own, _shape(reference), reference.index_to_lps, interpolation=Interpolation.NEAREST, fill=0.0
    )
    return reference.with_voxels(mask.voxels), ("drawn on another grid; taken to the nearest voxel",)


def _placed(own: Volume, reference: Volume, own_to_reference: NDArray[Any]) -> tuple[Volume, tuple[str, ...]]:
    """Copy voxel by voxel; the two grids differ by order and offset only."""
    corners = np.array([[0, 0, 0], np.array(own.voxels.shape) - 1]) @ own_to_reference[:3, :3].T
    corners = np.rint(corners + own_to_reference[:3, 3]).astype(int)
    first, last = corners.min(axis=0), corners.max(axis=0)
    index_to_lps = reference.index_to_lps.copy()
    index_to_lps[:3, 3] = reference.lps_of(first)
    turned = _turned(own, Volume(np.zeros(tuple(last - first + 1), bool), index_to_lps))
    mask = np.zeros(reference.voxels.shape, bool)
    ends = np.minimum(last + 1, mask.shape).tolist()
    inside = [slice(max(a, 0), end) for a, end in zip(first.tolist(), ends, strict=True)]
    if all(part.start < part.stop for part in inside):
        source = tuple(slice(part.start - a, part.stop - a) for part, a in zip(inside, first, strict=True))
        mask[tuple(inside)] = turned[source]
    lost = np.count_nonzero(turned) - np.count_nonzero(mask)
    notes = (f"{lost} voxels outside of the images were cut off",) if lost else ()
    return reference.with_voxels(mask), notes


def _turned(own: Volume, target: Volume) -> NDArray[Any]:
    try:
        return reordered_like(own, target).voxels
    except GridError as error:
        raise MaskError("The segmentation's grid does not fit the images.") from error


def _imported(item: Dataset, name: str, mask: Volume, notes: tuple[str, ...]) -> ImportedMask:
    concepts = item.get("SegmentedPropertyTypeCodeSequence") or [Dataset()]
    made = _MADE.get(str(item.get("SegmentAlgorithmType", "")), "unknown")
    algorithm = str(item.get("SegmentAlgorithmName") or "")
    return ImportedMask(
        number=int(item.SegmentNumber),
        name=name,
        category=coded(item.get("SegmentedPropertyCategoryCodeSequence")),
        concept=coded(concepts),
        modifiers=all_coded(concepts[0].get("SegmentedPropertyTypeModifierCodeSequence")),
        regions=all_coded(item.get("AnatomicRegionSequence")),
        made=f"{made}, {algorithm}" if algorithm else made,
        kind="",
        mask=mask,
        notes=notes,
    )


def _shape(volume: Volume) -> tuple[int, int, int]:
    slices, rows, columns = volume.voxels.shape
    return slices, rows, columns
