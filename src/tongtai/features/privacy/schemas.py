"""Wire types of impact assessments."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.accounts.schemas import ByOut
from tongtai.features.privacy.model import Standing

_Values = Annotated[dict[str, Any], Field(max_length=100)]
_Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]


class PurposeChangeIn(BaseModel):
    """Another purpose or way of handling personal information, from a day on."""

    changed_on: _Day
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class PurposeChangeOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    number: int
    changed_on: date
    text: str
    by: ByOut
    recorded_at: datetime


class ImpactAssessmentIn(BaseModel):
    """An assessment's text (``GET /api/workflow/forms/impact_assessment`` has the fields) and the hash of its signed report."""

    values: _Values
    file_name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    file_sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class ImpactAssessmentChangeIn(ImpactAssessmentIn):
    """A draft written anew, by who has seen ``version``."""

    version: _Version


class ApprovalIn(BaseModel):
    version: _Version


class ImpactAssessmentOut(BaseModel):
    """An assessment; with ``approved_at`` it no longer changes, and is kept until ``kept_until``."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    number: int
    values: dict[str, Any]
    author: ByOut
    made_at: datetime
    file_name: str
    file_sha256: str
    approver: ByOut | None
    approved_at: datetime | None
    kept_until: date | None
    version: int


class PrivacyOut(BaseModel):
    """What an institution has written down, and whether its newest assessment is about what it does now."""

    standing: Standing
    changes: list[PurposeChangeOut]
    assessments: list[ImpactAssessmentOut]
