"""Why TotalSegmentator cannot be used."""

from tongtai.core.segmentation.errors import SegmentationError


class TotalSegmentatorError(SegmentationError):
    """TotalSegmentator cannot be used."""

    code = "totalsegmentator_unusable"


class TotalSegmentatorMissingError(TotalSegmentatorError):
    """TotalSegmentator is not installed; install it (pip install TotalSegmentator) and let it fetch its weights."""

    code = "totalsegmentator_missing"


class TotalSegmentatorLicenceError(TotalSegmentatorError):
    """The task needs a licence of TotalSegmentator's authors, and none is set."""

    code = "totalsegmentator_licence"


class TotalSegmentatorFailedError(TotalSegmentatorError):
    """TotalSegmentator ended with an error."""

    code = "totalsegmentator_failed"
