"""Scores at every limit, against published values, and what must hold for all values."""

import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongtai.core.risk.albi import albi, malbi
from tongtai.core.risk.child_pugh import Ascites, child_pugh
from tongtai.core.risk.errors import QuantityError, RiskError
from tongtai.core.risk.meld import meld, meld_3, meld_na
from tongtai.core.risk.quantities import UNITS, Analyte, Quantity, converted

WELL: dict[str, Any] = {
    "bilirubin": Quantity(10.0, "umol/L"),
    "albumin": Quantity(42.0, "g/L"),
    "inr": Quantity(1.0, "1"),
    "ascites": Ascites.NONE,
    "encephalopathy_grade": 0,
}
BILIRUBIN = st.floats(1.0, 800.0)
RATIO = st.floats(0.8, 8.0)
CREATININE = st.floats(0.2, 12.0)
SODIUM = st.floats(110.0, 155.0)
ALBUMIN = st.floats(10.0, 55.0)


def _points(**change):
    value = child_pugh(**{**WELL, **change}).value
    assert value is not None
    return value - 4.0


@pytest.mark.parametrize(
    ("change", "points"),
    [
        *(
            ({"bilirubin": Quantity(value, unit)}, points)
            for value, unit, points in [
                (1.99, "mg/dL", 1),
                (2.0, "mg/dL", 2),
                (3.0, "mg/dL", 2),
                (3.01, "mg/dL", 3),
                (33.9, "umol/L", 1),
                (34.0, "umol/L", 2),
                (51.0, "umol/L", 2),
                (51.1, "umol/L", 3),
            ]
        ),
        *(
            ({"albumin": Quantity(value, unit)}, points)
            for value, unit, points in [
                (3.51, "g/dL", 1),
                (3.5, "g/dL", 2),
                (2.8, "g/dL", 2),
                (2.79, "g/dL", 3),
                (35.1, "g/L", 1),
                (35.0, "g/L", 2),
                (28.0, "g/L", 2),
                (27.9, "g/L", 3),
            ]
        ),
        *(
            ({"inr": Quantity(value, "1")}, points)
            for value, points in [(1.69, 1), (1.7, 2), (2.3, 2), (2.31, 3)]
        ),
        *(
            ({"inr": None, "pt_prolongation": Quantity(value, "s")}, points)
            for value, points in [(3.9, 1), (4.0, 2), (6.0, 2), (6.1, 3)]
        ),
        *(({"ascites": ascites}, points) for points, ascites in enumerate(Ascites, 1)),
        *(
            ({"encephalopathy_grade": grade}, points)
            for grade, points in [(0, 1), (1, 2), (2, 2), (3, 3), (4, 3)]
        ),
    ],
)
def test_child_pugh_points_at_each_limit(change, points):
    assert _points(**change) == points


@pytest.mark.parametrize(("points", "grade"), [(5, "A"), (6, "A"), (7, "B"), (9, "B"), (10, "C"), (15, "C")])
def test_child_pugh_class_at_each_limit(points, grade):
    steps: list[list[dict[str, Any]]] = [
        [{"bilirubin": Quantity(value, "umol/L")} for value in (10.0, 40.0, 60.0)],
        [{"albumin": Quantity(value, "g/L")} for value in (40.0, 30.0, 20.0)],
        [{"inr": Quantity(value, "1")} for value in (1.0, 2.0, 3.0)],
        [{"ascites": ascites} for ascites in Ascites],
        [{"encephalopathy_grade": value} for value in (0, 1, 3)],
    ]
    for choice in product(range(3), repeat=5):
        if sum(choice) + 5 != points:
            continue
        change = {
            name: value for step, one in zip(steps, choice, strict=True) for name, value in step[one].items()
        }
        score = child_pugh(**{**WELL, **change})
        assert (score.value, score.grade) == (points, grade)


def test_child_pugh_says_what_is_missing_and_how_it_counted():
    assert child_pugh(**{**WELL, "albumin": None, "ascites": None}).missing == ("albumin", "ascites")
    assert child_pugh(**{**WELL, "inr": None}).missing == ("inr",)
    score = child_pugh(**WELL)
    assert score.complete
    assert [(one.name, one.given, one.given_unit, one.points) for one in score.inputs[:2]] == [
        ("bilirubin", 10.0, "umol/L", 1),
        ("albumin", 42.0, "g/L", 1),
    ]
    assert "A 5-6, B 7-9, C 10-15" in score.formula
    assert "1973" in score.source
    with pytest.raises(RiskError):
        child_pugh(**{**WELL, "encephalopathy_grade": 5})


def test_albi_as_published_with_the_coefficient_of_the_paper():
    """Bilirubin 13, albumin 39.2: -2.597 with 0.085; a calculator with 0.0852 has -2.605, grade 1."""
    score = albi(bilirubin=Quantity(13.0, "umol/L"), albumin=Quantity(39.2, "g/L"))
    assert score.value == pytest.approx(-2.597, abs=5e-4)
    assert score.grade == "2"
    assert "0.085 x albumin" in score.formula
    other = 0.66 * math.log10(13.0) - 0.0852 * 39.2
    assert other == pytest.approx(-2.605, abs=5e-4)


@pytest.mark.parametrize(
    ("target", "grade", "modified"),
    [
        (-2.6001, "1", "1"),
        (-2.5999, "2", "2a"),
        (-2.2701, "2", "2a"),
        (-2.2699, "2", "2b"),
        (-1.3901, "2", "2b"),
        (-1.3899, "3", "3"),
    ],
)
def test_albi_grades_at_each_limit(target, grade, modified):
    albumin = Quantity((0.66 * 1.0 - target) / 0.085, "g/L")
    ten = Quantity(10.0, "umol/L")
    assert albi(bilirubin=ten, albumin=albumin).grade == grade
    assert malbi(bilirubin=ten, albumin=albumin).grade == modified


def test_albi_needs_both_and_a_bilirubin_that_has_a_logarithm():
    assert albi(bilirubin=None, albumin=None).missing == ("bilirubin", "albumin")
    with pytest.raises(QuantityError):
        albi(bilirubin=Quantity(0.0, "umol/L"), albumin=Quantity(40.0, "g/L"))


def _meld_3(**change):
    given: dict[str, Any] = {
        "female": False,
        "bilirubin": Quantity(6.0, "mg/dL"),
        "inr": Quantity(1.5, "1"),
        "creatinine": Quantity(1.5, "mg/dL"),
        "sodium": Quantity(131.0, "mmol/L"),
        "albumin": Quantity(3.5, "g/dL"),
    }
    return meld_3(**{**given, **change})


def test_meld_3_as_published():
    """ClinCalc's example: 25 for a man; the unrounded value is 24.71, and 1.33 more for a woman."""
    assert _meld_3().value == 25.0
    assert _meld_3(female=True).value == 26.0


@pytest.mark.parametrize(
    ("change", "same_as", "note"),
    [
        ({"bilirubin": Quantity(0.4, "mg/dL")}, {"bilirubin": Quantity(1.0, "mg/dL")}, "floor 1"),
        ({"inr": Quantity(0.9, "1")}, {"inr": Quantity(1.0, "1")}, "floor 1"),
        ({"creatinine": Quantity(0.6, "mg/dL")}, {"creatinine": Quantity(1.0, "mg/dL")}, "floor 1"),
        ({"creatinine": Quantity(5.0, "mg/dL")}, {"creatinine": Quantity(3.0, "mg/dL")}, "cap 3"),
        ({"creatinine": None, "dialysis": True}, {"creatinine": Quantity(3.0, "mg/dL")}, "dialysis"),
        ({"sodium": Quantity(120.0, "mmol/L")}, {"sodium": Quantity(125.0, "mmol/L")}, "floor 125"),
        ({"sodium": Quantity(145.0, "mmol/L")}, {"sodium": Quantity(137.0, "mmol/L")}, "cap 137"),
        ({"albumin": Quantity(1.2, "g/dL")}, {"albumin": Quantity(1.5, "g/dL")}, "floor 1.5"),
        ({"albumin": Quantity(5.0, "g/dL")}, {"albumin": Quantity(3.5, "g/dL")}, "cap 3.5"),
    ],
)
def test_meld_3_floors_and_caps_are_applied_and_said(change, same_as, note):
    score = _meld_3(**change)
    assert score.value == _meld_3(**same_as).value
    assert note in [one.note for one in score.inputs]


def _meld(**change):
    given: dict[str, Any] = {
        "bilirubin": Quantity(3.0, "mg/dL"),
        "inr": Quantity(1.5, "1"),
        "creatinine": Quantity(1.5, "mg/dL"),
    }
    return meld(**{**given, **change})


def test_meld_by_hand():
    """0.957 x 0.40547 + 0.378 x 1.09861 + 1.120 x 0.40547 + 0.643 = 1.9004: 19."""
    assert _meld().value == 19.0
    one = Quantity(1.0, "mg/dL")
    assert _meld(bilirubin=one, creatinine=one, inr=Quantity(1.0, "1")).value == 6.0
    assert _meld(creatinine=Quantity(9.0, "mg/dL")).value == _meld(creatinine=None, dialysis=True).value
    assert _meld(bilirubin=Quantity(50.0, "mg/dL"), inr=Quantity(8.0, "1")).value == 40.0
    assert _meld(bilirubin=None, inr=None).missing == ("bilirubin", "inr")


def test_meld_na_adds_sodium_only_above_11():
    salt = Quantity(125.0, "mmol/L")
    common: dict[str, Any] = {"bilirubin": Quantity(3.0, "mg/dL"), "inr": Quantity(1.5, "1")}
    kidney = Quantity(1.5, "mg/dL")
    # 19 + 1.32 x 12 - 0.033 x 19 x 12 = 27.3
    assert meld_na(**common, creatinine=kidney, sodium=salt).value == 27.0
    # 1.120 ln 1.5 + 0.643 = 1.097: 11, not above it
    one = Quantity(1.0, "mg/dL")
    assert meld_na(bilirubin=one, inr=Quantity(1.5, "1"), creatinine=one, sodium=salt).value == 11.0
    assert meld_na(**common, creatinine=kidney, sodium=None).missing == ("sodium",)


@given(BILIRUBIN, BILIRUBIN, ALBUMIN, RATIO, CREATININE, SODIUM, st.booleans())
def test_worse_bilirubin_never_lowers_a_score(low, high, albumin, ratio, creatinine, sodium, female):
    low, high = sorted((low, high))
    inr, kidney, salt = Quantity(ratio, "1"), Quantity(creatinine, "mg/dL"), Quantity(sodium, "mmol/L")
    protein = Quantity(albumin, "g/L")

    def scores(value):
        bilirubin = Quantity(value, "umol/L")
        return (
            child_pugh(**{**WELL, "bilirubin": bilirubin, "albumin": protein}).value,
            albi(bilirubin=bilirubin, albumin=protein).value,
            meld(bilirubin=bilirubin, inr=inr, creatinine=kidney).value,
            meld_na(bilirubin=bilirubin, inr=inr, creatinine=kidney, sodium=salt).value,
            meld_3(
                female=female, bilirubin=bilirubin, inr=inr, creatinine=kidney, sodium=salt, albumin=protein
            ).value,
        )

    assert all(a <= b for a, b in zip(scores(low), scores(high), strict=True))


@given(BILIRUBIN, RATIO, RATIO, CREATININE, CREATININE, SODIUM, SODIUM)
def test_worse_clotting_kidney_and_salt_never_lower_meld(bilirubin, r1, r2, c1, c2, s1, s2):
    def value(ratio, creatinine, sodium):
        return meld_na(
            bilirubin=Quantity(bilirubin, "umol/L"),
            inr=Quantity(ratio, "1"),
            creatinine=Quantity(creatinine, "mg/dL"),
            sodium=Quantity(sodium, "mmol/L"),
        ).value

    better = value(min(r1, r2), min(c1, c2), max(s1, s2))
    worse = value(max(r1, r2), max(c1, c2), min(s1, s2))
    assert 6.0 <= better <= worse <= 40.0


@given(st.sampled_from(list(Analyte)), st.floats(0.0, 1e4), st.data())
def test_units_there_and_back(analyte, value, data):
    first = data.draw(st.sampled_from(sorted(UNITS[analyte])))
    second = data.draw(st.sampled_from(sorted(UNITS[analyte])))
    there = converted(analyte, Quantity(value, first), second)
    assert converted(analyte, Quantity(there, second), first) == pytest.approx(value, rel=1e-12)


@given(BILIRUBIN, ALBUMIN)
def test_a_change_of_unit_does_not_change_albi(bilirubin, albumin):
    first = albi(bilirubin=Quantity(bilirubin, "umol/L"), albumin=Quantity(albumin, "g/L"))
    mass = converted(Analyte.BILIRUBIN, Quantity(bilirubin, "umol/L"), "mg/dL")
    second = albi(bilirubin=Quantity(mass, "mg/dL"), albumin=Quantity(albumin / 10.0, "g/dL"))
    assert first.value == pytest.approx(second.value, abs=1e-9)


def test_units_are_never_guessed():
    for unit in ("mg/L", "", "UMOL/L", "g/L"):
        with pytest.raises(QuantityError):
            converted(Analyte.BILIRUBIN, Quantity(20.0, unit), "umol/L")
    for value in (-1.0, math.nan, math.inf):
        with pytest.raises(QuantityError):
            Quantity(value, "umol/L")
