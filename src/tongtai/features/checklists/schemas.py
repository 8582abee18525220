"""What checklists look like on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.core.checklists import Line, LineKind, Party, Sheet, SheetForm
from tongtai.core.measured_lines import Measure, MeasuredBy, ReadingState
from tongtai.features.accounts.schemas import ConfirmationOut, Password
from tongtai.features.agreements.schemas import LackOut
from tongtai.features.checklists.model import Filled, Reading

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
_Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
_Pin = Annotated[str, StringConstraints(min_length=1, max_length=12)]


_Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
_Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class MarksIn(BaseModel):
    """Answered lines, by who has seen ``version``; with a reason where a measurement misses its limit."""

    version: _Version
    values: Annotated[dict[_Key, bool | _Number | _Text], Field(max_length=60)]
    reasons: Annotated[dict[_Key, _Reason], Field(max_length=60)] = {}


class MeasuredIn(BaseModel):
    """Lines to be answered with what was measured of them; with a reason where that misses its limit."""

    version: _Version
    lines: Annotated[list[_Key], Field(min_length=1, max_length=60)]
    reasons: Annotated[dict[_Key, _Reason], Field(max_length=60)] = {}


class PartyConfirmationIn(BaseModel):
    """A party's confirmation: as who is signed in, or by another's login name and PIN at a shared tablet."""

    party: Party
    login: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    pin: _Pin | None = None


class ReopenIn(BaseModel):
    """Why a sheet is begun anew."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class PinIn(BaseModel):
    """A new PIN; the password proves whose."""

    password: Password
    pin: _Pin


class PartOut(BaseModel):
    """One of the things that a measurement is made of: an uplink, a gateway, a feed."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    value: float | None
    code: str
    met: bool


class MeasurementOut(BaseModel):
    """A measured value: when, and by what; ``low``: a least value that follows from the case itself."""

    model_config = ConfigDict(from_attributes=True)

    value: bool | float
    at: datetime
    by: MeasuredBy
    by_name: str
    parts: list[PartOut]
    low: float | None


class ReadingOut(BaseModel):
    """What the installation can say of a line now; ``valid_min``: how old a measurement may be, minutes."""

    state: ReadingState
    found: MeasurementOut | None
    valid_min: float


class MarkOut(BaseModel):
    """An answer; ``taken``: the measured value was taken over, else somebody says it."""

    model_config = ConfigDict(from_attributes=True)

    value: bool | float | str
    by: str
    by_name: str
    at: datetime
    measured: MeasurementOut | None
    reading: ReadingState | None
    taken: bool
    reason: str


class LineOut(BaseModel):
    """A line; ``measure``: what the installation measures of it."""

    key: str
    kind: LineKind
    zh: str
    en: str
    required: bool
    unit: str
    low: float | None
    high: float | None
    equals: str
    parties: list[Party]
    measure: Measure | None

    @classmethod
    def of(cls, line: Line) -> Self:
        """From the form."""
        return cls(
            key=line.key,
            kind=line.kind,
            zh=line.zh,
            en=line.en,
            required=line.required,
            unit=line.unit,
            low=line.low,
            high=line.high,
            equals=line.equals,
            parties=sorted(line.parties),
            measure=line.measured.measure if line.measured else None,
        )


class SheetOut(BaseModel):
    """A sheet with its lines, answers, confirmations, and what is missing."""

    sheet: Sheet
    zh: str
    en: str
    source: str
    parties: list[Party]
    lines: list[LineOut]
    round: int
    version: int
    marks: dict[str, MarkOut]
    readings: dict[str, ReadingOut]
    confirmations: dict[Party, ConfirmationOut]
    reopen_reason: str
    complete: bool
    lacks: list[LackOut]

    @classmethod
    def of(cls, form: SheetForm, filled: Filled, technique: str, readings: Mapping[str, Reading]) -> Self:
        """From the model."""
        lacks = filled.lacks(form, technique)
        return cls(
            sheet=form.sheet,
            zh=form.zh,
            en=form.en,
            source=form.source,
            parties=sorted(form.parties),
            lines=[LineOut.of(line) for line in form.asked_of(technique)],
            round=filled.round,
            version=filled.version,
            marks={key: MarkOut.model_validate(mark) for key, mark in filled.marks.items()},
            readings={key: _reading(form.line(key), reading) for key, reading in readings.items()},
            confirmations={
                party: ConfirmationOut.model_validate(one) for party, one in filled.confirmations.items()
            },
            reopen_reason=filled.reopen_reason,
            complete=not lacks,
            lacks=[LackOut.model_validate(one) for one in lacks],
        )


def _reading(line: Line, reading: Reading) -> ReadingOut:
    return ReadingOut(
        state=reading.state,
        found=MeasurementOut.model_validate(reading.found) if reading.found else None,
        valid_min=line.measured.valid_min if line.measured else 0.0,
    )
