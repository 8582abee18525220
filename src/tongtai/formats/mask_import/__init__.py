"""Masks made elsewhere: DICOM SEG and RTSTRUCT, NIfTI and NRRD label maps, TotalSegmentator's folders."""

from tongtai.formats.mask_import.errors import MaskImportError, NoKnownStructureError
from tongtai.formats.mask_import.importing import ImportedSegmentation, import_masks

__all__ = ["ImportedSegmentation", "MaskImportError", "NoKnownStructureError", "import_masks"]
