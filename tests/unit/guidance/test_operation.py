"""The operation record is the events, beside the plan."""

import pytest
from tests.contract.session_cases import LEAD, OPERATOR
from tests.support.plans import planned
from tests.support.seed_plans import seeded
from tests.unit.guidance.test_table import DEVICE, RUN, STOPPED
from tests.unit.guidance.walk import opened

from tongtai.features.guidance.model import Draft, EventType
from tongtai.features.guidance.model.operation import operation_record
from tongtai.formats.plan_json import plan_sha256


def _operation():
    plan = planned().plan
    walk = opened("mwa")
    loaded = {"plan_id": plan.identity.plan_id, "version": 1, "sha256": plan_sha256(plan)}
    walk.do(OPERATOR, "plan.loaded", loaded)
    walk.do(OPERATOR, "device.used", DEVICE)
    walk.do(OPERATOR, "needle.punctured", {"needle_id": "N1"})
    walk.do(
        OPERATOR,
        "needle.confirmed",
        {"needle_id": "N1", "depth_mm": 81.0, "deviation_mm": 2.5, "guide": "周"},
    )
    walk.do(OPERATOR, "energy.started", {**RUN, "position": 1})
    walk.do(OPERATOR, "energy.stopped", {**STOPPED, "energy_kj": 34.0})
    walk.do(
        OPERATOR,
        "ct.assessed",
        {"margin_mm": 4.0, "residual": False, "bleeding": False, "pneumothorax": False},
    )
    return walk, plan


def test_plan_against_done():
    walk, plan = _operation()
    record = operation_record(walk.state, walk.log, plan, plan_sha256(plan))
    first = record.needles[0]
    assert (first.needle_id, first.done_depth_mm, first.deviation_mm) == ("N1", 81.0, 2.5)
    assert first.planned_depth_mm == plan.needles[0].depth_mm
    energy = record.energy[0]
    assert energy.planned_s == pytest.approx(plan.positions[0].time_min * 60.0)
    assert (energy.time_s, energy.energy_kj, energy.stop_reason) == (580.0, 34.0, "planned")
    # Positions of the plan that were not treated stand there too.
    assert len(record.energy) == len(plan.positions)
    assert all(row.time_s is None for row in record.energy[1:])
    assert plan.coverage is not None
    assert (record.margin.planned_mm, record.margin.done_mm) == (plan.coverage.minimum_margin_mm, 4.0)
    assert not record.plan_differs
    assert operation_record(walk.state, walk.log, plan, "0" * 64).plan_differs
    assert record.seeds_agree is None
    assert [device.udi for device in record.devices] == [DEVICE["udi"]]


def test_advice_and_delay_are_counted():
    walk = opened("mwa")
    for number, answer in enumerate(("accepted", "declined"), 1):
        walk.do(LEAD, "advice.given", {"advice_id": f"a{number}", "level": "info", "text": "x"})
        walk.wait(4.0 * number)
        reason = {"reason": "no"} if answer == "declined" else {}
        walk.do(OPERATOR, f"advice.{answer}", {"advice_id": f"a{number}", **reason})
    for state, delay_ms, lasts_s in (("live", 80.0, 10.0), ("degraded", 400.0, 5.0), ("lost", None, 2.0)):
        payload = {"state": state, "delay_ms": delay_ms, "loss": None, "fps": None, "reason": "measured"}
        walk.append([Draft(type=EventType.MEDIA_STATE, payload=payload)])
        walk.wait(lasts_s)
    walk.do(LEAD, "mark.added", {"text": "end"})
    record = operation_record(walk.state, walk.log)
    assert record.advice_sum.given == 2
    assert (record.advice_sum.by_outcome["accepted"], record.advice_sum.by_outcome["declined"]) == (1, 1)
    assert record.advice_sum.median_answer_s == 4.0
    assert (record.delay.values, record.delay.median_ms, record.delay.largest_ms) == (2, 80.0, 400.0)
    assert (record.delay.degraded_s, record.delay.lost_s) == (5.0, 2.0)
    assert record.needles == ()


def test_needles_of_a_plan_of_seeds_stand_beside_what_was_done():
    plan = seeded().plan
    walk = opened("seeds")
    walk.do(OPERATOR, "needle.punctured", {"needle_id": "N1"})
    done = {"needle_id": "N1", "depth_mm": 70.0, "deviation_mm": 1.0, "guide": "周"}
    walk.do(OPERATOR, "needle.confirmed", done)
    record = operation_record(walk.state, walk.log, plan, "0" * 64)
    first = record.needles[0]
    assert (first.planned_depth_mm, first.done_depth_mm) == (plan.needles[0].depth_mm, 70.0)
    assert (len(record.needles), record.energy, record.margin.planned_mm) == (len(plan.needles), (), None)
