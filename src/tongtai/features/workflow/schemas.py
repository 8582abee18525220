"""What the way of a case looks like on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.core.record_form import FieldKind, RecordForm
from tongtai.features.accounts.model import Role
from tongtai.features.agreements.model import LIABLE, PartyRole, ServiceType
from tongtai.features.agreements.schemas import LackOut
from tongtai.features.consents.model import ConsentKind, ConsentState
from tongtai.features.workflow.model import (
    Act,
    ClinicalState,
    Guard,
    LegalState,
    MediaState,
    MoveRequest,
    Notice,
    Overview,
    ReasonRule,
    StatementKind,
    WithdrawalEffect,
    effect_of_withdrawal,
)

_Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
_Id = Annotated[str, StringConstraints(max_length=64)]


class BeginIn(BaseModel):
    """How a case is taken into the workflow. The service type stays for good: it decides who is liable."""

    service_type: ServiceType = ServiceType.CONSULTATION
    urgent: bool = False


class MoveIn(BaseModel):
    """One step, by who has seen ``version``."""

    act: Act
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: _Words = ""

    def model(self) -> MoveRequest:
        """To the model."""
        return MoveRequest(act=self.act, version=self.version, reason=self.reason)


class StatementIn(BaseModel):
    """A statement for the record; ``subject`` and ``sha256`` name the plan that was read."""

    kind: StatementKind
    subject: _Id = ""
    sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    text: _Words = ""


class MoverOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    user_id: str
    name: str
    name_en: str
    role: Role | None
    institution_id: str | None


class MoveOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    seq: int
    at: datetime
    act: str
    before: ClinicalState | None
    after: ClinicalState
    mover: MoverOut
    reason: str
    values: dict[str, Any]
    prev_hash: str
    hash: str


class StatementOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: StatementKind
    at: datetime
    by: MoverOut
    subject: str
    sha256: str
    text: str


class WayOut(BaseModel):
    """A way on, whether the caller may take it, and everything that is missing for it."""

    act: Act
    target: ClinicalState
    roles: list[Role]
    guards: list[Guard]
    reason: ReasonRule
    allowed: bool
    lacks: list[LackOut]


class WorkflowOut(BaseModel):
    """Where a case stands in its four regions, every way on, and which timer runs out next."""

    case_id: str
    state: ClinicalState
    entered_at: datetime
    began_at: datetime
    service_type: ServiceType
    liable: list[PartyRole]
    dispute_authority: str
    urgent: bool
    media: MediaState
    consent: ConsentState
    legal: LegalState
    returns: int
    suspended_from: ClinicalState | None
    version: int
    ways: list[WayOut]
    moves: list[MoveOut]
    statements: list[StatementOut]
    withdrawal: dict[ConsentKind, WithdrawalEffect]
    may_state: list[StatementKind]
    timer: str
    due_at: datetime | None

    @classmethod
    def of(cls, seen: Overview) -> Self:
        """From the model."""
        dossier = seen.dossier
        return cls(
            case_id=dossier.case_id,
            state=dossier.state,
            entered_at=dossier.entered_at,
            began_at=dossier.began_at,
            service_type=dossier.service_type,
            liable=sorted(LIABLE[dossier.service_type]),
            dispute_authority=seen.dispute_authority,
            urgent=dossier.urgent,
            media=seen.media,
            consent=seen.consent,
            legal=dossier.legal,
            returns=dossier.returns,
            suspended_from=dossier.suspended_from,
            version=dossier.version,
            ways=[
                WayOut(
                    act=way.transition.act,
                    target=way.transition.target,
                    roles=sorted(way.transition.roles),
                    guards=list(way.transition.guards),
                    reason=way.transition.reason,
                    allowed=way.allowed,
                    lacks=[LackOut.model_validate(one) for one in way.lacks],
                )
                for way in seen.ways
            ],
            moves=[MoveOut.model_validate(move) for move in seen.moves],
            statements=[StatementOut.model_validate(one) for one in seen.statements],
            withdrawal={kind: effect_of_withdrawal(dossier.state, kind) for kind in ConsentKind},
            may_state=list(seen.may_state),
            timer=seen.due[0] if seen.due else "",
            due_at=seen.due[1] if seen.due else None,
        )


class WithdrawnOut(BaseModel):
    """What a withdrawal led to."""

    consent_id: str
    withdrawn_at: datetime
    effect: WithdrawalEffect


RecordFormKey = Literal["incident", "impact_assessment", "session_evaluation"]


class NoticeOut(BaseModel):
    """A call: the caller, or the caller's role, is wanted at a case, an incident, or a finding of a review."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str | None
    incident_id: str | None
    finding_id: str | None
    code: str
    level: int
    roles: list[Role]
    due_at: datetime
    made_at: datetime

    @classmethod
    def of(cls, notice: Notice) -> Self:
        """From the model."""
        return cls(
            id=notice.id,
            case_id=notice.case_id,
            incident_id=notice.incident_id,
            finding_id=notice.finding_id,
            code=notice.code,
            level=notice.level,
            roles=[Role(role) for role in sorted(notice.roles)],
            due_at=notice.due_at,
            made_at=notice.made_at,
        )


class WordOut(BaseModel):
    """What a code is called."""

    code: str
    zh: str
    en: str


class CatalogueOut(BaseModel):
    """The words of everything that the workflow says by code; ``{name}`` stands for a value.

    ``values`` holds what those values are called, by the value's name.
    """

    states: list[WordOut]
    acts: list[WordOut]
    lacks: list[WordOut]
    statements: list[WordOut]
    timers: list[WordOut]
    values: dict[str, list[WordOut]]


class RecordFieldOut(BaseModel):
    """A field of a form; ``needed_for`` names the steps that are refused without it."""

    key: str
    kind: FieldKind
    zh: str
    en: str
    source_zh: str
    source_en: str
    needed_for: list[str]
    choices: list[WordOut]
    low: float | None
    high: float | None


class RecordFormOut(BaseModel):
    """A form in both languages."""

    key: str
    zh: str
    en: str
    fields: list[RecordFieldOut]

    @classmethod
    def of(cls, form: RecordForm) -> Self:
        """From the data file."""
        fields = [
            RecordFieldOut(
                key=one.key,
                kind=one.kind,
                zh=one.zh,
                en=one.en,
                source_zh=one.source_zh,
                source_en=one.source_en,
                needed_for=sorted(one.needed_for),
                choices=[WordOut(code=each.key, zh=each.zh, en=each.en) for each in one.choices],
                low=one.low,
                high=one.high,
            )
            for one in form.fields
        ]
        return cls(key=form.key, zh=form.zh, en=form.en, fields=fields)
