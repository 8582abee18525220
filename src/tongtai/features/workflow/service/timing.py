"""Use cases: timers that call people, and reading those calls."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tongtai.core.clock import Clock
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.cases.model import Side
from tongtai.features.cases.service import CaseAccess
from tongtai.features.workflow.errors import NoticeNotFoundError
from tongtai.features.workflow.model import Notice, due_calls
from tongtai.features.workflow.ports import CaseReader, RulesReader, WorkflowStore

_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowTimers:
    """Looks at the clocks. Looking twice calls once."""

    store: WorkflowStore
    cases: CaseReader
    rules: RulesReader
    clock: Clock
    new_id: Callable[[str], str]

    async def tick(self) -> list[Notice]:
        """Make the notices whose time has come; return the new ones."""
        now = self.clock.now()
        running = await self.store.running()
        cases = await self.cases.of_ids([dossier.case_id for dossier in running])
        rules = await self.rules.for_cases(cases.values())
        made = []
        for dossier in running:
            case = cases[dossier.case_id]
            for due in due_calls(dossier, case.scheduled_at, now, rules[case.id]):
                institutions = {
                    Side.SITE: case.inviting_institution_id,
                    Side.CENTRE: case.invited_institution_id,
                }
                notice = Notice(
                    id=self.new_id("note"),
                    case_id=case.id,
                    institution_id=institutions[due.call.side],
                    roles=frozenset(role.value for role in due.call.roles),
                    code=due.timer.key,
                    level=due.level,
                    due_at=due.due_at,
                    made_at=now,
                )
                if await self.store.add_notice(notice, since=dossier.entered_at):
                    made.append(notice)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeService:
    """The calls to oneself."""

    store: WorkflowStore
    access: CaseAccess
    clock: Clock

    async def mine(self, principal: Principal) -> list[Notice]:
        """Unread notices for one's roles, of cases that one may see, the newest first."""
        found = await self.store.notices(
            principal.institution_id, principal.user_id, principal.roles, limit=_SHOWN
        )
        visible = await self._visible(principal, found)
        return [notice for notice in found if notice in visible]

    async def read(self, principal: Principal, notice_id: str) -> None:
        """Note that one has seen to a notice: the others of the role need not.

        Raises
        ------
        NoticeNotFoundError
            If there is none for this person.
        """
        notice = await self.store.find_notice(notice_id)
        visible = await self._visible(principal, [notice] if notice else [])
        if (
            notice is None
            or notice.institution_id != principal.institution_id
            or not notice.calls(principal.user_id, {role.value for role in principal.roles})
            or notice not in visible
        ):
            raise NoticeNotFoundError(notice_id=notice_id[:64])
        await self.store.mark_read(notice_id, principal.user_id, self.clock.now())

    async def _visible(self, principal: Principal, notices: Collection[Notice]) -> list[Notice]:
        """Those of cases that one may see; others are for whom they call, whatever cases they see."""
        among = {notice.case_id for notice in notices if notice.case_id is not None}
        seen = await self.access.ids(principal, Permission.CASE_READ, among)
        return [notice for notice in notices if notice.case_id is None or notice.case_id in seen]
