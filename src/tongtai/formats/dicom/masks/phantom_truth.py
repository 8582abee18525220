"""The truth about a simulated CT as a DICOM SEG beside it."""

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from io import BytesIO

import pydicom

from tongtai.core.phantom.abdomen import AbdomenPhantom
from tongtai.core.phantom.tissues import Structure
from tongtai.core.segmentation.structures import structure
from tongtai.formats.dicom.masks.naming import segment_of
from tongtai.formats.dicom.masks.segmentation_writing import (
    MORPHOLOGICAL_OPERATIONS,
    Segment,
    write_segmentation,
)

_LESIONS = {Structure.TUMOUR_1: ("liver_tumour", 1), Structure.TUMOUR_2: ("liver_tumour", 2)}


def phantom_segmentation(phantom: AbdomenPhantom, slices: Sequence[bytes], *, written_at: datetime) -> bytes:
    """Every structure that a phantom shows, as one DICOM SEG.

    Parameters
    ----------
    phantom : AbdomenPhantom
        The simulated CT with its truth.
    slices : sequence of bytes
        The files that ``write_ct_series`` made of it.
    written_at : datetime
        Date and time of the content.
    """
    headers = [pydicom.dcmread(BytesIO(content), stop_before_pixels=True) for content in slices]
    segments = [_segment(phantom, shown) for shown in phantom.structures()]
    return write_segmentation(
        segments,
        headers,
        written_at=written_at,
        description="SIMULATED abdomen, truth",
        creator="Tongtai^Phantom",
    )


def _segment(phantom: AbdomenPhantom, shown: Structure) -> Segment:
    key, number = _LESIONS.get(shown, (shown.value, 1))
    return segment_of(
        structure(key),
        phantom.mask(shown),
        number=number,
        algorithm=f"Tongtai phantom {version('tongtai')}",
        algorithm_family=MORPHOLOGICAL_OPERATIONS,
    )
