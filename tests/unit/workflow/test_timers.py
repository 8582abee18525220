"""Timers: when they call whom, with a clock that a test moves."""

from datetime import UTC, datetime, timedelta

import pytest

from tongtai.features.agreements.model import ServiceType
from tongtai.features.incidents.model import DEADLINES
from tongtai.features.policies.model import DEFAULTS, PolicyKey
from tongtai.features.quality.service.overdue import FINDING_OVERDUE
from tongtai.features.workflow.model import BUNDLE_WAITS, TIMERS, ClinicalState, Dossier, due_at, due_calls
from tongtai.formats.workflow_words import Section, words

# A Friday morning.
START = datetime(2026, 1, 2, 9, tzinfo=UTC)
S = ClinicalState


def _dossier(state: ClinicalState, *, urgent: bool = False) -> Dossier:
    return Dossier(
        case_id="case_1",
        state=state,
        entered_at=START,
        began_at=START,
        service_type=ServiceType.CONSULTATION,
        urgent=urgent,
    )


@pytest.mark.parametrize(
    ("state", "urgent", "after", "called"),
    [
        (S.SUBMITTED, False, timedelta(minutes=29, seconds=59), set()),
        (S.SUBMITTED, False, timedelta(minutes=30), {("first_answer", 0)}),
        (S.SUBMITTED, False, timedelta(minutes=60), {("first_answer", 0), ("first_answer", 1)}),
        (S.ACCEPTED, False, timedelta(hours=47, minutes=59), set()),
        (S.ACCEPTED, False, timedelta(hours=48), {("arrange", 0)}),
        (S.ACCEPTED, True, timedelta(hours=12), {("arrange", 0)}),
        # Three working days after a Friday end on the Wednesday.
        (S.PLANNING, False, timedelta(days=4, hours=23), set()),
        (S.PLANNING, False, timedelta(days=5), {("opinion", 0)}),
        (S.SIGNED_OUT, False, timedelta(hours=1), {("report", 0)}),
        (S.ARCHIVED, False, timedelta(days=900), set()),
    ],
)
def test_f16_timers_that_count_from_a_move(state, urgent, after, called):
    scheduled = START + timedelta(days=365)
    found = {
        (due.timer.key, due.level)
        for due in due_calls(_dossier(state, urgent=urgent), scheduled, START + after)
    }
    assert found == called


def test_f16_house_rules_set_the_time_and_urgent_cases_have_no_more():
    rules = dict(DEFAULTS) | {PolicyKey.ARRANGE_H: 24, PolicyKey.OPINION_DAYS: 1}
    slow = dict(DEFAULTS) | {PolicyKey.ARRANGE_H: 96}
    arrange = next(timer for timer in TIMERS if timer.key == "arrange")
    opinion = next(timer for timer in TIMERS if timer.key == "opinion")
    normal, urgent = _dossier(S.ACCEPTED), _dossier(S.ACCEPTED, urgent=True)
    assert due_at(arrange, normal, START, rules) == START + timedelta(hours=24)
    assert due_at(arrange, urgent, START, slow) == START + timedelta(hours=12)
    # A Friday: the next working day is the Monday.
    assert due_at(opinion, _dossier(S.PLANNING), START, rules) == START + timedelta(days=3)


@pytest.mark.parametrize(
    ("before", "called"),
    [
        (timedelta(minutes=61), set()),
        (timedelta(minutes=60), {("device_check", 0)}),
        (timedelta(minutes=30), {("device_check", 0), ("device_check", 1), ("power_on", 0)}),
        (
            timedelta(minutes=15),
            {("device_check", 0), ("device_check", 1), ("power_on", 0), ("connect", 0), ("connect", 1)},
        ),
    ],
)
def test_timers_that_count_towards_the_operation(before, called):
    scheduled = START + timedelta(days=1)
    found = {
        (due.timer.key, due.level) for due in due_calls(_dossier(S.SCHEDULED), scheduled, scheduled - before)
    }
    assert found == called


def test_every_timer_has_words_and_a_source():
    assert set(dict(words(Section.TIMERS))) == {
        *(timer.key for timer in TIMERS),
        *BUNDLE_WAITS.values(),
        "physician_away",
        "incident_reported",
        FINDING_OVERDUE,
        *(deadline.key for deadline in DEADLINES),
    }
    assert all(timer.source for timer in TIMERS)
    assert all(deadline.source for deadline in DEADLINES)
