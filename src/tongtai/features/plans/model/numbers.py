"""What a list of plans shows of each, and two plans side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongtai.core.planning.plan import Outcome, Plan
from tongtai.core.seed_planning.plan import TECHNIQUE, SeedOutcome, SeedPlan

SEEDS = TECHNIQUE
PlanOutcome = Outcome | SeedOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplantNumbers:
    """What is told of a plan of seeds beside its needles.

    Attributes
    ----------
    prescription_gy, d90_gy
        Dose to infinity.
    activity_mci
        Of one seed at the implant.
    v100, v150
        Shares of tumour and margin that get the prescription, and half as much again.
    d90_gy, v100, v150
        None where no needle has a way.
    goals_met, goals_missed
        Of those that can be judged.
    """

    seeds: int
    prescription_gy: float
    activity_mci: float
    d90_gy: float | None
    v100: float | None
    v150: float | None
    goals_met: int
    goals_missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNumbers:
    """What a list of plans shows of each.

    Attributes
    ----------
    device
        Ablation device, or seed.
    positions, energy_time_min
        Of energy, one position after the other; None for seeds.
    tumour_coverage, target_coverage
        Shares of the tumour, and of tumour and margin, inside the zones; 0 without a safe path; None for seeds.
    minimum_margin_mm, probability
        None where the plan does not know them.
    warnings
        How many.
    implant
        None for an ablation.
    """

    outcome: PlanOutcome
    technique: str
    device: str
    by_hand: bool
    tumour_number: int
    tumour_ml: float
    margin_mm: float
    needles: int
    positions: int | None
    energy_time_min: float | None
    tumour_coverage: float | None
    target_coverage: float | None
    minimum_margin_mm: float | None
    probability: float | None
    warnings: int
    implant: ImplantNumbers | None = None


def numbers_of(plan: Plan) -> PlanNumbers:
    """The numbers of a plan of an ablation."""
    coverage = plan.coverage
    chance = coverage.chance if coverage else None
    return PlanNumbers(
        outcome=plan.outcome,
        technique=plan.request.technique,
        device=plan.device.name if plan.device else "",
        by_hand=plan.request.by_hand,
        tumour_number=plan.request.tumour_number,
        tumour_ml=plan.target.tumour_ml,
        margin_mm=plan.request.margin_mm,
        needles=len(plan.needles),
        positions=len(plan.positions),
        energy_time_min=plan.energy_time_min,
        tumour_coverage=coverage.tumour if coverage else 0.0,
        target_coverage=coverage.target if coverage else 0.0,
        minimum_margin_mm=coverage.minimum_margin_mm if coverage else None,
        probability=chance.probability if chance else None,
        warnings=len(plan.warnings),
    )


def seed_numbers_of(plan: SeedPlan) -> PlanNumbers:
    """The numbers of a plan of seeds."""
    request, target = plan.request, plan.doses.target if plan.doses else None
    return PlanNumbers(
        outcome=plan.outcome,
        technique=request.technique,
        device=f"{plan.seed.name} ({plan.seed.model})",
        by_hand=request.by_hand,
        tumour_number=request.tumour_number,
        tumour_ml=plan.target.tumour_ml,
        margin_mm=request.margin_mm,
        needles=len(plan.needles),
        positions=None,
        energy_time_min=None,
        tumour_coverage=None,
        target_coverage=None,
        minimum_margin_mm=None,
        probability=None,
        warnings=len(plan.warnings),
        implant=ImplantNumbers(
            seeds=len(plan.seeds),
            prescription_gy=request.prescription_gy,
            activity_mci=request.activity_mci,
            d90_gy=target.d90_gy if target else None,
            v100=target.v100 if target else None,
            v150=target.v150 if target else None,
            goals_met=sum(goal.met is True for goal in plan.goals),
            goals_missed=sum(goal.met is False for goal in plan.goals),
        ),
    )


def numbers_from(told: Mapping[str, Any]) -> PlanNumbers:
    """Numbers as they were written down; those of plans from before there were seeds have no ``implant``."""
    implant = told.get("implant")
    kind = SeedOutcome if told["technique"] == SEEDS else Outcome
    return PlanNumbers(
        **{
            **told,
            "outcome": kind(told["outcome"]),
            "implant": None if implant is None else ImplantNumbers(**implant),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One number of two plans."""

    key: str
    unit: str
    a: float | str | None
    b: float | str | None


# What two plans are compared by: the number's name and its unit.
COMPARED: tuple[tuple[str, str], ...] = (
    ("outcome", ""),
    ("technique", ""),
    ("device", ""),
    ("tumour_ml", "ml"),
    ("margin_mm", "mm"),
    ("needles", ""),
    ("positions", ""),
    ("energy_time_min", "min"),
    ("tumour_coverage", "share"),
    ("target_coverage", "share"),
    ("minimum_margin_mm", "mm"),
    ("probability", "share"),
    ("seeds", ""),
    ("prescription_gy", "Gy"),
    ("activity_mci", "mCi"),
    ("d90_gy", "Gy"),
    ("v100", "share"),
    ("v150", "share"),
    ("goals_missed", ""),
    ("warnings", ""),
)


def compared(one: PlanNumbers, other: PlanNumbers) -> tuple[ComparedRow, ...]:
    """The numbers of two plans side by side, without those that neither has."""
    rows = (
        ComparedRow(key=key, unit=unit, a=_value(one, key), b=_value(other, key)) for key, unit in COMPARED
    )
    return tuple(row for row in rows if (row.a, row.b) != (None, None))


def _value(numbers: PlanNumbers, key: str) -> float | str | None:
    found: float | str | None = getattr(numbers if hasattr(numbers, key) else numbers.implant, key, None)
    return found
