"""The server's end of the queue: put jobs in, see how far they are, stop them, try them again."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from tongtai.core.jobs import JobFailure, JobState, JobStatus, StepState, StepStatus
from tongtai.infra.jobs.place import PROGRESS, QUEUE, VERSION, WORKFLOW, JobsUnavailableError, jobs_url
from tongtai.infra.jobs.work import WorkStore
from tongtai.infra.settings import Settings

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

T = TypeVar("T")

_STATES: Mapping[str, JobState] = {
    "ENQUEUED": JobState.QUEUED,
    "DELAYED": JobState.QUEUED,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
    "CANCELLED": JobState.CANCELLED,
    "ERROR": JobState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
}
_UNFORESEEN = JobFailure(
    code="job_unforeseen", message="The job ended in a way that nobody foresaw; the worker's log says how."
)
_GAVE_UP = JobFailure(
    code="job_gave_up", message="The worker was stopped during this job again and again; try it again."
)


class JobClient:
    """Jobs of one kind, all with the same steps.

    Parameters
    ----------
    settings : Settings
        Where the jobs are.
    steps : sequence of str
        Names of the steps, in their order.
    work : WorkStore
        Where the steps leave their work for one another.
    """

    def __init__(self, settings: Settings, steps: Sequence[str], work: WorkStore) -> None:
        self._settings = settings
        self._work = work
        self._steps = tuple(steps)
        self._opened: DBOSClient | None = None
        self._opening = Lock()

    async def put(self, job_id: str, payload: Mapping[str, Any]) -> None:
        """Queue a job; putting the same again changes nothing."""
        await self._told(lambda client: _put(client, job_id, payload))

    async def look(self, job_ids: Sequence[str]) -> dict[str, JobStatus]:
        """How far these jobs are; one that was never put is left out."""
        return await self._told(lambda client: self._look(client, job_ids)) if job_ids else {}

    async def cancel(self, job_id: str) -> None:
        """Stop a job, whether it waits or runs; one that has ended stays as it is."""
        await self._told(lambda client: client.cancel_workflow(job_id))

    async def retry(self, job_id: str) -> None:
        """Go on with a failed or cancelled job at the first step that is not finished, or whose work is cleared."""
        kept = await self._work.kept(job_id)
        await self._told(lambda client: _rewind(client, job_id, kept))

    async def close(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await asyncio.to_thread(self._opened.destroy)

    async def _told(self, ask: Callable[["DBOSClient"], T]) -> T:
        # Beside the event loop: every call is a round trip to the database.
        try:
            return await asyncio.to_thread(lambda: ask(self._client()))
        except SQLAlchemyError as error:
            raise JobsUnavailableError from error

    def _client(self) -> "DBOSClient":
        with self._opening:
            if self._opened is None:
                # Only now: the import takes half a second, and a server's first job may be hours away.
                from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer  # noqa: PLC0415

                url = jobs_url(self._settings)
                DBOS.migrate(url)
                self._opened = DBOSClient(
                    system_database_url=url,
                    serializer=DBOSPortableJSONSerializer(),
                    retry_connection_errors=False,
                )
            return self._opened

    def _look(self, client: "DBOSClient", job_ids: Sequence[str]) -> dict[str, JobStatus]:
        found = client.list_workflows(workflow_ids=list(job_ids), load_input=False)
        return {one.workflow_id: self._status(client, one) for one in found}

    def _status(self, client: "DBOSClient", one: "WorkflowStatus") -> JobStatus:
        state, output = _STATES[one.status], one.output or {}
        failure = _failure(one.status, output)
        if failure is not None:
            state = JobState.FAILED
        progress = None if state in {JobState.QUEUED, JobState.DONE} else _progress(client, one.workflow_id)
        return JobStatus(
            state=state,
            steps=_steps(self._steps, state, output.get("step"), progress or {}),
            failure=failure,
            output=output.get("output"),
            started_at_s=_seconds(one.dequeued_at),
            finished_at_s=_seconds(one.completed_at),
        )


def _put(client: "DBOSClient", job_id: str, payload: Mapping[str, Any]) -> None:
    client.enqueue(
        {"workflow_name": WORKFLOW, "queue_name": QUEUE, "workflow_id": job_id, "app_version": VERSION},
        dict(payload),
    )


def _rewind(client: "DBOSClient", job_id: str, work: Collection[str]) -> None:
    last = 0
    for step in sorted(client.list_workflow_steps(job_id), key=lambda one: one["function_id"]):
        output = step["output"] or {}
        left = (output.get("output") or {}).get("work")
        if step["error"] is not None or "failure" in output or (left is not None and left not in work):
            break
        last = step["function_id"]
    client.rewind_workflow(job_id, start_step=last + 1, application_version=VERSION, queue_name=QUEUE)


def _progress(client: "DBOSClient", job_id: str) -> Mapping[str, Any] | None:
    told: Mapping[str, Any] | None = client.get_event(job_id, PROGRESS, timeout_seconds=0)
    return told


def _failure(status: str, output: Mapping[str, Any]) -> JobFailure | None:
    if status == "ERROR":
        return _UNFORESEEN
    if status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return _GAVE_UP
    told = output.get("failure")
    return None if told is None else JobFailure(**told)


def _steps(
    names: Sequence[str], state: JobState, failed: str | None, progress: Mapping[str, Any]
) -> tuple[StepStatus, ...]:
    """Every step: those before the one under way are done, those after it wait."""
    if state is JobState.DONE:
        return tuple(StepStatus(name=name, state=StepState.DONE, share=1.0) for name in names)
    at = failed or progress.get("step")
    if at is None:
        return tuple(StepStatus(name=name) for name in names)
    here = {
        JobState.RUNNING: StepState.RUNNING,
        JobState.FAILED: StepState.FAILED,
    }.get(state, StepState.WAITING)
    told = progress if progress.get("step") == at else {}
    place = names.index(at)
    return tuple(
        StepStatus(name=name, state=StepState.DONE, share=1.0)
        if number < place
        else StepStatus(
            name=name, state=here, share=float(told.get("share", 0.0)), message=str(told.get("message", ""))
        )
        if number == place
        else StepStatus(name=name)
        for number, name in enumerate(names)
    )


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000.0
