"""``seed-plan.json``: the schema as documented, goals that say something, and nothing taken that does not follow it."""

from pathlib import Path

import jsonschema
import pytest

from tongtai.core.seed_planning.errors import GoalError
from tongtai.core.seed_planning.goals import TARGET, Goal, Quantity
from tongtai.formats.plan_json import PlanFileError
from tongtai.formats.seed_plan_json import read_seed_plan, seed_plan_schema, seed_schema_text

DOCUMENTED = Path(__file__).resolve().parents[3] / "docs" / "reference" / "seed-plan.schema.json"


def test_the_documented_schema_is_that_of_the_program():
    """``tongtai seeds plan-schema > docs/reference/seed-plan.schema.json`` writes it."""
    assert DOCUMENTED.read_text(encoding="utf-8") == seed_schema_text()
    jsonschema.Draft202012Validator.check_schema(seed_plan_schema())


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1, 2]", b"null", b'{"schema_version": 2}'])
def test_what_is_no_seed_plan_is_refused(content):
    with pytest.raises(PlanFileError):
        read_seed_plan(content)


@pytest.mark.parametrize(
    ("structure", "quantity", "value", "unit"),
    [
        (TARGET, Quantity.D90, 110.0, ""),
        (TARGET, Quantity.D90, 110.0, "share"),
        (TARGET, Quantity.V100, 95.0, "share"),
        (TARGET, Quantity.D90, -110.0, "Gy"),
        (TARGET, Quantity.D90, float("nan"), "Gy"),
        (TARGET, Quantity.DMAX, 400.0, "Gy"),
        ("bowel", Quantity.V100, 0.5, "share"),
        ("bowel", Quantity.D2CC, 0.0, "Gy"),
    ],
)
def test_a_goal_without_a_sound_value_and_unit_is_refused(structure, quantity, value, unit):
    with pytest.raises(GoalError):
        Goal(structure=structure, quantity=quantity, value=value, unit=unit, source="test")


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "met"),
    [
        (Quantity.D90, 110.0, "Gy", {109.9: False, 110.0: True, 200.0: True}),
        (Quantity.V100, 0.95, "share", {0.949: False, 0.95: True, 1.0: True}),
        (Quantity.V150, 0.6, "share", {0.6: True, 0.61: False}),
        (Quantity.V200, 0.5, "share", {0.0: True, 0.51: False}),
    ],
)
def test_what_must_be_reached_and_what_must_not_be_passed(quantity, value, unit, met):
    goal = Goal(structure=TARGET, quantity=quantity, value=value, unit=unit, source="test")
    assert {reached: goal.met_by(reached) for reached in met} == met
