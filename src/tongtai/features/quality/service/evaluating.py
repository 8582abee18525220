"""Use cases: rate a finished session, and read what the ratings say together."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongtai.core.clock import Clock
from tongtai.core.record_form import RecordForm
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseState
from tongtai.features.cases.service import CaseAccess
from tongtai.features.quality.errors import EvaluationRefusedError
from tongtai.features.quality.model import LEAST_RATINGS, Average, Evaluation
from tongtai.features.quality.ports import EvaluationStore
from tongtai.features.quality.service.reviewing import admit


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationService:
    """Ratings of sessions: the hospital gives them, the centre reads their averages."""

    store: EvaluationStore
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    form: RecordForm

    async def of_case(self, principal: Principal, case_id: str) -> Evaluation | None:
        """How one's own hospital has rated the session."""
        await self.access.require(
            principal, case_id, Permission.SESSION_RATE, action=AuditAction.EVALUATION_READ
        )
        return await self.store.of_case(case_id)

    async def rate(self, principal: Principal, case_id: str, given: Mapping[str, object]) -> Evaluation:
        """Rate a session once it is over.

        Raises
        ------
        EvaluationRefusedError
            If it is not over, is rated already, or an item is open or no whole number.
        RecordFormError
            If a score is none from 1 to 5.
        """
        view = await self.access.require(
            principal, case_id, Permission.SESSION_RATE, action=AuditAction.EVALUATION_GIVEN
        )
        if view.case.state is not CaseState.CLOSED:
            raise EvaluationRefusedError(reason="not_over")
        values = self.form.checked(given)
        lacks = self.form.lacks_for("rate", values)
        if lacks:
            raise EvaluationRefusedError(reason="lacks", lacks=[one.as_dict() for one in lacks])
        scores = {item: int(value) for item, value in values.items() if isinstance(value, float)}
        if any(scores[item] != values[item] for item in scores):
            raise EvaluationRefusedError(reason="not_whole")
        evaluation = Evaluation(
            case_id=case_id,
            inviting_institution_id=view.case.inviting_institution_id,
            invited_institution_id=view.case.invited_institution_id,
            scores=scores,
            by=principal.by,
            at=self.clock.now(),
        )
        if not await self.store.add(evaluation):
            raise EvaluationRefusedError(reason="rated_already")
        return evaluation

    async def averages(self, principal: Principal) -> list[Average]:
        """The ratings of one's own institution's sessions, item by item: given or received."""
        await admit(self.audit, principal, Permission.QUALITY_READ, AuditAction.EVALUATION_READ)
        self.audit.record(principal.actor, AuditAction.EVALUATION_READ)
        found = await self.store.sums(principal.institution_id)
        averages = []
        for field in self.form.fields:
            count, total = found.get(field.key, (0, 0))
            mean = total / count if count >= LEAST_RATINGS else None
            averages.append(Average(item=field.key, count=count, mean=mean))
        return averages
