"""Documents: which side makes each kind, who reads it, and its life."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.case_document import DocumentKind, Language, ServiceType
from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import Side
from tongtai.features.documents.errors import DocumentNotYoursError, DocumentStateError


class Audience(StrEnum):
    """Who may read a document."""

    BOTH = "both"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """What holds for a kind of document.

    Attributes
    ----------
    makers
        Roles that make and withdraw it.
    audience
        A document for both sides shows of the patient what the case discloses; one for the site shows all.
    """

    side: Side
    makers: frozenset[Role]
    audience: Audience


_GUIDES = frozenset({Role.LEAD_GUIDE, Role.BACKUP_GUIDE})
KIND_RULES: Mapping[DocumentKind, KindRule] = MappingProxyType(
    {
        DocumentKind.REFERRAL: KindRule(
            side=Side.SITE, makers=frozenset({Role.ATTENDING}), audience=Audience.BOTH
        ),
        DocumentKind.CONSENT: KindRule(
            side=Side.SITE, makers=frozenset({Role.ATTENDING, Role.OPERATOR}), audience=Audience.SITE
        ),
        DocumentKind.MDT_RECORD: KindRule(
            side=Side.CENTRE, makers=_GUIDES | {Role.COORDINATOR}, audience=Audience.BOTH
        ),
        DocumentKind.PLAN_BOOK: KindRule(side=Side.CENTRE, makers=_GUIDES, audience=Audience.BOTH),
        DocumentKind.OPINION: KindRule(side=Side.CENTRE, makers=_GUIDES, audience=Audience.BOTH),
        DocumentKind.DECISION: KindRule(
            side=Side.SITE, makers=frozenset({Role.ATTENDING}), audience=Audience.BOTH
        ),
        DocumentKind.SAFETY_CHECKLIST: KindRule(
            side=Side.SITE, makers=frozenset({Role.OPERATOR, Role.NURSE}), audience=Audience.SITE
        ),
        DocumentKind.OPERATION_RECORD: KindRule(
            side=Side.SITE, makers=frozenset({Role.OPERATOR}), audience=Audience.SITE
        ),
        DocumentKind.GUIDANCE_RECORD: KindRule(side=Side.CENTRE, makers=_GUIDES, audience=Audience.BOTH),
        DocumentKind.FOLLOW_UP: KindRule(
            side=Side.SITE, makers=frozenset({Role.ATTENDING}), audience=Audience.BOTH
        ),
    }
)


class DocumentState(StrEnum):
    """How far a document has come."""

    DRAFT = "draft"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class DocumentAct(StrEnum):
    """What moves a document on."""

    ISSUE = "issue"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"


# What is not here cannot happen: a signed document is never changed, only followed by another.
TRANSITIONS: Mapping[tuple[DocumentState, DocumentAct], DocumentState] = MappingProxyType(
    {
        (DocumentState.DRAFT, DocumentAct.ISSUE): DocumentState.ISSUED,
        (DocumentState.DRAFT, DocumentAct.WITHDRAW): DocumentState.WITHDRAWN,
        (DocumentState.ISSUED, DocumentAct.SUPERSEDE): DocumentState.SUPERSEDED,
    }
)


def moved(state: DocumentState, act: DocumentAct) -> DocumentState:
    """Where an act leads.

    Raises
    ------
    DocumentStateError
        If it is not possible in this state.

    Examples
    --------
    >>> moved(DocumentState.DRAFT, DocumentAct.ISSUE)
    <DocumentState.ISSUED: 'issued'>
    """
    after = TRANSITIONS.get((state, act))
    if after is None:
        raise DocumentStateError(state=state.value, act=act.value)
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody who is named to sign, and the signature once it is there.

    Attributes
    ----------
    certificate_serial
        Of the certificate that signed, hexadecimal.
    """

    user_id: str
    role: Role
    name: str
    name_en: str
    institution_id: str
    institution: str
    signed_at: datetime | None = None
    certificate_serial: str = ""

    @property
    def field(self) -> str:
        """The signature's name in the PDF."""
        return f"{self.role.value}-{self.user_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document of a case.

    Attributes
    ----------
    version
        Counts the case's documents of this kind from 1.
    subject
        What it is about where a case has several of a kind, such as a consent's or a follow-up's name.
    record_sha256
        Of the embedded record, which is printed on it.
    draft_sha256, pdf_sha256
        Blobs: the copy marked as a draft, and the one that is signed, with the signatures so far.
    """

    id: str
    case_id: str
    kind: DocumentKind
    subject: str
    version: int
    language: Language
    service_type: ServiceType
    state: DocumentState
    record_sha256: str
    draft_sha256: str
    pdf_sha256: str
    signers: tuple[Signer, ...]
    made_by: str
    made_at: datetime
    issued_at: datetime | None = None
    row_version: int = 1

    @property
    def shown_sha256(self) -> str:
        """The blob that a reader gets: a draft is marked as one until the last signature."""
        return self.draft_sha256 if self.state in _UNSIGNED else self.pdf_sha256

    def open_signature(self, user_id: str) -> Signer:
        """The signature that this person still owes.

        Raises
        ------
        DocumentStateError
            If it is no draft or the person has signed.
        DocumentNotYoursError
            If the person is not named.
        """
        mine = [signer for signer in self.signers if signer.user_id == user_id]
        if not mine:
            raise DocumentNotYoursError(document_id=self.id)
        due = [signer for signer in mine if signer.signed_at is None]
        if self.state is not DocumentState.DRAFT or not due:
            raise DocumentStateError(state=self.state.value)
        return due[0]

    def signed(self, signer: Signer, *, serial: str, at: datetime, pdf_sha256: str) -> "Document":
        """The document with one more signature; issued with the last."""
        done = replace(signer, signed_at=at, certificate_serial=serial)
        signers = tuple(done if each == signer else each for each in self.signers)
        after = replace(self, signers=signers, pdf_sha256=pdf_sha256)
        if all(each.signed_at is not None for each in signers):
            return replace(after, state=moved(self.state, DocumentAct.ISSUE), issued_at=at)
        return after

    def replaces(self, other: "Document") -> bool:
        """Whether issuing this one supersedes the other."""
        return (
            other.id != self.id
            and (other.kind, other.subject) == (self.kind, self.subject)
            and other.state is DocumentState.ISSUED
        )


_UNSIGNED = frozenset({DocumentState.DRAFT, DocumentState.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSignature:
    """What checking one signature of a file gave."""

    signer: str
    organisation: str
    reason: str
    timestamp: datetime | None
    intact: bool
    trusted: bool
    revoked: bool
    covers_all: bool
    test_only: bool
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """What a file is worth.

    Attributes
    ----------
    record_sha256
        Of the record inside, or empty.
    known
        The state of the document that this installation has under this record, if any.
    good
        Every signature holds and there is one.
    """

    signatures: tuple[CheckedSignature, ...]
    record_sha256: str
    known: DocumentState | None
    same_bytes: bool

    @property
    def good(self) -> bool:
        """Whether there are signatures and all of them hold."""
        return bool(self.signatures) and all(signature.good for signature in self.signatures)
