"""What the archive looks like on the wire."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.accounts.schemas import ConfirmationOut, Password
from tongtai.features.archive.model import Bundle, Hold, RetentionClass, Seal

_Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class BundleIn(BaseModel):
    """What to archive; a later version needs a reason, and may carry an addendum in words."""

    retention: RetentionClass = RetentionClass.INPATIENT
    last_day: Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 1, 1))] | None = None
    reason: _Words = ""
    addendum: _Words = ""


class ReceiptIn(BaseModel):
    """The hash that the receiver has computed of what arrived."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class HoldIn(BaseModel):
    """Why nothing may be deleted."""

    reason: Annotated[_Words, StringConstraints(min_length=1)]


class SealIn(BaseModel):
    """Who is present for the patient; the password signs for the hospital."""

    patient_side: _Name
    relation: _Name
    finished: bool = True
    password: Password


class UnsealIn(BaseModel):
    """Why a record is unsealed."""

    settled: bool
    reason: Annotated[_Words, StringConstraints(min_length=1)]


class PartOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    media_type: str
    sha256: str
    size_bytes: int


class ReceiptOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    institution_id: str
    sha256: str
    by: ConfirmationOut


class BundleOut(BaseModel):
    """A version of the archive."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    number: int
    sha256: str
    previous_sha256: str
    reason: str
    parts: list[PartOut]
    retention: RetentionClass
    kept_until: date
    made_at: datetime
    made_by: str
    receipts: list[ReceiptOut]

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """From the model."""
        return cls.model_validate(bundle)


class HoldOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    reason: str
    placed_by: str
    placed_at: datetime
    released_by: str
    released_at: datetime | None

    @classmethod
    def of(cls, hold: Hold) -> Self:
        """From the model."""
        return cls.model_validate(hold)


class SealOut(BaseModel):
    """A seal; only the hospital's medical affairs see it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    bundle_id: str
    bundle_sha256: str
    hospital: ConfirmationOut
    patient_side: str
    relation: str
    finished_part: bool
    sealed_at: datetime
    unsealed_at: datetime | None
    unseal_reason: str

    @classmethod
    def of(cls, seal: Seal) -> Self:
        """From the model."""
        return cls.model_validate(seal)


class LegalOut(BaseModel):
    """Holds and seals of a case."""

    holds: list[HoldOut]
    seals: list[SealOut]
