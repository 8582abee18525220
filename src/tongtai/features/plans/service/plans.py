"""Use cases: look at plans, review and approve them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView, Disclosure, Side
from tongtai.features.cases.service import CaseAccess
from tongtai.features.plans.errors import (
    PlanNotFoundError,
    PlanStateError,
)
from tongtai.features.plans.model import (
    BookedCase,
    ComparedRow,
    PlanAct,
    PlanFile,
    PlanRecord,
    Shown,
    compared,
    moved,
    seen_by,
)
from tongtai.features.plans.ports import Bookbinder, PlanStore
from tongtai.features.plans.service.people import person


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
        view = await self.access.require(
            principal, case_id, Permission.PLAN_REVIEW, audited=False, changes=True
        )
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
        view = await self.access.require(
            principal, case_id, Permission.PLAN_APPROVE, audited=False, changes=True
        )
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
