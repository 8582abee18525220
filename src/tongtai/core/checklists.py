"""Sheets of checks: their lines, whom they need, and what is missing on one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongtai.core.errors import TongtaiError
from tongtai.core.lacks import Lack, lack, lacking
from tongtai.core.measured_lines import Wanted


class SheetError(TongtaiError):
    """The sheet has no such line, or the answer is not of its kind; the values say which."""

    code = "checklist_line_wrong"


class Sheet(StrEnum):
    """The sheets, in the order in which a case meets them."""

    READINESS = "readiness"
    SIGN_IN = "sign_in"
    TIME_OUT = "time_out"
    SIGN_OUT = "sign_out"


class LineKind(StrEnum):
    """What is answered."""

    CHECK = "check"
    NUMBER = "number"
    TEXT = "text"


class Party(StrEnum):
    """Who confirms a sheet."""

    SURGEON = "surgeon"
    ANAESTHESIA = "anaesthesia"
    NURSE = "nurse"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a sheet.

    Attributes
    ----------
    low, high
        A number outside of this is a finding that keeps the sheet open.
    equals
        Another line of the sheet that must say the same: the guide's repetition, the counts.
    parties
        Who answers it; empty: any of the sheet's parties.
    measured
        What the installation measures of it; ``None``: only a person can answer.
    """

    key: str
    kind: LineKind
    zh: str
    en: str
    required: bool = True
    unit: str = ""
    low: float | None = None
    high: float | None = None
    equals: str = ""
    parties: frozenset[Party] = frozenset()
    techniques: frozenset[str] = frozenset()
    measured: Wanted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetForm:
    """A sheet as it is printed.

    Attributes
    ----------
    measured_valid_min
        How old a measured answer may be when a party confirms the sheet, minutes.
    """

    sheet: Sheet
    zh: str
    en: str
    source: str
    parties: frozenset[Party]
    lines: tuple[Line, ...]
    measured_valid_min: float = 0.0

    def line(self, key: str) -> Line:
        """One line.

        Raises
        ------
        SheetError
            If the sheet has none of this key.
        """
        found = next((line for line in self.lines if line.key == key), None)
        if found is None:
            raise SheetError(sheet=self.sheet.value, line=key[:64])
        return found

    def asked_of(self, technique: str) -> tuple[Line, ...]:
        """The lines that are asked for a technique."""
        return tuple(line for line in self.lines if not line.techniques or technique in line.techniques)


def checked_value(line: Line, value: object) -> bool | float | str:
    """An answer of the line's kind.

    Raises
    ------
    SheetError
        If it is none.

    Examples
    --------
    >>> checked_value(Line(key="needles", kind=LineKind.NUMBER, zh="", en=""), "3")
    3.0
    """
    match line.kind:
        case LineKind.CHECK if isinstance(value, bool):
            return value
        case LineKind.NUMBER if not isinstance(value, bool):
            try:
                return float(str(value))
            except ValueError:
                pass
        case LineKind.TEXT if isinstance(value, str) and value.strip():
            return value.strip()
        case _:
            pass
    raise SheetError(line=line.key, wanted=line.kind.value)


def lacks_of_lines(
    form: SheetForm,
    values: Mapping[str, bool | float | str],
    *,
    technique: str,
    reasoned: Collection[str] = (),
) -> tuple[Lack, ...]:
    """What is missing on a sheet: unanswered lines, unchecked ones, numbers out of range, contradictions.

    Parameters
    ----------
    reasoned
        Lines whose measured value misses its limit, and somebody said why the work goes on all the same.

    Examples
    --------
    >>> line = Line(key="consent", kind=LineKind.CHECK, zh="", en="")
    >>> form = SheetForm(sheet=Sheet.SIGN_IN, zh="", en="", source="", parties=frozenset(), lines=(line,))
    >>> [found.code for found in lacks_of_lines(form, {"consent": False}, technique="rfa")]
    ['line_not_confirmed']
    """
    found = []
    for line in form.asked_of(technique):
        value = values.get(line.key)
        # Blanks say nothing.
        if value is None or (isinstance(value, str) and not value.strip()):
            if line.required:
                found.append(lack("line_missing", sheet=form.sheet.value, line=line.key))
        elif line.key in reasoned:
            continue
        elif value is False and line.required:
            found.append(lack("line_not_confirmed", sheet=form.sheet.value, line=line.key))
        elif isinstance(value, float) and not _within(line, value):
            found.append(
                lack("line_out_of_range", sheet=form.sheet.value, line=line.key, value=value,
                     low=line.low, high=line.high)
            )  # fmt: skip
        elif line.equals and _plain(value) != _plain(values.get(line.equals)):
            found.append(lack("line_contradicts", sheet=form.sheet.value, line=line.key, other=line.equals))
    return tuple(found)


def lacks_of_parties(form: SheetForm, confirmed: Mapping[Party, str]) -> tuple[Lack, ...]:
    """Who has not confirmed a sheet; each party is another person.

    Parameters
    ----------
    confirmed
        Party to the user who confirmed for it.
    """
    missing = sorted(party for party in form.parties if party not in confirmed)
    found = lacking("party_unconfirmed", missing, "party")
    if not missing and len(set(confirmed.values())) < len(confirmed):
        found += (lack("parties_not_distinct", sheet=form.sheet.value),)
    return found


def _within(line: Line, value: float) -> bool:
    return (line.low is None or value >= line.low) and (line.high is None or value <= line.high)


def _plain(value: object) -> str:
    return "".join(str(value).split()).casefold()
