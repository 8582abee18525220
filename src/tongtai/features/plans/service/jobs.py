"""Use cases: ask for plans, for changed ones too, and follow the jobs that make them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from tongtai.core.clock import Clock
from tongtai.core.jobs import JobState
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView
from tongtai.features.cases.service import CaseAccess
from tongtai.features.imaging.errors import ImageNotFoundError
from tongtai.features.imaging.model import ImageQuery
from tongtai.features.plans.errors import (
    JobNotFoundError,
    JobStateError,
    PlanNotFoundError,
    PlanRequestError,
)
from tongtai.features.plans.model import (
    SEEDS,
    JobRecord,
    PlanJob,
    PlanOptions,
    PlanOrder,
    lost_job,
    waiting_job,
)
from tongtai.features.plans.ports import Catalogue, JobQueue, PlanStore, SeriesLookup
from tongtai.features.plans.service.people import person

# A request is put into the queue when it has been written down: a moment later.
_ON_ITS_WAY_S = 30.0
_RETRIED = frozenset({JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJobService:
    """Requests for plans, and how far they are."""

    plans: PlanStore
    queue: JobQueue
    images: SeriesLookup
    catalogue: Catalogue
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def request(
        self, principal: Principal, case_id: str, series_uid: str, asked: Mapping[str, object]
    ) -> PlanJob:
        """Write down that a plan is asked for; ``queued`` then puts it into the queue.

        Parameters
        ----------
        asked
            Fields of the order beside the series; the technique is the case's if it is left out.

        Raises
        ------
        ImageNotFoundError
            If the case has no such series.
        PlanRequestError
            If this cannot be planned here.
        """
        view = await self.access.require(
            principal, case_id, Permission.PLAN_MAKE, audited=False, changes=True
        )
        fields = {"technique": view.case.technique.value} | {
            name: value for name, value in asked.items() if value is not None
        }
        order = PlanOrder(series_uid=series_uid, **fields)  # type: ignore[arg-type]  # checked by the schema
        return await self._written(principal, view, order)

    async def changed_seeds(
        self, principal: Principal, case_id: str, plan_id: str, needles: Mapping[str, object]
    ) -> PlanJob:
        """Write down that a plan of seeds is asked for as somebody changed it; whoever did is who makes the new plan.

        The plan that it came from stays as it is: the changed one is a draft that others review and approve.

        Parameters
        ----------
        needles
            All needles and seeds, in the form of ``tongtai seeds plan --seeds``.

        Raises
        ------
        PlanNotFoundError
            If the case has no such plan.
        PlanRequestError
            If it is no plan of seeds.
        """
        view = await self.access.require(
            principal, case_id, Permission.PLAN_MAKE, audited=False, changes=True
        )
        plan = await self.plans.find(case_id, plan_id)
        record = None if plan is None else await self.plans.find_job(case_id, plan.job_id)
        if record is None:
            raise PlanNotFoundError(plan_id=plan_id[:64])
        if record.order.seeds is None:
            raise PlanRequestError("Only the seeds of a plan of seeds are changed one by one.")
        return await self._written(principal, view, replace(record.order, needles=needles))

    async def _written(self, principal: Principal, view: CaseView, order: PlanOrder) -> PlanJob:
        case_id, series_uid = view.case.id, order.series_uid
        await self._check(order)
        if not await self.images.series(ImageQuery(case_id=case_id, series_uid=series_uid)):
            raise ImageNotFoundError(series_uid=series_uid[:64])
        record = JobRecord(
            id=self.new_id("job"),
            case_id=case_id,
            order=order,
            requested_by=person(principal),
            requested_at=self.clock.now(),
        )
        await self.plans.add_job(record)
        self._note(principal, view, AuditAction.PLAN_JOB_REQUESTED, record)
        return waiting_job(record)

    async def listed(self, principal: Principal, case_id: str) -> list[PlanJob]:
        """A case's jobs, newest first."""
        await self.access.require(principal, case_id, Permission.PLAN_READ, audited=False)
        return await self._seen(case_id, await self.plans.jobs(case_id))

    async def get(self, principal: Principal, case_id: str, job_id: str) -> PlanJob:
        """One job."""
        await self.access.require(principal, case_id, Permission.PLAN_READ, audited=False)
        return await self._job(case_id, job_id)

    async def cancel(self, principal: Principal, case_id: str, job_id: str) -> PlanJob:
        """Stop a job.

        Raises
        ------
        JobStateError
            If it has ended already.
        """
        view = await self.access.require(principal, case_id, Permission.PLAN_MAKE, audited=False)
        job = await self._job(case_id, job_id)
        if job.status.state not in {JobState.QUEUED, JobState.RUNNING}:
            raise JobStateError(
                f"The job is {job.status.state.value}; there is nothing to stop.",
                state=job.status.state.value,
            )
        await self.queue.cancel(job_id)
        self._note(principal, view, AuditAction.PLAN_JOB_CANCELLED, job.record)
        return await self._job(case_id, job_id)

    async def retry(self, principal: Principal, case_id: str, job_id: str) -> PlanJob:
        """Go on with a job that failed or was cancelled; its finished steps are not done again.

        Raises
        ------
        JobStateError
            If it is under way or done.
        """
        view = await self.access.require(
            principal, case_id, Permission.PLAN_MAKE, audited=False, changes=True
        )
        job = await self._job(case_id, job_id)
        if job.status.state not in _RETRIED:
            raise JobStateError(
                f"The job is {job.status.state.value}; only one that failed or was cancelled is tried again.",
                state=job.status.state.value,
            )
        if await self.queue.look([job_id]):
            await self.queue.retry(job_id)
        else:
            await self.queued(job.record)
        self._note(principal, view, AuditAction.PLAN_JOB_RETRIED, job.record)
        return await self._job(case_id, job_id)

    async def queued(self, record: JobRecord) -> None:
        """Put a request that is written down into the queue."""
        await self.queue.put(record.id, {"case_id": record.case_id, "order": asdict(record.order)})

    async def _check(self, order: PlanOrder) -> None:
        options = await self.catalogue.options()
        if order.technique not in options.techniques:
            raise PlanRequestError(
                f"{order.technique} is not planned by this program; it plans {', '.join(options.techniques)}.",
                technique=order.technique,
            )
        # Names only: an engine may also be a folder of the server, which no browser names.
        if order.engine not in {engine.name for engine in options.engines}:
            raise PlanRequestError("There is no such segmentation engine; see the options.", field="engine")
        if order.technique == SEEDS:
            self._check_seeds(order, options)
            return
        if order.seeds is not None:
            raise PlanRequestError("Prescription and activity belong to a plan of seeds.", field="seeds")
        devices = {device.id for device in options.devices if device.technique == order.technique}
        if order.device_id and order.device_id not in devices:
            raise PlanRequestError(
                f"There is no such device for {order.technique}; see the options.", field="device_id"
            )

    @staticmethod
    def _check_seeds(order: PlanOrder, options: PlanOptions) -> None:
        asked = order.seeds
        if asked is None:
            raise PlanRequestError("A plan of seeds needs a prescription and an activity.", field="seeds")
        if order.device_id:
            raise PlanRequestError("Seeds need no device.", field="device_id")
        if asked.seed_model not in {seed.id for seed in options.seeds}:
            raise PlanRequestError("There is no such seed; see the options.", field="seed_model")
        low, high = options.activity_mci
        if not low <= asked.activity_mci <= high:
            raise PlanRequestError(
                f"The rules of this installation allow seeds of {low:g} to {high:g} mCi.",
                field="activity_mci",
            )

    async def _job(self, case_id: str, job_id: str) -> PlanJob:
        record = await self.plans.find_job(case_id, job_id)
        if record is None:
            raise JobNotFoundError(job_id=job_id[:64])
        return (await self._seen(case_id, [record]))[0]

    async def _seen(self, case_id: str, records: list[JobRecord]) -> list[PlanJob]:
        if not records:
            return []
        statuses = await self.queue.look([record.id for record in records])
        made = await self.plans.by_job(case_id)
        now = self.clock.now()
        jobs = []
        for record in records:
            status = statuses.get(record.id)
            if status is not None:
                jobs.append(PlanJob(record=record, status=status, plan_id=made.get(record.id)))
            elif (now - record.requested_at).total_seconds() < _ON_ITS_WAY_S:
                jobs.append(waiting_job(record))
            else:
                jobs.append(lost_job(record))
        return jobs

    def _note(self, principal: Principal, view: CaseView, action: AuditAction, record: JobRecord) -> None:
        self.audit.record(
            principal.actor,
            action,
            case=view.case.reference,
            subject=record.id,
            series_uid=record.order.series_uid,
        )
