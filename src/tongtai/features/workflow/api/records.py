"""What the guards read from, within one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.lacks import Lack
from tongtai.features.agreements.model import Coverage, coverage
from tongtai.features.agreements.sql import SqlAgreements
from tongtai.features.guidance.model import SessionState
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.features.plans.model import PlanRecord, PlanState
from tongtai.features.plans.sql import SqlPlans
from tongtai.features.policies.model import PolicyKey
from tongtai.features.policies.sql import SqlPolicies
from tongtai.features.qualifications.model import Qualification
from tongtai.features.qualifications.sql import SqlQualifications
from tongtai.features.workflow.ports import Scene
from tongtai.infra.container import Container

Lacks = tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """What the checks read from, within one transaction."""

    container: Container
    session: AsyncSession

    async def coverage(self, scene: Scene) -> Coverage:
        """The agreement that covers the case today."""
        case = scene.case
        return coverage(
            await SqlAgreements(self.session).of_institution(case.inviting_institution_id),
            inviting_id=case.inviting_institution_id,
            invited_id=case.invited_institution_id,
            service=scene.dossier.service_type,
            today=scene.now.date(),
        )

    async def rules(self, scene: Scene) -> dict[PolicyKey, int]:
        """The house rules that hold for the case."""
        return await SqlPolicies(self.session).for_case(scene.case)

    async def of_site(self, scene: Scene) -> list[Qualification]:
        """The hospital's evidence."""
        return await SqlQualifications(self.session).of_institution(scene.case.inviting_institution_id)

    async def plans(self, scene: Scene) -> list[PlanRecord]:
        """The case's approved plans, the newest first."""
        plans = await SqlPlans(self.session).of_case(scene.case.id)
        return [plan for plan in plans if plan.state is PlanState.APPROVED]

    async def live(self, scene: Scene) -> SessionState:
        """The case's live session, as its log has it."""
        state = SessionState()
        for event in await SqlEventLog(self.container.database).after(scene.case.id, 0):
            state = state.apply(event)
        return state


Check = Callable[[Records, Scene], Awaitable[Lacks]]
