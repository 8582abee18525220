"""Wire types of imaging."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from tongtai.features.imaging.model import FileReport, Outcome, PushStatus


class PushIn(BaseModel):
    source: Annotated[str, Field(min_length=1, max_length=200)]
    declared_files: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    # A test series: its files are compared with their hashes and not kept.
    test: bool = False


class FileOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    outcome: Outcome
    sha256: str
    code: str
    message: str
    series_uid: str
    sop_instance_uid: str


class ReceivedOut(BaseModel):
    """What became of the files of one upload."""

    accepted: list[FileOut]
    rejected: list[FileOut]
    quarantined: list[FileOut]
    duplicates: int

    @classmethod
    def of(cls, reports: list[FileReport]) -> Self:
        files = [FileOut.model_validate(report) for report in reports]
        return cls(
            accepted=[file for file in files if file.outcome is Outcome.ACCEPTED],
            rejected=[file for file in files if file.outcome is Outcome.REJECTED],
            quarantined=[file for file in files if file.outcome is Outcome.QUARANTINED],
            duplicates=sum(1 for file in files if file.outcome is Outcome.DUPLICATE),
        )


class FoundPatientOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    names: tuple[str, ...]
    birth_date: str
    patient_id: str


class QuarantinedOut(BaseModel):
    """Images that wait: their patient differs from the case's in ``differing``."""

    model_config = ConfigDict(from_attributes=True)

    identity: str
    patient: FoundPatientOut
    differing: tuple[str, ...]
    files: int


class PushOut(BaseModel):
    push_id: str
    case_id: str
    source: str
    declared_files: int | None
    started_at: datetime
    finished_at: datetime | None
    test: bool
    received: int
    rejected: int
    duplicates: int
    files: list[FileOut]
    quarantined: list[QuarantinedOut]

    @classmethod
    def of(cls, status: PushStatus) -> Self:
        push = status.push
        return cls(
            push_id=push.id,
            case_id=push.case_id,
            source=push.source,
            declared_files=push.declared_files,
            started_at=push.started_at,
            finished_at=push.finished_at,
            test=push.test,
            received=status.count(Outcome.ACCEPTED),
            rejected=status.count(Outcome.REJECTED),
            duplicates=status.count(Outcome.DUPLICATE),
            files=[FileOut.model_validate(report) for report in status.files],
            quarantined=[QuarantinedOut.model_validate(waiting) for waiting in status.quarantined],
        )


class ConfirmIn(BaseModel):
    """``identity`` is needed only when images of several patients wait."""

    typed_name: Annotated[str, Field(min_length=1, max_length=200)]
    identity: Annotated[str | None, Field(max_length=64)] = None


class SeriesOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    study_uid: str
    series_uid: str
    modality: str
    description: str
    study_description: str
    study_date: str
    number: int | None
    instances: int
    frames: int
    rows: int
    columns: int
