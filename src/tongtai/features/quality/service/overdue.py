"""Use case: call for findings whose day is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from tongtai.core.clock import Clock
from tongtai.features.quality.model import OVERDUE_CALLS, Finding, FindingAct
from tongtai.features.quality.ports import NoticeBoard, ReviewStore
from tongtai.features.workflow.model import Notice

FINDING_OVERDUE = "finding_overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTimers:
    """Looks at the findings that run over. A call is made once for each assignment, also after a restart."""

    store: ReviewStore
    calls: NoticeBoard
    clock: Clock
    new_id: Callable[[str], str]

    async def tick(self) -> list[Notice]:
        """Make the calls whose time has come; return the new ones."""
        now = self.clock.now()
        return [
            notice
            for finding in await self.store.overdue(now.date())
            for notice in self._due(finding, now)
            if await self.calls.add_notice(notice, since=_assigned_at(finding))
        ]

    def _due(self, finding: Finding, now: datetime) -> list[Notice]:
        if finding.due_on is None or finding.responsible is None:
            return []
        over_at = datetime.combine(finding.due_on, time(), UTC) + timedelta(days=1)
        return [
            Notice(
                id=self.new_id("note"),
                finding_id=finding.id,
                institution_id=finding.institution_id,
                user_id=None if roles else finding.responsible.user_id,
                roles=frozenset(role.value for role in roles),
                code=FINDING_OVERDUE,
                level=level,
                due_at=over_at,
                made_at=now,
            )
            for level, (after, roles) in enumerate(OVERDUE_CALLS)
            if over_at + after <= now
        ]


def _assigned_at(finding: Finding) -> datetime:
    # Sent back or given to another with a new day, it may run over anew.
    again = (FindingAct.ASSIGN, FindingAct.SEND_BACK)
    return max((step.at for step in finding.steps if step.act in again), default=finding.found_at)
