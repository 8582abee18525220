"""What commands of the table do: needles, energy, seeds, devices. All by the operating room's side."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongtai.features.guidance.errors import (
    DeviceExpiredError,
    DeviceReusedError,
    DuplicateSubjectError,
    NotYourTurnError,
    StepNotOfTechniqueError,
    TransitionRefusedError,
)
from tongtai.features.guidance.model import AlarmSeverity, Draft, EventType, SessionState, Side
from tongtai.features.guidance.service.context import Context
from tongtai.features.guidance.service.rules import Rule
from tongtai.features.guidance.service.watch import raise_alarm

Payload = Mapping[str, Any]
NO_UDI = "needle_without_udi"
SEED_MISMATCH = "seed_mismatch"
_SEEDS = "seeds"


def at_table(rule: Rule) -> Rule:
    """``rule``, but only for the operating room's side: the centre never acts at the table."""

    def guarded(state: SessionState, context: Context, payload: Payload) -> Sequence[Draft]:
        if context.actor.side is not Side.SITE:
            raise NotYourTurnError
        return rule(state, context, payload)

    return guarded


def puncture(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """A needle goes in; not while the session is paused by a STOP, and not while it is in."""
    if state.paused:
        raise TransitionRefusedError(state="paused", event=EventType.NEEDLE_PUNCTURED)
    needle = state.needles.get(payload["needle_id"])
    if needle is not None and needle.withdrawn_ms is None:
        raise DuplicateSubjectError(needle_id=payload["needle_id"])
    return [Draft(type=EventType.NEEDLE_PUNCTURED, payload=payload)]


def with_needle(kind: EventType) -> Rule:
    """The rule of a command about a needle that is in the patient."""

    def rule(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
        _in_patient(state, payload["needle_id"], kind)
        return [Draft(type=kind, payload=payload)]

    return rule


def _in_patient(state: SessionState, needle_id: str, kind: EventType) -> None:
    needle = state.needles.get(needle_id)
    if needle is None or needle.withdrawn_ms is not None:
        raise TransitionRefusedError(state="needle_out", event=kind)


def withdraw(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """A needle comes out; not under energy."""
    _in_patient(state, payload["needle_id"], EventType.NEEDLE_WITHDRAWN)
    if _running(state, payload["needle_id"]):
        raise TransitionRefusedError(state="energy_on", event=EventType.NEEDLE_WITHDRAWN)
    return [Draft(type=EventType.NEEDLE_WITHDRAWN, payload=payload)]


def _running(state: SessionState, needle_id: str) -> bool:
    return any(run.needle_id == needle_id and run.stopped_ms is None for run in state.energy)


def start_energy(state: SessionState, context: Context, payload: Payload) -> list[Draft]:
    """Energy through a needle that is in; without the needle's UDI an alarm says so."""
    kind = EventType.ENERGY_STARTED
    if context.technique == _SEEDS:
        raise StepNotOfTechniqueError(step=kind, technique=context.technique)
    if state.paused:
        raise TransitionRefusedError(state="paused", event=kind)
    if state.find_run(payload["run_id"]) is not None:
        raise DuplicateSubjectError(run_id=payload["run_id"])
    _in_patient(state, payload["needle_id"], kind)
    if _running(state, payload["needle_id"]):
        raise TransitionRefusedError(state="energy_on", event=kind)
    drafts = [Draft(type=kind, payload=payload)]
    known = any(device.needle_id == payload["needle_id"] for device in state.devices)
    if not known and state.find_alarm(NO_UDI) is None:
        drafts.append(raise_alarm(state, AlarmSeverity.AMBER, NO_UDI, {"needle_id": payload["needle_id"]}))
    return drafts


def with_energy(kind: EventType) -> Rule:
    """The rule of a command about energy that is on; stopping it is possible at any time."""

    def rule(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
        run = state.find_run(payload["run_id"])
        if run is None or run.stopped_ms is not None:
            raise TransitionRefusedError(state="energy_off", event=kind)
        return [Draft(type=kind, payload=payload)]

    return rule


def seeds(kind: EventType) -> Rule:
    """The rule of a command about seeds; a count that does not agree raises a red alarm."""

    def rule(state: SessionState, context: Context, payload: Payload) -> list[Draft]:
        if context.technique != _SEEDS:
            raise StepNotOfTechniqueError(step=kind, technique=context.technique)
        if kind is EventType.SEEDS_DROPPED:
            if state.paused:
                raise TransitionRefusedError(state="paused", event=kind)
            _in_patient(state, payload["needle_id"], kind)
            if state.seeds.dropped + payload["count"] > state.seeds.issued:
                raise TransitionRefusedError(state="not_issued", event=kind)
        drafts = [Draft(type=kind, payload=payload)]
        if kind is EventType.SEEDS_COUNTED:
            drafts += _seed_alarm(state, payload["left"])
        return drafts

    return rule


def _seed_alarm(state: SessionState, left: int) -> list[Draft]:
    missing = state.seeds.issued - left - state.seeds.dropped
    alarm = state.find_alarm(SEED_MISMATCH)
    if missing == 0:
        return [] if alarm is None else [_cleared(alarm.alarm_id)]
    values = {"issued": state.seeds.issued, "dropped": state.seeds.dropped, "left": left}
    return [] if alarm else [raise_alarm(state, AlarmSeverity.RED, SEED_MISMATCH, values)]


def _cleared(alarm_id: str) -> Draft:
    return Draft(type=EventType.ALARM_CLEARED, payload={"alarm_id": alarm_id})


def use_device(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """A device with its UDI. A single-use one is refused the second time: here, and in every other session."""
    if payload["single_use"] and any(device.udi == payload["udi"] for device in state.devices):
        raise DeviceReusedError
    drafts = [Draft(type=EventType.DEVICE_USED, payload=payload)]
    alarm = state.find_alarm(NO_UDI)
    if alarm is not None and alarm.values.get("needle_id") == payload.get("needle_id"):
        drafts.append(_cleared(alarm.alarm_id))
    return drafts


def unexpired(rule: Rule) -> Rule:
    """``rule``, but a device whose date has passed, by the sender's day, is refused."""

    def guarded(state: SessionState, context: Context, payload: Payload) -> Sequence[Draft]:
        expires, today = payload.get("expires_on"), payload.get("used_on")
        if expires is not None and today is not None and expires < today:
            raise DeviceExpiredError(expires_on=expires)
        return rule(state, context, payload)

    return guarded
