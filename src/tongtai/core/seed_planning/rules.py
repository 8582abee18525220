"""What needles and seeds of an implant must keep to, and what a plan is told besides: the types of the rule file.

The numbers live in ``tongtai.formats.seed_rules``, each with its source; here is only what they mean.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tongtai.core.brachytherapy.radiobiology import TissueResponse
from tongtai.core.seed_planning.errors import SeedActivityError, SeedRulesError, TemplateError
from tongtai.core.seed_planning.goals import TARGET, Goal, Quantity
from tongtai.core.seed_planning.handling import Advice


class SeedNumber(StrEnum):
    """Numbers of the rule file."""

    SEED_STEP_MM = "seed_step_mm"
    """Smallest distance between the centres of two seeds on a needle; places for seeds lie this far apart."""
    LARGEST_SEED_STEP_MM = "largest_seed_step_mm"
    """Largest such distance between neighbours, unless every place between them is closed."""
    NEEDLE_STEP_MM = "needle_step_mm"
    """Distance between the holes of a template that is not asked for otherwise."""
    LEAST_NEEDLE_STEP_MM = "least_needle_step_mm"
    """Smallest distance between holes, and between free needles inside the target."""
    LARGEST_NEEDLE_STEP_MM = "largest_needle_step_mm"
    """Largest distance between holes."""
    OUTSIDE_TARGET_MM = "outside_target_mm"
    """How far a seed's centre may lie outside the target."""
    VESSEL_CLEARANCE_MM = "vessel_clearance_mm"
    """Between a seed's centre and any vessel of the masks, however thin."""
    TIP_BEYOND_SEED_MM = "tip_beyond_seed_mm"
    """From the deepest seed's centre to the needle's tip."""
    LEAST_ACTIVITY_MCI = "least_activity_mci"
    """Lowest apparent activity of a seed."""
    LARGEST_ACTIVITY_MCI = "largest_activity_mci"
    """Highest apparent activity of a seed."""
    TEMPLATE_HOLES = "template_holes"
    """Holes along each side of the template."""
    TEMPLATE_STANDOFF_MM = "template_standoff_mm"
    """Between the template's plane and the nearest skin under its open holes."""
    PLACEMENT_ERROR_MM = "placement_error_mm"
    """Mean displacement of a seed in the trials of the band."""
    SPARE_SHARE = "spare_share"
    """Seeds in reserve, as a share of those planned, rounded up."""
    LEAST_SPARES = "least_spares"
    """Fewest seeds in reserve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledNumber:
    """A value and where it comes from."""

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledGoal:
    """A goal of the rule file: a share, a dose in Gy, or a multiple of the prescription.

    Attributes
    ----------
    structures
        Names of the masks that are this organ; ``target`` alone for goals of the target.
    of_prescription
        Whether ``value`` is a multiple of the prescription instead of Gy.
    """

    structures: tuple[str, ...]
    quantity: Quantity
    value: float
    of_prescription: bool
    source: str

    def goals(self, prescription_gy: float) -> tuple[Goal, ...]:
        """One goal for each structure."""
        value = self.value * (prescription_gy if self.of_prescription else 1.0)
        return tuple(
            Goal(
                structure=name,
                quantity=self.quantity,
                value=value,
                unit=self.quantity.unit,
                source=self.source,
            )
            for name in self.structures
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledTissue:
    """How a tissue answers: of the target, or of every organ."""

    response: TissueResponse
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledDischarge:
    """A value that is compared before the patient leaves.

    Attributes
    ----------
    quantity
        ``total_activity_mci`` or ``rate_1m_ugy_h``.
    """

    name: str
    quantity: str
    limit: float
    unit: str
    source: str


DISCHARGE_QUANTITIES = ("total_activity_mci", "rate_1m_ugy_h")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRules:
    """Everything of the rule file.

    Attributes
    ----------
    numbers
        Every ``SeedNumber``.
    goals
        Of the target and of organs, unless they are asked for otherwise.
    vessels
        Names of masks that are vessels, in which no seed may lie.
    tumour, organ
        Responses for BED and EQD2.
    discharge, advice
        For the radiation-protection sheet.
    """

    numbers: Mapping[SeedNumber, RuledNumber]
    goals: tuple[RuledGoal, ...]
    vessels: tuple[str, ...]
    tumour: RuledTissue
    organ: RuledTissue
    discharge: tuple[RuledDischarge, ...]
    advice: tuple[Advice, ...]

    def __post_init__(self) -> None:
        if missing := [name.value for name in SeedNumber if name not in self.numbers]:
            raise SeedRulesError(f"The seed rules lack {', '.join(missing)}.")
        for name, one in self.numbers.items():
            if not math.isfinite(one.value) or one.value < 0.0:
                raise SeedRulesError(f"{name.value} must be zero or more, got {one.value}.")
        number = self.number
        pairs = (
            (SeedNumber.SEED_STEP_MM, SeedNumber.LARGEST_SEED_STEP_MM),
            (SeedNumber.LEAST_NEEDLE_STEP_MM, SeedNumber.LARGEST_NEEDLE_STEP_MM),
            (SeedNumber.LEAST_ACTIVITY_MCI, SeedNumber.LARGEST_ACTIVITY_MCI),
        )
        for low, high in pairs:
            if not 0.0 < number(low) <= number(high):
                raise SeedRulesError(f"{low.value} must be above zero and not beyond {high.value}.")
        if unknown := {one.quantity for one in self.discharge} - set(DISCHARGE_QUANTITIES):
            raise SeedRulesError(f"The discharge rules compare {min(unknown)!r}, which no plan knows.")

    def number(self, name: SeedNumber) -> float:
        """The value of a number."""
        return self.numbers[name].value

    def with_number(self, name: SeedNumber, value: float, source: str = "asked for") -> "SeedRules":
        """The same rules with another number."""
        return replace(self, numbers={**self.numbers, name: RuledNumber(value=value, source=source)})

    def check_activity(self, activity_mci: float) -> None:
        """Refuse an activity that no seed of these rules has.

        Raises
        ------
        SeedActivityError
            If it is not a number, not above zero, or outside the range.
        """
        low, high = (
            self.number(SeedNumber.LEAST_ACTIVITY_MCI),
            self.number(SeedNumber.LARGEST_ACTIVITY_MCI),
        )
        if not math.isfinite(activity_mci) or activity_mci <= 0.0:
            raise SeedActivityError(f"The activity of a seed must be above zero mCi, got {activity_mci:g}.")
        # The sixth decimal is what a plan keeps: a strength in U comes back within it.
        if not low - 1e-6 <= activity_mci <= high + 1e-6:
            raise SeedActivityError(
                f"The activity of a seed lies between {low:g} and {high:g} mCi by the rules, got {activity_mci:g}.",
                activity_mci=activity_mci,
            )

    def check_needle_step(self, spacing_mm: float) -> None:
        """Refuse a template's spacing outside the range.

        Raises
        ------
        TemplateError
            If it is not a number or outside.
        """
        low, high = (
            self.number(SeedNumber.LEAST_NEEDLE_STEP_MM),
            self.number(SeedNumber.LARGEST_NEEDLE_STEP_MM),
        )
        if not (math.isfinite(spacing_mm) and low <= spacing_mm <= high):
            raise TemplateError(
                f"Holes of a template stand {low:g} to {high:g} mm apart by the rules, got {spacing_mm:g} mm."
            )

    def goals_for(self, prescription_gy: float, asked: tuple[Goal, ...]) -> tuple[Goal, ...]:
        """The goals of a plan: those asked for, and the rules' own for every other quantity.

        Parameters
        ----------
        prescription_gy
            Dose to infinity.
        asked
            These take the place of the rules' goals for the same structure and quantity.
        """
        told = {(goal.structure, goal.quantity) for goal in asked}
        own = [
            goal
            for ruled in self.goals
            for goal in ruled.goals(prescription_gy)
            if (goal.structure, goal.quantity) not in told
        ]
        order = list(Quantity)
        return tuple(
            sorted(
                [*asked, *own],
                key=lambda goal: (goal.structure != TARGET, goal.structure, order.index(goal.quantity)),
            )
        )
