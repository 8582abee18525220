"""Use cases: look at plans, review and approve them, and ask for new ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from tongtai.core.clock import Clock
from tongtai.core.jobs import JobState
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView, Disclosure, Side
from tongtai.features.cases.service import CaseAccess
from tongtai.features.imaging.errors import ImageNotFoundError
from tongtai.features.imaging.model import ImageQuery
from tongtai.features.plans.errors import (
    JobNotFoundError,
    JobStateError,
    PlanNotFoundError,
    PlanRequestError,
    PlanStateError,
)
from tongtai.features.plans.model import (
    SEEDS,
    BookedCase,
    ComparedRow,
    JobRecord,
    PlanAct,
    PlanFile,
    PlanJob,
    PlanOptions,
    PlanOrder,
    PlanPerson,
    PlanRecord,
    Shown,
    compared,
    lost_job,
    moved,
    seen_by,
    waiting_job,
)
from tongtai.features.plans.ports import Bookbinder, Catalogue, JobQueue, PlanStore, SeriesLookup

# A request is put into the queue when it has been written down: a moment later.
_ON_ITS_WAY_S = 30.0
_RETRIED = frozenset({JobState.FAILED, JobState.CANCELLED})


def person(principal: Principal) -> PlanPerson:
    """Somebody who is signed in, by the names that they have now."""
    return PlanPerson(
        user_id=principal.user_id, name=principal.display_name, name_en=principal.display_name_en
    )


def shown_to(view: CaseView) -> Shown:
    """How much of the patient this reader's copies show."""
    return Shown((Disclosure.FULL if view.side is Side.SITE else view.case.disclosure).value)


def booked(view: CaseView) -> BookedCase:
    """The case as a book names it; how much of the patient each copy shows is the binder's business."""
    return BookedCase(
        number=view.case.number, patient=view.case.patient, inviting=view.inviting, invited=view.invited
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """A plan that moves on, and what the audit log calls it."""

    before: PlanRecord
    after: PlanRecord
    action: AuditAction


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanService:
    """Plans of a case."""

    plans: PlanStore
    access: CaseAccess
    audit: AuditLog
    books: Bookbinder
    clock: Clock

    async def listed(self, principal: Principal, case_id: str) -> list[PlanRecord]:
        """A case's plans, newest first."""
        await self.access.require(principal, case_id, Permission.PLAN_READ, action=AuditAction.PLAN_LISTED)
        return await self.plans.of_case(case_id)

    async def opened(
        self, principal: Principal, case_id: str, plan_id: str
    ) -> tuple[PlanRecord, tuple[PlanFile, ...]]:
        """A plan, and its files as far as this reader may have them."""
        view = await self.access.require(principal, case_id, Permission.PLAN_READ, audited=False)
        plan = await self._found(case_id, plan_id)
        self.audit.record(principal.actor, AuditAction.PLAN_READ, case=view.case.reference, subject=plan_id)
        return plan, seen_by(await self.plans.files(plan_id), shown_to(view))

    async def file(self, principal: Principal, case_id: str, plan_id: str, name: str) -> PlanFile:
        """One file of a plan, in the copy that is meant for this reader.

        Raises
        ------
        PlanNotFoundError
            If the plan has no such file.
        """
        view = await self.access.require(principal, case_id, Permission.PLAN_READ, audited=False)
        await self._found(case_id, plan_id)
        files = seen_by(await self.plans.files(plan_id), shown_to(view))
        wanted = next((file for file in files if file.name == name), None)
        if wanted is None:
            raise PlanNotFoundError(plan_id=plan_id)
        self.audit.record(
            principal.actor, AuditAction.PLAN_READ, case=view.case.reference, subject=plan_id, file=name
        )
        return wanted

    async def compare(
        self, principal: Principal, case_id: str, one: str, other: str
    ) -> tuple[ComparedRow, ...]:
        """The numbers of two plans side by side."""
        await self.access.require(principal, case_id, Permission.PLAN_READ, action=AuditAction.PLAN_LISTED)
        first, second = await self._found(case_id, one), await self._found(case_id, other)
        return compared(first.numbers, second.numbers)

    async def review(self, principal: Principal, case_id: str, plan_id: str, *, note: str) -> PlanRecord:
        """Say that one has looked a colleague's plan through.

        Raises
        ------
        OwnApprovalError
            If it is one's own.
        PlanStateError
            If it is no draft.
        """
        view = await self.access.require(principal, case_id, Permission.PLAN_REVIEW, audited=False)
        plan = await self._checked(principal, view, plan_id, PlanAct.REVIEW)
        reviewed = replace(
            plan,
            state=moved(plan.state, PlanAct.REVIEW),
            reviewed_by=person(principal),
            reviewed_at=self.clock.now(),
            review_note=note,
        )
        await self._keep(principal, view, [_Change(plan, reviewed, AuditAction.PLAN_REVIEWED)])
        return reviewed

    async def approve(self, principal: Principal, case_id: str, plan_id: str) -> PlanRecord:
        """Approve a colleague's reviewed plan; the other plans of the same tumour are then superseded.

        Raises
        ------
        OwnApprovalError
            If it is one's own.
        PlanStateError
            If it has not been reviewed, or is no longer alive.
        """
        view = await self.access.require(principal, case_id, Permission.PLAN_APPROVE, audited=False)
        plan = await self._checked(principal, view, plan_id, PlanAct.APPROVE)
        approved = replace(
            plan,
            state=moved(plan.state, PlanAct.APPROVE),
            approved_by=person(principal),
            approved_at=self.clock.now(),
        )
        changes = [_Change(plan, approved, AuditAction.PLAN_APPROVED)]
        for other in await self.plans.of_case(case_id):
            if approved.replaces(other):
                gone = replace(
                    other,
                    state=moved(other.state, PlanAct.SUPERSEDE),
                    superseded_at=approved.approved_at,
                )
                changes.append(_Change(other, gone, AuditAction.PLAN_SUPERSEDED))
        await self._keep(principal, view, changes)
        return approved

    async def _found(self, case_id: str, plan_id: str) -> PlanRecord:
        plan = await self.plans.find(case_id, plan_id)
        if plan is None:
            raise PlanNotFoundError(plan_id=plan_id[:64])
        return plan

    async def _checked(self, principal: Principal, view: CaseView, plan_id: str, act: PlanAct) -> PlanRecord:
        """The plan that an act is about, if it is possible: refused before anything is written."""
        plan = await self._found(view.case.id, plan_id)
        plan.check_other_than_maker(principal.user_id)
        moved(plan.state, act)
        return plan

    async def _keep(self, principal: Principal, view: CaseView, changes: Sequence[_Change]) -> None:
        """Write plans' next states, with the copies of their books that say so.

        Every book is bound before the first write: from then on nobody else writes.
        """
        bound = [await self.books.bind(change.after, booked(view)) for change in changes]
        for change, copies in zip(changes, bound, strict=True):
            after = change.after
            if not await self.plans.replace(after, state=change.before.state):
                raise PlanStateError(plan_id=after.id)
            await self.plans.replace_files(after.id, copies)
            self.audit.record(
                principal.actor,
                change.action,
                case=view.case.reference,
                subject=after.id,
                plan_sha256=after.plan_sha256,
                version=after.version,
            )


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
        view = await self.access.require(principal, case_id, Permission.PLAN_MAKE, audited=False)
        fields = {"technique": view.case.technique.value} | {
            name: value for name, value in asked.items() if value is not None
        }
        order = PlanOrder(series_uid=series_uid, **fields)  # type: ignore[arg-type]  # checked by the schema
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
        view = await self.access.require(principal, case_id, Permission.PLAN_MAKE, audited=False)
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
