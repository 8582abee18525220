"""Laboratory results from a FHIR R4 Bundle: its Observations with a quantity, a text or a code."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tongtai.formats.lab_import.result import LabFileError, LabResult

_LOINC = "http://loinc.org"
_LIMIT = 2000
# Results that are not final, or were withdrawn, are no results.
_USABLE = frozenset({"final", "amended", "corrected"})


def read_bundle(content: bytes) -> tuple[LabResult, ...]:
    """Read a bundle.

    Raises
    ------
    LabFileError
        If it is no Bundle, or an Observation in it is not as FHIR has it.

    Examples
    --------
    >>> read_bundle(b'{"resourceType": "Bundle", "type": "collection"}')
    ()
    """
    try:
        bundle = json.loads(content)
    except (ValueError, RecursionError):
        raise LabFileError(reason="not_json") from None
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise LabFileError(reason="not_a_bundle")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or len(entries) > _LIMIT:
        raise LabFileError(reason="too_long", limit=_LIMIT)
    try:
        return tuple(found for number, entry in enumerate(entries) for found in _results(entry, number))
    except (AttributeError, TypeError, KeyError):
        raise LabFileError(reason="not_as_fhir") from None


def _results(entry: Mapping[str, Any], number: int) -> Iterator[LabResult]:
    resource = entry.get("resource", {})
    if resource.get("resourceType") != "Observation" or resource.get("status") not in _USABLE:
        return
    codes = [
        coding["code"]
        for coding in resource.get("code", {}).get("coding", [])
        if coding.get("system") == _LOINC and coding.get("code")
    ]
    value, unit = _value(resource)
    if not codes or not value:
        return
    yield LabResult(
        system="loinc",
        code=str(codes[0])[:64],
        value=value,
        unit=unit,
        observed_on=_day(resource, number),
    )


def _value(resource: Mapping[str, Any]) -> tuple[str, str]:
    quantity = resource.get("valueQuantity")
    if quantity is not None and quantity.get("value") is not None:
        return str(quantity["value"]), str(quantity.get("code") or quantity.get("unit") or "")
    if "valueString" in resource:
        return str(resource["valueString"]), ""
    coded = resource.get("valueCodeableConcept", {})
    return str(coded.get("text") or next((c.get("display", "") for c in coded.get("coding", [])), "")), ""


def _day(resource: Mapping[str, Any], number: int) -> date | None:
    text = str(resource.get("effectiveDateTime") or resource.get("effectivePeriod", {}).get("start") or "")
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise LabFileError(reason="date", entry=number) from None
