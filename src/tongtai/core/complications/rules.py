"""Rules of complications: triggers over facts, with level, source, action and tasks."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.complications.errors import ComplicationRulesError
from tongtai.core.complications.facts import FACTS, FactKind, Known, Value

_CONDITION = re.compile(r"^([a-z0-9_]+) (<=|>=|<|>|=|!=) (\S+)$")
_OPERATORS: Mapping[str, Callable[[Value, Value], bool]] = MappingProxyType(
    {
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "=": operator.eq,
        "!=": operator.ne,
    }
)  # both sides are of one kind: checked when a condition is read


class Level(StrEnum):
    """How loud a warning is."""

    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A fact compared with a value, such as ``gut_mm < 10``."""

    fact: str
    sign: str
    value: Value

    @property
    def text(self) -> str:
        """As it stands in the file."""
        shown = {True: "yes", False: "no"}[self.value] if isinstance(self.value, bool) else self.value
        return f"{self.fact} {self.sign} {shown if isinstance(shown, str) else format(shown, 'g')}"

    def holds(self, sheet: Mapping[str, Known]) -> bool | None:
        """Whether it is so; ``None`` when the fact is not known."""
        known = sheet.get(self.fact)
        return None if known is None else _OPERATORS[self.sign](known.value, self.value)


def read_condition(text: str) -> Condition:
    """A condition from its text.

    Raises
    ------
    ComplicationRulesError
        For another form, an unknown fact, or a value that the fact cannot have.

    Examples
    --------
    >>> read_condition("platelets_10e9_l < 50")
    Condition(fact='platelets_10e9_l', sign='<', value=50.0)
    >>> read_condition("ascites != none").value
    'none'
    """
    found = _CONDITION.match(text)
    if found is None:
        raise ComplicationRulesError(f"“{text}” is not of the form “fact sign value”.")
    fact, sign, word = found.groups()
    kind = FACTS.get(fact)
    if kind is None:
        raise ComplicationRulesError(f"“{text}” speaks of an unknown fact.")
    return Condition(fact=fact, sign=sign, value=_value(text, kind, sign, word))


def _value(text: str, kind: FactKind, sign: str, word: str) -> Value:
    if kind.number:
        try:
            return float(word)
        except ValueError:
            raise ComplicationRulesError(f"“{text}” needs a number.") from None
    if sign not in {"=", "!="}:
        raise ComplicationRulesError(f"“{text}” can only compare by = or !=.")
    if kind.choices:
        if word not in kind.choices:
            raise ComplicationRulesError(f"“{text}” needs one of {', '.join(kind.choices)}.")
        return word
    if word not in {"yes", "no"}:
        raise ComplicationRulesError(f"“{text}” needs yes or no.")
    return word == "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Conditions that fire a rule when all of them hold."""

    level: Level
    all: tuple[Condition, ...]
    source: str
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTask:
    """Something to do where a rule has fired.

    Attributes
    ----------
    due_h
        Hours after the end of the procedure; below zero, before its beginning.
    """

    code: str
    due_h: float
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A complication that is foreseen."""

    id: str
    name_zh: str
    name_en: str
    action_zh: str
    action_en: str
    source: str
    triggers: tuple[Trigger, ...]
    tasks: tuple[RuleTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All rules of a file; ``version`` and the file's hash are kept with what they said."""

    version: str
    rules: tuple[Rule, ...]
    sha256: str
