"""The form: groups of items, each with its unit, freshness, gate, codes and source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tongtai.core.intake.errors import UnknownItemError, UnknownUnitError, WrongAnswerError


class ItemKind(StrEnum):
    """What an answer is."""

    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TEXT = "text"
    DATE = "date"
    LIST = "list"
    FILE = "file"


class Level(StrEnum):
    """What a gap does: it blocks the gate, or it warns."""

    BLOCK = "block"
    WARN = "warn"


class Gate(StrEnum):
    """Up to which station an item may be open."""

    ACCEPT = "accept"
    SCHEDULE = "schedule"
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to be known.

    Attributes
    ----------
    unit
        The unit in which a number is kept and compared.
    units
        Other units by the factor that turns a value into ``unit``.
    low, high
        Outside of this a number is questioned: it may be true, but somebody must say so.
    fresh_days
        How old an answer may be, in days; None: it does not age.
    codes
        By system (``loinc``, ``icd10``, ``snomed``): what other systems call it.
    techniques
        Only for these; empty: for all.
    """

    key: str
    group: str
    kind: ItemKind
    zh: str
    en: str
    level: Level
    gate: Gate
    source: str
    unit: str = ""
    units: Mapping[str, float] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    fresh_days: int | None = None
    choices: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    techniques: frozenset[str] = frozenset()

    def in_unit(self, value: float, unit: str) -> float:
        """A value in the item's own unit.

        Raises
        ------
        UnknownUnitError
            If the item is not given in this unit.

        Examples
        --------
        >>> item = Item(
        ...     key="bilirubin",
        ...     group="liver",
        ...     kind=ItemKind.NUMBER,
        ...     zh="",
        ...     en="",
        ...     source="",
        ...     level=Level.BLOCK,
        ...     gate=Gate.ACCEPT,
        ...     unit="umol/L",
        ...     units={"mg/dL": 17.104},
        ... )
        >>> round(item.in_unit(2.0, "mg/dL"), 3)
        34.208
        """
        if unit in {"", self.unit}:
            return value
        plain = {name.casefold().replace("µ", "u").replace("μ", "u"): name for name in self.units}
        wanted = unit.strip().casefold().replace("µ", "u").replace("μ", "u")
        if wanted == self.unit.casefold():
            return value
        if wanted not in plain:
            raise UnknownUnitError(item=self.key, unit=unit, known=[self.unit, *self.units])
        return value * self.units[plain[wanted]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered.

    Attributes
    ----------
    value
        A number in the item's own unit, a text, a choice, ``yes`` or ``no``, or a list of texts.
    given_value, given_unit
        A number as it was written.
    observed_on
        The day on which it was true: of the sample, of the examination.
    confirmed
        Somebody has said that an implausible value is true.
    """

    value: float | str | tuple[str, ...]
    observed_on: date | None = None
    given_value: str = ""
    given_unit: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a group or a choice is called."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Form:
    """All items, in their order, by key; the groups in theirs; and what choices are called."""

    version: str
    items: Mapping[str, Item]
    groups: tuple[Named, ...] = ()
    words: tuple[Named, ...] = ()

    def item(self, key: str) -> Item:
        """One item.

        Raises
        ------
        UnknownItemError
            If the form has none of this key.
        """
        if key not in self.items:
            raise UnknownItemError(item=key[:64])
        return self.items[key]

    def coded(self, system: str, code: str) -> Item | None:
        """The item that another system knows by this code."""
        return next((item for item in self.items.values() if item.codes.get(system) == code), None)

    def asked_of(self, technique: str) -> tuple[Item, ...]:
        """The items that are asked for a technique."""
        return tuple(
            item for item in self.items.values() if not item.techniques or technique in item.techniques
        )


def checked(
    item: Item,
    value: object,
    *,
    unit: str = "",
    observed_on: date | None = None,
    confirmed: bool = False,
) -> Answer:
    """An answer of the item's kind.

    Raises
    ------
    WrongAnswerError, UnknownUnitError
        If it is none.

    Examples
    --------
    >>> item = Item(
    ...     key="inr",
    ...     group="coagulation",
    ...     kind=ItemKind.NUMBER,
    ...     zh="",
    ...     en="",
    ...     source="",
    ...     level=Level.BLOCK,
    ...     gate=Gate.ACCEPT,
    ...     unit="1",
    ... )
    >>> checked(item, "1.2").value
    1.2
    """
    match item.kind:
        case ItemKind.NUMBER:
            number = _number(item, value)
            return Answer(
                value=item.in_unit(number, unit),
                observed_on=observed_on,
                given_value=str(value),
                given_unit=unit or item.unit,
                confirmed=confirmed,
            )
        case ItemKind.CHOICE | ItemKind.YES_NO:
            choices = item.choices or ("yes", "no")
            if value not in choices:
                raise WrongAnswerError(item=item.key, wanted=list(choices))
        case ItemKind.DATE:
            _date(item, value)
        case ItemKind.LIST | ItemKind.FILE:
            if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
                raise WrongAnswerError(item=item.key, wanted="list")
            return Answer(value=tuple(value), observed_on=observed_on)
        case ItemKind.TEXT:
            if not isinstance(value, str):
                raise WrongAnswerError(item=item.key, wanted="text")
    return Answer(value=str(value), observed_on=observed_on)


def _number(item: Item, value: object) -> float:
    try:
        number = float(str(value).strip().lstrip("<>≤≥="))
    except ValueError:
        raise WrongAnswerError(item=item.key, wanted="number") from None
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124  (not a number)
        raise WrongAnswerError(item=item.key, wanted="number")
    return number


def _date(item: Item, value: object) -> None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        raise WrongAnswerError(item=item.key, wanted="date") from None
