"""Tables of cases and their teams."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.cases.model import RecordState, Sharing
from tongtai.infra.database import Base, UtcDateTime


class CaseRow(Base):
    """A case without its team."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_inviting", "inviting_institution_id", "scheduled_at"),
        Index("ix_cases_invited", "invited_institution_id", "scheduled_at"),
        # Who asks which of 100,000 cases have changed reads these and no row.
        Index("ix_cases_inviting_version", "inviting_institution_id", "id", "version"),
        Index("ix_cases_invited_version", "invited_institution_id", "id", "version"),
        Index("ix_cases_operating_room", "operating_room_id", "scheduled_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    technique: Mapped[str] = mapped_column(String(16))
    lesion: Mapped[str] = mapped_column(Text)
    patient_name: Mapped[str] = mapped_column(String(200))
    patient_sex: Mapped[str] = mapped_column(String(1))
    patient_birth_date: Mapped[date] = mapped_column(Date)
    patient_hospital_number: Mapped[str] = mapped_column(String(64))
    disclosure: Mapped[str] = mapped_column(String(16))
    inviting_institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    invited_institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    operating_room_id: Mapped[str] = mapped_column(ForeignKey("operating_rooms.id"))
    scheduled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    sharing: Mapped[str] = mapped_column(String(16), server_default=Sharing.OPEN.value)
    record: Mapped[str] = mapped_column(String(16), server_default=RecordState.OPEN.value)


class CaseTeamRow(Base):
    """One person in one role of a case."""

    __tablename__ = "case_team"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)


class CaseNumberRow(Base):
    """The last case number of a year."""

    __tablename__ = "case_numbers"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)
