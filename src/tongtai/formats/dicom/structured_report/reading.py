"""Read the needles of a report back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pydicom
from pydicom.dataset import Dataset

from tongtai.core.needle import Needle
from tongtai.formats.dicom.structured_report.concepts import concept


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedNeedle:
    """A needle as a report holds it.

    Attributes
    ----------
    frame_of_reference_uid
        The patient space of its coordinates.
    """

    id: str
    needle: Needle
    frame_of_reference_uid: str


def read_needles(content: bytes) -> tuple[ReportedNeedle, ...]:
    """The needles of a structured report, ours or another's that says them the same way.

    A needle is a measurement group whose finding is Needle (SCT 79068005) and that holds a polyline of
    two points, from the skin to the tip.

    Parameters
    ----------
    content
        A DICOM file.
    """
    dataset = pydicom.dcmread(BytesIO(content))
    return tuple(_needles(dataset))


def _needles(dataset: Dataset) -> Iterator[ReportedNeedle]:
    for group in _every(dataset.get("ContentSequence") or ()):
        items = list(group.get("ContentSequence") or ())
        is_needle = any(
            _code(item, "ConceptCodeSequence") == concept("needle").value
            and _code(item, "ConceptNameCodeSequence") == "121071"
            for item in items
        )
        if not is_needle:
            continue
        name = next((str(item.TextValue) for item in items if _code(item) == "112039"), "")
        for item in _every(items):
            if item.get("ValueType") == "SCOORD3D" and item.GraphicType == "POLYLINE":
                points = np.array(item.GraphicData, float).reshape(-1, 3)
                if len(points) == 2:
                    yield ReportedNeedle(
                        id=name,
                        needle=Needle(_place(points[0]), _place(points[1])),
                        frame_of_reference_uid=str(item.ReferencedFrameOfReferenceUID),
                    )


def _every(items: Sequence[Dataset]) -> Iterator[Dataset]:
    for item in items:
        yield item
        yield from _every(item.get("ContentSequence") or ())


def _code(item: Dataset, sequence: str = "ConceptNameCodeSequence") -> str:
    found = item.get(sequence)
    return str(found[0].CodeValue) if found and "CodeValue" in found[0] else ""


def _place(point: np.ndarray) -> tuple[float, float, float]:
    return float(point[0]), float(point[1]), float(point[2])
