"""What a seed plan is made with: rules for needles and seeds, the seed's data, how hard to search."""

from dataclasses import dataclass, field

from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.brachytherapy.seed_models import SeedModel
from tongtai.core.planning.plan import CaseChecked, Provenance
from tongtai.core.seed_planning.rules import SeedRules
from tongtai.core.seed_planning.search import Effort
from tongtai.core.trajectory.rules import TrajectoryRules


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedKnowledge:
    """Everything that a seed plan is made with besides the patient.

    Attributes
    ----------
    needle_rules, rules
        Of needles; of seeds.
    model, dose_rules
        The seed; formalism and interpolation.
    software
        Name and version of the program.
    trials
        Of the band of misplaced seeds; 0 leaves it out.
    verification
        The reference cases as they ran here.
    """

    needle_rules: TrajectoryRules
    rules: SeedRules
    model: SeedModel
    dose_rules: DoseRules
    software: str
    trials: int = 100
    effort: Effort = field(default=Effort())
    provenance: tuple[Provenance, ...] = field(default=())
    verification: tuple[CaseChecked, ...] = field(default=())
