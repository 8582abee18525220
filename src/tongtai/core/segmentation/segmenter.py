"""What every segmentation engine looks like from outside."""

from typing import Protocol

from tongtai.core.segmentation.masks import Segmentation
from tongtai.core.segmentation.progress import Progress
from tongtai.core.volumes import Volume


class Segmenter(Protocol):
    """An engine: an image in Hounsfield units in, masks on the same grid out."""

    @property
    def engine(self) -> str:
        """Name and version, written into every mask."""
        ...

    def segment(self, image: Volume, progress: Progress) -> Segmentation:
        """Segment an image.

        Parameters
        ----------
        image : Volume
            CT in Hounsfield units.
        progress : Progress
            Told the finished share and the step; answering ``False`` stops the engine.

        Raises
        ------
        UnsuitableImageError
            If this is not a CT of the body.
        SegmentationCancelledError
            If the listener asked to stop.
        """
        ...
