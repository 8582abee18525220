"""The table of transitions, pair by pair, against a list written by hand."""

import itertools

import pytest
from tests.unit.workflow.expected_ways import EXPECTED

from tongtai.core.lacks import lack
from tongtai.features.accounts.model import Role
from tongtai.features.consents.model import ConsentKind
from tongtai.features.guidance.model import Gated
from tongtai.features.workflow.model import (
    ALLOWED_IN,
    FINAL,
    TRANSITIONS,
    Act,
    ClinicalState,
    Guard,
    ReasonRule,
    WithdrawalEffect,
    effect_of_withdrawal,
    leaving,
    transition_of,
)
from tongtai.formats.workflow_words import Section, words

S = ClinicalState


@pytest.mark.parametrize("source", list(ClinicalState))
def test_every_pair_of_states_and_acts(source: ClinicalState):
    for act, target in itertools.product(Act, ClinicalState):
        suspended_from = target if act is Act.RESUME else None
        found = transition_of(source, act, suspended_from=suspended_from)
        leads_there = found is not None and found.target is target
        assert leads_there == ((act.value, source.value, target.value) in EXPECTED), (act, source, target)


def test_twenty_stations_and_their_exits():
    assert {way.target for way in TRANSITIONS} | {S.DRAFT} == set(ClinicalState)
    assert len(ClinicalState) == 26


@pytest.mark.parametrize("state", sorted(set(ClinicalState) - FINAL))
def test_no_state_is_without_an_exit(state: ClinicalState):
    assert leaving(state)


def test_the_archive_is_the_end():
    assert not leaving(S.ARCHIVED)


def _reachable(start: ClinicalState) -> set[ClinicalState]:
    seen, waiting = {start}, [start]
    while waiting:
        for way in leaving(waiting.pop()):
            if way.target not in seen:
                seen.add(way.target)
                waiting.append(way.target)
    return seen


def test_the_archive_can_be_reached_from_everywhere():
    assert all(S.ARCHIVED in _reachable(state) for state in ClinicalState)


@pytest.mark.parametrize(
    "passed",
    [S.SUBMITTED, S.MDT_DECIDED, S.OPINION_ISSUED, S.DECISION_MADE, S.READY, S.SIGNED_IN, S.TIME_OUT_OK],
)
def test_no_station_before_the_operation_can_be_skipped(passed: ClinicalState):
    """Without this station, no chain of moves leads from the draft to the operation."""
    seen, waiting = {S.DRAFT}, [S.DRAFT]
    while waiting:
        for way in leaving(waiting.pop()):
            # Coming back from a suspension leads only to where the case has been.
            if way.act is Act.RESUME or way.target in seen or way.target is passed:
                continue
            seen.add(way.target)
            waiting.append(way.target)
    assert S.IN_PROCEDURE not in seen


def test_every_guard_is_used_and_exits_ask_why():
    assert {guard for way in TRANSITIONS for guard in way.guards} == set(Guard)
    for act in (Act.CANCEL, Act.SUSPEND, Act.ABORT, Act.NOTE_DEATH, Act.DECLINE, Act.RESUME):
        assert {way.reason for way in TRANSITIONS if way.act is act} == {ReasonRule.ALWAYS}


def test_one_way_for_each_state_and_act():
    keys = [(way.source, way.act, way.target if way.act is Act.RESUME else None) for way in TRANSITIONS]
    assert len(keys) == len(set(keys))


def test_f18_the_operation_stands_behind_decision_consents_and_an_mdt():
    begin = transition_of(S.TIME_OUT_OK, Act.BEGIN_PROCEDURE)
    assert begin is not None
    assert {
        Guard.DECISION_SIGNED,
        Guard.CONSENTS_VALID,
        Guard.MDT_BEFORE_OPERATION,
        Guard.PHYSICIAN_PRESENT,
    } <= set(begin.guards)


def test_nobody_of_the_centre_starts_or_stops_anything_at_the_site():
    at_site = {Act.SIGN_IN, Act.TIME_OUT, Act.BEGIN_PROCEDURE, Act.SIGN_OUT, Act.ABORT, Act.DECIDE}
    centre = {Role.COORDINATOR, Role.LEAD_GUIDE, Role.BACKUP_GUIDE, Role.MDT_MEMBER, Role.PLANNER}
    for way in TRANSITIONS:
        if way.act in at_site:
            assert not way.roles & centre


@pytest.mark.parametrize("state", list(ClinicalState))
def test_f13_withdrawal_by_state(state: ClinicalState):
    assert effect_of_withdrawal(state, ConsentKind.RECORDING) is WithdrawalEffect.ONLY_THIS
    assert effect_of_withdrawal(state, ConsentKind.BROADCAST) is WithdrawalEffect.ONLY_THIS
    effect = effect_of_withdrawal(state, ConsentKind.TELEMEDICINE)
    if transition_of(state, Act.SUSPEND) is not None:
        assert effect is WithdrawalEffect.SUSPEND
    elif state in {S.IN_PROCEDURE, S.ABORTED}:
        assert effect is WithdrawalEffect.OPERATOR_DECIDES
    else:
        assert effect is WithdrawalEffect.STOP_READING


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        (Section.STATES, {state.value for state in ClinicalState}),
        (Section.ACTS, {act.value for act in Act} | {"begin"}),
    ],
)
def test_everything_has_words_in_both_languages(section: Section, codes: set[str]):
    table = dict(words(section))
    assert set(table) == codes
    assert all(word.zh.strip() and word.en.strip() for word in table.values())
    assert lack("x").as_dict() == {"code": "x", "values": {}}


BEFORE_THE_PROCEDURE = (S.SCHEDULED, S.READY, S.SIGNED_IN, S.TIME_OUT_OK)


@pytest.mark.parametrize("state", list(ClinicalState))
def test_a_session_is_opened_from_the_scheduled_day_on_and_the_patient_touched_after_the_time_out(
    state: ClinicalState,
):
    begun = {S.IN_PROCEDURE, S.ABORTED, S.SIGNED_OUT}
    after = {S.POST_OP, S.REPORTED, S.FOLLOW_UP, S.CLOSED, S.ARCHIVED, S.DEATH}
    assert (state in ALLOWED_IN[Gated.OPEN]) is (state in begun.union(BEFORE_THE_PROCEDURE))
    assert (state in ALLOWED_IN[Gated.TREAT]) is (state in begun | after)
