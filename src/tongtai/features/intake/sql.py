"""Tables of answers and attachments, and what the headers of a case's series say."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.core.intake.form import Answer
from tongtai.features.audit.model import canonical_json
from tongtai.features.intake.model import Attachment, Entry, Material
from tongtai.infra.database import Base, UtcDateTime, updated_if


class IntakeRow(Base):
    """The version of a case's form: one number for all its answers."""

    __tablename__ = "intakes"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)


class AnswerRow(Base):
    """One answer."""

    __tablename__ = "intake_answers"

    case_id: Mapped[str] = mapped_column(ForeignKey("intakes.case_id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer_json: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    origin: Mapped[str] = mapped_column(String(16))


class AttachmentRow(Base):
    """One file."""

    __tablename__ = "intake_attachments"
    __table_args__ = (Index("ix_intake_attachments_case_id", "case_id", "added_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    item: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(Integer)
    added_by: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


_ATTACHMENT = tuple(field.name for field in fields(Attachment))


class SqlIntake:
    """Material in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def material(self, case_id: str) -> Material:
        """What was answered; empty when nothing was."""
        return (await self.materials([case_id]))[case_id]

    async def materials(self, case_ids: Sequence[str]) -> dict[str, Material]:
        """The material of these cases, in two queries."""
        heads = select(IntakeRow.case_id, IntakeRow.version).where(IntakeRow.case_id.in_(case_ids))
        versions = {row.case_id: row.version for row in await self._session.execute(heads)}
        entries: dict[str, dict[str, Entry]] = {case_id: {} for case_id in case_ids}
        columns = (
            AnswerRow.case_id,
            AnswerRow.item,
            AnswerRow.answer_json,
            AnswerRow.entered_by,
            AnswerRow.entered_at,
            AnswerRow.origin,
        )
        query = select(*columns).where(AnswerRow.case_id.in_(case_ids))
        for case_id, item, text, by, at, origin in await self._session.execute(query):
            entries[case_id][item] = Entry(answer=_answer(text), entered_by=by, entered_at=at, origin=origin)
        return {
            case_id: Material(case_id=case_id, version=versions.get(case_id, 0), entries=entries[case_id])
            for case_id in case_ids
        }

    async def save(self, case_id: str, entries: dict[str, Entry | None], *, version: int) -> bool:
        """Put answers; ``None`` takes one away."""
        if not await self._claim(case_id, version):
            return False
        await self._session.execute(
            delete(AnswerRow).where(AnswerRow.case_id == case_id, AnswerRow.item.in_(list(entries)))
        )
        rows = [
            {
                "case_id": case_id,
                "item": item,
                "answer_json": _answer_json(entry.answer),
                "entered_by": entry.entered_by,
                "entered_at": entry.entered_at,
                "origin": entry.origin,
            }
            for item, entry in entries.items()
            if entry is not None
        ]
        if rows:
            await self._session.execute(insert(AnswerRow), rows)
        return True

    async def attachments(self, case_id: str) -> list[Attachment]:
        """The files of a case, in the order of adding."""
        return (await self.attachments_of([case_id]))[case_id]

    async def attachments_of(self, case_ids: Sequence[str]) -> dict[str, list[Attachment]]:
        """The files of these cases."""
        query = (
            select(AttachmentRow)
            .where(AttachmentRow.case_id.in_(case_ids))
            .order_by(AttachmentRow.added_at, AttachmentRow.id)
        )
        found: dict[str, list[Attachment]] = {case_id: [] for case_id in case_ids}
        for row in await self._session.scalars(query):
            found[row.case_id].append(Attachment(**{name: getattr(row, name) for name in _ATTACHMENT}))
        return found

    async def add_attachment(self, attachment: Attachment) -> None:
        """Insert a file."""
        self._session.add(AttachmentRow(**asdict(attachment)))
        await self._session.flush()

    async def _claim(self, case_id: str, version: int) -> bool:
        if version == 0:
            known = await self._session.scalar(select(IntakeRow.version).where(IntakeRow.case_id == case_id))
            if known is not None:
                return False
            self._session.add(IntakeRow(case_id=case_id, version=1))
            await self._session.flush()
            return True
        return await updated_if(
            self._session,
            IntakeRow,
            IntakeRow.case_id == case_id,
            IntakeRow.version == version,
            values={"version": version + 1},
        )


def _answer_json(answer: Answer) -> str:
    on = answer.observed_on
    return canonical_json({**asdict(answer), "observed_on": on.isoformat() if on else None})


def _answer(text: str) -> Answer:
    plain: dict[str, Any] = json.loads(text)
    value, on = plain["value"], plain["observed_on"]
    return Answer(
        **{
            **plain,
            "value": tuple(value) if isinstance(value, list) else value,
            "observed_on": date.fromisoformat(on) if on else None,
        }
    )
