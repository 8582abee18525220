"""``plan.json``: the same bytes back, the schema as documented, and nothing taken that does not follow it."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from tests.support.phantoms import phantom_patient

from tongtai.core.planning.errors import HandPlacedError
from tongtai.core.planning.pipeline import make_plan
from tongtai.core.planning.plan import Request
from tongtai.formats.plan_json import (
    HAND_PLACED_EXAMPLE,
    PlanFileError,
    plan_bytes,
    plan_schema,
    plan_sha256,
    read_hand_placed,
    read_plan,
    schema_text,
)
from tongtai.formats.plan_json.writing import encoded
from tongtai.formats.plan_knowledge import plan_knowledge

DOCUMENTED = Path(__file__).resolve().parents[3] / "docs" / "reference" / "plan.schema.json"


@pytest.fixture(scope="module")
def plan():
    request = Request(
        technique="mwa", device_id="mwa-2450-cooled-he2010", margin_mm=0.0, tumour_number=2,
        by_hand=False, position="supine",
    )  # fmt: skip
    return make_plan(phantom_patient(), request, plan_knowledge("mwa", heat=False), seed=1).plan


def test_the_documented_schema_is_that_of_the_program():
    """``tongtai plan-schema > docs/reference/plan.schema.json`` writes it."""
    assert DOCUMENTED.read_text(encoding="utf-8") == schema_text()
    jsonschema.Draft202012Validator.check_schema(plan_schema())


def test_a_plan_comes_back_as_the_same_bytes(plan):
    content = plan_bytes(plan)
    jsonschema.validate(json.loads(content), plan_schema())
    back = read_plan(content)
    assert plan_bytes(back) == content
    assert plan_sha256(back) == plan_sha256(plan)
    assert [needle.id for needle in back.needles] == [needle.id for needle in plan.needles]
    assert back.target.tumour_ml == pytest.approx(plan.target.tumour_ml, abs=1e-6)


def test_every_field_is_needed_and_none_is_added(plan):
    data = json.loads(plan_bytes(plan))
    # Plans made before distances were kept have none, and are still read.
    for key in data.keys() - {"clearances"}:
        less = {name: value for name, value in data.items() if name != key}
        with pytest.raises(PlanFileError):
            read_plan(json.dumps(less).encode())
    with pytest.raises(PlanFileError, match="patient_name"):
        read_plan(json.dumps({**data, "patient_name": "Li"}).encode())


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda data: data["needles"][0].update(entry_lps_mm=[1.0, 2.0]), r"needles\[0\].entry_lps_mm"),
        (lambda data: data["coverage"].update(tumour="all"), r"coverage"),
        (lambda data: data.update(outcome="maybe"), r"outcome"),
        (lambda data: data.update(schema_version=2), "version 2"),
    ],
)
def test_what_does_not_follow_the_schema_is_refused_with_its_place(plan, change, place):
    data = json.loads(plan_bytes(plan))
    change(data)
    with pytest.raises(PlanFileError, match=place):
        read_plan(json.dumps(data).encode())


def test_what_is_no_json_is_refused():
    for content in (b"", b"\xff\xfe", b"[1, 2]", b"{", b"null"):
        with pytest.raises(PlanFileError):
            read_plan(content)


def test_no_plan_holds_a_number_that_json_cannot(plan):
    broken = replace(plan, energy_time_min=float("inf"))
    with pytest.raises(PlanFileError, match="energy_time_min"):
        plan_bytes(broken)
    assert encoded(-0.0) == 0.0
    assert str(encoded(-1e-9)) == "0.0"


def test_hand_placed_needles_are_read_with_what_is_wrong_named():
    data = json.loads(HAND_PLACED_EXAMPLE)
    assert read_hand_placed(HAND_PLACED_EXAMPLE.encode()).needles[0].needle.length_mm == pytest.approx(
        74.33, abs=0.01
    )
    data["needles"][0]["positions"][1]["pull_back_mm"] = 80.0
    with pytest.raises(HandPlacedError, match=r"74\.3 mm deep"):
        read_hand_placed(json.dumps(data).encode())
    data["needles"][0]["positions"] = []
    with pytest.raises(HandPlacedError, match="at least one"):
        read_hand_placed(json.dumps(data).encode())
    with pytest.raises(PlanFileError, match="tip_lps_mm"):
        read_hand_placed(b'{"device_id": "a", "needles": [{"entry_lps_mm": [0, 0, 0], "positions": []}]}')


def test_a_plans_needles_are_taken_as_they_are(plan):
    placed = read_hand_placed(plan_bytes(plan))
    assert placed.device_id == plan.device.device_id
    assert len(placed.needles) == len(plan.needles)
    assert sum(len(one.applications) for one in placed.needles) == len(plan.positions)
