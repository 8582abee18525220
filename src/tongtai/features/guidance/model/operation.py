"""The operation record: what was done, from the session's events, beside what the plan had."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from tongtai.core.planning.plan import Plan
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.features.guidance.model.catalogue import AdviceStatus, EventType
from tongtai.features.guidance.model.event import Event
from tongtai.features.guidance.model.records import Advice, StepMark
from tongtai.features.guidance.model.records_table import DeviceUsed, LoadedPlan, SeedCount, TableEntry
from tongtai.features.guidance.model.state import SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedleRow:
    """A needle as planned and as done; ``None`` where the one or the other did not have it."""

    needle_id: str
    planned_depth_mm: float | None
    done_depth_mm: float | None
    deviation_mm: float | None
    punctures: int
    repositions: int
    confirmed_by: str | None
    guide: str | None
    intact: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyRow:
    """An application of energy as planned and as done."""

    run_id: str | None
    position: int | None
    needle_id: str
    planned_power_w: float | None
    planned_s: float | None
    power_w: float | None
    time_s: float | None
    energy_kj: float | None
    samples: int
    stop_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRow:
    """The smallest margin: planned, and as the last immediate image shows it."""

    planned_mm: float | None
    done_mm: float | None
    residual: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceSum:
    """Advice by what became of it, and how long the site took to answer."""

    given: int
    by_outcome: Mapping[str, int]
    median_answer_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelaySum:
    """What the log has of the pictures' delay: one value for each time that the state was written."""

    values: int
    median_ms: float | None
    p95_ms: float | None
    largest_ms: float | None
    degraded_s: float
    lost_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRecord:
    """The operation and its guidance, to be read beside the plan.

    Attributes
    ----------
    plan_differs
        Whether the plan that is shown is another one than the one that was loaded at the table.
    """

    opened_ms: int | None
    closed_ms: int | None
    plan: LoadedPlan | None
    plan_differs: bool
    steps: tuple[StepMark, ...]
    needles: tuple[NeedleRow, ...]
    energy: tuple[EnergyRow, ...]
    margin: MarginRow
    seeds: SeedCount
    seeds_agree: bool | None
    devices: tuple[DeviceUsed, ...]
    entries: tuple[TableEntry, ...]
    advice: tuple[Advice, ...]
    advice_sum: AdviceSum
    delay: DelaySum


def operation_record(
    state: SessionState, events: Sequence[Event], plan: Plan | SeedPlan | None = None, plan_sha256: str = ""
) -> OperationRecord:
    """Compile the record.

    Parameters
    ----------
    state
        After the last of the events.
    events
        The whole log.
    plan, plan_sha256
        The plan to compare with, and its hash.
    """
    loaded = state.plan
    counted = state.seeds.left is not None
    return OperationRecord(
        opened_ms=state.opened_ms,
        closed_ms=state.closed_ms,
        plan=loaded,
        plan_differs=loaded is not None and plan is not None and loaded.sha256 != plan_sha256,
        steps=state.steps,
        needles=_needles(state, plan),
        energy=_energy(state, plan),
        margin=_margin(state, plan),
        seeds=state.seeds,
        seeds_agree=not state.seeds.mismatch if counted else None,
        devices=state.devices,
        entries=state.entries,
        advice=state.advice,
        advice_sum=_advice(state.advice),
        delay=_delay(events),
    )


def _needles(state: SessionState, plan: Plan | SeedPlan | None) -> tuple[NeedleRow, ...]:
    planned = {needle.id: needle.depth_mm for needle in plan.needles} if plan else {}
    rows = []
    for needle_id in sorted({*planned, *state.needles}, key=_numbered):
        done = state.needles.get(needle_id)
        rows.append(
            NeedleRow(
                needle_id=needle_id,
                planned_depth_mm=planned.get(needle_id),
                done_depth_mm=done.depth_mm if done else None,
                deviation_mm=done.deviation_mm if done else None,
                punctures=done.punctures if done else 0,
                repositions=done.repositions if done else 0,
                confirmed_by=done.confirmed_by if done else None,
                guide=done.guide if done else None,
                intact=done.intact if done else None,
            )
        )
    return tuple(rows)


def _numbered(needle_id: str) -> list[str | int]:
    """N2 before N10: words and numbers in turn."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", needle_id)]


def _energy(state: SessionState, plan: Plan | SeedPlan | None) -> tuple[EnergyRow, ...]:
    # A plan of seeds has needles, and neither energy nor margins.
    planned = {one.number: one for one in plan.positions} if isinstance(plan, Plan) else {}
    rows = []
    for run in state.energy:
        position = planned.get(run.position) if run.position is not None else None
        rows.append(
            EnergyRow(
                run_id=run.run_id,
                position=run.position,
                needle_id=run.needle_id,
                planned_power_w=position.power_w if position else None,
                planned_s=position.time_min * 60.0 if position else None,
                power_w=run.power_w,
                time_s=run.time_s,
                energy_kj=run.energy_kj,
                samples=run.samples,
                stop_reason=run.stop_reason,
            )
        )
    done = {run.position for run in state.energy}
    left = [one for number, one in sorted(planned.items()) if number not in done]
    rows += [
        EnergyRow(
            run_id=None,
            position=one.number,
            needle_id=one.needle,
            planned_power_w=one.power_w,
            planned_s=one.time_min * 60.0,
            power_w=None,
            time_s=None,
            energy_kj=None,
            samples=0,
            stop_reason=None,
        )
        for one in left
    ]
    return tuple(rows)


def _margin(state: SessionState, plan: Plan | SeedPlan | None) -> MarginRow:
    seen: list[Mapping[str, Any]] = [
        entry.values for entry in state.entries if entry.kind == EventType.CT_ASSESSED
    ]
    last = seen[-1] if seen else {}
    coverage = plan.coverage if isinstance(plan, Plan) else None
    return MarginRow(
        planned_mm=coverage.minimum_margin_mm if coverage else None,
        done_mm=last.get("margin_mm"),
        residual=last.get("residual"),
    )


def _advice(advice: Sequence[Advice]) -> AdviceSum:
    outcomes = {status.value: sum(one.status is status for one in advice) for status in AdviceStatus}
    waited = [(one.answered_ms - one.given_ms) / 1000.0 for one in advice if one.answered_ms is not None]
    return AdviceSum(given=len(advice), by_outcome=outcomes, median_answer_s=_share(waited, 0.5))


def _delay(events: Sequence[Event]) -> DelaySum:
    states = [event for event in events if event.type is EventType.MEDIA_STATE]
    delays = [event.payload["delay_ms"] for event in states if event.payload.get("delay_ms") is not None]
    end_ms = events[-1].t_server_ms if events else 0
    lasted = {"degraded": 0.0, "lost": 0.0}
    for number, event in enumerate(states):
        until = states[number + 1].t_server_ms if number + 1 < len(states) else end_ms
        if event.payload["state"] in lasted:
            lasted[event.payload["state"]] += (until - event.t_server_ms) / 1000.0
    return DelaySum(
        values=len(delays),
        median_ms=_share(delays, 0.5),
        p95_ms=_share(delays, 0.95),
        largest_ms=max(delays, default=None),
        degraded_s=lasted["degraded"],
        lost_s=lasted["lost"],
    )


def _share(values: Sequence[float], share: float) -> float | None:
    """The value that this share of all does not exceed (nearest rank); ``None`` of none."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)] if values else None
