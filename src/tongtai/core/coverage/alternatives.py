"""Plans side by side: devices, margins, numbers of needles, in one table, the best first."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from tongtai.core.coverage.alternative import Alternative
from tongtai.core.coverage.devices import DeviceTable, Evidence
from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.lines import NeedleLine
from tongtai.core.coverage.plans import ZonePlan, plan_zones, with_probability
from tongtai.core.coverage.probability import required_points
from tongtai.core.coverage.selection import Effort
from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.trajectory.measuring import Measurer


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
        organs_ml=organs_ml(plan),
        probability=None if chance is None else chance.probability,
        probability_low=None if chance is None else chance.low,
        probability_high=None if chance is None else chance.high,
        method="by hand" if plan.selection is None else plan.selection.method,
        gap=None if plan.selection is None else plan.selection.gap,
        extrapolated=plan.extrapolated,
    )


@dataclass(frozen=True, slots=True)
class Precedence:
    """One step of the order of plans.

    Attributes
    ----------
    name
        Stable name.
    value
        What is compared; the smaller stands first.
    """

    name: str
    value: Callable[[ZonePlan], float]


LEAST_TREATED = 0.5
"""A plan that leaves more than this share of the tumour is no treatment of it, however harmless."""
FULL = 0.9995
"""Covered to the last voxel, but for rounding."""
_ORGAN_STEP_ML = 0.1
_PROBABILITY_STEP = 0.05


def organs_ml(plan: ZonePlan) -> float:
    """Volume of organs to be spared that the zones reach."""
    return float(sum(organ.volume_ml for organ in plan.organs))


def _unlikely(plan: ZonePlan) -> float:
    """Chance that the margin does not hold, in steps larger than its own error."""
    chance = plan.probability
    return 1.0 if chance is None else 1.0 - round(chance.probability / _PROBABILITY_STEP) * _PROBABILITY_STEP


ORDER = (
    Precedence("no_treatment", lambda plan: float(plan.assessment.tumour_coverage < LEAST_TREATED)),
    Precedence("organs_reached", lambda plan: np.ceil(organs_ml(plan) / _ORGAN_STEP_ML)),
    Precedence("tumour_missed", lambda plan: round(1.0 - plan.assessment.tumour_coverage, 4)),
    Precedence("target_missed", lambda plan: round(1.0 - plan.assessment.target_coverage, 3)),
    Precedence("ex_vivo", lambda plan: float(plan.table.evidence is Evidence.EX_VIVO)),
    Precedence("margin_unlikely", _unlikely),
    Precedence("needles_and_positions", lambda plan: float(len(plan.needles) + len(plan.positions))),
    Precedence("energy_time", lambda plan: plan.energy_time_min),
    Precedence("collateral", lambda plan: plan.assessment.collateral_ml),
)
"""What decides first, second, and so on; docs/explanation/needles-and-zones.md gives the reasons."""


def rank(plan: ZonePlan) -> tuple[float, ...]:
    """Place of a plan in ``ORDER``: whatever is smaller stands before."""
    return tuple(one.value(plan) for one in ORDER)


def plan_alternatives(
    measurer: Measurer,
    targets: Sequence[AblationTarget],
    lines: Sequence[NeedleLine],
    tables: Sequence[DeviceTable],
    generator: np.random.Generator,
    *,
    exact: int = 1,
    effort: Effort | None = None,
    trials: int = 2000,
    held_margin_mm: float = 5.0,
    on_progress: Callable[[float], None] | None = None,
) -> tuple[ZonePlan, ...]:
    """A plan with each device, and with each margin of the best devices; the first is to be preferred.

    Every device is tried greedily with the first margin; the most promising are then searched exactly
    with every margin. If an organ keeps the best device from covering the target, what it could cover
    without that organ stands in the table too.

    Parameters
    ----------
    measurer, lines
        The patient, and the lines that needles may take.
    targets
        The same tumour with each margin to compare, say 5 and 10 mm; the first is the one to plan.
    tables
        The devices, say ``catalogue.usable("mwa")``.
    generator
        Source of chance for the probability of the margin; the same trials for every plan, so that
        their difference is that of the plans.
    exact
        How many devices are searched exactly.
    effort
        Of each exact search; None keeps the greedy choices.
    trials
        Trials of the probability.
    held_margin_mm
        The margin whose probability is computed, the same for all.
    on_progress
        Called with the share done; may raise to cancel.
    """
    made = _Making(measurer, lines, len(tables) + exact * (len(targets) + 1), on_progress)
    quick = sorted((made.best(targets[0], table, None) for table in tables), key=rank)
    plans = quick[exact:]
    for plan in quick[:exact]:
        plans += [made.best(target, plan.table, effort) for target in targets]
        plans += made.regardless(plan, targets[0])
    required = required_points(targets[0], held_margin_mm)
    source = generator.spawn(1)[0]
    ready = [with_probability(plan, required, deepcopy(source), trials=trials) for plan in plans]
    asked = targets[0].margin_mm
    return tuple(sorted(ready, key=lambda plan: (plan.margin_mm != asked, plan.margin_mm, *rank(plan))))


@dataclass(slots=True)
class _Making:
    """Makes plans and tells how many are made."""

    measurer: Measurer
    lines: Sequence[NeedleLine]
    work: int
    on_progress: Callable[[float], None] | None
    done: int = 0

    def best(self, target: AblationTarget, table: DeviceTable, effort: Effort | None) -> ZonePlan:
        """The plan that spares the organs; if that is no treatment, the one that does not."""
        found = []
        with suppress(CoverageError):
            found.append(plan_zones(self.measurer, target, self.lines, table, effort=effort))
        if not found or found[0].assessment.tumour_coverage < LEAST_TREATED:
            found.append(self._free(target, table))
        self._tell()
        return min(found, key=rank)

    def regardless(self, plan: ZonePlan, target: AblationTarget) -> list[ZonePlan]:
        """What a device could cover if no organ kept it off; nothing if none does."""
        self._tell()
        hindered = plan.kept_off and plan.assessment.target_coverage < FULL
        return [self._free(target, plan.table)] if hindered else []

    def _free(self, target: AblationTarget, table: DeviceTable) -> ZonePlan:
        return plan_zones(self.measurer, target, self.lines, table, spare_organs=False)

    def _tell(self) -> None:
        self.done += 1
        if self.on_progress is not None:
            self.on_progress(self.done / self.work)
