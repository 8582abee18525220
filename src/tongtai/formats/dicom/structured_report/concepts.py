"""The terms of a report, and the measurements made of them."""

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import highdicom as hd
import numpy as np
from highdicom.sr import (
    CodedConcept,
    CoordinatesForMeasurement3D,
    Measurement,
    RelationshipTypeValues,
    TextContentItem,
)
from pydicom.dataset import Dataset

PRIVATE_SCHEME = "99TONGTAI"
Place = tuple[float, float, float]
_DECIMALS = 3


@cache
def _rows() -> dict[str, dict[str, str]]:
    text = (
        files("tongtai.formats.dicom.structured_report").joinpath("concepts.csv").read_text(encoding="utf-8")
    )
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


def keys() -> tuple[str, ...]:
    """Every term's key."""
    return tuple(_rows())


def concept(key: str) -> CodedConcept:
    """A term of ``concepts.csv``."""
    row = _rows()[key]
    return CodedConcept(row["value"], row["scheme"], row["meaning"][:64])


def unit_of(key: str) -> CodedConcept:
    """The unit (UCUM) of a measured term."""
    row = _rows()[key]
    return CodedConcept(row["unit"], "UCUM", row["unit_meaning"])


def measured(
    key: str, value: float, at: Sequence[CoordinatesForMeasurement3D] = (), *, about: str = ""
) -> Measurement:
    """A number with its term and unit, and the places that it was measured at.

    Parameters
    ----------
    key
        Row of ``concepts.csv``.
    value
        In the row's unit.
    at
        Places in space.
    about
        Tells measurements of the same term apart, for instance the structure of a distance.
    """
    one = Measurement(
        name=concept(key),
        value=round(float(value), _DECIMALS),
        unit=unit_of(key),
        referenced_coordinates=list(at) or None,
    )
    if about:
        item: Dataset = one[0]
        content = item.get("ContentSequence") or []
        item.ContentSequence = hd.sr.ContentSequence(
            [text("structure", about, RelationshipTypeValues.HAS_CONCEPT_MOD), *content]
        )
    return one


def text(
    key: str, value: str, relationship: RelationshipTypeValues = RelationshipTypeValues.CONTAINS
) -> TextContentItem:
    """A sentence under a term."""
    return TextContentItem(name=concept(key), value=value, relationship_type=relationship)


def point(place: Place, frame: str) -> CoordinatesForMeasurement3D:
    """One place (LPS mm) in a frame of reference."""
    return CoordinatesForMeasurement3D("POINT", np.array([place], float), frame)


def line(start: Place, end: Place, frame: str) -> CoordinatesForMeasurement3D:
    """A straight way from one place to another, such as a needle from the skin to its tip."""
    return CoordinatesForMeasurement3D("POLYLINE", np.array([start, end], float), frame)


def ellipsoid(
    centre: Place, axis: Place, semi_along_mm: float, semi_across_mm: float, frame: str
) -> CoordinatesForMeasurement3D:
    """An ellipsoid of revolution by the ends of its three axes (PS3.3 C.18.9.1.2)."""
    along = np.asarray(axis, float) / np.linalg.norm(axis)
    # Across the coordinate axis that lies farthest from the ellipsoid's own.
    helper = np.eye(3)[int(np.abs(along).argmin())]
    first = np.cross(along, helper)
    first /= np.linalg.norm(first)
    second = np.cross(along, first)
    axes = ((along, semi_along_mm), (first, semi_across_mm), (second, semi_across_mm))
    ends = [np.asarray(centre) + sign * half * way for way, half in axes for sign in (-1.0, 1.0)]
    return CoordinatesForMeasurement3D("ELLIPSOID", np.array(ends), frame)
