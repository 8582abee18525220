"""Use cases: orders, tasks, assessments, complications, how the patient fares."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from tongtai.core.clock import Clock
from tongtai.core.risk.response import Criteria
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView, RecordState
from tongtai.features.cases.service import CaseAccess
from tongtai.features.followup.errors import (
    AssessmentRefusedError,
    CareOrderedError,
    CareTaskNotFoundError,
    CareTaskStateError,
)
from tongtai.features.followup.model import (
    REMIND_BEFORE,
    Assessment,
    CareTask,
    Complication,
    FollowUp,
    PatientStatus,
    Signed,
    TaskState,
    Vital,
    due_at,
    responses,
)
from tongtai.features.followup.ports import FollowUpStore, HouseRules, Record
from tongtai.features.followup.service.warning import signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A task that somebody is reminded of, with the case that it belongs to."""

    task: CareTask
    view: CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class CareService:
    """Care after the procedure, and follow-up."""

    store: FollowUpStore
    house: HouseRules
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def read(self, principal: Principal, case_id: str) -> FollowUp:
        """Everything of a case."""
        await self.access.require(principal, case_id, Permission.CARE_READ, action=AuditAction.CARE_READ)
        return await self.store.follow_up(case_id)

    async def order(self, principal: Principal, case_id: str, ended_at: datetime) -> FollowUp:
        """Order what is done after every procedure, and date the tasks of rules by its end.

        Raises
        ------
        CareOrderedError
            If that was done before.
        AssessmentRefusedError
            If the end lies in the future.
        """
        view = await self.access.require(
            principal, case_id, Permission.CARE_WRITE, audited=False, changes=True
        )
        now = self.clock.now()
        if ended_at > now:
            raise AssessmentRefusedError("The procedure has not ended yet.")
        known = await self.store.follow_up(case_id)
        if known.ended_at is not None:
            raise CareOrderedError(case_id=case_id)
        await self.store.set_ended(case_id, ended_at)
        begins = view.case.scheduled_at
        for order in self.house.orders(view.case.technique.value):
            await self.store.put_task(
                CareTask(
                    id=self.new_id("task"),
                    case_id=case_id,
                    code=order.code,
                    origin="order",
                    text_zh=order.text_zh,
                    text_en=order.text_en,
                    due_h=order.due_h,
                    due_at=due_at(order, begins=begins, ended=ended_at),
                )
            )
        for task in known.tasks:
            if task.state is TaskState.OPEN and task.due_h >= 0.0:
                await self.store.move_task(task.id, ended_at + (task.due_at - begins))
        self.audit.record(principal.actor, AuditAction.CARE_ORDERED, case=view.case.reference)
        return await self.store.follow_up(case_id)

    async def finish(
        self, principal: Principal, case_id: str, task_id: str, state: TaskState, result: str
    ) -> CareTask:
        """Say that a task is done, or that it is not needed and why.

        Raises
        ------
        CareTaskNotFoundError
            If the case has no such task.
        CareTaskStateError
            If it is finished already, also by somebody at the same time.
        """
        view = await self.access.require(
            principal, case_id, Permission.CARE_WRITE, audited=False, changes=True
        )
        tasks = (await self.store.follow_up(case_id)).tasks
        task = next((one for one in tasks if one.id == task_id), None)
        if task is None:
            raise CareTaskNotFoundError(task_id=task_id[:64])
        if task.state is not TaskState.OPEN or state is TaskState.OPEN:
            raise CareTaskStateError(task_id=task_id)
        done = replace(task, state=state, finished=self._signed(principal, view), result=result)
        if not await self.store.finish_task(done, state=TaskState.OPEN):
            raise CareTaskStateError(task_id=task_id)
        self.audit.record(
            principal.actor,
            AuditAction.CARE_TASK_FINISHED,
            case=view.case.reference,
            subject=task_id,
            state=state.value,
        )
        return done

    async def reminders(self, principal: Principal) -> list[Reminder]:
        """The open tasks that this person is reminded of now, the earliest due first.

        A case is archived after its follow-up, and an archived or sealed record takes no answer: what was left open in
        it reminds nobody. Of a sealed one it does again once it is unsealed.
        """
        now = self.clock.now()
        views = {
            view.case.id: view
            for view in await self.access.visible(principal, Permission.CARE_READ, audited=False)
            if view.case.record is RecordState.OPEN
        }
        tasks = await self.store.open_tasks(frozenset(views), due_before=now + REMIND_BEFORE)
        return [
            Reminder(task=task, view=views[task.case_id])
            for task in tasks
            if task.reminds(views[task.case_id].roles, now)
        ]

    async def assess(
        self, principal: Principal, case_id: str, make: Callable[[str, Signed], Assessment]
    ) -> FollowUp:
        """Keep an assessment, whose measurements must let the response be computed.

        Raises
        ------
        AssessmentRefusedError
            If it lies in the future, not after the last one, or after the patient's death.
        ResponseInputError
            If its measurements do not fit the baseline.
        """
        view = await self.access.require(
            principal, case_id, Permission.CARE_WRITE, audited=False, changes=True
        )
        known = await self.store.follow_up(case_id)
        new = make(self.new_id("assessment"), self._signed(principal, view))
        self._check_day(known, new.examined_on)
        if known.assessments and new.examined_on <= known.assessments[-1].examined_on:
            raise AssessmentRefusedError("Assessments are written in the order of their days.")
        together = (*known.assessments, new)
        for criteria in Criteria:
            responses(criteria, together)
        return await self._keep(principal, view, new, AuditAction.ASSESSMENT_WRITTEN)

    async def complicate(
        self, principal: Principal, case_id: str, make: Callable[[str, Signed], Complication]
    ) -> FollowUp:
        """Write a complication down.

        Raises
        ------
        AssessmentRefusedError
            If it lies in the future.
        """
        view = await self.access.require(
            principal, case_id, Permission.CARE_WRITE, audited=False, changes=True
        )
        new = make(self.new_id("complication"), self._signed(principal, view))
        self._check_day(FollowUp(case_id=case_id), new.began_on)
        return await self._keep(principal, view, new, AuditAction.COMPLICATION_WRITTEN)

    async def tell(self, principal: Principal, case_id: str, vital: Vital, on: date, note: str) -> FollowUp:
        """Write down how the patient fares.

        Raises
        ------
        AssessmentRefusedError
            If it lies in the future, or the patient's death is known.
        """
        view = await self.access.require(
            principal, case_id, Permission.CARE_WRITE, audited=False, changes=True
        )
        self._check_day(await self.store.follow_up(case_id), on)
        status = PatientStatus(vital=vital, on=on, made=self._signed(principal, view), note=note)
        return await self._keep(principal, view, status, AuditAction.PATIENT_STATUS_WRITTEN)

    def _check_day(self, known: FollowUp, day: date) -> None:
        if day > self.clock.now().date():
            raise AssessmentRefusedError("The day lies in the future.")
        if known.status is not None and known.status.vital is Vital.DEAD and day > known.status.on:
            raise AssessmentRefusedError("The patient had died before that day.")

    async def _keep(
        self, principal: Principal, view: CaseView, record: Record, action: AuditAction
    ) -> FollowUp:
        await self.store.add_record(view.case.id, record)
        self.audit.record(principal.actor, action, case=view.case.reference)
        return await self.store.follow_up(view.case.id)

    def _signed(self, principal: Principal, view: CaseView) -> Signed:
        return signed(principal, view, self.clock)
