"""The worker's end of the queue: takes jobs up, one or two at once, and sees each of their steps done."""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from tongtai.infra.blobs import Blobs
from tongtai.infra.jobs.computing import ComputingProcess, StepAsked
from tongtai.infra.jobs.executors import executor_name
from tongtai.infra.jobs.place import PROGRESS, QUEUE, VERSION, WORKFLOW, jobs_url
from tongtai.infra.jobs.watching import Rhythm, Watch
from tongtai.infra.jobs.work import WorkStore
from tongtai.infra.settings import Settings

log = structlog.get_logger(__name__)

_LISTEN_S: Final = 1.0
_TELL_EVERY_S: Final = 0.5
_CRASHED = {
    "code": "job_crashed",
    "message": "The computation was ended from outside, perhaps for want of memory; try it again.",
    "values": {},
}


class Worker:
    """Takes up jobs until the process ends.

    Parameters
    ----------
    settings : Settings
        Where the jobs are, and how many are done at once.
    steps : sequence of str
        Names of the steps of every job, in their order.
    command : sequence of str
        The program that computes steps, see ``serve_steps``.
    environment : mapping
        What tells that program which installation it belongs to.
    rhythm : Rhythm
        How often it looks after stopped jobs, dead workers and old work.
    """

    def __init__(
        self,
        settings: Settings,
        steps: Sequence[str],
        *,
        command: Sequence[str],
        environment: Mapping[str, str],
        rhythm: Rhythm | None = None,
    ) -> None:
        self._settings = settings
        self._rhythm = rhythm or Rhythm()
        self._steps = tuple(steps)
        self._command = tuple(command)
        self._environment = dict(environment)
        self._runs: dict[str, _Run] = {}
        # A child dies with the thread that made it (PR_SET_PDEATHSIG): this one lives as long as we do.
        self._maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="jobs-maker")
        self._ending = threading.Event()
        self._own = executor_name(jobs_url(settings), settings.data, self._name)

    def start(self) -> None:
        """Take up what an earlier worker left unfinished, then whatever comes.

        Raises
        ------
        WorkerRunningError
            If this data folder, or on PostgreSQL this name, has a worker already.
        """
        self._own.hold()
        config: DBOSConfig = {
            "name": "tongtai",
            "system_database_url": jobs_url(self._settings),
            "application_version": VERSION,
            "executor_id": self._name,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "enable_otlp": False,
            "max_executor_threads": 4 + 2 * self._settings.jobs_at_once,
        }
        DBOS(config=config)

        def carry_out(payload: dict[str, Any]) -> dict[str, Any]:
            # DBOS marks what it is given, and a method cannot be marked.
            return self._run(payload)

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=20)(carry_out)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, worker_concurrency=self._settings.jobs_at_once, on_conflict="always_update"
        )
        work = WorkStore(Blobs(self._settings.blob_url or self._settings.data / "blobs"))
        Watch(self._own, self._name, work, self._running, self._rhythm).start()
        log.info("worker started", executor=self._name, at_once=self._settings.jobs_at_once)

    def end(self) -> None:
        """End every child; what was under way goes on with the next worker."""
        self._ending.set()
        for run in list(self._runs.values()):
            run.end()

    @property
    def _name(self) -> str:
        # A data folder has one worker, which is the same one whatever the machine is called today.
        if jobs_url(self._settings).startswith("sqlite"):
            return "worker"
        return self._settings.worker_name or socket.gethostname()

    def _running(self) -> dict[str, Callable[[], None]]:
        return {job_id: run.end for job_id, run in list(self._runs.items())}

    def _run(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The workflow: every step in its order; what is done already is not done again."""
        job_id = str(DBOS.workflow_id)
        run = _Run(self._made, self._ending)
        earlier, self._runs[job_id] = self._runs.get(job_id), run
        if earlier is not None:
            # Stopped and tried again within a moment: the first one has not noticed yet.
            earlier.end()
        before: dict[str, Any] = {}
        try:
            for step in self._steps:
                asked = StepAsked(job_id=job_id, step=step, payload=payload, before=dict(before))
                result = DBOS.run_step({"name": step}, run.do, asked)
                if "failure" in result:
                    return {"failure": result["failure"], "step": step}
                before[step] = result["output"]
            return {"output": before[self._steps[-1]]}
        finally:
            run.end()
            if self._runs.get(job_id) is run:
                del self._runs[job_id]

    def _made(self) -> ComputingProcess:
        return self._maker.submit(ComputingProcess, self._command, self._environment).result()


class _Run:
    """One go at a job: its child, made when the first step needs it.

    Parameters
    ----------
    make : callable
        Makes the child.
    ending : Event
        Set when the worker ends.
    """

    def __init__(self, make: Callable[[], ComputingProcess], ending: threading.Event) -> None:
        self._make = make
        self._ending = ending
        self._child: ComputingProcess | None = None

    def do(self, asked: StepAsked) -> dict[str, Any]:
        """Have a step done; what comes back is written down."""
        if self._child is None:
            self._child = self._make()
        self._child.ask(asked)
        told = _Telling(asked.step)
        told.tell(0.0, "")
        while True:
            try:
                answer = self._child.next(_LISTEN_S)
            except EOFError:
                return self._cut_off(asked)
            if answer is not None and "share" not in answer:
                told.tell(1.0, "")
                return answer
            if answer is not None:
                told.tell(answer["share"], answer["message"])

    def end(self) -> None:
        """End the child, now."""
        if self._child is not None:
            self._child.kill()

    def _cut_off(self, asked: StepAsked) -> dict[str, Any]:
        """The child is gone: because we end, because the job was stopped, or by itself."""
        if self._ending.is_set():
            # This process is about to end. Nothing is written down, so the next worker does the step.
            threading.Event().wait()
        log.warning("child ended", job=asked.job_id, step=asked.step)
        return {"failure": _CRASHED}


class _Telling:
    """Writes down how far a step is, no more often than anybody looks.

    Parameters
    ----------
    step : str
        Name of the step.
    """

    def __init__(self, step: str) -> None:
        self._step = step
        self._last = -_TELL_EVERY_S

    def tell(self, share: float, message: str) -> None:
        """Say it, unless something was just said; how far it is, is no reason to fail."""
        now = time.monotonic()
        if 0.0 < share < 1.0 and now - self._last < _TELL_EVERY_S:
            return
        self._last = now
        with suppress(SQLAlchemyError):
            DBOS.set_event(PROGRESS, {"step": self._step, "share": round(share, 3), "message": message})


def leave(status: int) -> None:
    """End the process at once: no thread of a job gets to write down that it was cut off."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
