"""What checklists look like on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.core.checklists import LineKind, Party, Sheet, SheetForm
from tongtai.features.accounts.schemas import ConfirmationOut, Password
from tongtai.features.agreements.schemas import LackOut
from tongtai.features.checklists.model import Filled

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
_Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
_Pin = Annotated[str, StringConstraints(min_length=1, max_length=12)]


class MarksIn(BaseModel):
    """Answered lines, by who has seen ``version``."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    values: Annotated[dict[_Key, bool | _Number | _Text], Field(max_length=60)]


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


class MarkOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    value: bool | float | str
    by: str
    by_name: str
    at: datetime


class LineOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

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
    confirmations: dict[Party, ConfirmationOut]
    reopen_reason: str
    complete: bool
    lacks: list[LackOut]

    @classmethod
    def of(cls, form: SheetForm, filled: Filled, technique: str) -> Self:
        """From the model."""
        lacks = filled.lacks(form, technique)
        return cls(
            sheet=form.sheet,
            zh=form.zh,
            en=form.en,
            source=form.source,
            parties=sorted(form.parties),
            lines=[LineOut.model_validate(line) for line in form.asked_of(technique)],
            round=filled.round,
            version=filled.version,
            marks={key: MarkOut.model_validate(mark) for key, mark in filled.marks.items()},
            confirmations={
                party: ConfirmationOut.model_validate(one) for party, one in filled.confirmations.items()
            },
            reopen_reason=filled.reopen_reason,
            complete=not lacks,
            lacks=[LackOut.model_validate(one) for one in lacks],
        )
