"""Stages and gates at each limit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongtai.core.risk.errors import RiskError
from tongtai.core.risk.gates import CHRONIC_LIVER_DISEASE_2019, Gate, ablation_window, bleeding_gate
from tongtai.core.risk.quantities import Quantity
from tongtai.core.risk.staging import bclc, cnlc
from tongtai.core.risk.tumour import TumourBurden


def _burden(*diameters_mm, vessels=False, spread=False):
    return TumourBurden(diameters_mm=diameters_mm, vascular_invasion=vessels, extrahepatic_spread=spread)


@pytest.mark.parametrize(
    ("burden", "status", "child_pugh_class", "transplant", "stage"),
    [
        (_burden(20.0), 0, "A", None, "0"),
        (_burden(20.1), 0, "A", None, "A"),
        (_burden(20.0), 0, "B", None, "A"),
        (_burden(80.0), 0, "A", None, "A"),
        (_burden(30.0, 30.0, 30.0), 0, "A", None, "A"),
        (_burden(30.1, 10.0), 0, "A", None, "B"),
        (_burden(10.0, 10.0, 10.0, 10.0), 0, "A", None, "B"),
        (_burden(15.0), 1, "A", None, "C"),
        (_burden(15.0), 2, "A", None, "C"),
        (_burden(15.0, vessels=True), 0, "A", None, "C"),
        (_burden(15.0, spread=True), 0, "A", None, "C"),
        (_burden(15.0), 3, "A", None, "D"),
        (_burden(15.0), 0, "C", False, "D"),
        (_burden(15.0), 0, "C", True, "A"),
    ],
)
def test_bclc(burden, status, child_pugh_class, transplant, stage):
    score = bclc(
        burden,
        performance_status=status,
        child_pugh_class=child_pugh_class,
        transplant_candidate=transplant,
    )
    assert score.grade == stage
    assert "a suggestion" in score.notes[0]


@pytest.mark.parametrize(
    ("burden", "status", "child_pugh_class", "stage"),
    [
        (_burden(50.0), 0, "A", "Ia"),
        (_burden(50.1), 0, "A", "Ib"),
        (_burden(30.0, 30.0), 2, "B", "Ib"),
        (_burden(30.0, 30.0, 30.0), 0, "A", "Ib"),
        (_burden(30.1, 10.0), 0, "A", "IIa"),
        (_burden(10.0, 10.0, 10.0, 10.0), 0, "A", "IIb"),
        (_burden(90.0, vessels=True), 0, "A", "IIIa"),
        (_burden(10.0, vessels=True, spread=True), 0, "A", "IIIb"),
        (_burden(10.0), 3, "A", "IV"),
        (_burden(10.0), 0, "C", "IV"),
    ],
)
def test_cnlc(burden, status, child_pugh_class, stage):
    assert cnlc(burden, performance_status=status, child_pugh_class=child_pugh_class).grade == stage


def test_a_stage_is_not_guessed():
    nothing = TumourBurden()
    assert cnlc(nothing, performance_status=None, child_pugh_class=None).missing == (
        "diameters_mm",
        "vascular_invasion",
        "extrahepatic_spread",
        "performance_status",
        "child_pugh_class",
    )
    late = bclc(_burden(10.0), performance_status=0, child_pugh_class="C", transplant_candidate=None)
    assert late.missing == ("transplant_candidate",)
    with pytest.raises(RiskError):
        cnlc(_burden(10.0), performance_status=5, child_pugh_class="A")
    with pytest.raises(RiskError):
        cnlc(_burden(10.0), performance_status=0, child_pugh_class="D")
    for diameters in ((), (0.0,), (float("nan"),)):
        with pytest.raises(RiskError):
            TumourBurden(diameters_mm=diameters)


@pytest.mark.parametrize(
    ("platelets", "ratio", "gate"),
    [
        (50.0, 1.5, Gate.OPEN),
        (49.9, 1.0, Gate.BLOCKED),
        (200.0, 1.51, Gate.BLOCKED),
        (20.0, 3.0, Gate.BLOCKED),
    ],
)
def test_bleeding_gate_at_its_limits(platelets, ratio, gate):
    score = bleeding_gate(platelets=Quantity(platelets, "10*9/L"), inr=Quantity(ratio, "1"))
    assert score.grade == gate
    assert "platelets < 50" in score.formula
    assert "rule of the house" in score.notes[-1]


def test_another_house_may_have_other_limits():
    low: dict[str, Any] = {"platelets": Quantity(31_000.0, "/uL"), "inr": Quantity(2.5, "1")}
    assert bleeding_gate(**low, limits=CHRONIC_LIVER_DISEASE_2019).grade == Gate.OPEN
    thin = bleeding_gate(**low, fibrinogen=Quantity(99.0, "mg/dL"), limits=CHRONIC_LIVER_DISEASE_2019)
    assert thin.grade == Gate.BLOCKED
    assert thin.notes[0] == "fibrinogen 0.99 g/L below 1"
    assert bleeding_gate(platelets=None, inr=Quantity(1.0, "1")).missing == ("platelets",)


@pytest.mark.parametrize(
    ("burden", "child_pugh_class", "gate"),
    [
        (_burden(50.0), "A", Gate.OPEN),
        (_burden(50.1), "A", Gate.BLOCKED),
        (_burden(30.0, 30.0, 30.0), "B", Gate.OPEN),
        (_burden(30.0, 30.1), "B", Gate.BLOCKED),
        (_burden(10.0, 10.0, 10.0, 10.0), "A", Gate.BLOCKED),
        (_burden(10.0, vessels=True), "A", Gate.BLOCKED),
        (_burden(10.0, spread=True), "A", Gate.BLOCKED),
        (_burden(10.0), "C", Gate.BLOCKED),
    ],
)
def test_ablation_window(burden, child_pugh_class, gate):
    score = ablation_window(burden, child_pugh_class=child_pugh_class)
    assert score.grade == gate
    assert bool(score.notes) is (gate is Gate.BLOCKED)


_SIZES = st.lists(st.floats(1.0, 150.0), min_size=1, max_size=6)
_ORDER_CNLC = ("Ia", "Ib", "IIa", "IIb", "IIIa", "IIIb", "IV")


@given(_SIZES, st.booleans(), st.booleans(), st.integers(0, 4), st.sampled_from("ABC"))
def test_more_disease_is_never_an_earlier_stage(sizes, vessels, spread, status, child_pugh_class):
    """Compared with the same tumours without spread, in a fit patient with a good liver."""
    fit: dict[str, Any] = {"performance_status": 0, "child_pugh_class": "A"}
    ill: dict[str, Any] = {"performance_status": status, "child_pugh_class": child_pugh_class}
    less, more = _burden(*sizes), _burden(*sizes, vessels=vessels, spread=spread)
    assert _ORDER_CNLC.index(cnlc(less, **fit).grade) <= _ORDER_CNLC.index(cnlc(more, **ill).grade)
    early = bclc(less, **fit, transplant_candidate=False).grade
    late = bclc(more, **ill, transplant_candidate=False).grade
    assert "0ABCD".index(str(early)) <= "0ABCD".index(str(late))
