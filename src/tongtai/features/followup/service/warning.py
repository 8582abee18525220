"""Use cases: judge a case by the complication rules, and take note of what they warn of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.core.complications.evaluating import Evaluation, evaluate
from tongtai.core.complications.facts import Value, sheet_of
from tongtai.core.complications.of_plan import plan_facts
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView
from tongtai.features.cases.service import CaseAccess
from tongtai.features.followup.errors import WarningAcknowledgedError, WarningNotFoundError
from tongtai.features.followup.model import (
    CareTask,
    Judgement,
    Signed,
    due_at,
    unacknowledged,
    warnings_from,
)
from tongtai.features.followup.ports import FollowUpStore, HistoryReader, HouseRules, PlanReader


def signed(principal: Principal, view: CaseView, clock: Clock) -> Signed:
    """Somebody who acts now, by their names and their role in the case."""
    return Signed(
        user_id=principal.user_id,
        name=principal.display_name,
        name_en=principal.display_name_en,
        role=view.role,
        at=clock.now(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningService:
    """Warnings of complications."""

    store: FollowUpStore
    plans: PlanReader
    history: HistoryReader
    house: HouseRules
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def read(self, principal: Principal, case_id: str) -> Judgement | None:
        """The latest judgement of a case."""
        await self.access.require(principal, case_id, Permission.CARE_READ, action=AuditAction.WARNINGS_READ)
        return await self.store.judgement(case_id)

    async def judge(self, principal: Principal, case_id: str, facts: Mapping[str, Value]) -> Judgement:
        """Judge the case by every rule: on the intake's history, on what is given, on the plan's distances.

        Tasks of the rules that fire are put up; what was acknowledged before and says the same stays so.

        Parameters
        ----------
        facts
            What is known beside intake and plan; it goes before what the intake says. The technique is the
            case's; distances of a plan go before those that are given.

        Raises
        ------
        FactError
            For an unknown fact, or a value that is not of its kind.
        """
        view = await self.access.require(
            principal, case_id, Permission.WARNING_RUN, audited=False, changes=True
        )
        plan = await self.plans.current(case_id)
        history = await self.history.facts(case_id)
        sheet = {**history, **sheet_of({**facts, "technique": view.case.technique.value})}
        if plan is not None:
            sheet |= plan_facts(plan[2])
        rules = self.house.complications()
        found, before = evaluate(rules, sheet), await self.store.judgement(case_id)
        judgement = Judgement(
            case_id=case_id,
            version=before.version + 1 if before else 1,
            made=signed(principal, view, self.clock),
            rules_version=rules.version,
            rules_sha256=rules.sha256,
            facts={name: known.value for name, known in sorted(sheet.items())},
            plan_id=plan[0] if plan else "",
            plan_sha256=plan[1] if plan else "",
            warnings=warnings_from(found, before),
            undecided={one.rule_id: one.facts for one in found.undecided},
        )
        await self.store.add_judgement(judgement)
        await self._put_tasks(view, found)
        self.audit.record(
            principal.actor,
            AuditAction.WARNINGS_JUDGED,
            case=view.case.reference,
            version=judgement.version,
            rules_sha256=rules.sha256,
            fired=[one.rule_id for one in judgement.warnings],
        )
        return judgement

    async def _put_tasks(self, view: CaseView, found: Evaluation) -> None:
        ended = (await self.store.follow_up(view.case.id)).ended_at
        for fired in found.fired:
            for task in fired.rule.tasks:
                await self.store.put_task(
                    CareTask(
                        id=self.new_id("task"),
                        case_id=view.case.id,
                        code=task.code,
                        origin=fired.rule.id,
                        text_zh=task.text_zh,
                        text_en=task.text_en,
                        due_h=task.due_h,
                        due_at=due_at(task, begins=view.case.scheduled_at, ended=ended),
                    )
                )

    async def acknowledge(self, principal: Principal, case_id: str, rule_id: str, note: str) -> Judgement:
        """Take note of a warning; a physician of the site does.

        Raises
        ------
        WarningNotFoundError
            If the latest judgement has no such warning.
        WarningAcknowledgedError
            If it was acknowledged already, also by somebody at the same time.
        """
        view = await self.access.require(
            principal, case_id, Permission.WARNING_ACKNOWLEDGE, audited=False, changes=True
        )
        before = await self.store.judgement(case_id)
        warning = next((w for w in before.warnings if w.rule_id == rule_id), None) if before else None
        if before is None or warning is None:
            raise WarningNotFoundError(rule_id=rule_id[:16])
        if warning.acknowledged is not None:
            raise WarningAcknowledgedError(rule_id=rule_id)
        noted = replace(warning, acknowledged=signed(principal, view, self.clock), note=note)
        after = replace(before, warnings=tuple(noted if w is warning else w for w in before.warnings))
        if not await self.store.acknowledge(before, after):
            raise WarningAcknowledgedError(rule_id=rule_id)
        self.audit.record(
            principal.actor,
            AuditAction.WARNING_ACKNOWLEDGED,
            case=view.case.reference,
            subject=rule_id,
            version=after.version,
        )
        return after

    async def missing_for_report(self, case_id: str) -> tuple[str, ...]:
        """What keeps the case from being reported; empty when nothing does. For the server's own rules."""
        return unacknowledged(await self.store.judgement(case_id))
