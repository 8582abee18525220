"""Use case: look at what a change of single seeds does, before it is made a plan."""

from dataclasses import dataclass

from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.cases.service import CaseAccess
from tongtai.features.plans.errors import PlanNotFoundError
from tongtai.features.plans.model import PlanFile, PlanRecord
from tongtai.features.plans.ports import PlanStore


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedEditService:
    """Seeds of a plan, moved by hand."""

    plans: PlanStore
    access: CaseAccess

    async def changeable(
        self, principal: Principal, case_id: str, plan_id: str
    ) -> tuple[PlanRecord, tuple[PlanFile, ...]]:
        """A plan whose seeds this person may change, and its files.

        Looking at a change leaves no trace; asking for the changed plan does.

        Raises
        ------
        PlanNotFoundError
            If the case has no such plan.
        """
        # Asked at every movement of a seed; names of rooms and people are not needed.
        await self.access.admit(principal, case_id, Permission.PLAN_MAKE, audited=False)
        plan = await self.plans.find(case_id, plan_id)
        if plan is None:
            raise PlanNotFoundError(plan_id=plan_id[:64])
        return plan, await self.plans.files(plan_id)
