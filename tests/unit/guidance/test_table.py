"""What is done at the table: needles, energy, seeds, devices; by the room's side only."""

import pytest
from tests.contract.session_cases import LEAD, OPERATOR
from tests.unit.guidance.walk import opened

from tongtai.features.guidance.errors import (
    DeviceExpiredError,
    DeviceReusedError,
    DuplicateSubjectError,
    NotYourTurnError,
    StepNotOfTechniqueError,
    TransitionRefusedError,
)
from tongtai.features.guidance.model.catalogue import TABLE_ENTRIES
from tongtai.features.guidance.schemas import PAYLOADS
from tongtai.features.guidance.service import COMMANDS

RUN = {
    "run_id": "run_1",
    "needle_id": "N1",
    "device": "MWA",
    "mode": "continuous",
    "power_w": 60.0,
    "planned_s": 600.0,
}
DEVICE = {
    "udi": "(01)069(21)7",
    "name": "antenna",
    "model": "16G",
    "lot": "A1",
    "single_use": True,
    "used_on": "2026-01-02",
    "needle_id": "N1",
}
STOPPED = {"run_id": "run_1", "time_s": 580.0, "reason": "planned"}
STOP = {"advice_id": "a1", "level": "stop", "text": "停"}


def _with_needle(technique="mwa"):
    walk = opened(technique)
    walk.do(OPERATOR, "needle.punctured", {"needle_id": "N1"})
    return walk


def _alarms(walk):
    return [alarm.code for alarm in walk.state.alarms]


def test_every_command_of_the_table_has_its_payload_and_is_refused_to_the_centre():
    kinds = {kind for kind, spec in COMMANDS.items() if spec.permission.value == "session_record"}
    assert len(kinds) == 13 + len(TABLE_ENTRIES)
    assert kinds <= PAYLOADS.keys()
    walk = _with_needle()
    for kind in kinds:
        with pytest.raises(NotYourTurnError):
            walk.do(LEAD, kind, {})


def test_a_needle_goes_in_is_confirmed_moved_and_comes_out():
    walk = _with_needle()
    with pytest.raises(DuplicateSubjectError):
        walk.do(OPERATOR, "needle.punctured", {"needle_id": "N1"})
    walk.do(OPERATOR, "needle.confirmed", {"needle_id": "N1", "depth_mm": 82.0, "deviation_mm": 2.5})
    assert walk.state.needles["N1"].deviation_mm == 2.5
    walk.do(OPERATOR, "needle.repositioned", {"needle_id": "N1", "reason": "x"})
    assert walk.state.needles["N1"].confirmed_ms is None
    walk.do(OPERATOR, "needle.withdrawn", {"needle_id": "N1", "intact": True})
    for kind in ("needle.advanced", "needle.confirmed", "needle.repositioned", "needle.withdrawn"):
        with pytest.raises(TransitionRefusedError):
            walk.do(OPERATOR, kind, {"needle_id": "N1"})
    walk.do(OPERATOR, "needle.punctured", {"needle_id": "N1"})
    assert walk.state.needles["N1"].punctures == 2


def test_energy_needs_its_needle_in_the_patient_and_runs_once():
    walk = opened("mwa")
    with pytest.raises(TransitionRefusedError):
        walk.do(OPERATOR, "energy.started", RUN)
    walk = _with_needle()
    walk.do(OPERATOR, "energy.started", RUN)
    with pytest.raises(DuplicateSubjectError):
        walk.do(OPERATOR, "energy.started", RUN)
    with pytest.raises(TransitionRefusedError):
        walk.do(OPERATOR, "energy.started", {**RUN, "run_id": "run_2"})
    with pytest.raises(TransitionRefusedError):
        walk.do(OPERATOR, "needle.withdrawn", {"needle_id": "N1", "intact": True})
    walk.do(OPERATOR, "energy.sampled", {"run_id": "run_1", "time_s": 60.0})
    walk.do(OPERATOR, "energy.stopped", STOPPED)
    for kind in ("energy.sampled", "energy.stopped"):
        with pytest.raises(TransitionRefusedError):
            walk.do(OPERATOR, kind, STOPPED)
    assert (walk.state.energy[0].samples, walk.state.energy[0].time_s) == (1, 580.0)


def test_a_stop_keeps_needles_and_energy_from_beginning_but_never_from_ending():
    walk = _with_needle()
    walk.do(OPERATOR, "energy.started", RUN)
    walk.do(LEAD, "advice.given", STOP)
    walk.do(OPERATOR, "advice.accepted", {"advice_id": "a1"})
    walk.do(OPERATOR, "energy.stopped", {**STOPPED, "reason": "stop_called"})
    for kind, payload in (
        ("needle.punctured", {"needle_id": "N2"}),
        ("energy.started", {**RUN, "run_id": "r2"}),
    ):
        with pytest.raises(TransitionRefusedError):
            walk.do(OPERATOR, kind, payload)
    walk.do(OPERATOR, "session.resumed")
    walk.do(OPERATOR, "needle.punctured", {"needle_id": "N2"})


def test_f34_energy_without_a_udi_warns_and_a_single_use_device_is_used_once():
    walk = _with_needle()
    walk.do(OPERATOR, "energy.started", RUN)
    assert _alarms(walk) == ["needle_without_udi"]
    walk.do(OPERATOR, "device.used", DEVICE)
    assert _alarms(walk) == []
    with pytest.raises(DeviceReusedError):
        walk.do(OPERATOR, "device.used", DEVICE)
    walk.do(OPERATOR, "device.used", {**DEVICE, "udi": "(01)1(21)2", "single_use": False})
    walk.do(OPERATOR, "device.used", {**DEVICE, "udi": "(01)1(21)2", "single_use": False})


@pytest.mark.parametrize(
    ("expires_on", "refused"), [("2026-01-01", True), ("2026-01-02", False), (None, False)]
)
def test_a_device_whose_date_has_passed_is_refused(expires_on, refused):
    walk = opened("mwa")
    device = {**DEVICE, "expires_on": expires_on}
    if refused:
        with pytest.raises(DeviceExpiredError):
            walk.do(OPERATOR, "device.used", device)
    else:
        walk.do(OPERATOR, "device.used", device)


def test_seeds_are_counted_and_a_missing_one_is_a_red_alarm():
    walk = _with_needle("seeds")
    walk.do(OPERATOR, "seeds.issued", {"count": 10})
    walk.do(OPERATOR, "seeds.dropped", {"needle_id": "N1", "count": 4})
    with pytest.raises(TransitionRefusedError):
        walk.do(OPERATOR, "seeds.dropped", {"needle_id": "N1", "count": 7})
    walk.do(OPERATOR, "seeds.counted", {"left": 5})
    assert [(alarm.code, alarm.severity.value) for alarm in walk.state.alarms] == [("seed_mismatch", "red")]
    assert walk.state.seeds.mismatch
    walk.do(OPERATOR, "seeds.counted", {"left": 6})
    assert _alarms(walk) == []
    assert not walk.state.seeds.mismatch


def test_seeds_and_energy_belong_to_their_techniques():
    with pytest.raises(StepNotOfTechniqueError):
        _with_needle("seeds").do(OPERATOR, "energy.started", RUN)
    with pytest.raises(StepNotOfTechniqueError):
        _with_needle("rfa").do(OPERATOR, "seeds.issued", {"count": 1})
