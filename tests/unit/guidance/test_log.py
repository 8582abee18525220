"""The chain of hashes, and random walks through the commands."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.session_cases import BACKUP, LEAD, OPERATOR, state_json
from tests.unit.guidance.walk import Walk, opened

from tongtai.core.errors import TongtaiError
from tongtai.features.guidance.events import find_fault, head_of
from tongtai.features.guidance.model import Actor, AdviceLevel, SessionState, Step


def long_walk() -> Walk:
    walk = opened()
    for step in (Step.POSITIONING, Step.PUNCTURE, Step.ENERGY_ON):
        walk.do(OPERATOR, "step.marked", {"step": step})
    return walk


def test_a_whole_chain_has_no_fault() -> None:
    walk = long_walk()
    assert find_fault(walk.log, head_of(walk.log[-1])) is None


@pytest.mark.parametrize("index", range(5))
def test_a_changed_event_is_named(index: int) -> None:
    log = long_walk().log
    log[index] = replace(log[index], payload={"step": "done"})
    fault = find_fault(log)
    assert fault is not None
    assert (fault.seq, fault.reason) == (index + 1, "content")


def test_a_missing_a_moved_and_a_cut_event_are_found() -> None:
    walk = long_walk()
    log, head = walk.log, head_of(walk.log[-1])
    missing = find_fault([*log[:2], *log[3:]])
    assert missing is not None
    assert (missing.seq, missing.reason) == (3, "missing")
    assert find_fault([log[1], log[0], *log[2:]]) is not None
    cut = find_fault(log[:-1], head)
    assert cut is not None
    assert cut.reason == "end"


def test_a_gap_is_refused_by_the_reducer() -> None:
    walk = long_walk()
    with pytest.raises(ValueError, match="cannot follow"):
        SessionState().apply(walk.log[1])


ids = st.sampled_from(["a", "b", "c"])
actors = st.sampled_from([OPERATOR, LEAD, BACKUP])
surfaces = st.sampled_from(
    [
        {"kind": "feed", "feed": "ultrasound"},
        {"kind": "feed", "feed": "ultrasound", "frozen": "a"},
        {"kind": "slice", "series_uid": "1", "sop_uid": "2"},
    ]
)
reasons = st.fixed_dictionaries({"reason": st.text(min_size=1, max_size=5)})
STROKE = {"tool": "pen", "points": [[0.1, 0.2]], "colour": "#ffffff", "width": 0.01}
commands = st.one_of(
    st.tuples(st.just("session.opened"), st.just({})),
    st.tuples(st.just("session.closed"), reasons),
    st.tuples(st.just("session.resumed"), st.just({})),
    st.tuples(st.just("step.marked"), st.fixed_dictionaries({"step": st.sampled_from(list(Step))})),
    st.tuples(
        st.just("advice.given"),
        st.fixed_dictionaries(
            {
                "advice_id": ids,
                "level": st.sampled_from([level.value for level in AdviceLevel]),
                "text": st.just("t"),
                "supersedes": st.none() | ids,
            }
        ),
    ),
    st.tuples(
        st.sampled_from(["advice.read_back", "advice.accepted", "advice.declined", "advice.done"]),
        st.fixed_dictionaries({"advice_id": ids, "reason": st.just("r")}),
    ),
    st.tuples(
        st.just("draw.added"),
        st.builds(lambda i, s: {**STROKE, "stroke_id": i, "surface": s}, ids, surfaces),
    ),
    st.tuples(st.just("draw.undone"), st.fixed_dictionaries({"stroke_id": ids})),
    st.tuples(
        st.just("draw.cleared"),
        st.fixed_dictionaries({"surface": surfaces, "mine_only": st.booleans()}),
    ),
    st.tuples(
        st.just("picture.frozen"),
        st.fixed_dictionaries({"freeze_id": ids, "feed": st.just("ultrasound")}),
    ),
    st.tuples(st.just("picture.unfrozen"), st.fixed_dictionaries({"freeze_id": ids})),
    st.tuples(st.sampled_from(["help.called", "help.answered"]), st.just({})),
    st.tuples(
        st.just("handover.offered"),
        st.fixed_dictionaries({"to_user_id": st.sampled_from([LEAD.id, BACKUP.id, "stranger"])}),
    ),
    st.tuples(st.sampled_from(["handover.accepted", "handover.declined"]), reasons),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(actors, commands), max_size=60))
def test_whatever_is_asked_the_log_stays_whole_and_tells_the_state(
    asked: list[tuple[Actor, tuple[str, dict[str, Any]]]],
) -> None:
    walk = opened()
    for actor, (kind, payload) in asked:
        before = walk.state
        try:
            walk.do(actor, kind, payload)
        except TongtaiError:
            assert walk.state is before
        walk.wait(1)
    again = SessionState()
    for event in walk.log:
        again = again.apply(event)
    assert state_json(again) == state_json(walk.state)
    assert find_fault(walk.log, head_of(walk.log[-1])) is None
    assert walk.state.lead_guide_id in {LEAD.id, BACKUP.id}
    if walk.state.paused:
        assert any(advice.level is AdviceLevel.STOP for advice in walk.state.advice)
