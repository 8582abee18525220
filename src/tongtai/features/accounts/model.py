"""People, their roles, and what each role may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tongtai.features.audit.model import Actor
from tongtai.features.institutions.model import InstitutionKind

SESSION_LIFETIME = timedelta(hours=12)
PASSWORD_MIN_LENGTH = 12
PASSWORD_MAX_LENGTH = 200
_PASSWORD_MIN_DISTINCT = 6


class Role(StrEnum):
    """What a person is in a case (``docs/reference/roles.md``)."""

    ATTENDING = "attending"
    OPERATOR = "operator"
    ANAESTHETIST = "anaesthetist"
    NURSE = "nurse"
    TECHNICIAN = "technician"
    MEDICAL_AFFAIRS = "medical_affairs"
    COORDINATOR = "coordinator"
    LEAD_GUIDE = "lead_guide"
    BACKUP_GUIDE = "backup_guide"
    MDT_MEMBER = "mdt_member"
    PLANNER = "planner"
    QUALITY_CONTROL = "quality_control"
    ENGINEER = "engineer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"


class Permission(StrEnum):
    """A single right. Rights in a case also need a place in that case (``CaseAccess``)."""

    CASE_READ = "case_read"
    CASE_WRITE = "case_write"
    CASE_TEAM = "case_team"
    PATIENT_READ = "patient_read"
    CONSENT_WRITE = "consent_write"
    INTAKE_WRITE = "intake_write"
    IMAGING_READ = "imaging_read"
    IMAGING_PUSH = "imaging_push"
    PLAN_READ = "plan_read"
    PLAN_MAKE = "plan_make"
    PLAN_REVIEW = "plan_review"
    PLAN_APPROVE = "plan_approve"
    DOCUMENT_READ = "document_read"
    DOCUMENT_WRITE = "document_write"
    WARNING_RUN = "warning_run"
    WARNING_ACKNOWLEDGE = "warning_acknowledge"
    CARE_READ = "care_read"
    CARE_WRITE = "care_write"
    SESSION_VIEW = "session_view"
    SESSION_STEP = "session_step"
    SESSION_ADVISE = "session_advise"
    SESSION_ANSWER = "session_answer"
    SESSION_DRAW = "session_draw"
    SESSION_STOP = "session_stop"
    SESSION_HANDOVER = "session_handover"
    SESSION_HELP = "session_help"
    SESSION_SHOW_CT = "session_show_ct"
    SESSION_MARK = "session_mark"
    SESSION_RECORD = "session_record"
    SESSION_EXPORT = "session_export"
    SESSION_REPLAY = "session_replay"
    TEACHING_VIEW = "teaching_view"
    TEACHING_APPROVE = "teaching_approve"
    EXPERT_ROOM = "expert_room"
    MEDIA_PUBLISH_OR = "media_publish_or"
    MEDIA_TALK = "media_talk"
    GATEWAY_MANAGE = "gateway_manage"
    AGREEMENT_MANAGE = "agreement_manage"
    QUALIFICATION_MANAGE = "qualification_manage"
    INSTITUTION_MANAGE = "institution_manage"
    USER_MANAGE = "user_manage"
    AUDIT_READ = "audit_read"
    QUALITY_READ = "quality_read"
    QUALITY_REVIEW = "quality_review"
    PRIVACY_MANAGE = "privacy_manage"
    EXPERT_MANAGE = "expert_manage"
    SESSION_RATE = "session_rate"


_SITE_ROLES = frozenset(
    {
        Role.ATTENDING,
        Role.OPERATOR,
        Role.ANAESTHETIST,
        Role.NURSE,
        Role.TECHNICIAN,
        Role.MEDICAL_AFFAIRS,
    }
)
_CENTRE_ROLES = frozenset(
    {Role.COORDINATOR, Role.LEAD_GUIDE, Role.BACKUP_GUIDE, Role.MDT_MEMBER, Role.PLANNER}
)
_BOTH_SIDES = frozenset(
    {Role.QUALITY_CONTROL, Role.ENGINEER, Role.AUDITOR, Role.ADMINISTRATOR, Role.OBSERVER}
)
ROLES_OF = MappingProxyType(
    {
        InstitutionKind.INVITING: _SITE_ROLES | _BOTH_SIDES,
        InstitutionKind.INVITED: _CENTRE_ROLES | _BOTH_SIDES,
    }
)

_P = Permission
_KNOWS_CASE = frozenset(
    {
        _P.CASE_READ,
        _P.PATIENT_READ,
        _P.IMAGING_READ,
        _P.PLAN_READ,
        _P.DOCUMENT_READ,
        _P.CARE_READ,
        _P.SESSION_VIEW,
    }
)
_AT_TABLE = _KNOWS_CASE | {
    _P.INTAKE_WRITE,
    _P.IMAGING_PUSH,
    _P.SESSION_STEP,
    _P.SESSION_HELP,
    _P.SESSION_MARK,
    _P.SESSION_RECORD,
    _P.MEDIA_PUBLISH_OR,
}
_GUIDES = _KNOWS_CASE | {
    _P.PLAN_MAKE,
    _P.PLAN_REVIEW,
    _P.PLAN_APPROVE,
    _P.DOCUMENT_WRITE,
    _P.WARNING_RUN,
    _P.SESSION_ADVISE,
    _P.SESSION_DRAW,
    _P.SESSION_STOP,
    _P.SESSION_HANDOVER,
    _P.SESSION_SHOW_CT,
    _P.SESSION_MARK,
    _P.SESSION_EXPORT,
    _P.SESSION_REPLAY,
    _P.EXPERT_ROOM,
    _P.MEDIA_TALK,
}

PERMISSIONS: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ATTENDING: _KNOWS_CASE
        | {
            _P.CASE_WRITE,
            _P.CASE_TEAM,
            _P.CONSENT_WRITE,
            _P.INTAKE_WRITE,
            _P.DOCUMENT_WRITE,
            _P.WARNING_RUN,
            _P.WARNING_ACKNOWLEDGE,
            _P.CARE_WRITE,
            _P.IMAGING_PUSH,
            _P.SESSION_HELP,
            _P.SESSION_MARK,
            _P.SESSION_RATE,
            _P.SESSION_EXPORT,
            _P.SESSION_REPLAY,
        },
        Role.OPERATOR: _AT_TABLE
        | {
            _P.CONSENT_WRITE,
            _P.DOCUMENT_WRITE,
            _P.WARNING_RUN,
            _P.WARNING_ACKNOWLEDGE,
            _P.CARE_WRITE,
            _P.SESSION_ANSWER,
            _P.SESSION_DRAW,
            _P.SESSION_STOP,
            _P.SESSION_SHOW_CT,
            _P.SESSION_RATE,
            _P.SESSION_EXPORT,
            _P.SESSION_REPLAY,
        },
        Role.ANAESTHETIST: _AT_TABLE - {_P.IMAGING_PUSH, _P.SESSION_STEP},
        Role.NURSE: _AT_TABLE | {_P.DOCUMENT_WRITE, _P.CARE_WRITE},
        Role.TECHNICIAN: _AT_TABLE,
        Role.MEDICAL_AFFAIRS: frozenset(
            {
                _P.CASE_READ,
                _P.PATIENT_READ,
                _P.DOCUMENT_READ,
                _P.CARE_READ,
                _P.QUALITY_READ,
                _P.SESSION_VIEW,
                _P.SESSION_EXPORT,
                _P.SESSION_REPLAY,
                _P.TEACHING_APPROVE,
                _P.CONSENT_WRITE,
                _P.AGREEMENT_MANAGE,
                _P.QUALIFICATION_MANAGE,
                _P.PRIVACY_MANAGE,
            }
        ),
        Role.COORDINATOR: _KNOWS_CASE
        | {
            _P.QUALITY_READ,
            _P.EXPERT_MANAGE,
            _P.CASE_WRITE,
            _P.CASE_TEAM,
            _P.DOCUMENT_WRITE,
            _P.SESSION_MARK,
            _P.EXPERT_ROOM,
            _P.MEDIA_TALK,
        },
        Role.LEAD_GUIDE: _GUIDES,
        Role.BACKUP_GUIDE: _GUIDES,
        Role.MDT_MEMBER: _KNOWS_CASE | {_P.PLAN_REVIEW, _P.SESSION_MARK, _P.SESSION_REPLAY, _P.EXPERT_ROOM},
        Role.PLANNER: _KNOWS_CASE | {_P.PLAN_MAKE, _P.WARNING_RUN, _P.EXPERT_ROOM},
        Role.QUALITY_CONTROL: _KNOWS_CASE
        | {_P.SESSION_EXPORT, _P.SESSION_REPLAY, _P.QUALITY_READ, _P.QUALITY_REVIEW, _P.PRIVACY_MANAGE},
        Role.ENGINEER: frozenset({_P.GATEWAY_MANAGE}),
        Role.AUDITOR: frozenset({_P.AUDIT_READ}),
        Role.ADMINISTRATOR: frozenset(
            {
                _P.GATEWAY_MANAGE,
                _P.INSTITUTION_MANAGE,
                _P.USER_MANAGE,
                _P.AGREEMENT_MANAGE,
                _P.QUALIFICATION_MANAGE,
                _P.PRIVACY_MANAGE,
                _P.EXPERT_MANAGE,
            }
        ),
        # A guest: no live picture, which nothing covers, and of a replay what was approved for teaching.
        Role.OBSERVER: frozenset({_P.TEACHING_VIEW}),
    }
)


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """What somebody with these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who did something, by the names that they had then."""

    user_id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with an account."""

    id: str
    login: str
    display_name: str
    display_name_en: str
    institution_id: str
    roles: frozenset[Role]
    active: bool
    must_change_password: bool
    totp_enabled: bool
    language: str

    @property
    def by(self) -> By:
        """The person, by their present names."""
        return By(user_id=self.id, name=self.display_name, name_en=self.display_name_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What proves that somebody is this user. The one-time secret is sealed."""

    password_hash: str
    totp_sealed: str | None = None
    totp_confirmed: bool = False
    totp_last_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """A signed-in browser. Its token is kept as a hash only."""

    id: str
    token_hash: str
    user_id: str
    created_at: datetime
    expires_at: datetime
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationNotice:
    """What the running servers still have to hear: this user lost rights."""

    id: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who makes the request under way."""

    user_id: str
    institution_id: str
    roles: frozenset[Role]
    display_name: str
    display_name_en: str
    session_id: str

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this person may do, where they may do it."""
        return permissions_of(self.roles)

    @property
    def by(self) -> By:
        """The person, by their present names."""
        return By(user_id=self.user_id, name=self.display_name, name_en=self.display_name_en)

    @property
    def actor(self) -> Actor:
        """The person, as the audit log names them."""
        return Actor(
            kind="user",
            id=self.user_id,
            name=self.display_name,
            institution_id=self.institution_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A named person stands for a content, by the names and the role that they had then.

    Attributes
    ----------
    sha256
        Hash of the canonical content: a changed letter shows.
    means
        How the person proved who they are: ``password`` or ``pin``.
    """

    user_id: str
    name: str
    name_en: str
    role: Role
    institution_id: str
    at: datetime
    sha256: str
    means: str


def confirmation(
    principal: Principal, role: Role, *, at: datetime, sha256: str, means: str = "password"
) -> Confirmation:
    """The confirmation of a person who has just proved who they are."""
    return Confirmation(
        user_id=principal.user_id,
        name=principal.display_name,
        name_en=principal.display_name_en,
        role=role,
        institution_id=principal.institution_id,
        at=at,
        sha256=sha256,
        means=means,
    )


def password_weakness(password: str, login: str) -> str | None:
    """Why a password is too easy to guess, as a code, or ``None``.

    Examples
    --------
    >>> password_weakness("short", "wang")
    'too_short'
    >>> password_weakness("correct horse battery", "wang") is None
    True
    """
    if len(password) < PASSWORD_MIN_LENGTH:
        return "too_short"
    if len(set(password)) < _PASSWORD_MIN_DISTINCT:
        return "too_few_different_characters"
    if login.lower() in password.lower():
        return "contains_login"
    return None
