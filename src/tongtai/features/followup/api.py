"""HTTP: warnings of complications, care and follow-up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, status
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.complications.facts import Known
from tongtai.core.complications.of_intake import intake_facts
from tongtai.core.complications.rules import RuleSet, RuleTask
from tongtai.core.planning.plan import Plan
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.features.accounts.api import Current
from tongtai.features.audit.api import AuditDep
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.followup.schemas import (
    AcknowledgeIn,
    AssessmentIn,
    ComplicationIn,
    FactsIn,
    FinishIn,
    FollowUpOut,
    OrderIn,
    ReminderOut,
    RemindersOut,
    StatusIn,
    TaskOut,
    WarningsOut,
)
from tongtai.features.followup.service import CareService, WarningService
from tongtai.features.followup.sql import SqlFollowUp
from tongtai.features.intake.sql import SqlIntake
from tongtai.features.plans.model import PlanState
from tongtai.features.plans.sql import SqlPlans
from tongtai.formats.care_orders import care_orders
from tongtai.formats.complication_rules import packaged_complication_rules
from tongtai.formats.seed_plan_json import read_plan_of
from tongtai.infra.blobs import Blobs
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api", tags=["follow-up"])


@dataclass(frozen=True, slots=True)
class PackagedRules:
    """The rules and orders that come with the program."""

    def complications(self) -> RuleSet:
        """R1 to R12."""
        return packaged_complication_rules()

    def orders(self, technique: str) -> tuple[RuleTask, ...]:
        """What is ordered after every procedure."""
        return care_orders(technique)


@dataclass(frozen=True, slots=True)
class StoredPlans:
    """The plans of a case, with their content."""

    session: AsyncSession
    blobs: Blobs

    async def current(self, case_id: str) -> tuple[str, str, Plan | SeedPlan] | None:
        """The approved plan, or else the newest that is in use."""
        plans = [
            p for p in await SqlPlans(self.session).of_case(case_id) if p.state is not PlanState.SUPERSEDED
        ]
        chosen = next((p for p in plans if p.state is PlanState.APPROVED), plans[0] if plans else None)
        if chosen is None:
            return None
        content = await self.blobs.get(chosen.plan_sha256)
        return chosen.id, chosen.plan_sha256, read_plan_of(chosen.numbers.technique, content)


@dataclass(frozen=True, slots=True)
class IntakeHistory:
    """The patient's history, as the intake form has it."""

    session: AsyncSession

    async def facts(self, case_id: str) -> Mapping[str, Known]:
        """The facts that were answered."""
        answers = (await SqlIntake(self.session).material(case_id)).answers
        return intake_facts({key: answer.value for key, answer in answers.items()})


async def _warnings(
    container: ContainerDep, session: DbSession, access: CaseAccessDep, audit: AuditDep
) -> WarningService:
    return WarningService(
        store=SqlFollowUp(session),
        plans=StoredPlans(session, container.blobs),
        history=IntakeHistory(session),
        house=PackagedRules(),
        access=access,
        audit=audit,
        clock=container.clock,
        new_id=new_id,
    )


async def _care(
    container: ContainerDep, session: DbSession, access: CaseAccessDep, audit: AuditDep
) -> CareService:
    return CareService(
        store=SqlFollowUp(session),
        house=PackagedRules(),
        access=access,
        audit=audit,
        clock=container.clock,
        new_id=new_id,
    )


WarningsDep = Annotated[WarningService, Depends(_warnings)]
CareDep = Annotated[CareService, Depends(_care)]


@router.get("/cases/{case_id}/warnings")
async def read_warnings(case_id: str, principal: Current, warnings: WarningsDep) -> WarningsOut:
    """The latest judgement of the case by the complication rules."""
    return WarningsOut.of(await warnings.read(principal, case_id))


@router.post("/cases/{case_id}/warnings")
async def judge_case(case_id: str, body: FactsIn, principal: Current, warnings: WarningsDep) -> WarningsOut:
    """Judge the case by every complication rule: on the intake form, on these facts, on the plan's distances."""
    return WarningsOut.of(await warnings.judge(principal, case_id, body.facts))


@router.post("/cases/{case_id}/warnings/{rule_id}/acknowledge")
async def acknowledge_warning(
    case_id: str,
    rule_id: Annotated[str, Path(max_length=16)],
    body: AcknowledgeIn,
    principal: Current,
    warnings: WarningsDep,
) -> WarningsOut:
    """Take note of a warning, as a physician of the site."""
    return WarningsOut.of(await warnings.acknowledge(principal, case_id, rule_id, body.note))


@router.get("/cases/{case_id}/follow-up")
async def read_follow_up(
    case_id: str, principal: Current, care: CareDep, container: ContainerDep
) -> FollowUpOut:
    """Tasks, assessments with their responses, complications, how the patient fares."""
    return FollowUpOut.of(await care.read(principal, case_id), container.clock.now())


@router.post("/cases/{case_id}/follow-up/orders", status_code=status.HTTP_201_CREATED)
async def order_care(
    case_id: str, body: OrderIn, principal: Current, care: CareDep, container: ContainerDep
) -> FollowUpOut:
    """Order what is done after every procedure, and follow-up; once."""
    return FollowUpOut.of(await care.order(principal, case_id, body.ended_at), container.clock.now())


@router.post("/cases/{case_id}/follow-up/tasks/{task_id}/finish")
async def finish_task(
    case_id: str,
    task_id: Annotated[str, Path(max_length=64)],
    body: FinishIn,
    principal: Current,
    care: CareDep,
    container: ContainerDep,
) -> TaskOut:
    """Say that a task is done, or not needed."""
    task = await care.finish(principal, case_id, task_id, body.state, body.result)
    return TaskOut.of(task, container.clock.now())


@router.post("/cases/{case_id}/follow-up/assessments", status_code=status.HTTP_201_CREATED)
async def add_assessment(
    case_id: str, body: AssessmentIn, principal: Current, care: CareDep, container: ContainerDep
) -> FollowUpOut:
    """Write an assessment down; RECIST 1.1 and mRECIST are computed from it."""
    found = await care.assess(principal, case_id, lambda new, made: body.model(new, case_id, made))
    return FollowUpOut.of(found, container.clock.now())


@router.post("/cases/{case_id}/follow-up/complications", status_code=status.HTTP_201_CREATED)
async def add_complication(
    case_id: str, body: ComplicationIn, principal: Current, care: CareDep, container: ContainerDep
) -> FollowUpOut:
    """Write a complication down."""
    found = await care.complicate(principal, case_id, lambda new, made: body.model(new, case_id, made))
    return FollowUpOut.of(found, container.clock.now())


@router.post("/cases/{case_id}/follow-up/status", status_code=status.HTTP_201_CREATED)
async def add_status(
    case_id: str, body: StatusIn, principal: Current, care: CareDep, container: ContainerDep
) -> FollowUpOut:
    """Write down how the patient fares."""
    found = await care.tell(principal, case_id, body.vital, body.on, body.note)
    return FollowUpOut.of(found, container.clock.now())


@router.get("/reminders")
async def list_reminders(principal: Current, care: CareDep, container: ContainerDep) -> RemindersOut:
    """The tasks that the caller is reminded of now, over all their cases."""
    now = container.clock.now()
    found = [ReminderOut.of(one, now) for one in await care.reminders(principal)]
    return RemindersOut(count=len(found), reminders=found)
