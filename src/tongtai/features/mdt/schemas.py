"""What team meetings look like on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.accounts.schemas import ConfirmationOut, Password
from tongtai.features.mdt.model import (
    Considered,
    Lesion,
    Meeting,
    Option,
    Specialty,
    Verdict,
)
from tongtai.features.mdt.service import Seat

_Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
_Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
_Mm = Annotated[float, Field(ge=0, le=2000, allow_inf_nan=False)]
_Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class SeatIn(BaseModel):
    """Who is asked to the panel, for what."""

    user_id: _Id
    specialty: Specialty
    title: _Short = ""

    def model(self) -> Seat:
        """To the model."""
        return Seat(user_id=self.user_id, specialty=self.specialty, title=self.title)


class MeetingIn(BaseModel):
    """A meeting to be held; the quorum may be widened, not narrowed."""

    scheduled_at: AwareDatetime
    panel: Annotated[list[SeatIn], Field(max_length=40)]
    quorum: Annotated[list[Specialty], Field(max_length=10)] = []


class LesionIO(BaseModel):
    """A lesion; distances to vessel, duct, bowel, diaphragm, gallbladder, heart in millimetres."""

    model_config = ConfigDict(from_attributes=True)

    label: _Short
    segment: _Short
    size_mm: _Mm
    distances_mm: Annotated[dict[_Key, _Mm], Field(max_length=20)] = {}

    def model(self) -> Lesion:
        """To the model."""
        return Lesion(**self.model_dump())


class OptionIO(BaseModel):
    """A treatment with what was said for and against it."""

    model_config = ConfigDict(from_attributes=True)

    treatment: Considered
    note: _Text = ""

    def model(self) -> Option:
        """To the model."""
        return Option(treatment=self.treatment, note=self.note)


class DiscussionIn(BaseModel):
    """The lesions and the treatments that were talked about."""

    version: _Version
    lesions: Annotated[list[LesionIO], Field(max_length=50)]
    options: Annotated[list[OptionIO], Field(max_length=20)]


class AttendanceIn(BaseModel):
    """Whether the caller joins or leaves."""

    here: bool


class VoteIn(BaseModel):
    """The caller's vote and why."""

    verdict: Verdict
    reason: _Reason


class ConclusionIn(BaseModel):
    """What was decided, and how it is to be done."""

    version: _Version
    verdict: Verdict
    details: Annotated[dict[_Key, _Text], Field(max_length=30)] = {}


class MinutesSignatureIn(BaseModel):
    """The signer's own password proves who they are."""

    password: Password


class PanelistOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    user_id: str
    name: str
    name_en: str
    institution_id: str
    specialty: Specialty
    title: str
    joined_at: datetime | None
    left_at: datetime | None


class VoteOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    user_id: str
    verdict: Verdict
    reason: str
    at: datetime


class ConclusionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    verdict: Verdict
    details: dict[str, str]
    decided_at: datetime
    chaired_by: str


class MeetingOut(BaseModel):
    """A meeting with everything that its minutes need."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    number: int
    scheduled_at: datetime
    quorum: list[Specialty]
    panel: list[PanelistOut]
    material_sha256: str
    lesions: list[LesionIO]
    options: list[OptionIO]
    votes: list[VoteOut]
    conclusion: ConclusionOut | None
    dissent: list[VoteOut]
    signatures: list[ConfirmationOut]
    sha256: str
    version: int

    @classmethod
    def of(cls, meeting: Meeting) -> Self:
        """From the model."""
        return cls.model_validate(meeting)
