"""The audit log: who did what with whose data, chained so that tampering shows."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

GENESIS = "0" * 64


class AuditAction(StrEnum):
    """What was done, as ``feature:subject:action``."""

    LOGIN_SUCCEEDED = "accounts:login:success"
    LOGIN_FAILED = "accounts:login:failure"
    LOGIN_LOCKED = "accounts:login:locked"
    LOGOUT = "accounts:login:logout"
    PASSWORD_CHANGED = "accounts:password:change"  # noqa: S105  (a tag, not a password)
    PASSWORD_RESET = "accounts:password:reset"  # noqa: S105  (a tag, not a password)
    TOTP_ENABLED = "accounts:totp:enable"
    TOTP_DISABLED = "accounts:totp:disable"
    USER_CREATED = "accounts:user:create"
    USER_CHANGED = "accounts:user:change"
    USER_REVOKED = "accounts:user:revoke"
    ACCESS_DENIED = "accounts:permission:denied"
    AGREEMENT_CREATED = "agreements:agreement:create"
    AGREEMENT_CHANGED = "agreements:agreement:change"
    AGREEMENT_SIGNED = "agreements:agreement:sign"
    AGREEMENT_ENDED = "agreements:agreement:end"
    AGREEMENT_READ = "agreements:agreement:read"
    EXPERT_CHANGED = "experts:expert:change"
    QUALIFICATION_RECORDED = "qualifications:qualification:record"
    QUALIFICATION_REVOKED = "qualifications:qualification:revoke"
    INSTITUTION_CREATED = "institutions:institution:create"
    INSTITUTION_CHANGED = "institutions:institution:change"
    OPERATING_ROOM_CREATED = "institutions:operating_room:create"
    CASE_LISTED = "cases:case:list"
    CASE_READ = "cases:case:read"
    CASE_CREATED = "cases:case:create"
    CASE_CHANGED = "cases:case:change"
    TEAM_CHANGED = "cases:team:change"
    CONSENT_READ = "consents:consent:read"
    CONSENT_SIGNED = "consents:consent:sign"
    CONSENT_WITHDRAWN = "consents:consent:withdraw"
    INTAKE_READ = "intake:material:read"
    INTAKE_CHANGED = "intake:material:change"
    MDT_READ = "mdt:meeting:read"
    MDT_CHANGED = "mdt:meeting:change"
    OPINION_READ = "opinions:opinion:read"
    OPINION_WRITTEN = "opinions:opinion:write"
    OPINION_SIGNED = "opinions:opinion:sign"
    DECISION_SIGNED = "opinions:decision:sign"
    CHECKLIST_READ = "checklists:sheet:read"
    CHECKLIST_MARKED = "checklists:sheet:mark"
    CHECKLIST_OVERRIDDEN = "checklists:sheet:override"
    CHECKLIST_CONFIRMED = "checklists:sheet:confirm"
    PIN_SET = "checklists:pin:set"
    PIN_FAILED = "checklists:pin:failure"
    ARCHIVE_READ = "archive:bundle:read"
    ARCHIVE_MADE = "archive:bundle:make"
    ARCHIVE_RECEIVED = "archive:bundle:receive"
    HOLD_PLACED = "archive:hold:place"
    HOLD_RELEASED = "archive:hold:release"
    RECORD_SEALED = "archive:record:seal"
    RECORD_UNSEALED = "archive:record:unseal"
    RECORD_COPIED = "archive:record:copy"
    RECORD_DEIDENTIFIED = "archive:record:deidentify"
    CASE_MOVED = "workflow:case:move"
    CASE_STATED = "workflow:statement:make"
    QUEUE_LISTED = "workflow:queue:list"
    IMAGING_READ = "imaging:study:read"
    IMAGING_PUSHED = "imaging:study:push"
    IMAGING_PATIENT_CONFIRMED = "imaging:patient:confirm"
    DOCUMENT_LISTED = "documents:document:list"
    DOCUMENT_READ = "documents:document:read"
    DOCUMENT_MADE = "documents:document:make"
    DOCUMENT_SIGNED = "documents:document:sign"
    DOCUMENT_WITHDRAWN = "documents:document:withdraw"
    PLAN_LISTED = "plans:plan:list"
    PLAN_READ = "plans:plan:read"
    PLAN_MADE = "plans:plan:make"
    PLAN_REVIEWED = "plans:plan:review"
    PLAN_APPROVED = "plans:plan:approve"
    PLAN_SUPERSEDED = "plans:plan:supersede"
    PLAN_JOB_REQUESTED = "plans:job:request"
    PLAN_JOB_CANCELLED = "plans:job:cancel"
    PLAN_JOB_RETRIED = "plans:job:retry"
    POLICY_SET = "policies:policy:set"
    WARNINGS_READ = "followup:warnings:read"
    WARNINGS_JUDGED = "followup:warnings:judge"
    WARNING_ACKNOWLEDGED = "followup:warning:acknowledge"
    CARE_READ = "followup:care:read"
    CARE_ORDERED = "followup:care:order"
    CARE_TASK_FINISHED = "followup:task:finish"
    ASSESSMENT_WRITTEN = "followup:assessment:write"
    COMPLICATION_WRITTEN = "followup:complication:write"
    PATIENT_STATUS_WRITTEN = "followup:status:write"
    SUPERVISION_READ = "quality:supervision:read"
    INDICATORS_READ = "quality:indicators:read"
    EVALUATION_READ = "quality:evaluation:read"
    EVALUATION_GIVEN = "quality:evaluation:give"
    REVIEW_READ = "quality:review:read"
    REVIEW_DRAWN = "quality:review:draw"
    REVIEW_FINISHED = "quality:review:finish"
    FINDING_CHANGED = "quality:finding:change"
    INCIDENT_READ = "incidents:incident:read"
    INCIDENT_CHANGED = "incidents:incident:change"
    PURPOSE_CHANGED = "privacy:purpose:change"
    IMPACT_ASSESSMENT_READ = "privacy:assessment:read"
    IMPACT_ASSESSMENT_CHANGED = "privacy:assessment:change"
    IMPACT_ASSESSMENT_APPROVED = "privacy:assessment:approve"
    IMPACT_ASSESSMENT_DELETED = "privacy:assessment:delete"
    SESSION_LISTED = "guidance:session:list"
    SESSION_READ = "guidance:session:read"
    SESSION_COMMANDED = "guidance:session:command"
    SESSION_JOINED = "guidance:session:join"
    SESSION_EXPORTED = "guidance:session:export"
    EXPERT_ROOM_JOINED = "guidance:expert_room:join"
    REPLAY_PLAYED = "replays:session:play"
    TEACHING_PLAYED = "replays:teaching:play"
    TEACHING_READ = "replays:teaching:read"
    TEACHING_LISTED = "replays:teaching:list"
    TEACHING_APPROVED = "replays:teaching:approve"
    TEACHING_ENDED = "replays:teaching:end"
    GATEWAY_CREATED = "gateways:gateway:create"
    GATEWAY_ENROLLED = "gateways:gateway:enrol"
    GATEWAY_REVOKED = "gateways:gateway:revoke"
    RECORDING_READ = "gateways:recording:read"
    RECORDING_WRITTEN = "gateways:recording:write"
    AUDIT_READ = "audit:log:read"
    AUDIT_VERIFIED = "audit:log:verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person, a gateway, or the server itself."""

    kind: Literal["user", "gateway", "system"]
    id: str
    name: str
    institution_id: str | None = None


SYSTEM = Actor(kind="system", id="system", name="Tongtai")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReference:
    """The case that an entry is about, and the hospital whose patient it is."""

    case_id: str
    owner_institution_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One act, before it has a place in the chain.

    ``values`` holds identifiers, codes and numbers only; never a patient's name or number.
    """

    at: datetime
    actor: Actor
    action: AuditAction
    outcome: Literal["allowed", "denied"] = "allowed"
    case: CaseReference | None = None
    subject: str = ""
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act in its place in the chain. ``seq`` starts at 1; hashes are hexadecimal."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    institution_id: str | None
    action: str
    outcome: str
    case_id: str | None
    owner_institution_id: str | None
    subject: str
    values_json: str
    prev_hash: str
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """Which entries of those that concern an institution, newest first; what is empty does not filter.

    ``actor`` is an identifier or a part of a name, ``feature`` the first word of an action; ``since`` is
    included, ``until`` not.
    """

    institution_id: str
    before: int | None = None
    case_id: str = ""
    actor: str = ""
    feature: str = ""
    outcome: Literal["allowed", "denied"] | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """Where the chain ends, signed, so that cutting off its end shows too."""

    seq: int
    hash: str
    signature: str


class FindingKind(StrEnum):
    """What verification can find."""

    CHANGED = "changed"
    DELETED = "deleted"
    REORDERED = "reordered"
    UNLINKED = "unlinked"
    HEAD_CHANGED = "head_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One entry that is not as it was written.

    ``seq`` is the entry's number; for a re-ordered entry ``original_seq`` is where it belongs.
    """

    kind: FindingKind
    seq: int
    original_seq: int | None = None

    def __str__(self) -> str:
        """One English sentence."""
        match self.kind:
            case FindingKind.CHANGED:
                return f"entry {self.seq} was changed"
            case FindingKind.DELETED:
                return f"entry {self.seq} was deleted"
            case FindingKind.REORDERED:
                return f"entry {self.seq} was re-ordered: it belongs at {self.original_seq}"
            case FindingKind.UNLINKED:
                return f"entry {self.seq} does not follow entry {self.seq - 1}"
            case FindingKind.HEAD_CHANGED:
                return f"the signed head (entry {self.seq}) was changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result of reading the whole chain."""

    entries: int
    head: AuditHead
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was changed, deleted or re-ordered."""
        return not self.findings


class AuditChain:
    """Hashes of entries, keyed: who can write the database still cannot forge an entry.

    Parameters
    ----------
    key : str
        The installation's secret ``audit``.
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def entry_hash(self, entry: AuditEntry) -> str:
        """HMAC-SHA256 over everything in the entry, its number and predecessor included."""
        fields = [
            entry.seq,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor_kind,
            entry.actor_id,
            entry.actor_name,
            entry.institution_id,
            entry.action,
            entry.outcome,
            entry.case_id,
            entry.owner_institution_id,
            entry.subject,
            entry.values_json,
            entry.prev_hash,
        ]
        return self._mac(canonical_json(fields))

    def head_signature(self, seq: int, entry_hash: str) -> str:
        """Signature of the chain's end."""
        return self._mac(canonical_json(["head", seq, entry_hash]))

    def _mac(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def canonical_json(value: object) -> str:
    """JSON with one spelling only: sorted names, no blanks, no escapes of non-ASCII letters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_sha256(value: object) -> str:
    """SHA-256 of the canonical JSON of a content, in hexadecimal: what a confirmation is bound to.

    Examples
    --------
    >>> content_sha256({"b": 1, "a": 2}) == content_sha256({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
