"""What an implant does to a target and to organs at risk."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram, subdivided
from tongtai.core.brachytherapy.errors import DoseVolumeError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.indices import PlanIndices, plan_indices
from tongtai.core.brachytherapy.on_grids import total_dose_at_points
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]
REGION_SPACING_MM = 1.5
ISODOSE_SHARES = (0.5, 0.75, 0.9, 1.0, 1.5, 2.0)
"""Of the prescription; a region's histogram holds these isodoses whole."""
LARGEST_REGION = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDoses:
    """Doses of a target: D in Gy, V as shares of its volume.

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
class OrganDoses:
    """Doses of an organ at risk, to its hottest millilitres; None where the organ is smaller than that."""

    volume_ml: float
    d2cc_gy: float | None
    d0_1cc_gy: float | None
    largest_gy: float
    mean_gy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureDoses:
    """Doses of the target and of the organs alone, without what lies between them."""

    target: TargetDoses
    organs: Mapping[str, OrganDoses]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplantEvaluation:
    """An implant judged.

    Attributes
    ----------
    parts
        Pieces of a voxel along each edge, at whose centres the dose was taken.
    isodose_ml
        Volume of the whole prescription isodose.
    everywhere
        Histogram of a region that holds the isodoses from half of the prescription upwards.
    """

    prescription_gy: float
    parts: int
    target: TargetDoses
    indices: PlanIndices
    isodose_ml: float
    everywhere: DoseVolumeHistogram
    organs: Mapping[str, OrganDoses]
    histograms: Mapping[str, DoseVolumeHistogram]


def evaluate_implant(
    implant: Implant,
    target: Volume,
    organs: Mapping[str, Volume],
    rules: DoseRules,
    *,
    prescription_gy: float,
    parts: int = 2,
) -> ImplantEvaluation:
    """Histograms, doses and indices of an implant.

    Parameters
    ----------
    implant, rules
        Seeds; formalism and interpolation.
    target, organs
        Masks, each on a grid of its own.
    prescription_gy
        Dose to infinity.
    parts
        Every voxel is cut into so many pieces along each edge.

    Raises
    ------
    DoseVolumeError
        If a mask is empty, or the prescription not above zero.
    FormalismMissingError
        If a model lacks the table that the formalism needs.
    """
    if not math.isfinite(prescription_gy) or prescription_gy <= 0.0:
        raise DoseVolumeError(f"The prescription must be above zero Gy, got {prescription_gy}.")
    if "target" in organs:
        raise DoseVolumeError("An organ at risk may not be called “target”.")
    histograms = {
        name: structure_histogram(implant, mask, rules, parts=parts)
        for name, mask in {"target": target, **organs}.items()
    }
    everywhere = region_histogram(implant, rules, prescription_gy)
    hit = histograms["target"]
    return ImplantEvaluation(
        prescription_gy=prescription_gy,
        parts=parts,
        target=target_doses(hit, prescription_gy),
        indices=plan_indices(hit, everywhere, prescription_gy),
        isodose_ml=everywhere.volume_ml_above(prescription_gy),
        everywhere=everywhere,
        organs={name: organ_doses(histograms[name]) for name in organs},
        histograms=histograms,
    )


def structure_histogram(
    implant: Implant, mask: Volume, rules: DoseRules, *, parts: int
) -> DoseVolumeHistogram:
    """The histogram of one structure, dose to infinity."""
    points, volume_ml = subdivided(mask, parts)
    return DoseVolumeHistogram.of(total_dose_at_points(implant, points, rules), volume_ml)


def target_doses(found: DoseVolumeHistogram, prescription_gy: float) -> TargetDoses:
    """D90, D100 and V100 to V200 of a target."""
    return TargetDoses(
        volume_ml=found.total_ml,
        d90_gy=found.dose_to_share_gy(0.9),
        d100_gy=found.least_gy,
        mean_gy=found.mean_gy,
        v100=found.volume_share(prescription_gy),
        v150=found.volume_share(1.5 * prescription_gy),
        v200=found.volume_share(2.0 * prescription_gy),
    )


def organ_doses(found: DoseVolumeHistogram) -> OrganDoses:
    """D2cc, D0.1cc and Dmax of an organ."""
    return OrganDoses(
        volume_ml=found.total_ml,
        d2cc_gy=found.dose_to_volume_gy(2.0),
        d0_1cc_gy=found.dose_to_volume_gy(0.1),
        largest_gy=found.largest_gy,
        mean_gy=found.mean_gy,
    )


def region_histogram(implant: Implant, rules: DoseRules, prescription_gy: float) -> DoseVolumeHistogram:
    """The histogram of a box around the seeds that holds half of the prescription isodose and more.

    The box grows until no point of its sides gets half of the prescription.

    Raises
    ------
    DoseVolumeError
        If no box of a reasonable size holds it.
    """
    low, high = implant.centres_lps_mm.min(axis=0) - 15.0, implant.centres_lps_mm.max(axis=0) + 15.0
    while True:
        axes = [
            np.arange(a, b + REGION_SPACING_MM, REGION_SPACING_MM) for a, b in zip(low, high, strict=True)
        ]
        shape = tuple(len(axis) for axis in axes)
        if math.prod(shape) > LARGEST_REGION:
            raise DoseVolumeError(
                "The isodose of half the prescription is too large; check strengths and places."
            )
        points = np.array(np.meshgrid(*axes, indexing="ij")).reshape(3, -1).T
        dose = total_dose_at_points(implant, points, rules).reshape(shape)
        sides = [side for axis in range(3) for side in (dose.take(0, axis), dose.take(-1, axis))]
        if max(float(side.max()) for side in sides) < prescription_gy / 2.0:
            return DoseVolumeHistogram.of(dose.reshape(-1), REGION_SPACING_MM**3 / 1000.0)
        low, high = low - 10.0, high + 10.0
