"""Tables of agreements between institutions."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, Text, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.accounts.sql import confirmation_from, confirmation_json
from tongtai.features.agreements.model import (
    Agreement,
    AgreementKind,
    Clause,
    Party,
    PartyRole,
    ServiceType,
)
from tongtai.features.audit.model import canonical_json
from tongtai.infra.database import Base, UtcDateTime, updated_if


class AgreementRow(Base):
    """An agreement without its parties."""

    __tablename__ = "agreements"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    services_json: Mapped[str] = mapped_column(Text)
    clauses_json: Mapped[str] = mapped_column(Text)
    dispute_authority: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signatures_json: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)


class AgreementPartyRow(Base):
    """An institution in an agreement."""

    __tablename__ = "agreement_parties"

    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)


class SqlAgreements:
    """Agreements in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, agreement_id: str) -> Agreement | None:
        """One agreement."""
        row = await self._session.get(AgreementRow, agreement_id, populate_existing=True)
        return (await self._agreements([row]))[0] if row else None

    async def of_institution(self, institution_id: str) -> list[Agreement]:
        """The agreements that an institution is a party to, the newest first."""
        mine = select(AgreementPartyRow.agreement_id).where(
            AgreementPartyRow.institution_id == institution_id
        )
        query = (
            select(AgreementRow)
            .where(AgreementRow.id.in_(mine))
            .order_by(AgreementRow.created_at.desc(), AgreementRow.id)
        )
        return await self._agreements(list(await self._session.scalars(query)))

    async def add(self, agreement: Agreement) -> None:
        """Insert an agreement."""
        self._session.add(AgreementRow(id=agreement.id, version=agreement.version, **_columns(agreement)))
        await self._session.flush()
        await self._write_parties(agreement)

    async def replace(self, agreement: Agreement, *, version: int) -> bool:
        """Replace an agreement that is still at ``version``."""
        replaced = await updated_if(
            self._session,
            AgreementRow,
            AgreementRow.id == agreement.id,
            AgreementRow.version == version,
            values={"version": agreement.version, **_columns(agreement)},
        )
        if not replaced:
            return False
        await self._write_parties(agreement)
        return True

    async def _write_parties(self, agreement: Agreement) -> None:
        await self._session.execute(
            delete(AgreementPartyRow).where(AgreementPartyRow.agreement_id == agreement.id)
        )
        rows = [
            {"agreement_id": agreement.id, **asdict(party), "place": place}
            for place, party in enumerate(agreement.parties)
        ]
        if rows:
            await self._session.execute(insert(AgreementPartyRow), rows)

    async def _agreements(self, rows: list[AgreementRow]) -> list[Agreement]:
        parties: dict[str, list[Party]] = {row.id: [] for row in rows}
        query = (
            select(AgreementPartyRow)
            .where(AgreementPartyRow.agreement_id.in_(list(parties)))
            .order_by(AgreementPartyRow.agreement_id, AgreementPartyRow.place)
        )
        for found in await self._session.scalars(query):
            parties[found.agreement_id].append(
                Party(institution_id=found.institution_id, role=PartyRole(found.role))
            )
        return [_agreement(row, tuple(parties[row.id])) for row in rows]


def _columns(agreement: Agreement) -> dict[str, Any]:
    return {
        "title": agreement.title,
        "kind": agreement.kind.value,
        "services_json": canonical_json(sorted(agreement.services)),
        "clauses_json": canonical_json({key.value: text for key, text in agreement.clauses.items()}),
        "dispute_authority": agreement.dispute_authority,
        "valid_from": agreement.valid_from,
        "valid_until": agreement.valid_until,
        "created_at": agreement.created_at,
        "signatures_json": canonical_json([confirmation_json(one) for one in agreement.signatures]),
        "ended_at": agreement.ended_at,
        "end_reason": agreement.end_reason,
    }


def _agreement(row: AgreementRow, parties: tuple[Party, ...]) -> Agreement:
    return Agreement(
        id=row.id,
        title=row.title,
        kind=AgreementKind(row.kind),
        services=frozenset(ServiceType(one) for one in json.loads(row.services_json)),
        parties=parties,
        clauses={Clause(key): text for key, text in json.loads(row.clauses_json).items()},
        dispute_authority=row.dispute_authority,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        created_at=row.created_at,
        version=row.version,
        signatures=tuple(confirmation_from(one) for one in json.loads(row.signatures_json)),
        ended_at=row.ended_at,
        end_reason=row.end_reason,
    )
