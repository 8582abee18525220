"""Every pair of state and event: what the tables allow happens, everything else is refused."""

from itertools import product

import pytest
from tests.contract.session_cases import BACKUP, LEAD, OPERATOR
from tests.unit.guidance.walk import Walk, opened

from tongtai.features.guidance.errors import (
    SessionNotOpenError,
    StepNotOfTechniqueError,
    TransitionRefusedError,
)
from tongtai.features.guidance.model import (
    ADVICE_TRANSITIONS,
    HANDOVER_TRANSITIONS,
    PHASE_TRANSITIONS,
    STEP_TRANSITIONS,
    STEPS_OF_TECHNIQUE,
    STOP_TRANSITIONS,
    AdviceStatus,
    Draft,
    EventType,
    HandoverStatus,
    Phase,
    Step,
)

ADVICE_EVENTS = (
    EventType.ADVICE_READ_BACK,
    EventType.ADVICE_ACCEPTED,
    EventType.ADVICE_DECLINED,
    EventType.ADVICE_DONE,
    EventType.ADVICE_SUPERSEDED,
)
PATH_TO = {
    AdviceStatus.GIVEN: (),
    AdviceStatus.READ_BACK: (EventType.ADVICE_READ_BACK,),
    AdviceStatus.ACCEPTED: (EventType.ADVICE_ACCEPTED,),
    AdviceStatus.DECLINED: (EventType.ADVICE_DECLINED,),
    AdviceStatus.DONE: (EventType.ADVICE_ACCEPTED, EventType.ADVICE_DONE),
    AdviceStatus.SUPERSEDED: (EventType.ADVICE_SUPERSEDED,),
    AdviceStatus.EXPIRED: (EventType.ADVICE_EXPIRED,),
}
PAYLOAD = {"advice_id": "a", "reason": "r", "by": "b"}


def change(walk: Walk, kind: EventType) -> None:
    if kind is EventType.ADVICE_EXPIRED:
        walk.append([Draft(type=kind, payload=PAYLOAD)])
    else:
        walk.do(LEAD if kind is EventType.ADVICE_SUPERSEDED else OPERATOR, kind, PAYLOAD)


@pytest.mark.parametrize(("status", "kind"), list(product(AdviceStatus, ADVICE_EVENTS)))
def test_every_pair_of_advice(status: AdviceStatus, kind: EventType) -> None:
    walk = opened()
    walk.do(LEAD, "advice.given", {"advice_id": "a", "level": "suggest", "text": "t"})
    for step in PATH_TO[status]:
        change(walk, step)
    if (status, kind) in ADVICE_TRANSITIONS:
        change(walk, kind)
        assert walk.state.advice[0].status is ADVICE_TRANSITIONS[status, kind]
    else:
        with pytest.raises(TransitionRefusedError):
            change(walk, kind)


@pytest.mark.parametrize("kind", ADVICE_EVENTS)
@pytest.mark.parametrize("answered", [False, True])
def test_every_pair_of_stop(kind: EventType, answered: bool) -> None:
    walk = opened()
    walk.do(LEAD, "advice.given", {"advice_id": "a", "level": "stop", "text": "t"})
    if answered:
        walk.do(OPERATOR, "advice.accepted", PAYLOAD)
    status = walk.state.advice[0].status
    if (status, kind) in STOP_TRANSITIONS:
        change(walk, kind)
        assert walk.state.advice[0].status is STOP_TRANSITIONS[status, kind]
    else:
        with pytest.raises(TransitionRefusedError):
            change(walk, kind)


def path_to(step: Step | None) -> tuple[Step, ...]:
    if step is None:
        return ()
    return (step,) if step in STEP_TRANSITIONS[None] else (Step.PUNCTURE, step)


@pytest.mark.parametrize(("before", "step"), list(product((None, *Step), Step)))
def test_every_pair_of_steps(before: Step | None, step: Step) -> None:
    technique = "seeds" if Step.SEED_DROP in {before, step} else "rfa"
    walk = opened(technique)
    usable = STEPS_OF_TECHNIQUE[technique]
    if before is not None and before not in usable:
        return
    for earlier in path_to(before):
        walk.do(OPERATOR, "step.marked", {"step": earlier})
    if step not in usable:
        with pytest.raises(StepNotOfTechniqueError):
            walk.do(OPERATOR, "step.marked", {"step": step})
    elif step in STEP_TRANSITIONS[before]:
        walk.do(OPERATOR, "step.marked", {"step": step})
        assert walk.state.step is step
    else:
        with pytest.raises(TransitionRefusedError):
            walk.do(OPERATOR, "step.marked", {"step": step})


def test_energy_never_flows_before_a_puncture_and_nothing_is_done_with_the_needle_in() -> None:
    without_needle = [step for step, after in STEP_TRANSITIONS.items() if Step.DONE in after]
    for step in without_needle:
        assert not STEP_TRANSITIONS[step] & {Step.ENERGY_ON, Step.SEED_DROP, Step.WITHDRAW}


@pytest.mark.parametrize(
    ("phase", "kind"), list(product(Phase, (EventType.SESSION_OPENED, EventType.SESSION_CLOSED)))
)
def test_every_pair_of_phases(phase: Phase, kind: EventType) -> None:
    walk = Walk()
    if phase is not Phase.PLANNED:
        walk.do(OPERATOR, "session.opened")
    if phase is Phase.CLOSED:
        walk.do(OPERATOR, "session.closed", {"reason": "r"})
    if (phase, kind) in PHASE_TRANSITIONS:
        walk.do(OPERATOR, kind, {"reason": "r"})
        assert walk.state.phase is PHASE_TRANSITIONS[phase, kind]
    else:
        with pytest.raises((TransitionRefusedError, SessionNotOpenError)):
            walk.do(OPERATOR, kind, {"reason": "r"})


@pytest.mark.parametrize(
    ("status", "kind"),
    list(
        product(
            HandoverStatus,
            (
                EventType.HANDOVER_OFFERED,
                EventType.HANDOVER_ACCEPTED,
                EventType.HANDOVER_DECLINED,
            ),
        )
    ),
)
def test_every_pair_of_handover(status: HandoverStatus, kind: EventType) -> None:
    walk = opened()
    offer = {"to_user_id": BACKUP.id}
    if status is HandoverStatus.OFFERED:
        walk.do(LEAD, "handover.offered", offer)
    actor = LEAD if kind is EventType.HANDOVER_OFFERED else BACKUP
    payload = offer if kind is EventType.HANDOVER_OFFERED else {"reason": "r"}
    if (status, kind) in HANDOVER_TRANSITIONS:
        walk.do(actor, kind, payload)
        offered = walk.state.handover is not None
        assert offered == (HANDOVER_TRANSITIONS[status, kind] is HandoverStatus.OFFERED)
    else:
        with pytest.raises(TransitionRefusedError):
            walk.do(actor, kind, payload)
