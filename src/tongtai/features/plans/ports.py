"""What the use cases of plans need from outside."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from tongtai.core.images import Instance
from tongtai.core.jobs import JobStatus
from tongtai.features.imaging.model import ImageQuery, Series
from tongtai.features.plans.model import (
    BookedCase,
    JobRecord,
    PlanFile,
    PlanOptions,
    PlanRecord,
    PlanState,
)


class PlanStore(Protocol):
    """Plans, their files and the requests for them, within one transaction."""

    async def of_case(self, case_id: str) -> list[PlanRecord]:
        """A case's plans, newest first."""
        ...

    async def find(self, case_id: str, plan_id: str) -> PlanRecord | None:
        """A plan of this case."""
        ...

    async def by_job(self, case_id: str) -> Mapping[str, str]:
        """Identifier of the plan that each finished job of a case has made."""
        ...

    async def add(self, plan: PlanRecord, files: Sequence[PlanFile]) -> None:
        """Insert a plan with its files."""
        ...

    async def replace(self, plan: PlanRecord, *, state: PlanState) -> bool:
        """Replace a plan that is still in ``state``; ``False`` when it no longer is."""
        ...

    async def files(self, plan_id: str) -> tuple[PlanFile, ...]:
        """Every copy of every file of a plan."""
        ...

    async def replace_files(self, plan_id: str, files: Sequence[PlanFile]) -> None:
        """Put these in the place of those with the same names."""
        ...

    async def add_job(self, job: JobRecord) -> None:
        """Insert a request."""
        ...

    async def find_job(self, case_id: str, job_id: str) -> JobRecord | None:
        """A request of this case."""
        ...

    async def jobs(self, case_id: str) -> list[JobRecord]:
        """A case's requests, newest first."""
        ...


class JobQueue(Protocol):
    """Long computations that survive the processes that they run in."""

    async def put(self, job_id: str, payload: Mapping[str, Any]) -> None:
        """Queue a job; putting the same again changes nothing."""
        ...

    async def look(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        """How far these jobs are; one that was never put is left out."""
        ...

    async def cancel(self, job_id: str) -> None:
        """Stop a job, whether it waits or runs; one that has ended stays as it is."""
        ...

    async def retry(self, job_id: str) -> None:
        """Go on with a failed or cancelled job at the step that it did not finish."""
        ...


class SeriesLookup(Protocol):
    """The images of a case."""

    async def series(self, query: ImageQuery) -> list[tuple[Series, Instance]]:
        """The series that can be seen."""
        ...


class Catalogue(Protocol):
    """What can be chosen for a plan."""

    async def options(self) -> PlanOptions:
        """Engines, devices and techniques of this installation."""
        ...


class Bookbinder(Protocol):
    """Makes the copies of a plan's book."""

    async def bind(self, plan: PlanRecord, case: BookedCase) -> Sequence[PlanFile]:
        """Every copy of the book for the plan as it now stands, stored."""
        ...
