"""What the search for seeds refuses."""

from typing import ClassVar

from tongtai.core.errors import TongtaiError


class SeedDetectionError(TongtaiError):
    """Seeds cannot be searched for in this image as asked."""

    code: ClassVar[str] = "seed_detection"


class SeedCorrectionError(TongtaiError):
    """A correction by hand cannot be applied; the line is named."""

    code: ClassVar[str] = "seed_correction"
