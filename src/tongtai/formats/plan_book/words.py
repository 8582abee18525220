"""The book's words in its languages, and how it writes numbers."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from tongtai.core.planning.plan import Plan, Warned
from tongtai.core.seed_planning.plan import SeedPlan

AnyPlan = Plan | SeedPlan
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Language(StrEnum):
    """A language of the book."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one language, with the names of a plan's structures.

    Examples
    --------
    >>> Words(Language.ZH, {})("t.near")
    '结构'
    >>> Words(Language.EN, {})("h.needle", "N1")
    'Needle N1'
    """

    language: Language
    names: Mapping[str, str]

    def __call__(self, key: str, *values: object) -> str:
        """The words of a key, with values in the places ``{0}``, ``{1}`` and so on."""
        return _table()[key][self.language].format(*values)

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in _table()

    def term(self, group: str, value: str) -> str:
        """The words of ``group.value``; the value itself if there are none."""
        key = f"{group}.{value}"
        return self(key) if self.has(key) else value.replace("_", " ")

    def structure(self, name: str) -> str:
        """A structure's or constraint's name for people."""
        return self.names.get(name) or self.term("s", name)

    def structures(self, names: Iterable[str]) -> str:
        """Several, in one line."""
        return ("、" if self.language is Language.ZH else ", ").join(self.structure(name) for name in names)

    def sentence(self, warned: Warned) -> str:
        """A warning of a plan; in its own English where no translation fits it."""
        if self.language is Language.EN:
            return self._named(warned.text)
        return self._chinese(warned.code, warned.text) or warned.text

    def reason(self, text: str) -> str:
        """Why a mask has its grade; in its own English where no translation fits it."""
        return text if self.language is Language.EN else self._chinese("", text) or text

    def note(self, text: str) -> str:
        """What was assumed or found: one sentence, or several parts with semicolons, each where a translation fits it."""
        if self.language is Language.EN:
            return text
        if found := self._chinese("note", text):
            return found
        where, colon, parts = text.rpartition(": ") if text.startswith("Series ") else ("", "", text)
        told = [self._chinese("note", part) or part for part in parts.rstrip(".").split("; ")]
        return f"{where.replace('Series', '序列')}{'：' if colon else ''}{'；'.join(told)}"

    def reference_case(self, name: str) -> str:
        """A case of the verification."""
        return name if self.language is Language.EN else self._chinese("reference_case", name) or name

    def _chinese(self, code: str, text: str) -> str | None:
        """The row that fits a sentence: of its own code first, for several codes share sentences."""
        for row in sorted(_sentences(), key=lambda one: one["code"] != code):
            if found := re.fullmatch(row["pattern"], text):
                return row["zh"].format(*(self._translated(part) for part in found.groups()))
        return None

    def _named(self, text: str) -> str:
        return re.sub(r"\b[a-z]+(?:_[a-z0-9]+)+\b", lambda found: self.structure(found[0]), text)

    def _translated(self, part: str) -> str:
        names = part.split(", ")
        return self.structures(names) if all(_NAME.fullmatch(name) for name in names) else part


def words_for(plan: AnyPlan, language: Language) -> Words:
    """The words for one plan: lesions of the same kind keep their numbers."""
    names = {}
    for one in plan.structures:
        number = re.search(r"_(\d+)$", one.name)
        name = one.name_zh if language is Language.ZH else one.name_en
        names[one.name] = f"{name} {number[1]}" if number else name
    return Words(language, names)


@cache
def _table() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in _rows("words.csv")}


@cache
def _sentences() -> list[dict[str, str]]:
    return _rows("sentences.csv")


def _rows(name: str) -> list[dict[str, str]]:
    text = files("tongtai.formats.plan_book").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def number(value: float, decimals: int = 1) -> str:
    """A number with a true minus and no negative zero.

    Examples
    --------
    >>> number(-3.14159), number(-0.01), number(60.0, 0)
    ('−3.1', '0.0', '60')
    """
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def optional(value: float | None, decimals: int = 1) -> str:
    """A number, or a dash where there is none."""
    return "–" if value is None else number(value, decimals)


def percent(share: float, decimals: int = 1) -> str:
    """A share as per cent.

    Examples
    --------
    >>> percent(0.9995)
    '100.0 %'
    """
    return f"{number(100.0 * share, decimals)} %"


def place(point: Iterable[float]) -> str:
    """Coordinates in LPS millimetres."""
    return ", ".join(number(value) for value in point)


def plain(value: float) -> str:
    """A setting as a device shows it, without needless digits.

    Examples
    --------
    >>> plain(60.0), plain(7.5)
    ('60', '7.5')
    """
    return f"{value:g}"
