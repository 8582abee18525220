"""Structures from either kind of DICOM object."""

from io import BytesIO

import pydicom

from tongtai.core.volumes import Volume
from tongtai.formats.dicom.errors import NotDicomError
from tongtai.formats.dicom.masks.contour_reading import RT_STRUCTURE_SET, read_structure_set
from tongtai.formats.dicom.masks.errors import NotMasksError
from tongtai.formats.dicom.masks.segmentation_reading import SEGMENTATIONS, read_segmentation
from tongtai.formats.dicom.masks.structures import MaskImport


def read_masks(content: bytes, reference: Volume) -> MaskImport:
    """The structures of a SEG or RTSTRUCT file, on the grid of the images.

    Parameters
    ----------
    content : bytes
        The file.
    reference : Volume
        The images' volume; only its grid and its frame of reference are used.

    Raises
    ------
    DicomError
        If the file is none of the two, is damaged, or does not belong to the images.
    """
    try:
        header = pydicom.dcmread(BytesIO(content), specific_tags=["SOPClassUID"], stop_before_pixels=True)
    except Exception as error:
        # pydicom meets hostile bytes with nearly every built-in exception there is.
        raise NotDicomError from error
    sop_class = str(header.get("SOPClassUID", ""))
    if sop_class == RT_STRUCTURE_SET:
        return read_structure_set(content, reference)
    if sop_class in SEGMENTATIONS:
        return read_segmentation(content, reference)
    raise NotMasksError(sop_class_uid=sop_class)
