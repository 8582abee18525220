"""What can be wrong about pushing and reading images."""

from tongtai.core.errors import TongtaiError


class PushNotFoundError(TongtaiError):
    """There is no such push in this case."""

    code = "push_not_found"


class PushFinishedError(TongtaiError):
    """The push is finished; start another."""

    code = "push_finished"


class ImageNotFoundError(TongtaiError):
    """The case has no such study, series, image or frame."""

    code = "image_not_found"


class UploadTooLargeError(TongtaiError):
    """The upload is larger than this server takes."""

    code = "upload_too_large"


class ChecksumError(TongtaiError):
    """The upload arrived damaged; send it again."""

    code = "checksum_mismatch"
    retryable = True


class FileTooLargeError(TongtaiError):
    """The file is too large for one image."""

    code = "dicom_too_large"


class SeriesConflictError(TongtaiError):
    """The image claims a series that belongs to another study or modality."""

    code = "dicom_series_conflict"


class InstanceConflictError(TongtaiError):
    """Another image with the same identifier is stored; the first one is kept."""

    code = "dicom_instance_conflict"


class OtherStudyError(TongtaiError):
    """The image belongs to another study than the one that it was sent to."""

    code = "dicom_other_study"


class NothingQuarantinedError(TongtaiError):
    """No image of this push waits for a confirmation."""

    code = "nothing_quarantined"


class AmbiguousPatientError(TongtaiError):
    """The push holds images of several patients; say which of them."""

    code = "patient_ambiguous"


class TypedNameError(TongtaiError):
    """The typed name is not the name of the case's patient."""

    code = "patient_name_differs"


class TestHashMissingError(TongtaiError):
    """A file of a test series comes with its SHA-256: comparing it is the test."""

    code = "test_series_hash_missing"


class NotAcceptableError(TongtaiError):
    """The image cannot be sent in any of the formats that were asked for."""

    code = "not_acceptable"


class UnsupportedBodyError(TongtaiError):
    """Send the images as multipart/related with type application/dicom."""

    code = "unsupported_media_type"
