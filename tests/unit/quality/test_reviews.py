"""Draws, what a review must answer, and the way of a finding pair by pair."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongtai.core.case_review import Grade, PointVerdict, lacks_of_review, sampled
from tongtai.features.accounts.model import By
from tongtai.features.quality.errors import FindingActRefusedError
from tongtai.features.quality.model import Finding, FindingAct, FindingState, Step
from tongtai.formats.review_points import packaged_points

S, A = FindingState, FindingAct
NOW = datetime(2031, 5, 4, 8, tzinfo=UTC)
QUALITY, DOCTOR, OTHER = (By(user_id=one, name=one, name_en=one) for one in ("q", "d", "o"))
# Written out, independently of the program's table.
WAYS = {
    (S.OPEN, A.ASSIGN): S.ASSIGNED,
    (S.ASSIGNED, A.ASSIGN): S.ASSIGNED,
    (S.ASSIGNED, A.FINISH): S.DONE,
    (S.DONE, A.SEND_BACK): S.ASSIGNED,
    (S.DONE, A.CONFIRM): S.CONFIRMED,
}


def _finding(state: FindingState = S.OPEN) -> Finding:
    return Finding(
        id="f",
        review_id="r",
        institution_id="i",
        case_id="c",
        case_number="1",
        point="consents",
        grade=Grade.MAJOR,
        text="缺费用",
        found_by=QUALITY,
        found_at=NOW,
        state=state,
        responsible=None if state is S.OPEN else DOCTOR,
        due_on=None if state is S.OPEN else NOW.date(),
    )


def _step(act: FindingAct, by: By = QUALITY, text: str = "说明") -> Step:
    return Step(act=act, by=by, at=NOW, text=text)


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(A))
def test_f28_each_act_in_each_state(state: FindingState, act: FindingAct):
    finding, step = _finding(state), _step(act)
    if (state, act) in WAYS:
        changed = finding.after(step, responsible=DOCTOR, due_on=NOW.date())
        assert (changed.state, changed.steps, changed.version) == (WAYS[state, act], (step,), 2)
    else:
        with pytest.raises(FindingActRefusedError) as refused:
            finding.after(step, responsible=DOCTOR, due_on=NOW.date())
        assert refused.value.values["reason"] == "not_now"


def test_f28_who_mended_it_does_not_confirm_it():
    done = _finding(S.ASSIGNED).after(_step(A.FINISH, OTHER))
    for mender in (DOCTOR, OTHER):
        with pytest.raises(FindingActRefusedError) as refused:
            done.after(_step(A.CONFIRM, mender))
        assert refused.value.values["reason"] == "own_work"
    assert done.after(_step(A.CONFIRM)).state is S.CONFIRMED


def test_f28_an_act_has_words_and_an_assignment_a_person_and_a_day():
    with pytest.raises(FindingActRefusedError):
        _finding().after(_step(A.ASSIGN, text=" "), responsible=DOCTOR, due_on=NOW.date())
    for missing in ({"responsible": DOCTOR}, {"due_on": NOW.date()}):
        with pytest.raises(FindingActRefusedError) as refused:
            _finding().after(_step(A.ASSIGN), **missing)
        assert refused.value.values["reason"] == "who_and_when_missing"


def test_f28_overdue_the_day_after_and_only_while_somebody_works_on_it():
    assigned = _finding(S.ASSIGNED)
    assert not assigned.is_overdue(NOW.date())
    assert assigned.is_overdue(date(2031, 5, 5))
    assert not assigned.after(_step(A.FINISH)).is_overdue(date(2031, 5, 5))


@given(st.sets(st.text(min_size=1), max_size=60), st.integers(1, 100), st.text())
def test_f28_a_draw_is_a_share_of_the_cases_and_the_same_by_its_seed(
    cases: set[str], percent: int, seed: str
):
    drawn = sampled(cases, seed=seed, percent=percent)
    assert set(drawn) <= cases
    assert len(set(drawn)) == len(drawn)
    assert 0 <= len(drawn) - len(cases) * percent / 100 < 1
    assert drawn == sampled(sorted(cases, reverse=True), seed=seed, percent=percent)


def test_f28_every_case_has_the_same_chance():
    cases = [f"case_{number}" for number in range(50)]
    hits = dict.fromkeys(cases, 0)
    for number in range(2000):
        for one in sampled(cases, seed=str(number), percent=10):
            hits[one] += 1
    # 200 expected of each; binomial with standard deviation 13.4: five of them.
    assert all(133 < count < 267 for count in hits.values())


def test_f28_each_point_is_asked():
    points = packaged_points()
    assert len({point.key for point in points}) == len(points) >= 10
    assert all(point.zh and point.en and point.source_zh and point.source_en for point in points)
    whole = {point.key: PointVerdict.MET for point in points}
    assert lacks_of_review(points, whole, ()) == ()
    for point in points:
        without = {key: verdict for key, verdict in whole.items() if key != point.key}
        found = whole | {point.key: PointVerdict.FINDING}
        assert [one.code for one in lacks_of_review(points, without, ())] == ["review_point_open"]
        assert [one.code for one in lacks_of_review(points, found, ())] == ["finding_text_missing"]
        assert lacks_of_review(points, found, {point.key}) == ()
        assert [one.code for one in lacks_of_review(points, whole, {point.key})] == ["finding_unexpected"]
    assert [one.code for one in lacks_of_review(points, whole | {"x": PointVerdict.MET}, ())] == [
        "review_point_unknown"
    ]
