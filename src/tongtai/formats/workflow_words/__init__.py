"""The words, in Chinese and English, of what the workflow says by code: ``words.toml``."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Section(StrEnum):
    """What kind of code it is."""

    STATES = "states"
    ACTS = "acts"
    LACKS = "lacks"
    STATEMENTS = "statements"
    TIMERS = "timers"


@dataclass(frozen=True, slots=True)
class Word:
    """One text in both languages; ``{name}`` stands for a value."""

    zh: str
    en: str


def words(section: Section) -> Iterator[tuple[str, Word]]:
    """Every code of a section with its words, in the order of the file.

    Examples
    --------
    >>> dict(words(Section.STATES))["draft"].en
    'Draft'
    """
    for code, (zh, en) in _table()[section.value].items():
        yield code, Word(zh, en)


def value_words() -> dict[str, dict[str, Word]]:
    """What values are called, by the value's name: roles, specialties, kinds of consent ...

    Examples
    --------
    >>> value_words()["specialty"]["radiology"].en
    'radiology'
    """
    table: dict[str, dict[str, list[str]]] = _file()["values"]
    return {name: {code: Word(zh, en) for code, (zh, en) in codes.items()} for name, codes in table.items()}


def _table() -> dict[str, dict[str, list[str]]]:
    return _file()


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((files(__name__) / "words.toml").read_text(encoding="utf-8"))
