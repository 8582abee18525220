"""What cases look like on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.accounts.model import Permission, Role
from tongtai.features.cases.model import (
    CaseState,
    CaseView,
    Disclosure,
    Patient,
    PatientView,
    RecordState,
    Sex,
    Side,
    TeamMember,
    TeamMemberView,
    Technique,
)
from tongtai.features.institutions.schemas import InstitutionOut, OperatingRoomOut

_MAX_TEAM = 50
_FIRST_YEAR = 1900
_LAST_YEAR = 2200


def _plausible(at: datetime) -> datetime:
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError("the year is not plausible")
    return at


Text200 = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text64 = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
LesionText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Instant = Annotated[AwareDatetime, AfterValidator(_plausible)]


class PatientIn(BaseModel):
    """Who is treated."""

    name: Text200
    sex: Sex
    birth_date: date = Field(ge=date(_FIRST_YEAR, 1, 1), le=date(_LAST_YEAR, 1, 1))
    hospital_number: Text64

    def model(self) -> Patient:
        """To the model."""
        return Patient(
            name=self.name,
            sex=self.sex,
            birth_date=self.birth_date,
            hospital_number=self.hospital_number,
        )


class PatientOut(BaseModel):
    """What the caller may see of the patient; ``birth_date`` may be a year alone."""

    model_config = ConfigDict(from_attributes=True)

    name: str | None
    sex: Sex | None
    birth_date: str | None
    hospital_number: str | None

    @classmethod
    def of(cls, patient: PatientView) -> Self:
        """From the model."""
        return cls.model_validate(patient)


class TeamMemberIn(BaseModel):
    """One person in one role."""

    user_id: Text64
    role: Role

    def model(self) -> TeamMember:
        """To the model."""
        return TeamMember(user_id=self.user_id, role=self.role)


class TeamMemberOut(BaseModel):
    """A member of the team, by name."""

    model_config = ConfigDict(from_attributes=True)

    user_id: str
    role: Role
    display_name: str
    display_name_en: str
    side: Side

    @classmethod
    def of(cls, member: TeamMemberView) -> Self:
        """From the model."""
        return cls.model_validate(member)


class TeamIn(BaseModel):
    """The team; members of the other side may be left out and stay as they are."""

    team: Annotated[list[TeamMemberIn], Field(max_length=_MAX_TEAM)]


class CaseIn(BaseModel):
    """A new case of the caller's hospital."""

    technique: Technique
    lesion: LesionText
    patient: PatientIn
    disclosure: Disclosure = Disclosure.MASKED
    invited_institution_id: Text64
    operating_room_id: Text64
    scheduled_at: Instant
    team: Annotated[list[TeamMemberIn], Field(max_length=_MAX_TEAM)] = []


class CaseChange(BaseModel):
    """What to change; what is left out stays. ``version`` is the one that the caller has seen."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    technique: Technique | None = None
    lesion: LesionText | None = None
    patient: PatientIn | None = None
    disclosure: Disclosure | None = None
    operating_room_id: Text64 | None = None
    scheduled_at: Instant | None = None

    def fields(self) -> dict[str, object]:
        """The model's fields that were given."""
        given = {
            name: value
            for name in type(self).model_fields
            if name != "version" and (value := getattr(self, name)) is not None
        }
        if self.patient is not None:
            given["patient"] = self.patient.model()
        return given


class CaseSummary(BaseModel):
    """A case in a list."""

    id: str
    number: str
    technique: Technique
    lesion: str
    patient: PatientOut
    inviting: InstitutionOut
    invited: InstitutionOut
    operating_room: OperatingRoomOut
    scheduled_at: datetime
    state: CaseState
    side: Side
    roles: list[Role]
    version: int

    @classmethod
    def of(cls, view: CaseView) -> Self:
        """From the model."""
        return cls(**_summary(view))


class CaseOut(CaseSummary):
    """A whole case, as the caller may see it."""

    disclosure: Disclosure
    record: RecordState
    team: list[TeamMemberOut]
    permissions: list[Permission]
    created_at: datetime

    @classmethod
    def of(cls, view: CaseView) -> Self:
        """From the model."""
        return cls(
            **_summary(view),
            disclosure=view.case.disclosure,
            record=view.case.record,
            team=[TeamMemberOut.of(member) for member in view.team],
            permissions=sorted(view.permissions),
            created_at=view.case.created_at,
        )


def _summary(view: CaseView) -> dict[str, Any]:
    case = view.case
    return {
        "id": case.id,
        "number": case.number,
        "technique": case.technique,
        "lesion": case.lesion,
        "patient": PatientOut.of(view.patient),
        "inviting": InstitutionOut.model_validate(view.inviting),
        "invited": InstitutionOut.model_validate(view.invited),
        "operating_room": OperatingRoomOut.model_validate(view.operating_room),
        "scheduled_at": case.scheduled_at,
        "state": case.state,
        "side": view.side,
        "roles": [role for role in Role if role in view.roles],
        "version": case.version,
    }
