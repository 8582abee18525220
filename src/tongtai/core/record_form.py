"""Forms that are data: their fields in both languages, for which step each is needed, and who asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tongtai.core.errors import TongtaiError
from tongtai.core.lacks import Lack, lacking

Value = str | float | bool | tuple[str, ...]
_LONGEST = 10_000


class RecordFormError(TongtaiError):
    """The form has no such field, or the value is not of its kind; the values say which."""

    code = "record_form_wrong"


class FieldKind(StrEnum):
    """What a field holds. Instants and days are ISO 8601; an instant has its offset."""

    TEXT = "text"
    NUMBER = "number"
    CHECK = "check"
    CHOICE = "choice"
    CHOICES = "choices"
    INSTANT = "instant"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the values of a field."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field.

    Attributes
    ----------
    needed_for
        Steps that are refused without it.
    low, high
        Bounds of a number, both included.
    """

    key: str
    kind: FieldKind
    zh: str
    en: str
    source_zh: str
    source_en: str
    needed_for: frozenset[str] = frozenset()
    choices: tuple[Choice, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordForm:
    """A form."""

    key: str
    zh: str
    en: str
    fields: tuple[Field, ...]

    def checked(self, values: Mapping[str, object]) -> dict[str, Value]:
        """The values, each of its field's kind; empty ones are left out.

        Raises
        ------
        RecordFormError
            If there is no such field, or a value is not of its kind.

        Examples
        --------
        >>> age = Field(key="age", kind=FieldKind.NUMBER, zh="", en="", source_zh="", source_en="", low=0)
        >>> RecordForm(key="f", zh="", en="", fields=(age,)).checked({"age": "44"})
        {'age': 44.0}
        """
        known = {field.key: field for field in self.fields}
        found: dict[str, Value] = {}
        for key, given in values.items():
            if key not in known:
                raise RecordFormError(form=self.key, field=key[:64])
            value = _checked(known[key], given)
            if value not in ("", (), None):
                found[key] = value
        return found

    def lacks_for(self, step: str, values: Mapping[str, Value]) -> tuple[Lack, ...]:
        """What a step is refused for: its fields that are empty, and those that must be confirmed and are not."""
        missing = [
            f"{self.key}.{field.key}"
            for field in self.fields
            if step in field.needed_for and values.get(field.key) in (None, False)
        ]
        return lacking("record_field_missing", missing, "record_field")


def _checked(field: Field, value: object) -> Value:
    match field.kind, value:
        case FieldKind.CHECK, bool():
            return value
        case FieldKind.NUMBER, int() | float() | str() if not isinstance(value, bool):
            return _number(field, value)
        case FieldKind.CHOICES, list() | tuple():
            chosen = {str(one) for one in value}
            if chosen <= {one.key for one in field.choices}:
                return tuple(one.key for one in field.choices if one.key in chosen)
        case ((FieldKind.TEXT | FieldKind.CHOICE | FieldKind.INSTANT | FieldKind.DAY), str()):
            text = value.strip()
            if not text or _is_of(field, text):
                return text
        case _:
            pass
    raise RecordFormError(field=field.key, wanted=field.kind.value)


def _is_of(field: Field, text: str) -> bool:
    try:
        match field.kind:
            case FieldKind.CHOICE:
                return text in {one.key for one in field.choices}
            case FieldKind.INSTANT:
                return datetime.fromisoformat(text).tzinfo is not None
            case FieldKind.DAY:
                return bool(date.fromisoformat(text))
            case _:
                return len(text) <= _LONGEST
    except ValueError:
        return False


def _number(field: Field, value: float | str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    low = float("-inf") if field.low is None else field.low
    high = float("inf") if field.high is None else field.high
    # An endless number or none at all is in no bounds.
    if not low <= number <= high or abs(number) == float("inf"):
        raise RecordFormError(field=field.key, wanted=field.kind.value, low=field.low, high=field.high)
    return number
