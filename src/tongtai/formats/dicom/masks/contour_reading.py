"""RTSTRUCT onto the grid of the images (PS3.3 A.19): contours become masks.

A voxel belongs to a structure when its centre lies inside of an odd number of its contours in that
plane, so that a contour within a contour is a hole. Where the contours lie further apart than the
slices, each stands for the slab that reaches halfway to its neighbours.
"""

from collections import defaultdict
from io import BytesIO

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from tongtai.core.volumes import Points, Volume, inside_polygons
from tongtai.formats.dicom.errors import BrokenHeaderError, DicomError
from tongtai.formats.dicom.masks.errors import ContoursOutOfPlaneError, MasksOutsideError, NotMasksError
from tongtai.formats.dicom.masks.structures import ImportedMask, MaskImport, check_frame_of_reference, coded

RT_STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3"
_CLOSED = frozenset({"CLOSED_PLANAR", "CLOSEDPLANAR_XOR"})
_FLATNESS_SLICES = 0.2
# Planes of one slice are written with rounding; a hundredth of a slice is one plane.
_PLANE_DECIMALS = 2


def read_structure_set(content: bytes, reference: Volume) -> MaskImport:
    """The structures of an RTSTRUCT.

    Parameters
    ----------
    content : bytes
        The file.
    reference : Volume
        The images' volume; only its grid and its frame of reference are used.

    Raises
    ------
    MaskError
        One of its subclasses: no structure set, another frame of reference, out of plane, outside.
    """
    try:
        return _read(content, reference)
    except DicomError:
        raise
    except Exception as error:
        # pydicom meets hostile bytes with nearly every built-in exception there is.
        raise BrokenHeaderError("The structure set is damaged or of an unusual form.") from error


def _read(content: bytes, reference: Volume) -> MaskImport:
    dataset = pydicom.dcmread(BytesIO(content))
    if dataset.get("SOPClassUID") != RT_STRUCTURE_SET:
        raise NotMasksError
    contours = {int(item.ReferencedROINumber): item for item in dataset.get("ROIContourSequence") or ()}
    observed = {
        int(item.ReferencedROINumber): item for item in dataset.get("RTROIObservationsSequence") or ()
    }
    masks, skipped = [], []
    for roi in dataset.get("StructureSetROISequence") or ():
        number = int(roi.ROINumber)
        name = str(roi.get("ROIName", "")) or f"ROI {number}"
        check_frame_of_reference(str(roi.get("ReferencedFrameOfReferenceUID", "")), reference)
        polygons, notes = _polygons(contours.get(number), name)
        if not polygons:
            skipped.append((name, "no closed contours"))
            continue
        voxels, more = _filled(polygons, reference, name)
        if not voxels.any():
            skipped.append((name, "outside of the images"))
            continue
        masks.append(_imported(roi, observed.get(number), reference.with_voxels(voxels), (*notes, *more)))
    if not masks:
        raise MasksOutsideError(f"None of {len(skipped)} structures has contours in the images.")
    return MaskImport(masks=tuple(masks), skipped=tuple(skipped))


def _polygons(item: Dataset | None, name: str) -> tuple[list[Points], tuple[str, ...]]:
    """Corners of every closed contour, each ``(N, 3)`` in millimetres, LPS."""
    found, others = [], 0
    for contour in (item.get("ContourSequence") if item is not None else None) or ():
        corners = np.array(contour.get("ContourData") or (), float)
        if str(contour.get("ContourGeometricType", "")) not in _CLOSED or corners.size < 9:
            others += 1
            continue
        if corners.size % 3 or not np.isfinite(corners).all():
            raise BrokenHeaderError(f"A contour of {name} has a corner that is no point.")
        found.append(corners.reshape(-1, 3))
    return found, (f"{others} points or open lines were left out",) if others else ()


def _filled(
    polygons: list[Points], reference: Volume, name: str
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    planes: dict[float, list[Points]] = defaultdict(list)
    for corners in polygons:
        index = reference.index_of(corners)
        if np.ptp(index[:, 0]) > _FLATNESS_SLICES:
            raise ContoursOutOfPlaneError(f"A contour of {name} does not lie in the plane of a slice.")
        planes[round(float(index[:, 0].mean()), _PLANE_DECIMALS)].append(index[:, 1:])
    heights = np.array(sorted(planes))
    apart = float(np.median(np.diff(heights))) if heights.size > 1 else 1.0
    reach = max(apart, 1.0) / 2.0 + 10.0**-_PLANE_DECIMALS
    slices, rows, columns = reference.voxels.shape
    voxels = np.zeros((slices, rows, columns), bool)
    pictures: dict[float, NDArray[np.bool_]] = {}
    used = set()
    for k in range(slices):
        nearest = float(heights[np.abs(heights - k).argmin()])
        if abs(nearest - k) <= reach:
            if nearest not in pictures:
                pictures = {nearest: inside_polygons(planes[nearest], (rows, columns))}
            voxels[k] = pictures[nearest]
            used.add(nearest)
    return voxels, _notes(apart, unused=len(heights) - len(used))


def _notes(apart: float, *, unused: int) -> tuple[str, ...]:
    notes = []
    if apart > 1.0 + 10.0**-_PLANE_DECIMALS:
        notes.append(f"contours lie {apart:.2f} slices apart; each fills the slab around it")
    if unused:
        notes.append(f"{unused} planes of contours beside the slices or outside of the images were left out")
    return tuple(notes)


def _imported(roi: Dataset, observed: Dataset | None, mask: Volume, notes: tuple[str, ...]) -> ImportedMask:
    observed = observed if observed is not None else Dataset()
    return ImportedMask(
        number=int(roi.ROINumber),
        name=str(roi.get("ROIName", "")) or f"ROI {roi.ROINumber}",
        category=None,
        concept=coded(observed.get("RTROIIdentificationCodeSequence")),
        modifiers=(),
        regions=(),
        made=str(roi.get("ROIGenerationAlgorithm") or "unknown").lower(),
        kind=str(observed.get("RTROIInterpretedType") or ""),
        mask=mask,
        notes=notes,
    )
