"""What documents need from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tongtai.core.case_document import (
    CaseDocument,
    DocumentKind,
    Language,
    Section,
    ServiceType,
    SignatureLine,
)
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.model import CheckedSignature, Document, DocumentState, Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundFile:
    """A PDF that another part has typeset already, such as the book of a plan.

    Attributes
    ----------
    record_sha256
        Of the record that it prints: its plan's.
    """

    pdf_sha256: str
    record_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What a document says and who is to sign it.

    Attributes
    ----------
    bound
        The file that is signed as it is; then there are no sections.
    title
        Where a kind has several papers, its own.
    by_hand
        Who signs with a pen.
    signers
        User and role of each; names are added from the accounts.
    """

    sections: Sequence[Section]
    signers: Sequence[tuple[str, Role]]
    service_type: ServiceType = ServiceType.CONSULTATION
    bound: BoundFile | None = None
    title: str = ""
    by_hand: Sequence[SignatureLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOrder:
    """What somebody asks for: a kind, a subject where there are several, and words of their own."""

    kind: DocumentKind
    language: Language
    subject: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


class Composer(Protocol):
    """Gathers what a document says from the parts of the product that know it."""

    async def compose(self, principal: Principal, view: CaseView, order: DocumentOrder) -> Composition:
        """The sections of a document; DocumentIncompleteError says what is missing."""
        ...


class DocumentStore(Protocol):
    """Documents, within one transaction."""

    async def of_case(self, case_id: str) -> list[Document]:
        """A case's documents, newest first."""
        ...

    async def find(self, case_id: str, document_id: str) -> Document | None:
        """A document of this case."""
        ...

    async def waiting_for(self, user_id: str) -> list[Document]:
        """Drafts that somebody still has to sign."""
        ...

    async def add(self, document: Document) -> None:
        """Insert a document; DocumentStateError when its version is taken."""
        ...

    async def replace(self, document: Document) -> bool:
        """Write the next state over ``row_version``; ``False`` when somebody was quicker."""
        ...

    async def state_of_record(self, record_sha256: str) -> tuple[DocumentState, str] | None:
        """State and present PDF of the document with this record."""
        ...


class Press(Protocol):
    """Typesets documents and keeps files."""

    async def typeset(self, document: CaseDocument) -> bytes:
        """The document as PDF."""
        ...

    async def keep(self, content: bytes) -> str:
        """Store a file; its SHA-256."""
        ...

    async def fetch(self, sha256: str) -> bytes:
        """A stored file."""
        ...

    async def record_of(self, pdf: bytes) -> str:
        """SHA-256 of the record inside a file, or empty."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPdf:
    """A signed file and the certificate that signed it."""

    pdf: bytes
    serial: str


class Signatures(Protocol):
    """Signs files and checks their signatures."""

    async def sign(self, pdf: bytes, signer: Signer, *, reason: str, pin: str) -> SignedPdf:
        """Sign in somebody's name."""
        ...

    async def check(self, pdf: bytes) -> tuple[CheckedSignature, ...]:
        """Check every signature."""
        ...
