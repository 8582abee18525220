"""Forms that are data, each read from the TOML file of its name."""

import tomllib
from functools import cache
from importlib.resources import files

from tongtai.core.record_form import Choice, Field, FieldKind, RecordForm

FORMS = ("incident", "impact_assessment", "session_evaluation")


@cache
def packaged_record_form(key: str) -> RecordForm:
    """The form that comes with the program.

    Examples
    --------
    >>> packaged_record_form("incident").fields[0].key
    'kind'
    """
    table = tomllib.loads((files(__name__) / f"{key}.toml").read_text(encoding="utf-8"))
    fields = tuple(
        Field(
            kind=FieldKind(row.pop("kind")),
            needed_for=frozenset(row.pop("needed_for", ())),
            choices=tuple(Choice(**one) for one in row.pop("choices", ())),
            **row,
        )
        for row in table["field"]
    )
    return RecordForm(key=key, zh=table["zh"], en=table["en"], fields=fields)
