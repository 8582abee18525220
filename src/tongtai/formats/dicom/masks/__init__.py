"""Structures in and out of DICOM: SEG and RTSTRUCT to masks, masks to SEG."""

from tongtai.formats.dicom.masks.contour_reading import read_structure_set
from tongtai.formats.dicom.masks.naming import SNOMED, segment_of
from tongtai.formats.dicom.masks.reading import read_masks
from tongtai.formats.dicom.masks.segmentation_reading import read_segmentation
from tongtai.formats.dicom.masks.segmentation_writing import (
    ARTIFICIAL_INTELLIGENCE,
    MORPHOLOGICAL_OPERATIONS,
    Making,
    Segment,
    write_segmentation,
)
from tongtai.formats.dicom.masks.structures import CodedConcept, ImportedMask, MaskImport

__all__ = [
    "ARTIFICIAL_INTELLIGENCE",
    "MORPHOLOGICAL_OPERATIONS",
    "SNOMED",
    "CodedConcept",
    "ImportedMask",
    "Making",
    "MaskImport",
    "Segment",
    "read_masks",
    "read_segmentation",
    "read_structure_set",
    "segment_of",
    "write_segmentation",
]
