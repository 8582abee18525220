"""Why a DICOM object with structures is not taken, or cannot be written."""

from tongtai.formats.dicom.errors import DicomError


class MaskError(DicomError):
    """The structures cannot be used."""

    code = "masks_unusable"


class NotMasksError(MaskError):
    """The file is neither a segmentation (SEG) nor a structure set (RTSTRUCT)."""

    code = "masks_not_found"


class OtherFrameOfReferenceError(MaskError):
    """The structures were drawn on images of another frame of reference; they would lie elsewhere."""

    code = "masks_other_frame"


class MasksOutsideError(MaskError):
    """The structures lie outside of the images."""

    code = "masks_outside"


class ContoursOutOfPlaneError(MaskError):
    """The contours do not lie in the planes of the slices."""

    code = "masks_contours_out_of_plane"


class SourceImagesError(MaskError):
    """The images lack what a segmentation must repeat from them."""

    code = "masks_source_incomplete"
