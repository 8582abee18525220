"""Write masks as DICOM SEG, bound to the images they were made on."""

import hashlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from io import BytesIO

import highdicom as hd
import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from tongtai.core.volumes import Volume
from tongtai.formats.dicom.character_set import in_utf8
from tongtai.formats.dicom.masks.errors import MaskError, SourceImagesError
from tongtai.formats.dicom.masks.structures import CodedConcept

_NEEDED = (
    "PatientID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SOPInstanceUID",
    "SOPClassUID",
    "FrameOfReferenceUID",
)

# CID 7162, Surface Processing Algorithm Family.
ARTIFICIAL_INTELLIGENCE = CodedConcept("123110", "DCM", "Artificial Intelligence")
MORPHOLOGICAL_OPERATIONS = CodedConcept("123104", "DCM", "Morphological Operations")
_MANUFACTURER = "Tongtai"


class Making(StrEnum):
    """How a mask came to be (PS3.3 C.8.20.2, Segment Algorithm Type)."""

    AUTOMATIC = "AUTOMATIC"
    SEMIAUTOMATIC = "SEMIAUTOMATIC"
    MANUAL = "MANUAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One structure to write.

    Attributes
    ----------
    name : str
        Shown to people.
    mask : Volume
        Truth values; all segments of a file share one grid, which need not be the images'.
    category, concept : CodedConcept
        What it is, for instance Anatomical Structure and Liver of SNOMED CT.
    algorithm : str
        Name and version of what made it; needed unless it was drawn by hand.
    algorithm_family : CodedConcept
        One of context group 7162.
    modifier, region : CodedConcept, optional
        Left or right; the organ that a lesion lies in.
    colour_rgb : tuple[int, int, int]
        For viewers that take it over.
    """

    name: str
    mask: Volume
    category: CodedConcept
    concept: CodedConcept
    making: Making
    algorithm: str = ""
    algorithm_family: CodedConcept = ARTIFICIAL_INTELLIGENCE
    modifier: CodedConcept | None = None
    region: CodedConcept | None = None
    colour_rgb: tuple[int, int, int] | None = None


def write_segmentation(
    segments: Sequence[Segment],
    sources: Sequence[Dataset],
    *,
    written_at: datetime,
    description: str = "Segmentation",
    series_number: int = 100,
    creator: str = "",
) -> bytes:
    """A binary DICOM SEG file.

    The same masks on the same images, written at the same time, give the same bytes, identifiers
    included.

    Parameters
    ----------
    segments : sequence of Segment
        Numbered from 1 in this order.
    sources : sequence of Dataset
        Headers of the images the masks were made on; pixels are not needed.
    written_at : datetime
        Date and time of the content, as the hospital's clock shows it.
    creator : str
        Who or what made the content.

    Raises
    ------
    SourceImagesError
        If the images lack identifiers or a frame of reference.
    MaskError
        If there is nothing to write or the masks do not share a grid.
    """
    _check(segments, sources)
    seed = _digest(segments, sources, written_at)
    try:
        segmentation = _quietly(
            hd.seg.Segmentation,
            source_images=[in_utf8(sources[0]), *sources[1:]],
            pixel_array=_stacked(segments, str(sources[0].FrameOfReferenceUID)),
            segmentation_type="BINARY",
            segment_descriptions=[_description(n, segment) for n, segment in enumerate(segments, start=1)],
            series_instance_uid=_uid(f"{seed}|series"),
            series_number=series_number,
            sop_instance_uid=_uid(f"{seed}|instance"),
            instance_number=1,
            manufacturer=_MANUFACTURER,
            manufacturer_model_name=_MANUFACTURER,
            software_versions=version("tongtai"),
            device_serial_number="0",
            content_description=description[:64],
            content_creator_name=creator or None,
            series_description=description[:64],
        )
    except (AttributeError, ValueError, TypeError, KeyError) as error:
        # highdicom judges what it copies from the images.
        raise SourceImagesError(f"The images cannot be referred to: {error}") from error
    return _file(segmentation, seed, written_at)


def _check(segments: Sequence[Segment], sources: Sequence[Dataset]) -> None:
    if not segments or not sources:
        raise MaskError("A segmentation needs at least one mask and the images it was made on.")
    for keyword in _NEEDED:
        if any(keyword not in source for source in sources) or (
            keyword != "PatientID" and not all(source[keyword].value for source in sources)
        ):
            raise SourceImagesError(f"The images have no {keyword}, which their segmentation must name.")
    grid = segments[0].mask
    for segment in segments:
        if not segment.mask.shares_grid_with(grid):
            raise MaskError(
                f"The mask of {segment.name} lies on another grid than that of {segments[0].name}."
            )
        if not segment.mask.voxels.any():
            raise MaskError(f"The mask of {segment.name} is empty.")
        if segment.making is not Making.MANUAL and not segment.algorithm:
            raise MaskError(f"The mask of {segment.name} was computed, so its algorithm must be named.")


def _quietly(make: Callable[..., Dataset], **arguments: object) -> Dataset:
    """Without highdicom's remarks about names of patients, which are the hospital's affair."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make(**arguments)


def _stacked(segments: Sequence[Segment], frame_of_reference_uid: str) -> hd.Volume:
    """All masks as one array with a last axis of segments, from the first filled slice to the last."""
    grid = segments[0].mask
    first, last = _extent(segments)
    stacked = np.stack([segment.mask.voxels[first : last + 1] for segment in segments], axis=-1).astype(
        np.uint8
    )
    index_to_lps = grid.index_to_lps.copy()
    index_to_lps[:3, 3] = grid.lps_of(np.array([first, 0, 0]))
    return hd.Volume(
        stacked,
        index_to_lps,
        coordinate_system="PATIENT",
        frame_of_reference_uid=frame_of_reference_uid,
        channels={"SegmentNumber": list(range(1, len(segments) + 1))},
    )


def _extent(segments: Sequence[Segment]) -> tuple[int, int]:
    """First and last slice with any structure: slices of nothing need not be stored."""
    filled = np.zeros(segments[0].mask.voxels.shape[0], bool)
    for segment in segments:
        filled |= segment.mask.voxels.any(axis=(1, 2))
    slices = np.flatnonzero(filled)
    return int(slices[0]), int(slices[-1])


def _description(number: int, segment: Segment) -> hd.seg.SegmentDescription:
    algorithm = None
    if segment.making is not Making.MANUAL:
        name, _, made = segment.algorithm.rpartition(" ")
        algorithm = hd.AlgorithmIdentificationSequence(
            name=name or segment.algorithm,
            version=made if name else "1",
            family=_code(segment.algorithm_family),
        )
    description = hd.seg.SegmentDescription(
        segment_number=number,
        segment_label=segment.name,
        segmented_property_category=_code(segment.category),
        segmented_property_type=_code(segment.concept),
        algorithm_type=segment.making.value,
        algorithm_identification=algorithm,
        anatomic_regions=[_code(segment.region)] if segment.region else None,
        display_color=hd.color.CIELabColor.from_rgb(*segment.colour_rgb) if segment.colour_rgb else None,
    )
    if segment.modifier is not None:
        concept = description.SegmentedPropertyTypeCodeSequence[0]
        concept.SegmentedPropertyTypeModifierCodeSequence = [_coded_item(segment.modifier)]
    return description


def _coded_item(concept: CodedConcept) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = concept.value, concept.scheme
    item.CodeMeaning = concept.meaning
    return item


def _code(concept: CodedConcept) -> Code:
    return Code(concept.value, concept.scheme, concept.meaning)


def _file(segmentation: Dataset, seed: str, written_at: datetime) -> bytes:
    segmentation.SeriesDate = segmentation.ContentDate = segmentation.InstanceCreationDate = (
        f"{written_at:%Y%m%d}"
    )
    segmentation.SeriesTime = segmentation.ContentTime = segmentation.InstanceCreationTime = (
        f"{written_at:%H%M%S}"
    )
    organization = _uid(f"{seed}|dimensions")
    segmentation.DimensionOrganizationSequence[0].DimensionOrganizationUID = organization
    for item in segmentation.DimensionIndexSequence:
        item.DimensionOrganizationUID = organization
    for equipment in segmentation.get("ContributingEquipmentSequence") or ():
        equipment.ContributionDateTime = f"{written_at:%Y%m%d%H%M%S}"
    stream = BytesIO()
    segmentation.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _digest(segments: Sequence[Segment], sources: Sequence[Dataset], written_at: datetime) -> str:
    digest = hashlib.sha256(written_at.isoformat().encode())
    for source in sources:
        digest.update(str(source.SOPInstanceUID).encode())
    for segment in segments:
        digest.update(repr((segment.name, segment.concept, segment.making, segment.algorithm)).encode())
        digest.update(np.packbits(segment.mask.voxels.astype(bool)).tobytes())
    return digest.hexdigest()


def _uid(seed: str) -> str:
    return "2.25." + str(int.from_bytes(hashlib.sha256(f"tongtai-seg|{seed}".encode()).digest()[:16]))
