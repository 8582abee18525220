"""The plan of an implantation of seeds, as it is written down, hashed, read back, compared and signed.

Every type here is one object of ``seed-plan.json``; the field's names are its keys. Lengths are millimetres,
places are ``(x, y, z)`` in LPS millimetres, volumes are millilitres, doses are Gy to infinity, shares run from 0
to 1, strengths are U = µGy m²/h at the implant, activities are apparent. Nothing in a plan names the patient: it is
bound to the images by their identifiers and hash.
"""

from dataclasses import dataclass
from enum import StrEnum

from tongtai.core.planning.inputs import ImageUsed, StructureUsed, TargetVolume
from tongtai.core.planning.needles import NeedleGap
from tongtai.core.planning.plan import CaseChecked, Identity, Provenance, Warned
from tongtai.core.planning.reaching import ReachFound
from tongtai.core.seed_planning.dosimetry import BandFound, BiologicalDose, DosesFound
from tongtai.core.seed_planning.found import OptimisationFound, UnreachedGoal
from tongtai.core.seed_planning.goals import Goal, GoalJudged
from tongtai.core.seed_planning.handling import RadiationSheet, SeedOrder
from tongtai.core.seed_planning.placed import BlockedCount, Layout, PlannedSeed, SeedNeedle, TemplateUsed

SEED_SCHEMA_VERSION = 1
TECHNIQUE = "seeds"
GRAVE_SEEDS = frozenset({"no_safe_path", "goal_missed", "rule_broken"})
"""Codes of warnings that are shown in red."""


class SeedOutcome(StrEnum):
    """What planning came to."""

    PLANNED = "planned"
    """Every goal that can be judged is met."""
    GOALS_NOT_MET = "goals_not_met"
    """Needles and seeds are given, but ``unreached`` names goals that they miss, and why."""
    NO_SAFE_PATH = "no_safe_path"
    """No needle may reach the target; ``reach`` and ``blocked`` say what closes the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRequest:
    """What was asked for.

    Attributes
    ----------
    technique
        ``seeds``.
    seed_model
        Identifier of ``tongtai seeds models``.
    formalism, radial_rule
        How the dose is computed, see ``SeedUsed.rules``.
    prescription_gy
        Dose to infinity.
    activity_mci, strength_u
        Of one seed at the implant.
    margin_mm
        Around the tumour, clipped to the liver: tumour and margin are the target.
    tumour_number
        Which tumour, counted from 1 by size.
    layout
        ``template``, ``free`` or ``by_hand``; empty when the program chose.
    template_spacing_mm, template_rotation_deg
        Asked for a template; a spacing of 0 when the program chose.
    template_direction_lps
        Direction of its needles; None when the program chose.
    template_offset_mm
        Shift of its middle along columns and rows from the tumour's middle.
    position
        How the patient lies: ``supine`` or ``prone``.
    goals
        Everything that the plan is judged by.
    time_limit_s
        Of the search.
    """

    technique: str
    seed_model: str
    formalism: str
    radial_rule: str
    prescription_gy: float
    activity_mci: float
    strength_u: float
    margin_mm: float
    tumour_number: int
    layout: str
    template_spacing_mm: float
    template_rotation_deg: float
    template_direction_lps: tuple[float, float, float] | None
    template_offset_mm: tuple[float, float]
    position: str
    goals: tuple[Goal, ...]
    time_limit_s: float

    @property
    def by_hand(self) -> bool:
        """Whether a person placed the seeds."""
        return self.layout == Layout.BY_HAND.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A choice in words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedUsed:
    """The seed.

    Attributes
    ----------
    consensus
        Whether its data are the consensus of the AAPM's reports.
    rules
        Formalism, interpolation and extrapolation in words.
    note
        What must be known of the quality of its data.
    """

    model: str
    name: str
    consensus: bool
    dose_rate_constant_cgy_h_u: float
    active_length_mm: float
    half_life_d: float
    u_per_mci: float
    rules: tuple[Statement, ...]
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPlan:
    """A plan of seeds for one tumour.

    Attributes
    ----------
    schema_version
        Of this form; a change of meaning gets another number.
    structures
        In the segmentation's order.
    layout
        How the needles of the plan are led; None when there is no safe path.
    template
        None for free needles.
    needles, seeds
        In the order of use; empty when there is no safe path.
    gaps
        Of every two needles whose shafts come nearer than 20 mm.
    blocked
        Needle paths towards the target that are closed, by constraint.
    goals
        Each with what was reached.
    unreached
        Empty when every goal is met.
    doses, order, radiation
        None when there is no safe path.
    band
        None when no trials were asked for.
    reach
        The skin, joined to the middle of the tumour.
    warnings, limits
        What this plan falls short of, and what no such plan knows.
    verification
        Empty when the reference cases were not run.
    """

    schema_version: int
    outcome: SeedOutcome
    identity: Identity
    request: SeedRequest
    image: ImageUsed
    structures: tuple[StructureUsed, ...]
    target: TargetVolume
    seed: SeedUsed
    layout: Layout | None
    template: TemplateUsed | None
    needles: tuple[SeedNeedle, ...]
    seeds: tuple[PlannedSeed, ...]
    gaps: tuple[NeedleGap, ...]
    blocked: tuple[BlockedCount, ...]
    optimisation: OptimisationFound
    goals: tuple[GoalJudged, ...]
    unreached: tuple[UnreachedGoal, ...]
    doses: DosesFound | None
    band: BandFound | None
    biological: tuple[BiologicalDose, ...]
    order: SeedOrder | None
    radiation: RadiationSheet | None
    reach: ReachFound
    warnings: tuple[Warned, ...]
    limits: tuple[Warned, ...]
    verification: tuple[CaseChecked, ...]
    provenance: tuple[Provenance, ...]
