"""The sheets of checks, read from ``sheets.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from tongtai.core.checklists import Line, LineKind, Party, Sheet, SheetForm


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
        )
    return sheets
