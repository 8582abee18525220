"""Use cases of a session: commands, what the system itself adds, and the state as it is now."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tongtai.features.accounts.model import Principal
from tongtai.features.cases.model import CaseView
from tongtai.features.guidance.errors import WorkflowForbidsError
from tongtai.features.guidance.model import (
    Actor,
    CaseFacts,
    Draft,
    Event,
    EventType,
    FeedCondition,
    Gated,
    Phase,
    SessionState,
)
from tongtai.features.guidance.ports import Bus, CaseFactsReader, EventLog, ProcedureGate
from tongtai.features.guidance.service import rules, watch
from tongtai.features.guidance.service.commands import COMMANDS, gated_by
from tongtai.features.guidance.service.context import (
    SYSTEM,
    Command,
    context_of,
    system_context,
)
from tongtai.features.guidance.service.writer import Decide, EventWriter, States, Submission

MEDIA_TOPIC = "guidance.media"


class SessionService:
    """Everything that changes or reads a session goes through here.

    Parameters
    ----------
    writer : EventWriter
        Appends to the logs.
    states : States
        The states that this process knows.
    log : EventLog
        The logs.
    facts : CaseFactsReader
        What the server must know of a case for its own acts.
    bus : Bus
        Tells the process that runs the timers what pages measured.
    now_ms : callable
        The server's clock in milliseconds since 1970.
    gate : ProcedureGate
        What the case's workflow allows.
    """

    def __init__(
        self,
        writer: EventWriter,
        states: States,
        log: EventLog,
        facts: CaseFactsReader,
        bus: Bus,
        now_ms: Callable[[], int],
        gate: ProcedureGate,
    ) -> None:
        self._gate = gate
        self._writer = writer
        self._states = states
        self._log = log
        self._facts = facts
        self._bus = bus
        self._now_ms = now_ms
        self._media: dict[str, watch.MediaWatch] = {}

    async def command(self, principal: Principal, view: CaseView, command: Command) -> list[Event]:
        """Do what somebody asks for, who has been let through the case's gate.

        The same command id gives the same events again and changes nothing.

        Raises
        ------
        WorkflowForbidsError
            If the session is opened, or the patient touched, before the workflow is so far.
        """
        context = context_of(
            view,
            user_id=principal.user_id,
            name=principal.display_name,
            name_en=principal.display_name_en,
        )
        rule = COMMANDS[command.type].rule
        gated = gated_by(command)
        state_now = await self._gate.standing_in_the_way(view.case.id, gated) if gated else None
        if gated and state_now is not None:
            raise WorkflowForbidsError(act=gated.value, state=state_now)

        def decide(state: SessionState, _now_ms: int) -> Sequence[Draft]:
            return rule(state, context, command.payload)

        submission = Submission(
            case_id=view.case.id,
            actor=context.actor,
            decide=decide,
            command_id=command.id,
            t_site_ms=command.t_site_ms,
            clock_offset_ms=command.clock_offset_ms,
            single_use=_single_use(command),
        )
        return await self._writer.submit(submission)

    async def report_media(self, principal: Principal, case_id: str, payload: Mapping[str, Any]) -> None:
        """Take what an expert's page measures; the log gets only what is believed of it."""
        message = {"case_id": case_id, "user_id": principal.user_id, "report": dict(payload)}
        await self._bus.publish(MEDIA_TOPIC, json.dumps(message))

    async def on_media_report(self, message: str) -> None:
        """A measurement arrives from this or another process."""
        content = json.loads(message)
        now_ms = self._now_ms()
        report = watch.MediaReport(**content["report"])
        self._watch(content["case_id"]).report(content["user_id"], report, now_ms)

    def _watch(self, case_id: str) -> watch.MediaWatch:
        if case_id not in self._media:
            self._media[case_id] = watch.MediaWatch(self._now_ms())
        return self._media[case_id]

    async def append(
        self,
        case_id: str,
        decide: Decide,
        actor: Actor = SYSTEM,
        clock_offset_ms: float | None = None,
    ) -> list[Event]:
        """Append what the server itself, a gateway or an upload brings about."""
        submission = Submission(case_id=case_id, actor=actor, decide=decide, clock_offset_ms=clock_offset_ms)
        return await self._writer.submit(submission)

    async def states_of(self, case_ids: Sequence[str]) -> dict[str, SessionState]:
        """The present states of these sessions."""
        heads = await self._log.heads(case_ids)
        states = {}
        for case_id in case_ids:
            state, known = self._states.get(case_id)
            head = heads.get(case_id)
            if head is not None and known.seq < head.seq:
                for event in await self._log.after(case_id, state.seq, limit=head.seq - state.seq):
                    state = state.apply(event)
                self._states.put(case_id, state, head)
            states[case_id] = state
        return states

    async def open_states(self) -> dict[str, SessionState]:
        """The present state of every open session, by its case."""
        states = await self.states_of(await self._log.open_cases())
        return {case_id: state for case_id, state in states.items() if state.phase is Phase.OPEN}

    async def feed_changed(
        self, case_id: str, gateway: Actor, payload: Mapping[str, Any], offset_ms: float | None
    ) -> None:
        """A feed changed at the table; the first live one opens the session."""
        facts = await self._facts.of_case(case_id)
        if facts is None:
            return
        if payload["state"] == FeedCondition.LIVE.value:
            await self.open_planned(facts)

        def decide(state: SessionState, _now_ms: int) -> Sequence[Draft]:
            known = state.feeds.get(payload["feed"])
            same = known is not None and (known.state, known.detail) == (
                payload["state"],
                payload["detail"],
            )
            return [] if same else [Draft(type=EventType.FEED_STATE, payload=payload)]

        await self.append(case_id, decide, gateway, offset_ms)

    async def feed_lost(self, case_id: str, feed: str, detail: str) -> None:
        """Nothing is heard of a feed's gateway; after the operation that is nobody's concern."""

        def decide(state: SessionState, _now_ms: int) -> Sequence[Draft]:
            known = state.feeds.get(feed)
            if state.phase is not Phase.OPEN or known is None or known.state is FeedCondition.LOST:
                return []
            payload = {"feed": feed, "state": FeedCondition.LOST.value, "detail": detail}
            return [Draft(type=EventType.FEED_STATE, payload=payload)]

        await self.append(case_id, decide)

    async def open_planned(self, facts: CaseFacts) -> None:
        """Open a session that has not been opened yet and that its workflow allows; a closed one stays closed."""
        if await self._gate.standing_in_the_way(facts.case_id, Gated.OPEN) is not None:
            return

        def decide(state: SessionState, _now_ms: int) -> Sequence[Draft]:
            if state.phase is not Phase.PLANNED:
                return []
            return rules.open_session(state, system_context(facts), {})

        await self.append(facts.case_id, decide)

    async def imaging(
        self, actor: Actor, institution_id: str, case_id: str, kind: EventType, payload: Mapping[str, Any]
    ) -> None:
        """Images arrive; whoever sends them is the actor, on their institution's side."""
        facts = await self._facts.of_case(case_id)
        if facts is None:
            return
        sender = replace(actor, side=facts.side_of(institution_id))
        await self.append(case_id, lambda _state, _now: [Draft(type=kind, payload=payload)], sender)

    async def user_revoked(self, user_id: str, notice_id: str) -> None:
        """Note in every open session that the person took part in that they no longer do.

        The notice stands for a command's id, so that a notice told again is not noted again.
        """
        for case_id in await self._log.open_cases():
            facts = await self._facts.of_case(case_id)
            if facts is None:
                continue
            # A new password, or one role of several, does not take anybody out of a team.
            stays = await self._facts.admitted(user_id, case_id)

            def decide(
                state: SessionState, _now_ms: int, facts: CaseFacts = facts, stays: bool = stays
            ) -> Sequence[Draft]:
                known = any(p.user_id == user_id for p in state.participants) or user_id in facts.member_ids
                revoked = Draft(type=EventType.MEMBER_REVOKED, payload={"user_id": user_id})
                gone = [revoked] if known and not stays else []
                if state.lead_guide_id != user_id:
                    return gone
                return [*gone, *rules.assign_lead(state, system_context(facts))]

            await self._writer.submit(
                Submission(case_id=case_id, actor=SYSTEM, decide=decide, command_id=f"revoked.{notice_id}")
            )

    async def tick(self) -> None:
        """Append what the clock has made due in every open session. Only the leader calls this."""
        case_ids = await self._log.open_cases()
        states = await self.states_of(case_ids)
        for closed in set(self._media) - set(case_ids):
            del self._media[closed]
        for case_id, state in states.items():
            decide = self._due(case_id)
            # Asked without writing first: almost always nothing is due.
            if watch.overdue(state, self._now_ms()) or self._watch(case_id).decide(state, self._now_ms()):
                await self.append(case_id, decide)
        await self._arbitrate(await self.states_of(case_ids))

    def _due(self, case_id: str) -> Decide:
        media = self._watch(case_id)

        def decide(state: SessionState, now_ms: int) -> Sequence[Draft]:
            return [*watch.overdue(state, now_ms), *media.decide(state, now_ms)]

        return decide

    async def _arbitrate(self, states: Mapping[str, SessionState]) -> None:
        for case_id, kind in watch.arbitrate(states).items():

            def decide(state: SessionState, _now_ms: int, kind: EventType = kind) -> Sequence[Draft]:
                return watch.arbitration_draft(state, kind)

            await self.append(case_id, decide)


def _single_use(command: Command) -> str | None:
    if command.type == EventType.DEVICE_USED and command.payload["single_use"]:
        udi: str = command.payload["udi"]
        return udi
    return None
