"""The table of team meetings."""

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.mdt.model import Meeting
from tongtai.infra.database import Base, updated_if

_MEETING = TypeAdapter(Meeting)


class MeetingRow(Base):
    """A meeting, whole."""

    __tablename__ = "mdt_meetings"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_mdt_meetings_case_id_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int] = mapped_column(Integer)
    meeting_json: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)


class SqlMeetings:
    """Meetings in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_case(self, case_id: str) -> list[Meeting]:
        """The meetings of a case, the newest first."""
        query = (
            select(MeetingRow.meeting_json)
            .where(MeetingRow.case_id == case_id)
            .order_by(MeetingRow.number.desc())
        )
        return [_MEETING.validate_json(text) for text in await self._session.scalars(query)]

    async def of_cases(self, case_ids: Sequence[str]) -> list[Meeting]:
        """The newest meeting of each of these cases that has one."""
        query = select(MeetingRow.meeting_json).where(MeetingRow.case_id.in_(case_ids))
        newest: dict[str, Meeting] = {}
        for text in await self._session.scalars(query.order_by(MeetingRow.case_id, MeetingRow.number)):
            meeting = _MEETING.validate_json(text)
            newest[meeting.case_id] = meeting
        return list(newest.values())

    async def add(self, meeting: Meeting) -> None:
        """Insert a meeting."""
        self._session.add(
            MeetingRow(
                id=meeting.id,
                case_id=meeting.case_id,
                number=meeting.number,
                meeting_json=_MEETING.dump_json(meeting).decode(),
                version=meeting.version,
            )
        )
        await self._session.flush()

    async def replace(self, meeting: Meeting, *, version: int) -> bool:
        """Replace a meeting that is still at ``version``."""
        return await updated_if(
            self._session,
            MeetingRow,
            MeetingRow.id == meeting.id,
            MeetingRow.version == version,
            values={"version": meeting.version, "meeting_json": _MEETING.dump_json(meeting).decode()},
        )
