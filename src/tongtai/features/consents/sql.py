"""The table of consents."""

import json
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.audit.model import canonical_json
from tongtai.features.consents.model import Consent, ConsentKind, Relation
from tongtai.infra.database import Base, UtcDateTime, updated_if


class ConsentRow(Base):
    """One signed consent."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("case_id", "kind", "number", name="uq_consents_case_id_kind_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[int] = mapped_column(Integer)
    template: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    signer_name: Mapped[str] = mapped_column(String(200))
    relation: Mapped[str] = mapped_column(String(32))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    explained_by: Mapped[str] = mapped_column(String(64))
    explained_by_name: Mapped[str] = mapped_column(String(200))
    fee_line: Mapped[str] = mapped_column(Text)
    recipients_json: Mapped[str] = mapped_column(Text)
    risks: Mapped[str] = mapped_column(Text)
    alternatives: Mapped[str] = mapped_column(Text)
    proxy_reason: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[date | None] = mapped_column(Date)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str] = mapped_column(String(64))
    withdrawal_reason: Mapped[str] = mapped_column(Text)


_PLAIN = tuple(
    field.name for field in fields(Consent) if field.name not in {"kind", "relation", "recipients"}
)


class SqlConsents:
    """Consents in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_case(self, case_id: str) -> list[Consent]:
        """The consents of a case, in the order of signing."""
        query = (
            select(ConsentRow)
            .where(ConsentRow.case_id == case_id)
            .order_by(ConsentRow.signed_at, ConsentRow.kind, ConsentRow.number)
            .execution_options(populate_existing=True)
        )
        return [_consent(row) for row in await self._session.scalars(query)]

    async def add(self, consent: Consent) -> None:
        """Insert a consent."""
        columns = {name: getattr(consent, name) for name in _PLAIN}
        self._session.add(
            ConsentRow(
                **columns,
                kind=consent.kind.value,
                relation=consent.relation.value,
                recipients_json=canonical_json(list(consent.recipients)),
            )
        )
        await self._session.flush()

    async def withdraw(self, consent: Consent) -> bool:
        """Note a withdrawal; ``False`` when it was withdrawn already."""
        return await updated_if(
            self._session,
            ConsentRow,
            ConsentRow.id == consent.id,
            ConsentRow.withdrawn_at.is_(None),
            values={
                "withdrawn_at": consent.withdrawn_at,
                "withdrawn_by": consent.withdrawn_by,
                "withdrawal_reason": consent.withdrawal_reason,
            },
        )


def _consent(row: ConsentRow) -> Consent:
    return Consent(
        **{name: getattr(row, name) for name in _PLAIN},
        kind=ConsentKind(row.kind),
        relation=Relation(row.relation),
        recipients=tuple(json.loads(row.recipients_json)),
    )
