"""The form of the intake, read from ``form.toml``: the one file that says what must be known."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tongtai.core.intake.errors import FormError
from tongtai.core.intake.form import Form, Gate, Item, ItemKind, Level, Named


@cache
def packaged_form() -> Form:
    """The form that comes with the program.

    Examples
    --------
    >>> packaged_form().item("platelets").unit
    '10*9/L'
    """
    return read_form((files(__name__) / "form.toml").read_text(encoding="utf-8"))


def read_form(text: str) -> Form:
    """A form from the text of a TOML file; the packaged one shows how it is written.

    Raises
    ------
    FormError
        If the file is not TOML, or an item is misspelt, twice there or without a source.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise FormError(f"The form is not a TOML file: {reason}.") from None
    items: dict[str, Item] = {}
    groups = []
    for group in table.get("group", []):
        groups.append(_group(group))
        for entry in group.get("item", []):
            item = _item(group, entry)
            if item.key in items:
                raise FormError(item=item.key, reason="twice")
            items[item.key] = item
    words = tuple(Named(code=code, zh=zh, en=en) for code, (zh, en) in table.get("words", {}).items())
    return Form(version=str(table.get("version", "")), items=items, groups=tuple(groups), words=words)


def _group(group: Mapping[str, Any]) -> Named:
    try:
        return Named(code=group["key"], zh=group["zh"], en=group["en"])
    except KeyError as reason:
        raise FormError(group=str(group.get("key")), reason=f"without {reason}") from None


def _item(group: Mapping[str, Any], entry: Mapping[str, Any]) -> Item:
    known = {**{name: group[name] for name in _INHERITED if name in group}, **entry}
    if not str(known.get("source", "")).strip():
        raise FormError(item=str(entry.get("key")), reason="no source")
    try:
        return Item(
            group=group["key"],
            kind=ItemKind(known.pop("kind")),
            level=Level(known.pop("level", "block")),
            gate=Gate(known.pop("gate", "accept")),
            choices=tuple(known.pop("choices", ())),
            techniques=frozenset(known.pop("techniques", ())),
            **known,
        )
    except (KeyError, TypeError, ValueError) as reason:
        raise FormError(item=str(entry.get("key")), reason=str(reason)) from None


# What a group says for all its items, unless an item says otherwise.
_INHERITED = ("fresh_days", "level", "gate", "source", "techniques")
