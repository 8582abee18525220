"""Plans side by side: devices, margins, numbers of needles, in one table, the best first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tongtai.core.coverage.devices import DeviceTable, Evidence
from tongtai.core.coverage.lines import NeedleLine
from tongtai.core.coverage.plans import ZonePlan, plan_zones, with_probability
from tongtai.core.coverage.probability import required_points
from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.trajectory.measuring import Measurer


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One row of the table; the meaning of each number is that of the plan's own."""

    table_id: str
    device: str
    evidence: str
    settings: tuple[str, ...]
    margin_mm: float
    needles: int
    positions: int
    energy_time_min: float
    tumour_coverage: float
    target_coverage: float
    minimum_margin_mm: float | None
    collateral_ml: float
    remnant_share: float
    reached_ml: float
    probability: float | None
    probability_low: float | None
    probability_high: float | None
    method: str
    gap: float | None
    extrapolated: bool


def row_of(plan: ZonePlan) -> Alternative:
    """A plan as one row."""
    result, chance = plan.assessment, plan.probability
    return Alternative(
        table_id=plan.table.table_id,
        device=plan.table.name,
        evidence=plan.table.evidence.value,
        settings=tuple(dict.fromkeys(position.size.setting for position in plan.positions)),
        margin_mm=plan.margin_mm,
        needles=len(plan.needles),
        positions=len(plan.positions),
        energy_time_min=plan.energy_time_min,
        tumour_coverage=result.tumour_coverage,
        target_coverage=result.target_coverage,
        minimum_margin_mm=result.margin.minimum_mm,
        collateral_ml=result.collateral_ml,
        remnant_share=result.remnant_share,
        reached_ml=float(sum(result.reached_ml.values())),
        probability=None if chance is None else chance.probability,
        probability_low=None if chance is None else chance.low,
        probability_high=None if chance is None else chance.high,
        method="by hand" if plan.selection is None else plan.selection.method,
        gap=None if plan.selection is None else plan.selection.gap,
        extrapolated=plan.extrapolated,
    )


def rank(plan: ZonePlan) -> tuple[float, ...]:
    """Order of plans: what is covered, what the numbers are worth, then few, short and sparing.

    Zones measured ex vivo are larger than those in a patient: such a plan stands behind one that
    covers as much with zones measured in vivo, however few positions it claims to need.
    """
    result = plan.assessment
    return (
        round(1.0 - result.tumour_coverage, 4),
        round(1.0 - result.target_coverage, 3),
        float(plan.table.evidence is Evidence.EX_VIVO),
        float(len(plan.needles) + len(plan.positions)),
        plan.energy_time_min,
        result.collateral_ml,
    )


def plan_alternatives(
    measurer: Measurer,
    targets: Sequence[AblationTarget],
    lines: Sequence[NeedleLine],
    tables: Sequence[DeviceTable],
    generator: np.random.Generator,
    *,
    exact: int = 1,
    time_limit_s: float = 2.5,
    trials: int = 2000,
    held_margin_mm: float = 5.0,
    on_progress: Callable[[float], None] | None = None,
) -> tuple[ZonePlan, ...]:
    """A plan with each device, and with each margin of the best devices; the first is to be preferred.

    Every device is tried greedily with the first margin; the most promising are then searched exactly
    with every margin.

    Parameters
    ----------
    measurer, lines
        The patient, and the lines that needles may take.
    targets
        The same tumour with each margin to compare, say 5 and 10 mm; the first is the one to plan.
    tables
        The devices, say ``catalogue.usable("mwa")``.
    generator
        Source of chance for the probability of the margin.
    exact
        How many devices are searched exactly.
    time_limit_s
        Time for each exact search.
    trials
        Trials of the probability.
    held_margin_mm
        The margin whose probability is computed, the same for all.
    on_progress
        Called with the share done; may raise to cancel.
    """
    work = len(tables) + exact * len(targets)
    quick: list[ZonePlan] = []
    for table in tables:
        quick.append(plan_zones(measurer, targets[0], lines, table, time_limit_s=0.0))
        if on_progress is not None:
            on_progress(len(quick) / work)
    quick.sort(key=rank)
    plans = quick[exact:]
    for target in targets:
        for plan in quick[:exact]:
            plans.append(plan_zones(measurer, target, lines, plan.table, time_limit_s=time_limit_s))
            if on_progress is not None:
                on_progress(min(1.0, (len(plans) + exact) / work))
    asked = targets[0].margin_mm
    plans.sort(key=lambda plan: (plan.margin_mm != asked, plan.margin_mm, *rank(plan)))
    required = required_points(targets[0], held_margin_mm)
    # Each plan has a generator of its own, so that its number does not depend on the others.
    return tuple(
        with_probability(plan, required, source, trials=trials)
        for plan, source in zip(plans, generator.spawn(len(plans)), strict=True)
    )
