"""A case: one patient, one procedure, two institutions, one team."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from tongtai.features.accounts.model import Permission, Principal, Role, permissions_of
from tongtai.features.audit.model import CaseReference
from tongtai.features.institutions.model import Institution, OperatingRoom


class Technique(StrEnum):
    """How the tumour is treated."""

    RFA = "rfa"
    MWA = "mwa"
    SEEDS = "seeds"


class Disclosure(StrEnum):
    """What the invited side sees of the patient."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"


class CaseState(StrEnum):
    """How far the operating room is with a case. Its session's log moves it, and nothing else."""

    SCHEDULED = "scheduled"
    IN_PROCEDURE = "in_procedure"
    CLOSED = "closed"


class Sharing(StrEnum):
    """Whether the invited side may see the case at all: it needs the patient's separate consent."""

    OPEN = "open"
    WITHHELD = "withheld"


class RecordState(StrEnum):
    """Whether the record of a case may be worked on."""

    OPEN = "open"
    ARCHIVED = "archived"
    SEALED = "sealed"


class Sex(StrEnum):
    """As DICOM's Patient's Sex (0010,0040)."""

    MALE = "M"
    FEMALE = "F"
    OTHER = "O"


class Side(StrEnum):
    """Where somebody stands in a case."""

    SITE = "site"
    CENTRE = "centre"


# Roles that know the cases of their institution without being in each team.
STANDING_ROLES: Mapping[Side, frozenset[Role]] = MappingProxyType(
    {
        Side.SITE: frozenset({Role.MEDICAL_AFFAIRS, Role.QUALITY_CONTROL}),
        Side.CENTRE: frozenset({Role.COORDINATOR, Role.QUALITY_CONTROL}),
    }
)
_NEVER_IN_A_TEAM = frozenset({Role.ENGINEER, Role.AUDITOR, Role.ADMINISTRATOR})
TEAM_ROLES = frozenset(Role) - _NEVER_IN_A_TEAM

# What each side may change. The site owns its patient; the centre arranges the time.
CHANGEABLE: Mapping[Side, frozenset[str]] = MappingProxyType(
    {
        Side.SITE: frozenset(
            {"technique", "lesion", "patient", "disclosure", "operating_room_id", "scheduled_at"}
        ),
        Side.CENTRE: frozenset({"scheduled_at"}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who is treated."""

    name: str
    sex: Sex
    birth_date: date
    hospital_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientView:
    """What somebody may see of the patient. ``birth_date`` is a date, or a year alone, as text."""

    name: str | None = None
    sex: Sex | None = None
    birth_date: str | None = None
    hospital_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """One person in one role of the case."""

    user_id: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The whole case. Its guidance session has the same identifier."""

    id: str
    number: str
    technique: Technique
    lesion: str
    patient: Patient
    disclosure: Disclosure
    inviting_institution_id: str
    invited_institution_id: str
    operating_room_id: str
    team: tuple[TeamMember, ...]
    scheduled_at: datetime
    state: CaseState
    created_at: datetime
    version: int
    sharing: Sharing = Sharing.OPEN
    record: RecordState = RecordState.OPEN

    @property
    def reference(self) -> CaseReference:
        """The case, as the audit log names it."""
        return CaseReference(case_id=self.id, owner_institution_id=self.inviting_institution_id)

    def side_of(self, institution_id: str) -> Side | None:
        """Which side an institution takes, if any."""
        if institution_id == self.inviting_institution_id:
            return Side.SITE
        if institution_id == self.invited_institution_id:
            return Side.CENTRE
        return None

    def roles_of(self, principal: Principal) -> frozenset[Role]:
        """A person's roles in this case; empty when they may not know that it exists.

        A place in the team counts only while the person still has that role, and on the invited side
        only while the case is shared with it.
        """
        return frozenset() if self.is_withheld_from(principal) else self._places_of(principal)

    def is_withheld_from(self, principal: Principal) -> bool:
        """Whether somebody of the invited side has a place here and may not see the case for now."""
        return (
            self.sharing is Sharing.WITHHELD
            and self.side_of(principal.institution_id) is Side.CENTRE
            and bool(self._places_of(principal))
        )

    def _places_of(self, principal: Principal) -> frozenset[Role]:
        side = self.side_of(principal.institution_id)
        if side is None:
            return frozenset()
        places = {member.role for member in self.team if member.user_id == principal.user_id}
        return principal.roles & (places | STANDING_ROLES[side])


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Which cases of those that somebody may know of, scheduled from ``since`` to before ``until``."""

    text: str = ""
    state: CaseState | None = None
    technique: Technique | None = None
    since: datetime | None = None
    until: datetime | None = None
    offset: int = 0
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMemberView:
    """A member of the team, by name."""

    user_id: str
    role: Role
    display_name: str
    display_name_en: str
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAdmission:
    """Somebody has been let in to a case: on which side, and in which roles."""

    case: Case
    side: Side
    roles: frozenset[Role]

    @property
    def patient(self) -> PatientView:
        """What they see of the patient."""
        return patient_seen(self.case, self.side, self.roles)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What they may do in this case."""
        return permissions_of(self.roles)

    @property
    def role(self) -> Role:
        """The role that they are shown with: the first in the order of roles."""
        return next(role for role in Role if role in self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as one person may see it.

    ``case`` is the whole case, for rules such as the match of a CT's patient: never send it out,
    send ``patient``.
    """

    case: Case
    side: Side
    roles: frozenset[Role]
    patient: PatientView
    inviting: Institution
    invited: Institution
    operating_room: OperatingRoom
    team: tuple[TeamMemberView, ...]

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this person may do in this case."""
        return permissions_of(self.roles)

    @property
    def role(self) -> Role:
        """The role that this person is shown with: the first in the order of roles."""
        return next(role for role in Role if role in self.roles)


def patient_seen(case: Case, side: Side, roles: frozenset[Role]) -> PatientView:
    """What somebody on this side with these roles sees of the patient."""
    if Permission.PATIENT_READ not in permissions_of(roles):
        return PatientView()
    return disclosed(case.patient, Disclosure.FULL if side is Side.SITE else case.disclosure)


def disclosed(patient: Patient, disclosure: Disclosure) -> PatientView:
    """The patient under a disclosure.

    Examples
    --------
    >>> patient = Patient(name="王小明", sex=Sex.MALE, birth_date=date(1957, 3, 2), hospital_number="88")
    >>> disclosed(patient, Disclosure.MASKED).name
    '王**'
    """
    match disclosure:
        case Disclosure.FULL:
            return PatientView(
                name=patient.name,
                sex=patient.sex,
                birth_date=patient.birth_date.isoformat(),
                hospital_number=patient.hospital_number,
            )
        case Disclosure.MASKED:
            return PatientView(
                name=f"{patient.name[:1]}**",
                sex=patient.sex,
                birth_date=f"{patient.birth_date.year:04d}",
            )
        case Disclosure.NONE:
            return PatientView()
