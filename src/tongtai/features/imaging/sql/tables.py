"""Tables of images and pushes."""

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.infra.database import Base, UtcDateTime


class PushRow(Base):
    """One act of sending images."""

    __tablename__ = "imaging_pushes"
    __table_args__ = (Index("ix_imaging_pushes_case_id", "case_id", "user_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    # The column's name is older than senders that are gateways.
    sender_id: Mapped[str] = mapped_column("user_id", String(64))
    source: Mapped[str] = mapped_column(String(200))
    declared_files: Mapped[int | None] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    test: Mapped[bool] = mapped_column(Boolean, server_default=false())


class PushFileRow(Base):
    """What became of a file of a push."""

    __tablename__ = "imaging_push_files"

    push_id: Mapped[str] = mapped_column(ForeignKey("imaging_pushes.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(500), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(String(500))
    series_uid: Mapped[str] = mapped_column(String(64))
    sop_instance_uid: Mapped[str] = mapped_column(String(64))


class SeriesRow(Base):
    """A series of a case, and the study that it belongs to."""

    __tablename__ = "imaging_series"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    series_uid: Mapped[str] = mapped_column(String(64), primary_key=True)
    study_uid: Mapped[str] = mapped_column(String(64))
    modality: Mapped[str] = mapped_column(String(64))


class InstanceRow(Base):
    """One image of a case."""

    __tablename__ = "imaging_instances"
    __table_args__ = (Index("ix_imaging_instances_series", "case_id", "series_uid", "quarantined"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    sop_instance_uid: Mapped[str] = mapped_column(String(64), primary_key=True)
    push_id: Mapped[str] = mapped_column(ForeignKey("imaging_pushes.id"))
    quarantined: Mapped[bool] = mapped_column(Boolean)
    identity: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(Integer)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sop_class_uid: Mapped[str] = mapped_column(String(64))
    study_uid: Mapped[str] = mapped_column(String(64))
    series_uid: Mapped[str] = mapped_column(String(64))
    transfer_syntax_uid: Mapped[str] = mapped_column(String(64))
    modality: Mapped[str] = mapped_column(String(64))
    study_description: Mapped[str] = mapped_column(String(64))
    study_date: Mapped[str] = mapped_column(String(64))
    series_description: Mapped[str] = mapped_column(String(64))
    series_number: Mapped[int | None] = mapped_column(Integer)
    instance_number: Mapped[int | None] = mapped_column(Integer)
    position_mm: Mapped[float | None] = mapped_column(Float)
    rows: Mapped[int] = mapped_column(Integer)
    columns: Mapped[int] = mapped_column(Integer)
    frames: Mapped[int] = mapped_column(Integer)
    patient_json: Mapped[str] = mapped_column(Text)
    attributes_json: Mapped[str] = mapped_column(Text)


class ConfirmationRow(Base):
    """A person stated that an identity in images is the case's patient."""

    __tablename__ = "imaging_confirmations"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    identity: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
