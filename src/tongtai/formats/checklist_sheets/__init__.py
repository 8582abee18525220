"""The sheets of checks, read from ``sheets.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tongtai.core.checklists import Line, LineKind, Party, Sheet, SheetForm
from tongtai.core.measured_lines import Measure, Wanted


@cache
def packaged_sheets() -> Mapping[Sheet, SheetForm]:
    """The sheets that come with the program.

    Examples
    --------
    >>> sorted(packaged_sheets()[Sheet.SIGN_IN].parties)
    [<Party.ANAESTHESIA: 'anaesthesia'>, <Party.NURSE: 'nurse'>, <Party.SURGEON: 'surgeon'>]
    """
    table = tomllib.loads((files(__name__) / "sheets.toml").read_text(encoding="utf-8"))
    sheets = {}
    for entry in table["sheet"]:
        lines = tuple(
            Line(
                kind=LineKind(line.pop("kind")),
                parties=frozenset(Party(one) for one in line.pop("parties", ())),
                techniques=frozenset(line.pop("techniques", ())),
                measured=_wanted(line.pop("measured", None)),
                **line,
            )
            for line in entry["line"]
        )
        sheet = Sheet(entry["key"])
        sheets[sheet] = SheetForm(
            sheet=sheet,
            zh=entry["zh"],
            en=entry["en"],
            source=entry["source"],
            parties=frozenset(Party(one) for one in entry["parties"]),
            lines=lines,
            measured_valid_min=entry.get("measured_valid_min", 0),
        )
    return sheets


def _wanted(table: dict[str, Any] | None) -> Wanted | None:
    return Wanted(measure=Measure(table.pop("measure")), **table) if table else None
