"""F37: a golden set of cases gives known marks; each day on which a mark turns."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import Technique
from tongtai.features.followup.model import (
    Assessment,
    Complication,
    FollowUp,
    PatientStatus,
    Signed,
    Vital,
)
from tongtai.features.quality.model import INDICATORS, CaseFigures, Count, IndicatorCode, Mark, marks_of

ENDED = date(2026, 1, 1)
BY = Signed(user_id="u", name="n", name_en="n", role=Role.OPERATOR, at=datetime(2026, 1, 1, tzinfo=UTC))


def _assessed(day: int, **more: Any) -> Assessment:
    return Assessment(
        id="a", case_id="c", examined_on=ENDED + timedelta(days=day), modality="ct", targets=(),
        longest_mm={}, viable_mm={}, made=BY, **more,
    )  # fmt: skip


def _complication(day: int, **more: Any) -> Complication:
    return Complication(
        id="x", case_id="c", kind="abscess", grade=3, began_on=ENDED + timedelta(days=day), made=BY, **more
    )


def _status(vital: Vital, day: int) -> PatientStatus:
    return PatientStatus(vital=vital, on=ENDED + timedelta(days=day), made=BY)


def _mark(code: str, day: int, technique: Technique = Technique.RFA, **known: Any) -> Mark | None:
    follow_up = {
        name: known.pop(name) for name in ("assessments", "complications", "statuses") if name in known
    }
    case = CaseFigures(
        technique=technique,
        follow_up=FollowUp(case_id="c", ended_at=datetime(2026, 1, 1, 12, tzinfo=UTC), **follow_up),
        judgement=None,
        **known,
    )
    found = marks_of(case, ENDED + timedelta(days=day), presumed_lost=False)
    return found.marks.get(IndicatorCode(code))


COMPLETE = {"complete_ablation": True}
GOLDEN: list[tuple[str, int, dict[str, Any], Mark | None]] = [
    ("mdt_before", 1, {}, Mark.NOT_RECORDED),
    ("mdt_before", 1, {"in_workflow": True}, Mark.MISS),
    ("mdt_before", 1, {"in_workflow": True, "mdt_on": ENDED}, Mark.HIT),
    ("mdt_before", 1, {"in_workflow": True, "mdt_on": ENDED + timedelta(days=1)}, Mark.MISS),
    ("plan_before", 1, {}, Mark.MISS),
    ("plan_before", 1, {"plan_on": ENDED}, Mark.HIT),
    ("margin_reached", 1, {}, Mark.NOT_RECORDED),
    ("margin_reached", 1, {"plan_margin_mm": 5.0}, Mark.HIT),
    ("margin_reached", 1, {"plan_margin_mm": 4.9}, Mark.MISS),
    ("warnings_acknowledged", 1, {}, Mark.MISS),
    ("local_control", 31, {}, Mark.TOO_EARLY),
    ("local_control", 32, {}, Mark.MISS),
    ("local_control", 40, {"assessments": (_assessed(31, **COMPLETE),)}, Mark.HIT),
    ("local_control", 40, {"assessments": (_assessed(32, **COMPLETE),)}, Mark.MISS),
    ("local_control", 40, {"assessments": (_assessed(20, complete_ablation=False),)}, Mark.MISS),
    ("local_control", 40, {"assessments": (_assessed(-5, **COMPLETE),)}, Mark.MISS),
    ("local_control", 40, {"statuses": (_status(Vital.DEAD, 10),)}, Mark.DIED_BEFORE),
    ("severe_30d", 30, {}, Mark.TOO_EARLY),
    ("severe_30d", 31, {}, Mark.MISS),
    ("severe_30d", 5, {"complications": (_complication(3, treated=True),)}, Mark.HIT),
    ("severe_30d", 60, {"complications": (_complication(30, treated=True),)}, Mark.HIT),
    ("severe_30d", 60, {"complications": (_complication(31, treated=True),)}, Mark.MISS),
    ("severe_30d", 60, {"complications": (_complication(3),)}, Mark.MISS),
    ("mortality_30d", 60, {"statuses": (_status(Vital.DEAD, 30),)}, Mark.HIT),
    ("mortality_30d", 60, {"statuses": (_status(Vital.DEAD, 31),)}, Mark.MISS),
    ("follow_up_1m", 45, {}, Mark.TOO_EARLY),
    ("follow_up_1m", 46, {}, Mark.MISS),
    ("follow_up_1m", 46, {"assessments": (_assessed(45),)}, Mark.HIT),
    ("survival_1y", 364, {}, Mark.TOO_EARLY),
    ("survival_1y", 365, {}, Mark.LOST),
    ("survival_1y", 400, {"statuses": (_status(Vital.ALIVE, 365),)}, Mark.HIT),
    ("survival_1y", 400, {"statuses": (_status(Vital.DEAD, 364),)}, Mark.MISS),
    ("survival_1y", 400, {"statuses": (_status(Vital.DEAD, 365),)}, Mark.HIT),
    ("seed_dose_verified", 40, {}, None),
    ("lost", 1, {}, Mark.MISS),
]


@pytest.mark.parametrize(("code", "day", "known", "mark"), GOLDEN)
def test_f37_marks(code, day, known, mark):
    assert _mark(code, day, **known) == mark


@pytest.mark.parametrize(
    ("day", "assessments", "mark"),
    [
        (30, (), Mark.TOO_EARLY),
        (31, (), Mark.MISS),
        (40, (_assessed(30, seed_dose_verified=True),), Mark.HIT),
    ],
)
def test_f37_seeds_are_verified_and_have_no_local_control(day, assessments, mark):
    assert _mark("seed_dose_verified", day, Technique.SEEDS, assessments=assessments) == mark
    assert _mark("local_control", day, Technique.SEEDS, assessments=assessments) is None


def test_every_indicator_is_tried_and_defined():
    assert {code for code, *_ in GOLDEN} == {code.value for code in INDICATORS} == set(IndicatorCode)
    said = [
        text for one in INDICATORS.values() for text in (one.name, one.numerator, one.denominator, one.source)
    ]
    assert all(text.zh and text.en for text in said)


@pytest.mark.parametrize("day", range(0, 400, 5))
def test_a_row_is_looked_at_again_before_any_mark_turns(day):
    case = CaseFigures(
        technique=Technique.RFA,
        follow_up=FollowUp(case_id="c", ended_at=datetime(2026, 1, 1, 12, tzinfo=UTC)),
        judgement=None,
    )
    today = ENDED + timedelta(days=day)
    now = marks_of(case, today, presumed_lost=False)
    assert today < now.until <= today + timedelta(days=7)
    last = now.until - timedelta(days=1)
    assert marks_of(case, last, presumed_lost=False).marks == now.marks


def test_a_case_that_was_not_treated_counts_nowhere():
    case = CaseFigures(technique=Technique.RFA, follow_up=FollowUp(case_id="c"), judgement=None)
    assert marks_of(case, ENDED, presumed_lost=False).marks == {}
    assert Count().rate is None
    assert Count(numerator=1, denominator=4).rate == 0.25
