"""Laboratory results from a CSV table: one result a line.

Columns: ``loinc`` or ``item`` (one of them), ``value``, ``unit``, ``date`` (``YYYY-MM-DD``, also with a
time behind it). UTF-8 with or without a mark, or GB 18030.
"""

import csv
import io
from datetime import date

from tongtai.formats.lab_import.result import LabFileError, LabResult

_LIMIT = 500


def read_table(content: bytes) -> tuple[LabResult, ...]:
    r"""Read a table.

    Raises
    ------
    LabFileError
        If it is no table, has no needed column, or more than 500 lines.

    Examples
    --------
    >>> read_table("loinc,value,unit,date\n777-3,182,10*9/L,2026-03-01\n".encode())[0].value
    '182'
    """
    rows = csv.DictReader(io.StringIO(_text(content), newline=""))
    names = {name.strip().casefold(): name for name in rows.fieldnames or ()}
    if "value" not in names or not {"loinc", "item"} & set(names):
        raise LabFileError(reason="columns_missing", wanted=["loinc or item", "value", "unit", "date"])
    found = []
    try:
        for number, row in enumerate(rows, start=2):
            if number > _LIMIT + 1:
                raise LabFileError(reason="too_long", limit=_LIMIT)
            cells = {plain: (row.get(name) or "").strip() for plain, name in names.items()}
            if not any(cells.values()):
                continue
            system = "loinc" if cells.get("loinc") else "item"
            found.append(
                LabResult(
                    system=system,
                    code=cells.get(system, "")[:64],
                    value=cells["value"],
                    unit=cells.get("unit", ""),
                    observed_on=_day(cells.get("date", ""), number),
                )
            )
    except csv.Error:
        raise LabFileError(reason="not_a_table") from None
    return tuple(found)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LabFileError(reason="encoding")


def _day(text: str, line: int) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        raise LabFileError(reason="date", line=line) from None
