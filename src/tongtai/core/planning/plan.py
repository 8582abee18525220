"""The plan of an ablation, as it is written down, hashed, read back, compared and signed.

Every type here is one object of ``plan.json``; the field's names are its keys. Lengths are millimetres,
places are ``(x, y, z)`` in LPS millimetres, volumes are millilitres, shares run from 0 to 1. Nothing in
a plan names the patient: it is bound to the images by their identifiers and hash.
"""

from dataclasses import dataclass
from enum import StrEnum

from tongtai.core.coverage.alternative import Alternative
from tongtai.core.coverage.clearance import Clearance
from tongtai.core.planning.achieved import CoverageAchieved
from tongtai.core.planning.heating import HeatFound
from tongtai.core.planning.inputs import DeviceUsed, ImageUsed, StructureUsed, TargetVolume
from tongtai.core.planning.needles import NeedleGap, PlannedNeedle, PlannedPosition
from tongtai.core.planning.reaching import ReachFound

SCHEMA_VERSION = 1


class Outcome(StrEnum):
    """What planning came to."""

    PLANNED = "planned"
    """Needles and zones are given."""
    NO_SAFE_PATH = "no_safe_path"
    """No needle may reach the tumour; ``reach`` says what closes the skin and what would open it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which plan this is.

    Attributes
    ----------
    plan_id
        Follows from the input, the request, the seed and the software: the same plan has the same name.
    version
        Counts the versions of a case's plan, from 1.
    input_sha256
        SHA-256 of the image's voxels and grid and of every mask.
    seed
        Seed of everything random.
    software
        Name and version of the program.
    """

    plan_id: str
    version: int
    input_sha256: str
    seed: int
    software: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for.

    Attributes
    ----------
    technique
        ``rfa`` or ``mwa``.
    device_id
        The device asked for; empty when the program chose among all of the technique.
    margin_mm
        Margin of healthy liver around the tumour.
    tumour_number
        Which tumour, counted from 1 by size.
    by_hand
        Whether the needles were placed by a person.
    position
        How the patient lies: ``supine`` or ``prone``.
    """

    technique: str
    device_id: str
    margin_mm: float
    tumour_number: int
    by_hand: bool
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something that the reader of a plan must know.

    Attributes
    ----------
    code
        Stable name, such as ``tumour_not_covered``.
    """

    code: str
    text: str


GRAVE = frozenset({"no_safe_path", "organ_reached", "tumour_not_covered"})
"""Codes of warnings that are shown in red."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChecked:
    """A reference case as it ran on this installation.

    Attributes
    ----------
    deviation, tolerance
        In ``unit``; the case passes when the first does not exceed the second.
    """

    name: str
    passed: bool
    deviation: float
    tolerance: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a number of the plan comes from: what it is, and its version, hash or source."""

    what: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan for one tumour.

    Attributes
    ----------
    schema_version
        Of this form; a change of meaning gets another number.
    structures
        In the segmentation's order.
    device, coverage
        None when there is no safe path.
    needles, positions
        In the order of treatment, see ``PlannedPosition.number``.
    gaps
        One for every two needles.
    energy_time_min
        Sum of the times of energy, one position after the other.
    alternatives
        Other devices and margins, the best first; the first row is this plan, unless it was made
        by hand.
    reach
        The skin.
    heat
        None when it was not simulated.
    warnings, limits
        What this plan falls short of, and what no such plan knows.
    verification
        Empty when the reference cases were not run.
    clearances
        Structures near the tumour; empty in plans made before they were measured.
    """

    schema_version: int
    outcome: Outcome
    identity: Identity
    request: Request
    image: ImageUsed
    structures: tuple[StructureUsed, ...]
    target: TargetVolume
    device: DeviceUsed | None
    needles: tuple[PlannedNeedle, ...]
    positions: tuple[PlannedPosition, ...]
    gaps: tuple[NeedleGap, ...]
    energy_time_min: float
    coverage: CoverageAchieved | None
    alternatives: tuple[Alternative, ...]
    reach: ReachFound
    heat: HeatFound | None
    warnings: tuple[Warned, ...]
    limits: tuple[Warned, ...]
    verification: tuple[CaseChecked, ...]
    provenance: tuple[Provenance, ...]
    clearances: tuple[Clearance, ...] = ()
