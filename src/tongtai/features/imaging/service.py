"""Use cases: receive images, keep those of the case's patient, tell the open pages."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from tongtai.core.clock import Clock
from tongtai.core.errors import TongtaiError
from tongtai.core.images import Instance, PatientIdentity, plain_name
from tongtai.features.accounts.model import Principal
from tongtai.features.cases.model import Case
from tongtai.features.imaging.errors import (
    AmbiguousPatientError,
    NothingQuarantinedError,
    OtherStudyError,
    PushFinishedError,
    PushNotFoundError,
    TypedNameError,
)
from tongtai.features.imaging.events import PushFinished, PushStarted, SeriesProgress
from tongtai.features.imaging.model import (
    FileReport,
    Outcome,
    Push,
    PushStatus,
    Sender,
    StoredFile,
    match_patient,
)
from tongtai.features.imaging.ports import ContentStore, ImageReader, ImageStore, ImageStores, ImagingEvents

_NAME_SEPARATORS = re.compile(r"[=/()（）]")
_OPENING_LASTS = timedelta(minutes=15)
_OPENINGS_KEPT = 10_000
# Files of an archive that are written down in one transaction: a commit each would cost more than the files.
_KEPT_AT_ONCE = 16


def case_identity(case: Case) -> PatientIdentity:
    """The case's patient as images are compared with; ``王小明 (Wang Xiaoming)`` is two names."""
    patient = case.patient
    names = (part.strip() for part in _NAME_SEPARATORS.split(patient.name))
    return PatientIdentity(
        names=tuple(name for name in names if name),
        birth_date=f"{patient.birth_date:%Y%m%d}",
        patient_id=patient.hospital_number,
    )


class SeriesOpenings:
    """Remembers who opened which series, so that the audit log tells openings and not slices."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._opened: dict[tuple[str, str, str], datetime] = {}

    def is_new(self, principal: Principal, case_id: str, series_uid: str) -> bool:
        """Whether this reading is to be recorded."""
        last = self._opened.get((principal.session_id, case_id, series_uid))
        return last is None or self._clock.now() - last > _OPENING_LASTS

    def remember(self, principal: Principal, case_id: str, series_uid: str) -> None:
        """Note a reading that has been recorded."""
        if len(self._opened) >= _OPENINGS_KEPT:
            self._opened.clear()
        self._opened[principal.session_id, case_id, series_uid] = self._clock.now()


class ProgressAnnouncer:
    """Tells the arrival of images, each series at most once per interval and push.

    Parameters
    ----------
    events : ImagingEvents
        Who is told.
    interval_s : float
        Shortest time between two announcements of a push, in seconds.
    """

    def __init__(self, events: ImagingEvents, *, interval_s: float = 0.3) -> None:
        self.events = events
        self._interval_s = interval_s
        self._waiting: dict[str, dict[str, tuple[Sender, SeriesProgress]]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def note(self, sender: Sender, progress: SeriesProgress) -> None:
        """Announce this soon; a later count of the same series replaces it."""
        self._waiting.setdefault(progress.push_id, {})[progress.series_uid] = (sender, progress)
        task = self._tasks.get(progress.push_id)
        if task is None or task.done():
            self._tasks[progress.push_id] = asyncio.create_task(self._announce(progress.push_id))

    async def flush(self, push_id: str) -> None:
        """Return when everything noted of a push has been announced."""
        task = self._tasks.pop(push_id, None)
        if task is not None:
            await task

    async def close(self) -> None:
        """Announce what waits, then stop."""
        for push_id in list(self._tasks):
            await self.flush(push_id)

    async def _announce(self, push_id: str) -> None:
        while waiting := self._waiting.pop(push_id, None):
            for sender, progress in waiting.values():
                # A count that could not be told is overtaken by the next one, or by the end of
                # the push; the images themselves are stored.
                with suppress(TongtaiError):
                    await self.events.series_progress(sender, progress)
            await asyncio.sleep(self._interval_s)


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A file of an upload: what is in it or wrong with it, and under which digest its bytes are stored, if they are."""

    name: str
    found: Instance | TongtaiError
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PushService:
    """Receives images. Who may do so has been decided before (``CaseAccess``)."""

    stores: ImageStores
    reader: ImageReader
    content: ContentStore
    announcer: ProgressAnnouncer
    clock: Clock
    new_id: Callable[[str], str]
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def start(
        self, sender: Sender, case: Case, *, source: str, declared_files: int | None, test: bool = False
    ) -> PushStatus:
        """Begin a push, or go on with the unfinished one of this sender from this source.

        The session hears nothing of a ``test`` series: its files are no images of the case.
        """
        async with self.stores.transaction() as store:
            open_push = await store.open_push(case.id, sender.id, source, test=test)
            if open_push is not None:
                return await store.status(open_push, case_identity(case))
            push = Push(
                id=self.new_id("push"),
                case_id=case.id,
                sender_id=sender.id,
                source=source,
                declared_files=declared_files,
                started_at=self.clock.now(),
                test=test,
            )
            await store.add_push(push)
        if test:
            return PushStatus(push=push)
        started = PushStarted(case_id=case.id, push_id=push.id, source=source, declared_files=declared_files)
        await self.announcer.events.push_started(sender, started)
        return PushStatus(push=push)

    async def status(self, case: Case, push_id: str) -> PushStatus:
        """A push and what became of its files: what a client need not send again."""
        async with self.stores.transaction() as store:
            push = await store.find_push(case.id, push_id)
            if push is None:
                raise PushNotFoundError(push_id=push_id[:64])
            return await store.status(push, case_identity(case))

    async def open_push(self, case: Case, push_id: str) -> Push:
        """A push that takes files; asked before a body is read.

        Raises
        ------
        PushNotFoundError
            If this case has no such push.
        PushFinishedError
            If it has ended.
        """
        async with self.stores.transaction() as store:
            push = await store.find_push(case.id, push_id)
        if push is None:
            raise PushNotFoundError(push_id=push_id[:64])
        if push.finished_at is not None:
            raise PushFinishedError(push_id=push.id)
        return push

    async def receive(
        self, sender: Sender, case: Case, push: Push, *, name: str, path: Path, study_uid: str | None = None
    ) -> list[FileReport]:
        """Take one uploaded file, or every file of an uploaded zip archive.

        A file that cannot be used, or is of another study than the wanted one, is named in the answer,
        and the others are kept.
        """
        reports: list[FileReport] = []
        waiting: list[_Arrived] = []
        async for entry, content, read in self.reader.files(path, name):
            found = _of_study(read, study_uid)
            if isinstance(found, TongtaiError):
                digest = ""
            elif push.test:
                digest = await asyncio.to_thread(_digest_of, content)
            else:
                digest = await self.content.put(content)
            waiting.append(_Arrived(entry, found, digest, len(content)))
            if len(waiting) == _KEPT_AT_ONCE:
                reports += await self._keep(sender, case, push, waiting)
                waiting = []
        return reports + await self._keep(sender, case, push, waiting)

    async def finish(self, sender: Sender, case: Case, push_id: str) -> PushStatus:
        """End a push; ending it again changes nothing."""
        status = await self.status(case, push_id)
        if status.push.finished_at is not None:
            return status
        now = self.clock.now()
        async with self.stores.transaction() as store:
            await store.finish_push(push_id, now)
        if status.push.test:
            return replace(status, push=replace(status.push, finished_at=now))
        await self.announcer.flush(push_id)
        finished = PushFinished(
            case_id=case.id,
            push_id=push_id,
            received=status.count(Outcome.ACCEPTED),
            rejected=status.count(Outcome.REJECTED) + status.count(Outcome.QUARANTINED),
            duplicates=status.count(Outcome.DUPLICATE),
            seconds=(now - status.push.started_at).total_seconds(),
        )
        await self.announcer.events.push_finished(sender, finished)
        return replace(status, push=replace(status.push, finished_at=now))

    async def confirm_patient(
        self, sender: Sender, case: Case, push_id: str, *, typed_name: str, identity: str | None
    ) -> PushStatus:
        """Release images of another identity: a person, never a machine, states, by typing the name, whose they are."""
        status = await self.status(case, push_id)
        waiting = {patient.identity for patient in status.quarantined}
        if not waiting or (identity is not None and identity not in waiting):
            raise NothingQuarantinedError(push_id=push_id)
        if identity is None and len(waiting) > 1:
            raise AmbiguousPatientError(identities=sorted(waiting))
        typed = plain_name(typed_name)
        whole = plain_name(case.patient.name)
        if not typed or typed not in {whole, *map(plain_name, case_identity(case).names)}:
            raise TypedNameError
        chosen = identity or waiting.pop()
        async with self.stores.transaction() as store:
            released = await store.confirm(status.push, chosen, sender.id, self.clock.now())
            counts = [await store.series_received(case.id, first.series_uid) for first in released]
        for first, received in zip(released, counts, strict=True):
            self._announce(sender, status.push, first, received)
        return await self.status(case, push_id)

    async def _keep(
        self, sender: Sender, case: Case, push: Push, arrived: Sequence["_Arrived"]
    ) -> list[FileReport]:
        """Write down what became of these files, all in one transaction."""
        if not arrived:
            return []
        accepted: dict[str, Instance] = {}
        received: dict[str, int] = {}
        # One writer at a time in this process: SQLite has one anyway, and a queue here is fair.
        async with self._locks.setdefault("write", asyncio.Lock()), self.stores.transaction() as store:
            reports = [await self._kept(store, case, push, one) for one in arrived]
            for one, report in zip(arrived, reports, strict=True):
                kept = report.outcome is Outcome.ACCEPTED and not push.test
                if kept and isinstance(one.found, Instance):
                    accepted[one.found.series_uid] = one.found
            for series_uid in accepted:
                received[series_uid] = await store.series_received(case.id, series_uid)
        for series_uid, image in accepted.items():
            self._announce(sender, push, image, received[series_uid])
        return reports

    async def _kept(self, store: ImageStore, case: Case, push: Push, arrived: "_Arrived") -> FileReport:
        image = arrived.found
        if isinstance(image, TongtaiError):
            report = _rejected(arrived.name, image)
        elif push.test:
            report = _kept(arrived.name, Outcome.ACCEPTED, arrived.sha256, image)
        else:
            certain = match_patient(image.patient, case_identity(case)).certain
            quarantined = not certain and not await store.is_confirmed(case.id, image.patient.key)
            stored = StoredFile(sha256=arrived.sha256, size_bytes=arrived.size_bytes)
            try:
                outcome = await store.add_instance(
                    push, image, stored, quarantined=quarantined, at=self.clock.now()
                )
                report = _kept(arrived.name, outcome, stored.sha256, image)
            except TongtaiError as error:
                report = _rejected(arrived.name, error)
        await store.record(push.id, report)
        return report

    def _announce(self, sender: Sender, push: Push, image: Instance, received: int) -> None:
        self.announcer.note(
            sender,
            SeriesProgress(
                case_id=push.case_id,
                push_id=push.id,
                study_uid=image.study_uid,
                series_uid=image.series_uid,
                description=image.series_description or image.study_description,
                received=received,
            ),
        )


def _digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _of_study(read: Instance | TongtaiError, study_uid: str | None) -> Instance | TongtaiError:
    if isinstance(read, TongtaiError) or study_uid in {None, read.study_uid}:
        return read
    return OtherStudyError(study_uid=read.study_uid)


def _kept(name: str, outcome: Outcome, digest: str, image: Instance) -> FileReport:
    return FileReport(
        name=name,
        outcome=outcome,
        sha256=digest,
        code="patient_differs" if outcome is Outcome.QUARANTINED else "",
        series_uid=image.series_uid,
        sop_instance_uid=image.sop_instance_uid,
    )


def _rejected(name: str, error: TongtaiError) -> FileReport:
    return FileReport(name=name, outcome=Outcome.REJECTED, code=error.code, message=str(error))
