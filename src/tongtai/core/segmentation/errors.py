"""What can go wrong between an image and its masks."""

from tongtai.core.errors import TongtaiError


class SegmentationError(TongtaiError):
    """The image cannot be segmented so."""

    code = "segmentation_failed"


class UnsuitableImageError(SegmentationError):
    """The image is not one that can be segmented; the message says why."""

    code = "image_unsuitable"


class SegmentationCancelledError(SegmentationError):
    """The segmentation was stopped as asked; nothing of it is kept."""

    code = "segmentation_cancelled"
