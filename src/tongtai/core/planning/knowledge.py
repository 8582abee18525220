"""What a plan is made with: rules for needles, tables of devices, models of heat."""

from dataclasses import dataclass, field

from tongtai.core.coverage.devices import Catalogue
from tongtai.core.planning.plan import CaseChecked, Provenance
from tongtai.core.thermal.applicators import MicrowaveAntenna, RfElectrode
from tongtai.core.thermal.media import Tissue
from tongtai.core.thermal.radiofrequency import RfGenerator
from tongtai.core.thermal.treatment import DamageRules
from tongtai.core.trajectory.rules import TrajectoryRules


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """The modelled applicator that stands for a class of devices in the simulation of heat.

    Attributes
    ----------
    kind
        Of the device's table.
    frequency_mhz
        None for a device of which it is not stated.
    generator
        None for microwaves: the antenna gets the position's own power.
    source
        Why this one.
    """

    technique: str
    kind: str
    frequency_mhz: float | None
    applicator: RfElectrode | MicrowaveAntenna
    generator: RfGenerator | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Time without energy between two positions.

    Attributes
    ----------
    pull_back_s
        On the same needle, drawn back.
    next_needle_s
        On another needle.
    """

    pull_back_s: float
    next_needle_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatKnowledge:
    """Tissues, damage and applicators.

    Attributes
    ----------
    pauses
        Between the positions, in which the tissue cools but not to body temperature.
    criterion
        The contour that is set beside the table's zone.
    spacing_mm
        Edge of the cubic voxels that are simulated on.
    band
        Quantities of the tissue to vary for the contour's band; none runs no band.
    """

    liver: Tissue
    blood: Tissue
    rules: DamageRules
    stand_ins: tuple[StandIn, ...]
    pauses: Pauses
    criterion: str = "omega_1"
    spacing_mm: float = 1.5
    band: tuple[str, ...] = ()

    def stand_in(self, technique: str, kind: str, frequency_mhz: float | None) -> StandIn | None:
        """The applicator for a device's class; None if there is none."""
        for one in self.stand_ins:
            if (one.technique, one.kind, one.frequency_mhz) == (technique, kind, frequency_mhz):
                return one
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything that a plan is made with besides the patient.

    Attributes
    ----------
    rules
        Needle rules of the technique.
    heat
        None to leave the simulation out.
    search_nodes
        Most nodes of each exact search of zones; 0 keeps the greedy choice, with a bound of it.
    software
        Name and version of the program.
    verification
        The reference cases as they ran here.
    """

    rules: TrajectoryRules
    catalogue: Catalogue
    heat: HeatKnowledge | None
    software: str
    search_nodes: int = 0
    extrapolate: bool = False
    provenance: tuple[Provenance, ...] = field(default=())
    verification: tuple[CaseChecked, ...] = field(default=())
