"""What events at the table change: needles, energy, seeds, devices, and everything that is only noted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tongtai.features.guidance.model.catalogue import TABLE_ENTRIES, EventType
from tongtai.features.guidance.model.event import Event
from tongtai.features.guidance.model.records_table import (
    DeviceUsed,
    EnergyRun,
    LoadedPlan,
    NeedleDone,
    TableEntry,
)

if TYPE_CHECKING:
    from tongtai.features.guidance.model.state import SessionState

Changes = dict[str, Any]
Reducer = Callable[["SessionState", Event], Changes]


def _plan_loaded(_state: "SessionState", event: Event) -> Changes:
    payload = event.payload
    plan = LoadedPlan(
        plan_id=payload["plan_id"],
        version=payload["version"],
        sha256=payload["sha256"],
        reason=payload.get("reason"),
        since_ms=event.t_server_ms,
    )
    return {"plan": plan}


def _needle_punctured(state: "SessionState", event: Event) -> Changes:
    needle_id = event.payload["needle_id"]
    before = state.needles.get(needle_id)
    needle = NeedleDone(
        needle_id=needle_id,
        punctures=before.punctures + 1 if before else 1,
        repositions=before.repositions if before else 0,
        since_ms=event.t_server_ms,
    )
    return {"needles": {**state.needles, needle_id: needle}}


def _with_needle(state: "SessionState", event: Event, changes: Mapping[str, Any]) -> Changes:
    needle = state.needles.get(event.payload["needle_id"])
    if needle is None:
        return {}
    return {"needles": {**state.needles, needle.needle_id: replace(needle, **changes)}}


def _needle_advanced(state: "SessionState", event: Event) -> Changes:
    return _with_needle(state, event, {"depth_mm": event.payload["depth_mm"]})


def _needle_confirmed(state: "SessionState", event: Event) -> Changes:
    payload = event.payload
    changes = {
        "depth_mm": payload["depth_mm"],
        "deviation_mm": payload.get("deviation_mm"),
        "confirmed_by": event.actor.name,
        "guide": payload.get("guide"),
        "confirmed_ms": event.t_server_ms,
    }
    return _with_needle(state, event, changes)


def _needle_repositioned(state: "SessionState", event: Event) -> Changes:
    needle = state.needles.get(event.payload["needle_id"])
    done = needle.repositions + 1 if needle else 1
    # What was confirmed no longer holds.
    changes = {"repositions": done, "confirmed_ms": None, "confirmed_by": None, "guide": None}
    return _with_needle(state, event, {**changes, "deviation_mm": None})


def _needle_withdrawn(state: "SessionState", event: Event) -> Changes:
    changes = {"withdrawn_ms": event.t_server_ms, "intact": event.payload["intact"]}
    return _with_needle(state, event, changes)


def _energy_started(state: "SessionState", event: Event) -> Changes:
    payload = event.payload
    run = EnergyRun(
        run_id=payload["run_id"],
        needle_id=payload["needle_id"],
        device=payload["device"],
        mode=payload["mode"],
        power_w=payload["power_w"],
        planned_s=payload["planned_s"],
        position=payload.get("position"),
        started_ms=event.t_server_ms,
    )
    return {"energy": (*state.energy, run)}


def _with_run(state: "SessionState", event: Event, change: Callable[[EnergyRun], EnergyRun]) -> Changes:
    run_id = event.payload["run_id"]
    return {"energy": tuple(change(run) if run.run_id == run_id else run for run in state.energy)}


def _energy_sampled(state: "SessionState", event: Event) -> Changes:
    sample = {name: value for name, value in event.payload.items() if name != "run_id"}
    return _with_run(state, event, lambda run: replace(run, samples=run.samples + 1, last=sample))


def _energy_stopped(state: "SessionState", event: Event) -> Changes:
    payload = event.payload
    return _with_run(
        state,
        event,
        lambda run: replace(
            run,
            stopped_ms=event.t_server_ms,
            time_s=payload["time_s"],
            energy_kj=payload.get("energy_kj"),
            stop_reason=payload["reason"],
        ),
    )


def _seeds_issued(state: "SessionState", event: Event) -> Changes:
    return {"seeds": replace(state.seeds, issued=state.seeds.issued + event.payload["count"], left=None)}


def _seeds_dropped(state: "SessionState", event: Event) -> Changes:
    return {"seeds": replace(state.seeds, dropped=state.seeds.dropped + event.payload["count"])}


def _seeds_counted(state: "SessionState", event: Event) -> Changes:
    return {"seeds": replace(state.seeds, left=event.payload["left"])}


def _device_used(state: "SessionState", event: Event) -> Changes:
    payload = event.payload
    device = DeviceUsed(
        udi=payload["udi"],
        name=payload["name"],
        model=payload["model"],
        lot=payload["lot"],
        expires_on=payload.get("expires_on"),
        single_use=payload["single_use"],
        needle_id=payload.get("needle_id"),
        t_ms=event.t_server_ms,
    )
    return {"devices": (*state.devices, device)}


def _noted(state: "SessionState", event: Event) -> Changes:
    entry = TableEntry(
        event_id=event.id,
        kind=event.type.value,
        values=dict(event.payload),
        by_name=event.actor.name,
        t_ms=event.t_server_ms,
    )
    return {"entries": (*state.entries, entry)}


TABLE_REDUCERS: Mapping[EventType, Reducer] = MappingProxyType(
    {
        EventType.PLAN_LOADED: _plan_loaded,
        EventType.NEEDLE_PUNCTURED: _needle_punctured,
        EventType.NEEDLE_ADVANCED: _needle_advanced,
        EventType.NEEDLE_CONFIRMED: _needle_confirmed,
        EventType.NEEDLE_REPOSITIONED: _needle_repositioned,
        EventType.NEEDLE_WITHDRAWN: _needle_withdrawn,
        EventType.ENERGY_STARTED: _energy_started,
        EventType.ENERGY_SAMPLED: _energy_sampled,
        EventType.ENERGY_STOPPED: _energy_stopped,
        EventType.SEEDS_ISSUED: _seeds_issued,
        EventType.SEEDS_DROPPED: _seeds_dropped,
        EventType.SEEDS_COUNTED: _seeds_counted,
        EventType.DEVICE_USED: _device_used,
        **dict.fromkeys(TABLE_ENTRIES, _noted),
    }
)
