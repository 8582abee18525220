"""Tables of documents and of the certificates that sign them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.core.case_document import DocumentKind, ServiceType
from tongtai.features.accounts.model import Role
from tongtai.features.documents.errors import DocumentStateError
from tongtai.features.documents.model import Document, DocumentState, Signer
from tongtai.infra.database import Base, UtcDateTime, updated_if
from tongtai.infra.signing.keyring import StoredKey


class CaseDocumentRow(Base):
    """A document of a case."""

    __tablename__ = "case_documents"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "version", name="uq_case_documents_version"),
        Index("ix_case_documents_record", "record_sha256"),
        Index("ix_case_documents_state", "state"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(8))
    service_type: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    record_sha256: Mapped[str] = mapped_column(String(64))
    draft_sha256: Mapped[str] = mapped_column(String(64))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    signers_json: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    row_version: Mapped[int] = mapped_column(Integer)


class SigningKeyRow(Base):
    """A certificate; its key is sealed, or in a token."""

    __tablename__ = "signing_keys"
    __table_args__ = (UniqueConstraint("subject", "number", name="uq_signing_keys_subject"),)

    serial: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    # Counts a subject's certificates: two processes that make the first one at once make the same number.
    number: Mapped[int] = mapped_column(Integer)
    certificate: Mapped[str] = mapped_column(Text)
    key_sealed: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SqlDocuments:
    """Documents in the database, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_case(self, case_id: str) -> list[Document]:
        """A case's documents, newest first."""
        rows = await self._session.scalars(
            select(CaseDocumentRow)
            .where(CaseDocumentRow.case_id == case_id)
            .order_by(CaseDocumentRow.made_at.desc(), CaseDocumentRow.id.desc())
            .execution_options(populate_existing=True)
        )
        return [_document(row) for row in rows]

    async def find(self, case_id: str, document_id: str) -> Document | None:
        """A document of this case."""
        row = await self._session.get(CaseDocumentRow, document_id, populate_existing=True)
        return _document(row) if row is not None and row.case_id == case_id else None

    async def waiting_for(self, user_id: str) -> list[Document]:
        """Drafts that somebody still has to sign."""
        rows = await self._session.scalars(
            select(CaseDocumentRow)
            .where(
                CaseDocumentRow.state == DocumentState.DRAFT.value,
                CaseDocumentRow.signers_json.contains(json.dumps(user_id), autoescape=True),
            )
            .order_by(CaseDocumentRow.made_at)
        )
        due = (_document(row) for row in rows)
        return [
            each
            for each in due
            if any(signer.user_id == user_id and signer.signed_at is None for signer in each.signers)
        ]

    async def add(self, document: Document) -> None:
        """Insert a document."""
        self._session.add(CaseDocumentRow(**_columns(document)))
        try:
            await self._session.flush()
        except IntegrityError as error:
            raise DocumentStateError(kind=document.kind.value) from error

    async def replace(self, document: Document) -> bool:
        """Write the next state over ``row_version``; ``False`` when somebody was quicker."""
        after = replace(document, row_version=document.row_version + 1)
        return await updated_if(
            self._session,
            CaseDocumentRow,
            CaseDocumentRow.id == document.id,
            CaseDocumentRow.row_version == document.row_version,
            values=_columns(after),
        )

    async def state_of_record(self, record_sha256: str) -> tuple[DocumentState, str] | None:
        """State and present PDF of the document with this record."""
        row = await self._session.scalar(
            select(CaseDocumentRow).where(CaseDocumentRow.record_sha256 == record_sha256).limit(1)
        )
        return (DocumentState(row.state), row.pdf_sha256) if row is not None else None


class SqlKeys:
    """Certificates in the database, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def current(self, subject: str, *, at: datetime) -> StoredKey | None:
        """The newest certificate of a subject that is neither revoked nor expired."""
        row = await self._session.scalar(
            select(SigningKeyRow)
            .where(
                SigningKeyRow.subject == subject,
                SigningKeyRow.revoked_at.is_(None),
                SigningKeyRow.expires_at > at,
            )
            .order_by(SigningKeyRow.number.desc())
            .limit(1)
        )
        return _key(row) if row is not None else None

    async def add(self, key: StoredKey) -> StoredKey:
        """Insert; the one that is there already when another process was quicker."""
        number = await self._next_number(key.subject)
        row = SigningKeyRow(
            **asdict(key) | {"certificate": key.certificate.decode("ascii"), "number": number}
        )
        try:
            async with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            there = await self.current(key.subject, at=key.made_at)
            if there is None:
                raise
            return there
        return key

    async def revoked(self) -> Sequence[tuple[str, datetime]]:
        """Serial number and instant of every revoked certificate."""
        rows = await self._session.scalars(
            select(SigningKeyRow).where(SigningKeyRow.revoked_at.is_not(None)).order_by(SigningKeyRow.serial)
        )
        return [(row.serial, row.revoked_at) for row in rows if row.revoked_at is not None]

    async def revoke(self, subject: str, *, at: datetime) -> int:
        """Revoke every certificate of a subject; how many."""
        changed = await self._session.scalars(
            update(SigningKeyRow)
            .where(SigningKeyRow.subject == subject, SigningKeyRow.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(SigningKeyRow.serial)
        )
        return len(changed.all())

    async def _next_number(self, subject: str) -> int:
        numbers = await self._session.scalars(
            select(SigningKeyRow.number).where(SigningKeyRow.subject == subject)
        )
        return 1 + max(numbers, default=0)


def _key(row: SigningKeyRow) -> StoredKey:
    return StoredKey(
        serial=row.serial,
        subject=row.subject,
        certificate=row.certificate.encode("ascii"),
        key_sealed=row.key_sealed,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


_PLAIN = (
    "id",
    "case_id",
    "subject",
    "version",
    "language",
    "record_sha256",
    "draft_sha256",
    "pdf_sha256",
    "made_by",
    "made_at",
    "issued_at",
    "row_version",
)


def _columns(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in _PLAIN} | {
        "kind": document.kind.value,
        "service_type": document.service_type.value,
        "state": document.state.value,
        "signers_json": json.dumps([_signer_json(signer) for signer in document.signers], ensure_ascii=False),
    }


def _signer_json(signer: Signer) -> dict[str, Any]:
    signed_at = signer.signed_at.isoformat() if signer.signed_at else None
    return asdict(signer) | {"role": signer.role.value, "signed_at": signed_at}


def _signer(fields: dict[str, Any]) -> Signer:
    at = fields["signed_at"]
    return Signer(
        **fields | {"role": Role(fields["role"]), "signed_at": datetime.fromisoformat(at) if at else None}
    )


def _document(row: CaseDocumentRow) -> Document:
    return Document(
        **{name: getattr(row, name) for name in _PLAIN},
        kind=DocumentKind(row.kind),
        service_type=ServiceType(row.service_type),
        state=DocumentState(row.state),
        signers=tuple(_signer(fields) for fields in json.loads(row.signers_json)),
    )
