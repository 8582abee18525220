"""The truth about a simulated CT as a DICOM SEG beside it."""

import csv
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO

import pydicom

from tongtai.core.phantom.abdomen import AbdomenPhantom
from tongtai.core.phantom.tissues import Structure
from tongtai.formats.dicom.masks.segmentation_writing import (
    MORPHOLOGICAL_OPERATIONS,
    Making,
    Segment,
    write_segmentation,
)
from tongtai.formats.dicom.masks.structures import CodedConcept

_CATEGORIES = {"91723000": "Anatomical Structure", "49755003": "Morphologically Abnormal Structure"}
_LIVER = CodedConcept("10200004", "SCT", "Liver")


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
    segments = [_segment(phantom, structure) for structure in phantom.structures()]
    return write_segmentation(
        segments,
        headers,
        written_at=written_at,
        description="SIMULATED abdomen, truth",
        creator="Tongtai^Phantom",
    )


def _segment(phantom: AbdomenPhantom, structure: Structure) -> Segment:
    row = _codes()[structure.value]
    modifier = CodedConcept(row["modifier"], "SCT", row["modifier_meaning"]) if row["modifier"] else None
    return Segment(
        name=row["name"],
        mask=phantom.mask(structure),
        category=CodedConcept(row["category"], "SCT", _CATEGORIES[row["category"]]),
        concept=CodedConcept(row["concept"], "SCT", row["meaning"]),
        making=Making.AUTOMATIC,
        algorithm=f"Tongtai phantom {version('tongtai')}",
        algorithm_family=MORPHOLOGICAL_OPERATIONS,
        modifier=modifier,
        region=_LIVER if row["region"] == _LIVER.value else None,
        colour_rgb=(int(row["red"]), int(row["green"]), int(row["blue"])),
    )


@cache
def _codes() -> dict[str, dict[str, str]]:
    text = files("tongtai.formats.dicom.masks").joinpath("phantom_codes.csv").read_text(encoding="utf-8")
    return {row["structure"]: row for row in csv.DictReader(text.splitlines())}
