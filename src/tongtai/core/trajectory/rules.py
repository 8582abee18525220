"""What a needle must and should keep to: the types of the rule tables, one table a technique.

The numbers live in ``tongtai.formats.trajectory_rules``, each with its source; here is only what
they mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tongtai.core.trajectory.errors import RulesError

MOST_OBSTACLES = 16


class LimitName(StrEnum):
    """Hard limits other than obstacles."""

    NEEDLE_LENGTH_MM = "needle_length_mm"
    """Longest way from the skin to the tip."""
    LIVER_BEFORE_TUMOUR_MM = "liver_before_tumour_mm"
    """Shortest way through liver before a subcapsular tumour."""
    SUBCAPSULAR_DEPTH_MM = "subcapsular_depth_mm"
    """A tumour nearer than this to the liver's surface is subcapsular."""
    AXIAL_ANGLE_DEG = "axial_angle_deg"
    """Largest angle between the needle and the axial plane."""
    TABLE_CONTACT_MM = "table_contact_mm"
    """Skin within this height above the table is lain upon."""
    BORE_RADIUS_MM = "bore_radius_mm"
    """The needle's outer end stays within this distance of the gantry's axis."""
    NEEDLE_GAP_MM = "needle_gap_mm"
    """Smallest distance between the shafts of two needles."""


class ReliefKind(StrEnum):
    """Ways to open a path that is closed."""

    HYDRODISSECTION = "hydrodissection"
    """Fluid pushes the organ away: its margin shrinks by the displacement, below zero if need be."""
    CROSSING = "crossing"
    """The structure is crossed on purpose, as the pleura is in a transpleural access."""
    GANTRY_TILT = "gantry_tilt"
    """The gantry is tilted: the allowed angle to the axial plane grows."""
    BREATH = "breath"
    """Another breath phase: the liver and what hangs on it move along the body axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Structures that the needle must stay away from.

    Attributes
    ----------
    name
        Name of the constraint, such as ``"bowel"``.
    structures
        Names of the masks that it stands for.
    margin_mm
        Smallest distance of the needle's axis. Below zero, the needle may enter the structure's
        outermost layer of that thickness (only a relief does that).
    minimum_diameter_mm
        Parts of the structures that are thinner do not count; 0 counts everything.
    source
        Where the numbers come from.
    spared_source
        Why no zone of heat may reach the structures, and where that comes from; empty where one may.
    """

    name: str
    structures: tuple[str, ...]
    margin_mm: float
    source: str
    minimum_diameter_mm: float = 0.0
    spared_source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One number with its source."""

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """Something to prefer: no penalty at ``good`` or better, the full penalty at ``bad`` or worse.

    Attributes
    ----------
    name
        ``length_mm``, ``axial_angle_deg``, ``liver_pass_mm``, ``capsule_angle_deg``, or
        ``distance_mm:OBSTACLE``.
    good, bad
        Values between which the penalty rises linearly from 0 to 1.
    weight
        Its share in the order of needles; it does not change which needles are Pareto-optimal.

    Examples
    --------
    >>> short = Criterion(name="length_mm", good=60.0, bad=160.0, weight=1.0, source="example")
    >>> short.penalty(110.0)
    0.5
    >>> far = Criterion(name="distance_mm:bowel", good=20.0, bad=10.0, weight=1.0, source="example")
    >>> far.penalty(25.0)
    0.0
    """

    name: str
    good: float
    bad: float
    weight: float
    source: str

    def penalty(self, value: float) -> float:
        """Between 0 (good enough) and 1 (as bad as counts)."""
        return min(1.0, max(0.0, (value - self.good) / (self.bad - self.good)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """A way to open what an obstacle or limit closes.

    Attributes
    ----------
    obstacle
        The obstacle that gives way; empty for ``GANTRY_TILT`` and ``BREATH``.
    amount
        Displacement in mm, tilt in degrees, or shift of the liver along the body axis in mm
        (above zero: to the head); unused for ``CROSSING``.
    """

    kind: ReliefKind
    source: str
    obstacle: str = ""
    amount: float = 0.0

    @property
    def name(self) -> str:
        """Stable name, such as ``hydrodissection:bowel`` or ``breath:-15``."""
        what = self.obstacle or f"{self.amount:+g}"
        return f"{self.kind}:{what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrajectoryRules:
    """The whole table of one technique.

    Raises
    ------
    RulesError
        If a limit is missing, names repeat, or a criterion or relief speaks of no obstacle.
    """

    technique: str
    obstacles: tuple[Obstacle, ...]
    limits: Mapping[LimitName, Limit]
    criteria: tuple[Criterion, ...]
    reliefs: tuple[Relief, ...] = field(default=())

    def __post_init__(self) -> None:
        names = [obstacle.name for obstacle in self.obstacles]
        if len(set(names)) != len(names) or len(names) > MOST_OBSTACLES:
            raise RulesError(f"Give at most {MOST_OBSTACLES} obstacles, each with a name of its own.")
        missing = [name.value for name in LimitName if name not in self.limits]
        if missing:
            raise RulesError(f"The rules of {self.technique} lack the limits {', '.join(missing)}.")
        for criterion in self.criteria:
            kind, _, obstacle = criterion.name.partition(":")
            if (kind == "distance_mm") != (obstacle in names) or criterion.good == criterion.bad:
                raise RulesError(f"The criterion {criterion.name} names no obstacle, or good equals bad.")
            if criterion.weight <= 0.0:
                raise RulesError(f"The weight of {criterion.name} must be above zero.")
        for relief in self.reliefs:
            if relief.obstacle and relief.obstacle not in names:
                raise RulesError(f"The relief {relief.name} names no obstacle.")

    def limit(self, name: LimitName) -> float:
        """Value of a limit."""
        return self.limits[name].value

    @property
    def spared(self) -> tuple[Obstacle, ...]:
        """What no zone of heat may reach."""
        return tuple(item for item in self.obstacles if item.spared_source)

    def with_limit(self, name: LimitName, value: float, source: str) -> "TrajectoryRules":
        """The same rules with another limit, say the length of the needle on the shelf."""
        return replace(self, limits={**self.limits, name: Limit(value=value, source=source)})

    def with_margin(self, obstacle: str, margin_mm: float | None) -> "TrajectoryRules":
        """The same rules with another margin of one obstacle, or without it (``None``)."""
        others = (item for item in self.obstacles if margin_mm is not None or item.name != obstacle)
        kept = tuple(
            replace(item, margin_mm=margin_mm) if margin_mm is not None and item.name == obstacle else item
            for item in others
        )
        names = {item.name for item in kept}
        criteria = tuple(c for c in self.criteria if ":" not in c.name or c.name.split(":")[1] in names)
        reliefs = tuple(r for r in self.reliefs if not r.obstacle or r.obstacle in names)
        return replace(self, obstacles=kept, criteria=criteria, reliefs=reliefs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Positioning:
    """How the patient lies in the scanner.

    Attributes
    ----------
    table_direction_lps
        From the patient down to the table: +y when supine, -y when prone.
    gantry_axis_lps
        Direction of the table's travel, normal of the axial plane.
    """

    table_direction_lps: tuple[float, float, float] = (0.0, 1.0, 0.0)
    gantry_axis_lps: tuple[float, float, float] = (0.0, 0.0, 1.0)


SUPINE = Positioning()
PRONE = Positioning(table_direction_lps=(0.0, -1.0, 0.0))
