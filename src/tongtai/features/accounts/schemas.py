"""What accounts look like on the wire."""

import json
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.features.accounts.model import PASSWORD_MAX_LENGTH, Permission, Role, User
from tongtai.features.audit.model import AuditEntry, Finding, Verification
from tongtai.features.institutions.schemas import InstitutionOut

Login = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[a-zA-Z0-9._-]{3,64}$")
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=PASSWORD_MAX_LENGTH)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
OneTimeCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{6}$")]
Language = Literal["zh-CN", "en"]


class LoginIn(BaseModel):
    """Name and password, and the authenticator app's code when the second factor is on."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Password
    totp: OneTimeCode | None = None


class UserOut(BaseModel):
    """A person with an account."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    login: str
    display_name: str
    display_name_en: str
    institution_id: str
    roles: list[Role]
    active: bool
    must_change_password: bool
    totp_enabled: bool
    language: str

    @classmethod
    def of(cls, user: User) -> Self:
        """From the model; roles in the order of their definition."""
        out = cls.model_validate(user)
        out.roles = [role for role in Role if role in user.roles]
        return out


class ByOut(BaseModel):
    """Who did something, by the names that they had then."""

    model_config = ConfigDict(from_attributes=True)

    user_id: str
    name: str
    name_en: str


class Me(BaseModel):
    """Who is signed in, and what they may do."""

    user: UserOut
    institution: InstitutionOut
    permissions: list[Permission]
    csrf_token: str = Field(description="Send it as X-CSRF-Token with each changing request.")
    session_expires_at: datetime


class PasswordChangeIn(BaseModel):
    """The present and the new password."""

    current: Password
    new: Password


class PasswordIn(BaseModel):
    """The present password, as proof."""

    password: Password


class PasswordOut(BaseModel):
    """A new password; it is shown this once."""

    password: str


class SecondFactorStart(BaseModel):
    """What an authenticator app needs."""

    secret: str
    uri: str
    qr_svg: str


class CodeIn(BaseModel):
    """A code of the authenticator app."""

    code: OneTimeCode


class UserIn(BaseModel):
    """A new user; the institution is the caller's own when left out."""

    login: Login
    display_name: PersonName
    display_name_en: PersonName
    institution_id: str | None = None
    roles: Annotated[list[Role], Field(min_length=1)]
    language: Language = "zh-CN"


class NewUserOut(BaseModel):
    """The new user and the first password, which is shown this once."""

    user: UserOut
    password: str


class UserChangeIn(BaseModel):
    """What to change of a user; what is left out stays."""

    display_name: PersonName | None = None
    display_name_en: PersonName | None = None
    roles: Annotated[list[Role], Field(min_length=1)] | None = None
    active: bool | None = None
    language: Language | None = None


class AuditEntryOut(BaseModel):
    """One entry of the audit log."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    institution_id: str | None
    action: str
    outcome: str
    case_id: str | None
    subject: str
    values: dict[str, object]
    hash: str

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        """From the model."""
        return cls(
            seq=entry.seq,
            at=entry.at,
            actor_kind=entry.actor_kind,
            actor_id=entry.actor_id,
            actor_name=entry.actor_name,
            institution_id=entry.institution_id,
            action=entry.action,
            outcome=entry.outcome,
            case_id=entry.case_id,
            subject=entry.subject,
            values=json.loads(entry.values_json),
            hash=entry.hash,
        )


class FindingOut(BaseModel):
    """One entry that is not as it was written."""

    kind: str
    seq: int
    original_seq: int | None
    text: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """From the model."""
        return cls(
            kind=finding.kind.value,
            seq=finding.seq,
            original_seq=finding.original_seq,
            text=str(finding),
        )


class VerificationOut(BaseModel):
    """Whether the audit log is as it was written."""

    intact: bool
    entries: int
    head_seq: int
    head_hash: str
    findings: list[FindingOut]

    @classmethod
    def of(cls, result: Verification) -> Self:
        """From the model."""
        return cls(
            intact=result.intact,
            entries=result.entries,
            head_seq=result.head.seq,
            head_hash=result.head.hash,
            findings=[FindingOut.of(finding) for finding in result.findings],
        )


class ConfirmationOut(BaseModel):
    """A named person stands for a content, whose SHA-256 it is."""

    model_config = ConfigDict(from_attributes=True)

    user_id: str
    name: str
    name_en: str
    role: Role
    institution_id: str
    at: datetime
    sha256: str
    means: str
