"""Why masks of a file cannot be used."""

from tongtai.core.segmentation.errors import SegmentationError


class MaskImportError(SegmentationError):
    """The masks of the file cannot be used with this image."""

    code = "mask_import_failed"


class NoKnownStructureError(MaskImportError):
    """No mask of the file has a name or code that planning knows."""

    code = "mask_import_no_structure"
