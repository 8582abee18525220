"""A session without a database: commands go through the rules, events through the reducer."""

from collections.abc import Mapping
from typing import Any

from tests.contract.session_cases import BACKUP, CASE_ID, LEAD, OPERATOR, START_MS

from tongtai.features.accounts.model import Role
from tongtai.features.guidance.events import Head, Stamp, head_of, link
from tongtai.features.guidance.model import Actor, Draft, Event, Guide, SessionState
from tongtai.features.guidance.service import COMMANDS
from tongtai.features.guidance.service.context import SYSTEM, Context

GUIDES = (
    Guide(user_id=LEAD.id, name=LEAD.name, name_en=LEAD.name_en, role=Role.LEAD_GUIDE),
    Guide(user_id=BACKUP.id, name=BACKUP.name, name_en=BACKUP.name_en, role=Role.BACKUP_GUIDE),
)


class Walk:
    """One session, its log and its clock (server milliseconds)."""

    def __init__(self, technique: str = "rfa", case_id: str = CASE_ID) -> None:
        self.technique = technique
        self.case_id = case_id
        self.state = SessionState()
        self.log: list[Event] = []
        self.now_ms = START_MS

    def do(self, actor: Actor, kind: str, payload: Mapping[str, Any] | None = None) -> None:
        """Send a command; refusals are raised."""
        context = Context(case_id=self.case_id, technique=self.technique, actor=actor, guides=GUIDES)
        self.append(COMMANDS[kind].rule(self.state, context, payload or {}), actor)

    def append(self, drafts: "list[Draft] | tuple[Draft, ...] | Any", actor: Actor = SYSTEM) -> None:
        """Append what was decided."""
        for draft in drafts:
            event = link(
                head_of(self.log[-1]) if self.log else Head(),
                draft,
                event_id=f"event-{len(self.log) + 1}",
                case_id=self.case_id,
                actor=actor,
                stamp=Stamp(t_server_ms=self.now_ms),
            )
            self.state = self.state.apply(event)
            self.log.append(event)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now_ms += int(seconds * 1000)


def opened(technique: str = "rfa", case_id: str = CASE_ID) -> Walk:
    """An open session that the lead guides."""
    walk = Walk(technique, case_id)
    walk.do(OPERATOR, "session.opened")
    return walk
