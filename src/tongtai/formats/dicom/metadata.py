"""The header of an image as DICOM JSON (PS3.18 annex F)."""

import math
from typing import Any

from pydicom.dataset import Dataset

_PIXEL_GROUP = 0x7FE0
_BULK_BYTES = 1024
_AVAILABLE_TRANSFER_SYNTAX = "00083002"
_CHARACTER_SET = "00080005"


def dicom_json(dataset: Dataset, transfer_syntax_uid: str) -> dict[str, Any]:
    """The header as DICOM JSON, in UTF-8, without pixels.

    Bulk values longer than 1,024 bytes and values that JSON cannot express are left out.

    Parameters
    ----------
    dataset : Dataset
        A parsed data set; it is not changed.
    transfer_syntax_uid : str
        How its pixels are stored; told to clients as Available Transfer Syntax UID.
    """
    header = {}
    for tag in sorted(dataset.keys()):
        if tag.group != _PIXEL_GROUP:
            element = _element_json(dataset, tag)
            if element is not None:
                header[f"{tag:08X}"] = element
    header[_CHARACTER_SET] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    header[_AVAILABLE_TRANSFER_SYNTAX] = {"vr": "UI", "Value": [transfer_syntax_uid]}
    return dict(sorted(header.items()))


def _element_json(dataset: Dataset, tag: int) -> dict[str, Any] | None:
    try:
        element: dict[str, Any] = dataset[tag].to_json_dict(
            bulk_data_threshold=_BULK_BYTES, bulk_data_element_handler=lambda _element: ""
        )
    except Exception:  # noqa: BLE001  (pydicom meets an impossible value with any exception)
        # pydicom's own switch for this refuses valid long decimals, pixel spacing among them.
        return None
    if element.get("vr") == "SQ":
        element["Value"] = [_without_bulk(item) for item in element.get("Value", [])]
    return element if _can_be_kept(element) else None


def _without_bulk(item: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for tag, element in item.items():
        if element.get("vr") == "SQ":
            element["Value"] = [_without_bulk(inner) for inner in element.get("Value", [])]
        if _can_be_kept(element):
            kept[tag] = element
    return kept


def _can_be_kept(element: dict[str, Any]) -> bool:
    return "BulkDataURI" not in element and all(
        not isinstance(value, float) or math.isfinite(value) for value in element.get("Value", [])
    )
