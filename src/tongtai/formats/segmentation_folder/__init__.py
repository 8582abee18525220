"""A segmentation as files: a NIfTI a structure, ``segmentation.json``, and DICOM SEG where there are source images."""

from tongtai.formats.segmentation_folder.writing import (
    described,
    dicom_segments,
    write_segmentation_folder,
)

__all__ = ["described", "dicom_segments", "write_segmentation_folder"]
