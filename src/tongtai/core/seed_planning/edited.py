"""What is told at once of a plan that a person changed: plain data, so that whoever only passes it on computes nothing."""

from dataclasses import dataclass

from tongtai.core.planning.inputs import Place
from tongtai.core.planning.needles import BrokenRule
from tongtai.core.seed_planning.dosimetry import DosesFound
from tongtai.core.seed_planning.goals import GoalJudged
from tongtai.core.seed_planning.placed import PlannedSeed


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedNeedle:
    """A needle of the changed plan, and how it is loaded, as ``SeedNeedle`` has it.

    Attributes
    ----------
    measured
        Whether its path to the tip was measured: by the plan it came from, or as an open hole of the template.
    broken_rules
        What closes its hole before the tip.
    """

    id: str
    hole: str
    entry_lps_mm: Place
    tip_lps_mm: Place
    depth_mm: float
    template_to_tip_mm: float | None
    seeds: int
    tip_to_first_mm: float
    steps_mm: tuple[float, ...]
    measured: bool
    broken_rules: tuple[BrokenRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditJudged:
    """A changed plan as far as it is judged at once."""

    needles: tuple[EditedNeedle, ...]
    seeds: tuple[PlannedSeed, ...]
    goals: tuple[GoalJudged, ...]
    doses: DosesFound
