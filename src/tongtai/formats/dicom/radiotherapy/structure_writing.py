"""Structures and seeds as RTSTRUCT (PS3.3 A.19): masks become contours in the planes of their slices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import RTStructureSetStorage
from skimage.measure import find_contours

from tongtai.core.volumes import Points, Volume
from tongtai.formats.dicom.radiotherapy.errors import RadiotherapyError
from tongtai.formats.dicom.radiotherapy.heads import (
    ObjectNames,
    decimal,
    file_bytes,
    new_object,
    referenced,
)

_STUDY_CLASS = "1.2.840.10008.3.1.2.3.1"
# A contour belongs to the image whose plane is nearer than this share of the slices' distance.
_IN_PLANE = 0.25
SEEDS = "Seeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnStructure:
    """One structure.

    Attributes
    ----------
    mask
        Truth values; its slices are the contours' planes.
    kind
        RT interpreted type: ``PTV``, ``GTV``, ``ORGAN`` …
    made
        AUTOMATIC, SEMIAUTOMATIC or MANUAL.
    colour_rgb
        For viewers.
    """

    name: str
    mask: Volume
    kind: str
    made: str = "AUTOMATIC"
    colour_rgb: tuple[int, int, int] = (230, 120, 60)


def write_structures(
    structures: Sequence[DrawnStructure],
    seeds_lps_mm: Points,
    sources: Sequence[Dataset],
    names: ObjectNames,
    *,
    label: str,
    written_at: datetime,
) -> bytes:
    """An RTSTRUCT file: the structures numbered from 1, then all seeds as points of one structure.

    Contours run halfway between the centres of voxels inside and outside, so that a reader that asks
    which centres lie inside of an odd number of contours gets the mask back.

    Parameters
    ----------
    seeds_lps_mm : (S, 3) array
        May be empty.
    sources
        Headers of the images.

    Raises
    ------
    RadiotherapyError
        If there is nothing to write, or a mask is empty.
    """
    if not structures and not len(seeds_lps_mm):
        raise RadiotherapyError("There are no structures to write.")
    made = new_object(
        sources,
        sop_class=RTStructureSetStorage,
        instance=names.structures,
        modality="RTSTRUCT",
        series_number=300,
        description=label,
        written_at=written_at,
    )
    made.StructureSetLabel = label[:16]
    made.StructureSetDate, made.StructureSetTime = f"{written_at:%Y%m%d}", f"{written_at:%H%M%S}"
    made.ReferencedFrameOfReferenceSequence = [_frame(sources)]
    places = [np.array(one.ImagePositionPatient, np.float64) for one in sources]
    rows = [
        (one.name, one.kind, one.made, one.colour_rgb, _contours(one, sources, places)) for one in structures
    ]
    if len(seeds_lps_mm):
        points = [_contour("POINT", place[None], None) for place in seeds_lps_mm]
        rows.append((SEEDS, "BRACHY_SRC_APP", "SEMIAUTOMATIC", (255, 230, 0), points))
    made.StructureSetROISequence, made.ROIContourSequence, made.RTROIObservationsSequence = [], [], []
    for number, (name, kind, how, colour, contours) in enumerate(rows, start=1):
        made.StructureSetROISequence.append(_structure(number, name, how, sources[0]))
        item = Dataset()
        item.ROIDisplayColor, item.ContourSequence = list(colour), contours
        item.ReferencedROINumber = number
        made.ROIContourSequence.append(item)
        made.RTROIObservationsSequence.append(_observation(number, kind))
    made.ApprovalStatus = "UNAPPROVED"
    return file_bytes(made)


def _frame(sources: Sequence[Dataset]) -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID = sources[0].SeriesInstanceUID
    series.ContourImageSequence = [referenced(one.SOPClassUID, one.SOPInstanceUID) for one in sources]
    study = referenced(_STUDY_CLASS, sources[0].StudyInstanceUID)
    study.RTReferencedSeriesSequence = [series]
    frame = Dataset()
    frame.FrameOfReferenceUID = sources[0].FrameOfReferenceUID
    frame.RTReferencedStudySequence = [study]
    return frame


def _structure(number: int, name: str, made: str, source: Dataset) -> Dataset:
    item = Dataset()
    item.ROINumber, item.ROIName = number, name[:64]
    item.ReferencedFrameOfReferenceUID = source.FrameOfReferenceUID
    item.ROIGenerationAlgorithm = made
    return item


def _observation(number: int, kind: str) -> Dataset:
    item = Dataset()
    item.ObservationNumber = item.ReferencedROINumber = number
    item.RTROIInterpretedType, item.ROIInterpreter = kind, ""
    return item


def _contours(one: DrawnStructure, sources: Sequence[Dataset], places: Sequence[Points]) -> list[Dataset]:
    if not one.mask.voxels.any():
        raise RadiotherapyError(f"The mask of {one.name} is empty.")
    found = []
    normal = np.cross(one.mask.index_to_lps[:3, 2], one.mask.index_to_lps[:3, 1])
    normal /= np.linalg.norm(normal)
    heights = np.array([place @ normal for place in places])
    near = _IN_PLANE * float(one.mask.spacing_mm[0])
    for k in np.flatnonzero(one.mask.voxels.any(axis=(1, 2))):
        # A frame of nothing around the slice closes contours that touch its edge.
        framed = np.pad(one.mask.voxels[k].astype(np.float64), 1)
        height = float(one.mask.lps_of(np.array([k, 0, 0])) @ normal)
        nearest = int(np.abs(heights - height).argmin())
        image = sources[nearest] if abs(heights[nearest] - height) <= near else None
        for line in find_contours(framed, 0.5):  # type: ignore[no-untyped-call]
            index = np.column_stack([np.full(len(line) - 1, float(k)), line[:-1] - 1.0])
            found.append(_contour("CLOSED_PLANAR", one.mask.lps_of(index), image))
    return found


def _contour(kind: str, corners: Points, image: Dataset | None) -> Dataset:
    item = Dataset()
    if image is not None:
        item.ContourImageSequence = [referenced(image.SOPClassUID, image.SOPInstanceUID)]
    item.ContourGeometricType, item.NumberOfContourPoints = kind, len(corners)
    item.ContourData = [decimal(part) for part in corners.ravel()]
    return item
