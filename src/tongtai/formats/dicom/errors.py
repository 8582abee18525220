"""What can be wrong with a DICOM file, in words for the person who sent it."""

from tongtai.core.errors import TongtaiError


class DicomError(TongtaiError):
    """The file cannot be used."""

    code = "dicom_unusable"


class NotDicomError(DicomError):
    """The file is not a DICOM file."""

    code = "not_dicom"


class DicomdirError(DicomError):
    """The file is a DICOMDIR, an index of a disc, and holds no picture."""

    code = "dicom_directory"


class TruncatedDicomError(DicomError):
    """The file ends too early; copy it again from its source."""

    code = "dicom_truncated"


class BrokenHeaderError(DicomError):
    """The file's header cannot be read or lacks what every image must have."""

    code = "dicom_header_broken"


class PixelDataMissingError(DicomError):
    """The file holds no picture."""

    code = "dicom_pixel_data_missing"


class InconsistentDicomError(DicomError):
    """The file contradicts itself."""

    code = "dicom_inconsistent"


class UnsupportedTransferSyntaxError(DicomError):
    """The file's compression is not supported."""

    code = "dicom_transfer_syntax_unsupported"


class FrameMissingError(DicomError):
    """The object has no frame of this number."""

    code = "dicom_frame_missing"


class UndecodableFrameError(DicomError):
    """The compressed picture is damaged and cannot be decoded."""

    code = "dicom_frame_undecodable"


class MultipartError(DicomError):
    """The multipart body cannot be read."""

    code = "multipart_malformed"
