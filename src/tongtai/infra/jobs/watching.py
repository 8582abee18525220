"""What a worker does beside its jobs: end stopped ones, take over those of dead workers, clear old work away."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import structlog
from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from tongtai.core.errors import TongtaiError
from tongtai.infra.jobs.executors import ExecutorName
from tongtai.infra.jobs.place import VERSION, WORKFLOW
from tongtai.infra.jobs.work import WorkStore

if TYPE_CHECKING:
    from dbos import WorkflowStatus

log = structlog.get_logger(__name__)

_DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a worker looks, and how long it keeps.

    Attributes
    ----------
    stopped_s, dead_s, old_s
        Between two looks for stopped jobs, for dead workers and for old work.
    kept_s
        How long the work of a job that failed or was cancelled is kept, so that it can be tried again.
    """

    stopped_s: float = 1.0
    dead_s: float = 30.0
    old_s: float = 3600.0
    kept_s: float = 7 * _DAY_S


class Watch:
    """One thread that looks after everything, each in its own rhythm.

    Parameters
    ----------
    name : ExecutorName
        This worker's.
    executor : str
        The same, as the jobs carry it.
    work : WorkStore
        Where steps leave their work.
    running : callable
        The jobs that run here, each with what ends it.
    rhythm : Rhythm
        How often.
    """

    def __init__(
        self,
        name: ExecutorName,
        executor: str,
        work: WorkStore,
        running: Callable[[], Mapping[str, Callable[[], None]]],
        rhythm: Rhythm,
    ) -> None:
        self._name = name
        self._executor = executor
        self._work = work
        self._running = running
        self._rhythm = rhythm

    def start(self) -> None:
        """Look from now on until the process ends."""
        threading.Thread(target=self._look, name="jobs-watch", daemon=True).start()

    def _look(self) -> None:
        acts = (
            (self._rhythm.stopped_s, self._end_stopped),
            (self._rhythm.dead_s, self._take_over),
            (self._rhythm.old_s, self._clear),
        )
        due = [0.0] * len(acts)
        pause = threading.Event()
        while True:
            for number, (every_s, act) in enumerate(acts):
                if time.monotonic() >= due[number]:
                    self._done(act)
                    due[number] = time.monotonic() + every_s
            pause.wait(max(min(due) - time.monotonic(), 0.0))

    def _done(self, act: Callable[[], None]) -> None:
        try:
            act()
        except (SQLAlchemyError, TongtaiError, OSError) as error:
            # The database or the store is away: both come back, and the next look is soon.
            log.warning("watch failed", act=act.__name__, error=type(error).__name__)

    def _end_stopped(self) -> None:
        running = self._running()
        if not running:
            return
        found = DBOS.list_workflows(workflow_ids=list(running), load_input=False, load_output=False)
        status = {one.workflow_id: one.status for one in found}
        for job_id, end in running.items():
            if status.get(job_id, "CANCELLED") == "CANCELLED":
                end()

    def _take_over(self) -> None:
        self._name.hold()
        under_way = DBOS.list_workflows(
            status="PENDING", name=WORKFLOW, app_version=VERSION, load_input=False, load_output=False
        )
        for other in sorted({one.executor_id or "" for one in under_way} - {self._executor, ""}):
            with self._name.taken(other) as is_dead:
                if is_dead:
                    # It re-enqueues what that executor still holds, so doing it twice changes nothing.
                    adopted = DBOS._recover_pending_workflows([other])  # noqa: SLF001  (no public name yet)
                    log.warning("jobs taken over", executor=other, count=len(adopted))

    def _clear(self) -> None:
        asyncio.run(self._cleared())

    async def _cleared(self) -> None:
        with_work = sorted(await self._work.jobs())
        if not with_work:
            return
        found = await asyncio.to_thread(DBOS.list_workflows, workflow_ids=with_work, load_input=False)
        known = {one.workflow_id: one for one in found}
        for job_id in with_work:
            if is_over(known.get(job_id), now_s=time.time(), kept_s=self._rhythm.kept_s):
                await self._work.forget(job_id)
                log.info("work cleared", job=job_id)


_KEEP_FOR_RETRY: Final = frozenset({"CANCELLED", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})


def is_over(job: "WorkflowStatus | None", *, now_s: float, kept_s: float) -> bool:
    """Whether nobody needs a job's work any more.

    Parameters
    ----------
    job
        As the queue knows it; the work of one that it does not know is not touched.
    now_s
        Seconds since 1970 (UTC).
    kept_s
        How long a job that can be tried again is kept.
    """
    if job is None:
        return False
    failed = job.status in _KEEP_FOR_RETRY or "failure" in (job.output or MappingProxyType({}))
    if failed:
        ended_ms = job.completed_at or job.updated_at
        return ended_ms is not None and now_s - ended_ms / 1000.0 >= kept_s
    return job.status == "SUCCESS"
