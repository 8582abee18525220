"""Licences, filings, registrations, years of practice, training, lines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support.papers import K, of_expert, of_site, qualification

from tongtai.features.qualifications.model import (
    lacks_of_expert,
    lacks_of_filing,
    lacks_of_licence,
    lacks_of_lines,
    overdue_maintenance,
)

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
TODAY = NOW.date()
SITE = of_site("inst_a", NOW)
EXPERT = of_expert("user_e", "inst_b")


def _codes(found) -> list[str]:
    return [lack.code for lack in found]


@pytest.mark.parametrize(
    ("since", "day", "codes"),
    [
        # 2 years and 364 days; 3 years and 0 days.
        (date(2023, 5, 5), date(2026, 5, 4), ["independent_practice_too_short"]),
        (date(2023, 5, 4), date(2026, 5, 4), []),
        # From 29 February the third year ends on 1 March.
        (date(2024, 2, 29), date(2027, 2, 28), ["independent_practice_too_short"]),
        (date(2024, 2, 29), date(2027, 3, 1), []),
    ],
)
def test_f06_three_years_at_the_border(since, day, codes):
    assert _codes(lacks_of_expert(of_expert("user_e", "inst_b", since=since), "user_e", day)) == codes


def test_f03_missing_and_expired_subjects_are_named():
    without = [one for one in SITE if one.kind is not K.LICENCE_SUBJECT]
    (missing,) = lacks_of_licence(without, "rfa", TODAY)
    assert (missing.code, missing.values["code"]) == ("licence_subject_missing", "oncology")
    old = qualification(K.LICENCE_SUBJECT, "oncology", "inst_a", valid_until=TODAY - timedelta(days=1))
    (expired,) = lacks_of_licence([*without, old], "rfa", TODAY)
    assert (expired.code, expired.values["code"]) == ("licence_subject_expired", "oncology")
    assert not lacks_of_licence([*without, replace(old, valid_until=TODAY)], "rfa", TODAY)


@pytest.mark.parametrize("technique", ["rfa", "mwa", "seeds"])
def test_f38_without_a_filing_no_restricted_technique(technique):
    assert not lacks_of_filing(SITE, technique, TODAY)
    found = _codes(lacks_of_filing([], technique, TODAY))
    assert found == ["technique_filing_missing", *(["radiation_licence_missing"] * (technique == "seeds"))]


def test_f04_scope_counts_and_the_place_of_registration_does_not():
    assert not lacks_of_expert(EXPERT, "user_e", TODAY)
    elsewhere = [replace(one, institution_id="inst_z") for one in EXPERT]
    assert not lacks_of_expert(elsewhere, "user_e", TODAY)
    dentist = [replace(EXPERT[0], code="dentistry"), *EXPERT[1:]]
    assert _codes(lacks_of_expert(dentist, "user_e", TODAY)) == ["out_of_scope"]
    assert "registration_missing" in _codes(lacks_of_expert(EXPERT[1:], "user_e", TODAY))


def test_f33_a_guide_needs_a_valid_training():
    trained = replace(EXPERT[2], valid_until=TODAY)
    assert not lacks_of_expert([*EXPERT[:2], trained], "user_e", TODAY)
    assert _codes(lacks_of_expert([*EXPERT[:2], trained], "user_e", TODAY + timedelta(days=1))) == [
        "training_missing"
    ]
    revoked = replace(EXPERT[2], revoked_at=NOW)
    assert _codes(lacks_of_expert([*EXPERT[:2], revoked], "user_e", TODAY)) == ["training_missing"]


@pytest.mark.parametrize(
    ("tests", "missing"),
    [
        ([("a", 0), ("b", 1)], False),
        ([("a", 0), ("a", 1)], True),
        ([("a", 0), ("b", 25)], True),
        ([("a", 24), ("b", 24)], False),
        ([("a", 0), ("b", -1)], True),
    ],
)
def test_f08_two_providers_tested_within_a_day(tests, missing):
    known = [
        replace(
            qualification(K.LINE_TEST, code, "inst_a", tested_at=NOW - timedelta(hours=hours)),
            id=f"{number}",
        )
        for number, (code, hours) in enumerate(tests)
    ]
    assert bool(lacks_of_lines(known, NOW)) is missing


def test_f09_overdue_maintenance_is_named():
    old = qualification(
        K.MAINTENANCE, "generator", "inst_a", since=date(2024, 1, 1), valid_until=date(2025, 1, 1)
    )
    assert [lack.values["code"] for lack in overdue_maintenance([old], TODAY)] == ["generator"]
    newer = replace(old, id="2", since=date(2026, 1, 1), valid_until=date(2027, 1, 1))
    assert not overdue_maintenance([old, newer], TODAY)
