"""What the seeds of a plan do: doses, indices, isodoses, histograms, their band, and biological doses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDosesFound:
    """Doses of the target: D in Gy, V as shares of its volume.

    Attributes
    ----------
    d100_gy
        The lowest dose of any sample; it depends on how finely voxels are cut.
    """

    volume_ml: float
    d90_gy: float
    d100_gy: float
    mean_gy: float
    v100: float
    v150: float
    v200: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganDosesFound:
    """Doses of an organ at risk; None where it is smaller than the volume."""

    name: str
    volume_ml: float
    d2cc_gy: float | None
    d0_1cc_gy: float | None
    largest_gy: float
    mean_gy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFound:
    """Conformity, homogeneity, external index or natural dose ratio.

    Attributes
    ----------
    name
        ``conformity_index``, ``homogeneity_index``, ``external_index``, ``natural_dose_ratio``.
    value
        None where it is not defined.
    definition
        Formula and source.
    """

    name: str
    value: float | None
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IsodoseFound:
    """The volume within an isodose, in the target and outside it.

    Attributes
    ----------
    share
        Of the prescription.
    """

    share: float
    dose_gy: float
    volume_ml: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramFound:
    """A structure's dose-volume histogram at rising doses.

    Attributes
    ----------
    structure
        ``target`` or the organ's name.
    dose_gy
        Edges, from 0.
    cumulative_share
        Share of the volume that gets at least each dose.
    differential_ml
        Volume between each two neighbouring doses; one fewer than doses.
    """

    structure: str
    volume_ml: float
    dose_gy: tuple[float, ...]
    cumulative_share: tuple[float, ...]
    differential_ml: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DosesFound:
    """Everything that is read from the dose, to infinity.

    Attributes
    ----------
    parts
        Each voxel of a mask is cut into so many pieces along each edge; the dose is taken in the middle of each.
    prescription_isodose_ml
        Volume of the whole prescription isodose.
    grid_error
        Largest deviation of the kernel from the exact sum, as a share, 2 mm and more from a seed.
    """

    parts: int
    target: TargetDosesFound
    organs: tuple[OrganDosesFound, ...]
    indices: tuple[IndexFound, ...]
    prescription_isodose_ml: float
    isodoses: tuple[IsodoseFound, ...]
    histograms: tuple[HistogramFound, ...]
    grid_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BandFound:
    """The target's histogram when every seed misses on its own; seeded trials.

    Attributes
    ----------
    error_mm
        Mean length of a seed's displacement.
    error_source
        Where it was published.
    dose_gy
        Rising.
    planned, low, middle, high
        Share of the volume with at least the dose: as planned, 5th, 50th and 95th percentile.
    d90_gy, v100
        The three percentiles.
    """

    trials: int
    error_mm: float
    error_source: str
    dose_gy: tuple[float, ...]
    planned: tuple[float, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    d90_gy: tuple[float, float, float]
    v100: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class BiologicalDose:
    """A dose as the linear-quadratic model of a permanent implant weighs it.

    Attributes
    ----------
    quantity
        Which dose: ``D90``, ``D2cc``.
    formula
        Of BED and EQD2.
    source
        Of α/β and the repair half-time.
    """

    structure: str
    quantity: str
    dose_gy: float
    alpha_beta_gy: float
    repair_half_time_h: float
    bed_gy: float
    eqd2_gy: float
    formula: str
    source: str
