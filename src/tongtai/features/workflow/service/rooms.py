"""Use cases: what must be said in a live room because of the house's rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongtai.core.clock import Clock
from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import Case
from tongtai.features.guidance.model import AlarmSeverity, Draft, SessionState
from tongtai.features.guidance.service import settle_alarm
from tongtai.features.policies.model import PolicyKey
from tongtai.features.workflow.model import ClinicalState, Notice, physicians_gone_at
from tongtai.features.workflow.ports import CaseReader, LiveRooms, RulesReader, WorkflowStore

PHYSICIAN_AWAY, LEAD_OVERLOADED = "physician_away", "lead_overloaded"
_SITE_ROLES = frozenset({Role.OPERATOR.value, Role.ATTENDING.value, Role.MEDICAL_AFFAIRS.value})
_CENTRE_ROLES = frozenset({Role.LEAD_GUIDE.value, Role.BACKUP_GUIDE.value})
# Nobody has come back after five times the allowed time: the experts are called too.
_ESCALATES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFinding:
    """What has to be said in a room.

    Attributes
    ----------
    alarms
        The values of each alarm that stands or should, ``None`` for one that is over.
    calls
        Calls with the instant since which they are true: each is made once.
    """

    case_id: str
    alarms: Mapping[str, Mapping[str, object] | None]
    calls: Sequence[tuple[Notice, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWatch:
    """Looks at the open rooms: it reads only. What it finds is said afterwards (:func:`settle`, :func:`call`)."""

    rooms: LiveRooms
    store: WorkflowStore
    cases: CaseReader
    rules: RulesReader
    clock: Clock
    new_id: Callable[[str], str]

    async def findings(self) -> list[RoomFinding]:
        """Every open room, with what stands there."""
        states = await self.rooms.open_states()
        cases = await self.cases.of_ids(list(states))
        rules = await self.rules.for_cases(cases.values())
        crowded = overloaded(
            {case_id: states[case_id] for case_id in cases},
            {case_id: found[PolicyKey.LEAD_ROOMS] for case_id, found in rules.items()},
        )
        found = []
        for case_id, case in cases.items():
            limit_s = rules[case_id][PolicyKey.PHYSICIAN_AWAY_S]
            gone_at = await self._gone_at(case_id)
            away = gone_at is not None and self.clock.now() - gone_at >= timedelta(seconds=limit_s)
            alarms = {
                LEAD_OVERLOADED: crowded.get(case_id),
                PHYSICIAN_AWAY: {"seconds": limit_s} if away else None,
            }
            calls = self._calls(case, gone_at, timedelta(seconds=limit_s)) if gone_at else []
            found.append(RoomFinding(case_id=case_id, alarms=alarms, calls=calls))
        return found

    async def _gone_at(self, case_id: str) -> datetime | None:
        dossier = await self.store.find(case_id)
        if dossier is None or dossier.state is not ClinicalState.IN_PROCEDURE:
            return None
        return physicians_gone_at(await self.store.statements(case_id))

    def _calls(self, case: Case, gone_at: datetime, limit: timedelta) -> list[tuple[Notice, datetime]]:
        now = self.clock.now()
        steps = (
            (limit, case.inviting_institution_id, _SITE_ROLES),
            (limit * _ESCALATES, case.invited_institution_id, _CENTRE_ROLES),
        )
        return [
            (
                Notice(
                    id=self.new_id("note"),
                    case_id=case.id,
                    institution_id=institution_id,
                    roles=roles,
                    code=PHYSICIAN_AWAY,
                    level=level,
                    due_at=gone_at + after,
                    made_at=now,
                ),
                gone_at,
            )
            for level, (after, institution_id, roles) in enumerate(steps)
            if now - gone_at >= after
        ]


async def settle(rooms: LiveRooms, found: RoomFinding) -> None:
    """Raise and clear the room's alarms; what stands already is not raised again."""

    def decide(state: SessionState, _now_ms: int) -> list[Draft]:
        return [
            draft
            for code, values in found.alarms.items()
            for draft in settle_alarm(state, AlarmSeverity.AMBER, code, values)
        ]

    await rooms.append(found.case_id, decide)


async def call(store: WorkflowStore, findings: Sequence[RoomFinding]) -> list[Notice]:
    """Make the calls that have not been made yet; return them."""
    return [
        notice
        for found in findings
        for notice, since in found.calls
        if await store.add_notice(notice, since=since)
    ]


def overloaded(states: Mapping[str, SessionState], limits: Mapping[str, int]) -> dict[str, dict[str, object]]:
    """Which rooms are more than their lead guide may have at once: those that opened last.

    What is said never names another case.
    """
    led: dict[str, list[str]] = {}
    for case_id, state in states.items():
        if state.lead_guide_id is not None:
            led.setdefault(state.lead_guide_id, []).append(case_id)
    found: dict[str, dict[str, object]] = {}
    for rooms in led.values():
        rooms.sort(key=lambda case_id: (states[case_id].opened_ms or 0, case_id))
        for place, case_id in enumerate(rooms):
            if place >= limits[case_id]:
                found[case_id] = {"rooms": len(rooms), "limit": limits[case_id]}
    return found
