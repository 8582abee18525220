"""Answers to searches (QIDO-RS) and to stores (STOW-RS) in DICOM JSON."""

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from pydicom.datadict import tag_for_keyword

_STUDY = [
    "00080005",
    "00080020",
    "00080030",
    "00080050",
    "00080056",
    "00080090",
    "00100010",
    "00100020",
    "00100030",
    "00100040",
    "0020000D",
    "00200010",
    "00081030",
]
_SERIES = ["00080060", "0008103E", "0020000E", "00200011", "00400244", "00400245"]
_INSTANCE = ["00080016", "00080018", "00083002", "00200013", "00280010", "00280011", "00280100", "00280008"]
_CONTROLS = frozenset({"limit", "offset", "includefield", "fuzzymatching", "emptyvaluematching"})
_HEX_TAG_LENGTH = 8

Attributes = Mapping[str, Any]


class StoreFailure(IntEnum):
    """Why an image was not stored (PS3.18 table I.2-2: A9xx does not match, Cxxx cannot be understood)."""

    OTHER_PATIENT = 0xA900
    OTHER_STUDY = 0xC409
    UNUSABLE = 0xC000


def study_json(series: Sequence[tuple[Attributes, int]]) -> dict[str, Any]:
    """A study from one image of each of its series and the series' sizes."""
    first = series[0][0]
    modalities = sorted({value for header, _ in series for value in first_values(header, "00080060")})
    return _selected(first, _STUDY) | {
        "00080061": {"vr": "CS", "Value": modalities},
        "00201206": {"vr": "IS", "Value": [len(series)]},
        "00201208": {"vr": "IS", "Value": [sum(size for _, size in series)]},
    }


def series_json(header: Attributes, images: int) -> dict[str, Any]:
    """A series from one of its images and its size."""
    return _selected(header, [*_STUDY, *_SERIES]) | {"00201209": {"vr": "IS", "Value": [images]}}


def instance_json(header: Attributes) -> dict[str, Any]:
    """An image from its header."""
    return _selected(header, [*_STUDY, *_SERIES, *_INSTANCE])


def matches(found: Attributes, parameters: Iterable[tuple[str, str]]) -> bool:
    """Whether an answer has what the search asks for.

    Attributes are named by keyword or by tag; ``*`` and ``?`` are wildcards, ``a-b`` is a range of
    dates, commas separate alternatives of UIDs. What the answer does not hold does not match.
    """
    for key, wanted in parameters:
        if key.lower() in _CONTROLS or not wanted:
            continue
        tag = key.upper() if len(key) == _HEX_TAG_LENGTH and _is_hex(key) else _tag(key)
        values = [_text(value) for value in first_values(found, tag)]
        if not any(_matches(value, wanted, found.get(tag, {}).get("vr", "")) for value in values):
            return False
    return True


def store_json(
    stored: Iterable[tuple[str, str, str]], failed: Iterable[tuple[str, str, StoreFailure]]
) -> dict[str, Any]:
    """The answer to a store.

    Parameters
    ----------
    stored : iterable of (SOP class, SOP instance, URL)
        What can be read now.
    failed : iterable of (SOP class, SOP instance, reason)
        What cannot, and why.
    """
    answer = {}
    kept = [_reference(*uids) | {"00081190": {"vr": "UR", "Value": [url]}} for *uids, url in stored]
    if kept:
        answer["00081199"] = {"vr": "SQ", "Value": kept}
    lost = [
        _reference(*uids) | {"00081197": {"vr": "US", "Value": [int(reason)]}} for *uids, reason in failed
    ]
    if lost:
        answer["00081198"] = {"vr": "SQ", "Value": lost}
    return answer


def first_values(attributes: Attributes, tag: str) -> list[Any]:
    """The values of an attribute; none when it is absent or empty."""
    values: list[Any] = attributes.get(tag, {}).get("Value", [])
    return values


def _reference(sop_class_uid: str, sop_instance_uid: str) -> dict[str, Any]:
    return {
        "00081150": {"vr": "UI", "Value": [sop_class_uid] if sop_class_uid else []},
        "00081155": {"vr": "UI", "Value": [sop_instance_uid] if sop_instance_uid else []},
    }


def _selected(header: Attributes, tags: Iterable[str]) -> dict[str, Any]:
    return {tag: header[tag] for tag in sorted(tags) if tag in header}


def _tag(keyword: str) -> str:
    tag = tag_for_keyword(keyword)
    return "" if tag is None else f"{tag:08X}"


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdefABCDEF" for character in text)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "=".join(str(part) for part in value.values())
    return str(value)


def _matches(value: str, wanted: str, representation: str) -> bool:
    if representation == "UI":
        return value in wanted.replace("\\", ",").split(",")
    if representation == "DA" and "-" in wanted:
        first, _, last = wanted.partition("-")
        return (not first or value >= first) and (not last or value <= last)
    pattern = wanted.replace("[", "[[]").casefold()
    return fnmatch.fnmatchcase(value.casefold(), pattern)
