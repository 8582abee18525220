"""What can be chosen for a plan on an installation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEngine:
    """A segmentation engine that can be chosen."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDevice:
    """A device that can be chosen."""

    id: str
    name: str
    technique: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSeed:
    """A seed that can be chosen; ``consensus``: its data are those of the AAPM's reports."""

    id: str
    name: str
    consensus: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What can be chosen for a plan.

    Attributes
    ----------
    activity_mci
        The least and the largest activity of a seed by the rules.
    """

    engines: tuple[NamedEngine, ...]
    devices: tuple[NamedDevice, ...]
    seeds: tuple[NamedSeed, ...]
    activity_mci: tuple[float, float]
    techniques: tuple[str, ...]
