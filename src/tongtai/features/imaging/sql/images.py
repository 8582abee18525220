"""Images and pushes in the database."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.images import Instance, PatientIdentity
from tongtai.features.imaging.errors import InstanceConflictError, SeriesConflictError
from tongtai.features.imaging.model import (
    FileReport,
    ImageQuery,
    Outcome,
    Push,
    PushStatus,
    QuarantinedPatient,
    SentTestSeries,
    Series,
    StoredFile,
    StoredFrames,
    match_patient,
)
from tongtai.features.imaging.sql.tables import ConfirmationRow, InstanceRow, PushFileRow, PushRow, SeriesRow
from tongtai.infra.database import Database, insert_into

_INSTANCE_COLUMNS = (
    "sop_instance_uid",
    "sop_class_uid",
    "study_uid",
    "series_uid",
    "transfer_syntax_uid",
    "modality",
    "study_description",
    "study_date",
    "series_description",
    "series_number",
    "instance_number",
    "position_mm",
    "rows",
    "columns",
    "frames",
)
_SLICE_ORDER = (
    InstanceRow.series_uid,
    InstanceRow.position_mm,
    InstanceRow.instance_number,
    InstanceRow.sop_instance_uid,
)


class SqlImageStores:
    """Opens transactions of their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["SqlImages"]:
        """One transaction, committed at the end of the block."""
        async with self._database.transaction() as session:
            yield SqlImages(session)


class SqlImages:
    """Images and pushes in the database, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_push(self, case_id: str, push_id: str) -> Push | None:
        """A push of this case."""
        row = await self._session.get(PushRow, push_id)
        return _push(row) if row is not None and row.case_id == case_id else None

    async def open_push(self, case_id: str, sender_id: str, source: str, *, test: bool) -> Push | None:
        """The unfinished push of the same kind, by the same sender from the same place."""
        row = await self._session.scalar(
            select(PushRow)
            .where(
                PushRow.case_id == case_id,
                PushRow.sender_id == sender_id,
                PushRow.source == source,
                PushRow.test == test,
                PushRow.finished_at.is_(None),
            )
            .order_by(PushRow.started_at.desc())
            .limit(1)
        )
        return None if row is None else _push(row)

    async def add_push(self, push: Push) -> None:
        """Insert a push."""
        self._session.add(PushRow(**asdict(push)))
        await self._session.flush()

    async def finish_push(self, push_id: str, at: datetime) -> None:
        """Mark a push as finished."""
        await self._session.execute(update(PushRow).where(PushRow.id == push_id).values(finished_at=at))

    async def last_test_series(self, case_id: str) -> SentTestSeries | None:
        """The case's newest finished push of a test series."""
        row = await self._session.scalar(
            select(PushRow)
            .where(PushRow.case_id == case_id, PushRow.test, PushRow.finished_at.is_not(None))
            .order_by(PushRow.finished_at.desc())
            .limit(1)
        )
        if row is None or row.finished_at is None:
            return None
        counted = await self._session.execute(
            select(PushFileRow.outcome, func.count())
            .where(PushFileRow.push_id == row.id)
            .group_by(PushFileRow.outcome)
        )
        counts: dict[str, int] = dict(counted.all())
        equal = counts.pop(Outcome.ACCEPTED.value, 0)
        return SentTestSeries(
            push_id=row.id,
            sender_id=row.sender_id,
            source=row.source,
            finished_at=row.finished_at,
            declared=row.declared_files,
            equal=equal,
            other=sum(counts.values()),
        )

    async def status(self, push: Push, case_patient: PatientIdentity) -> PushStatus:
        """A push and its files."""
        rows = await self._session.scalars(
            select(PushFileRow).where(PushFileRow.push_id == push.id).order_by(PushFileRow.name)
        )
        reports = tuple(_report(row) for row in rows)
        waiting = await self._session.execute(
            select(InstanceRow.identity, func.min(InstanceRow.patient_json), func.count())
            .where(InstanceRow.push_id == push.id, InstanceRow.quarantined)
            .group_by(InstanceRow.identity)
        )
        quarantined = tuple(
            QuarantinedPatient(
                identity=identity,
                patient=(patient := _patient(text)),
                differing=match_patient(patient, case_patient).differing,
                files=count,
            )
            for identity, text, count in waiting
        )
        return PushStatus(push=push, files=reports, quarantined=quarantined)

    async def record(self, push_id: str, report: FileReport) -> None:
        """Write down what became of a file; what became of the same name before is replaced."""
        values = {"push_id": push_id, **asdict(report), "outcome": report.outcome.value}
        values["name"] = report.name[:500]
        statement = insert_into(self._session, PushFileRow).values(values)
        changed = {key: statement.excluded[key] for key in values if key not in {"push_id", "name"}}
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["push_id", "name"], set_=changed)
        )

    async def add_instance(
        self, push: Push, instance: Instance, stored: StoredFile, *, quarantined: bool, at: datetime
    ) -> Outcome:
        """Insert an image, or find that it is a duplicate."""
        await self._claim_series(push.case_id, instance)
        values = {column: getattr(instance, column) for column in _INSTANCE_COLUMNS} | {
            "case_id": push.case_id,
            "push_id": push.id,
            "quarantined": quarantined,
            "identity": instance.patient.key,
            "sha256": stored.sha256,
            "size_bytes": stored.size_bytes,
            "received_at": at,
            "patient_json": json.dumps(asdict(instance.patient), ensure_ascii=False),
            "attributes_json": json.dumps(instance.attributes, ensure_ascii=False),
        }
        # What was inserted is asked for: how many rows were is not told by every driver.
        inserted = await self._session.scalar(
            insert_into(self._session, InstanceRow)
            .values(values)
            .on_conflict_do_nothing()
            .returning(InstanceRow.sop_instance_uid)
        )
        if inserted is not None:
            return Outcome.QUARANTINED if quarantined else Outcome.ACCEPTED
        return await self._known(push, instance, stored)

    async def _known(self, push: Push, instance: Instance, stored: StoredFile) -> Outcome:
        row = await self._session.get_one(InstanceRow, (push.case_id, instance.sop_instance_uid))
        if row.sha256 != stored.sha256:
            raise InstanceConflictError(sop_instance_uid=instance.sop_instance_uid)
        if not row.quarantined:
            return Outcome.DUPLICATE
        row.push_id = push.id
        await self._session.flush()
        return Outcome.QUARANTINED

    async def _claim_series(self, case_id: str, instance: Instance) -> None:
        claim = {"study_uid": instance.study_uid, "modality": instance.modality}
        await self._session.execute(
            insert_into(self._session, SeriesRow)
            .values(case_id=case_id, series_uid=instance.series_uid, **claim)
            .on_conflict_do_nothing()
        )
        row = await self._session.get_one(SeriesRow, (case_id, instance.series_uid))
        if (row.study_uid, row.modality) != (instance.study_uid, instance.modality):
            raise SeriesConflictError(series_uid=instance.series_uid)

    async def series_received(self, case_id: str, series_uid: str) -> int:
        """How many images of a series can be seen."""
        count = await self._session.scalar(
            select(func.count()).where(
                InstanceRow.case_id == case_id,
                InstanceRow.series_uid == series_uid,
                InstanceRow.quarantined.is_(False),
            )
        )
        return count or 0

    async def is_confirmed(self, case_id: str, identity: str) -> bool:
        """Whether a person confirmed that this identity is the case's patient."""
        return await self._session.get(ConfirmationRow, (case_id, identity)) is not None

    async def confirm(self, push: Push, identity: str, user_id: str, at: datetime) -> Sequence[Instance]:
        """Release the quarantined images of an identity; return the first of each series."""
        await self._session.execute(
            insert_into(self._session, ConfirmationRow)
            .values(case_id=push.case_id, identity=identity, user_id=user_id, at=at)
            .on_conflict_do_nothing()
        )
        mine = and_(
            InstanceRow.case_id == push.case_id,
            InstanceRow.identity == identity,
            InstanceRow.quarantined,
        )
        rows = await self._session.scalars(select(InstanceRow).where(mine))
        first = {row.series_uid: _instance(row) for row in rows}
        await self._session.execute(
            update(PushFileRow)
            .where(
                PushFileRow.outcome == Outcome.QUARANTINED.value,
                PushFileRow.sop_instance_uid.in_(select(InstanceRow.sop_instance_uid).where(mine)),
                PushFileRow.push_id.in_(select(PushRow.id).where(PushRow.case_id == push.case_id)),
            )
            .values(outcome=Outcome.ACCEPTED.value, code="")
        )
        await self._session.execute(update(InstanceRow).where(mine).values(quarantined=False))
        return tuple(first.values())

    async def instances(self, query: ImageQuery) -> list[tuple[Instance, StoredFile]]:
        """The images that can be seen, in the order of their slices."""
        rows = await self._session.scalars(
            select(InstanceRow).where(*_visible(query)).order_by(*_SLICE_ORDER)
        )
        return [(_instance(row), StoredFile(sha256=row.sha256, size_bytes=row.size_bytes)) for row in rows]

    async def headers(self, query: ImageQuery) -> list[str]:
        """The headers of the images that can be seen, as DICOM JSON, in the order of their slices."""
        found = await self._session.scalars(
            select(InstanceRow.attributes_json).where(*_visible(query)).order_by(*_SLICE_ORDER)
        )
        return list(found)

    async def frames(self, query: ImageQuery) -> StoredFrames | None:
        """Where the frames of the one wanted image are, if it can be seen."""
        found = await self._session.execute(
            select(InstanceRow.sha256, InstanceRow.transfer_syntax_uid, InstanceRow.frames).where(
                *_visible(query)
            )
        )
        row = found.one_or_none()
        return None if row is None else StoredFrames(**row._mapping)  # noqa: SLF001  (its public name)

    async def series(self, query: ImageQuery) -> list[tuple[Series, Instance]]:
        """The series that can be seen, each with one of its images, in the order of arrival."""
        key = func.min(InstanceRow.sop_instance_uid)
        groups = await self._session.execute(
            select(key, func.count(), func.sum(InstanceRow.frames))
            .where(*_visible(query))
            .group_by(InstanceRow.series_uid)
            .order_by(func.min(InstanceRow.received_at))
        )
        found = []
        for sop_instance_uid, images, frames in groups.all():
            row = await self._session.get_one(InstanceRow, (query.case_id, sop_instance_uid))
            found.append((_series(row, images, frames), _instance(row)))
        return found


def _visible(query: ImageQuery) -> list[Any]:
    wanted = [InstanceRow.case_id == query.case_id, InstanceRow.quarantined.is_(False)]
    if query.study_uid is not None:
        wanted.append(InstanceRow.study_uid == query.study_uid)
    if query.series_uid is not None:
        wanted.append(InstanceRow.series_uid == query.series_uid)
    if query.sop_instance_uid is not None:
        wanted.append(InstanceRow.sop_instance_uid == query.sop_instance_uid)
    return wanted


def _push(row: PushRow) -> Push:
    return Push(**{field.name: getattr(row, field.name) for field in fields(Push)})


def _report(row: PushFileRow) -> FileReport:
    columns = {field.name: getattr(row, field.name) for field in fields(FileReport)}
    return FileReport(**columns | {"outcome": Outcome(row.outcome)})


def _patient(text: str) -> PatientIdentity:
    fields = json.loads(text)
    return PatientIdentity(**fields | {"names": tuple(fields["names"])})


def _instance(row: InstanceRow) -> Instance:
    columns = {column: getattr(row, column) for column in _INSTANCE_COLUMNS}
    return Instance(**columns, patient=_patient(row.patient_json), attributes=json.loads(row.attributes_json))


def _series(row: InstanceRow, images: int, frames: int) -> Series:
    return Series(
        study_uid=row.study_uid,
        series_uid=row.series_uid,
        modality=row.modality,
        description=row.series_description,
        study_description=row.study_description,
        study_date=row.study_date,
        number=row.series_number,
        instances=images,
        frames=frames,
        rows=row.rows,
        columns=row.columns,
    )
