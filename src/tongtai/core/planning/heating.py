"""The simulated heat of a plan beside the zones of the device's table."""

from dataclasses import dataclass

from tongtai.core.planning.inputs import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedContour:
    """The zone of one criterion.

    Attributes
    ----------
    criterion, label, source
        Its name, its words, and where it comes from.
    tumour, target
        Shares of tumour and target that the zone of the whole treatment covers.
    """

    criterion: str
    label: str
    source: str
    volume_ml: float
    tumour: float
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatSink:
    """A part of a table's zone that the simulation does not reach, beside a large vessel."""

    volume_ml: float
    depth_mm: float
    centre_lps_mm: Place
    vessel_lps_mm: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedZone:
    """One position: simulated zone minus the table's.

    Attributes
    ----------
    position
        Its number in the order of treatment.
    short_mm, long_mm, volume_ml
        Of the simulated zone.
    short_difference_mm, long_difference_mm, volume_difference_ml
        Simulated minus table.
    overlap_dice
        Overlap of both.
    deficits
        Where a vessel takes the heat away.
    """

    position: int
    short_mm: float
    long_mm: float
    volume_ml: float
    short_difference_mm: float
    long_difference_mm: float
    volume_difference_ml: float
    overlap_dice: float
    deficits: tuple[HeatSink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatBand:
    """Volume of one position's zone over the ranges of the tissue's properties."""

    position: int
    quantities: tuple[str, ...]
    volume_ml: float
    smallest_ml: float
    largest_ml: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatFound:
    """The simulation.

    Attributes
    ----------
    criterion
        The one by which zones are compared.
    applicator, generator
        The models that stand for the device, with their source.
    spacing_mm
        Of the grid that was simulated on.
    contours
        By criterion, all positions together.
    zones
        By position.
    band
        None when the ranges were not run.
    notes
        What was simplified.
    """

    criterion: str
    applicator: str
    generator: str
    spacing_mm: Place
    contours: tuple[SimulatedContour, ...]
    zones: tuple[SimulatedZone, ...]
    band: HeatBand | None
    notes: tuple[str, ...]
