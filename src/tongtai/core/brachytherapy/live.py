"""An implant whose doses are kept, so that moving one seed costs that seed alone."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram
from tongtai.core.brachytherapy.errors import DoseVolumeError, ImplantError
from tongtai.core.brachytherapy.evaluation import (
    LARGEST_REGION,
    REGION_SPACING_MM,
    ImplantEvaluation,
    StructureDoses,
    organ_doses,
    target_doses,
)
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.indices import plan_indices
from tongtai.core.brachytherapy.kernel import Kernel, make_kernel, packed_seeds, sum_at_points
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]
Singles = NDArray[np.float32]
TARGET = "target"
_AROUND_MM = 20.0
_REACH_MM = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StructureSamples:
    """Places in a structure and the volume that each stands for.

    Attributes
    ----------
    points_lps_mm : (N, 3) array
        LPS millimetres.
    volume_ml : (N,) array
        Above zero.
    parts
        Pieces of a voxel along each edge near the target.
    """

    points_lps_mm: Numbers
    volume_ml: Numbers
    parts: int


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Every sample and every voxel of the grid as the compiled sum reads them, at one go.

    Attributes
    ----------
    middle_lps_mm, offsets_mm : (3,) and (3, N) arrays
        Their middle, and offsets from it in single precision.
    parts
        Where each structure's samples are among them, by name, and the grid's voxels under ``""``.
    """

    middle_lps_mm: Numbers
    offsets_mm: Singles
    parts: Mapping[str, slice]

    @classmethod
    def of(cls, samples: Mapping[str, StructureSamples], grid: Volume) -> "_Places":
        counts = [*(len(one.volume_ml) for one in samples.values()), grid.voxels.size]
        ends = np.cumsum(counts).tolist()
        middle = grid.lps_of((np.array(grid.voxels.shape) - 1.0) / 2.0)
        offsets = np.zeros((3, ends[-1]), np.float32)
        for one, end in zip(samples.values(), ends, strict=False):
            offsets[:, end - len(one.volume_ml) : end] = (one.points_lps_mm - middle).T
        k, j, i = (np.arange(count, dtype=np.float64) for count in grid.voxels.shape)
        for axis, (along_k, along_j, along_i, first) in enumerate(grid.index_to_lps[:3]):
            row = along_k * k[:, None, None] + along_j * j[:, None] + along_i * i + (first - middle[axis])
            offsets[axis, ends[-2] if len(ends) > 1 else 0 :] = row.reshape(-1)
        starts = [0, *ends[:-1]]
        names = [*samples, ""]
        return cls(middle, offsets, {n: slice(a, b) for n, a, b in zip(names, starts, ends, strict=True)})

    def dose_of(self, seeds: Implant, weights: Numbers, kernel: Kernel) -> Singles:
        """Sum of seeds with any weights at every place, shape ``(N,)``."""
        out = np.zeros(self.offsets_mm.shape[1], np.float32)
        packed = packed_seeds(seeds.moved(-self.middle_lps_mm), weights, kernel)
        sum_at_points(kernel.tables, packed, self.offsets_mm, out)
        return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LiveImplant:
    """An implant with its dose at every sample and on a grid around it.

    Make one with `LiveImplant.of`; every change gives a new one and leaves the old as it was, so that a change can
    be taken back.

    Attributes
    ----------
    implant, rules
        Seeds; formalism and interpolation.
    samples
        ``target``, and organs by name.
    grid
        Around target and seeds; its voxels are not looked at.
    kernel
        Reaches from anywhere in the grid to every sample.
    places
        Samples and voxels of the grid, as the sum reads them.
    dose_gy : (N,) array
        Dose to infinity at each of these, single precision.
    """

    implant: Implant
    rules: DoseRules
    samples: Mapping[str, StructureSamples]
    grid: Volume
    kernel: Kernel
    places: _Places
    dose_gy: Singles

    @classmethod
    def of(cls, implant: Implant, rules: DoseRules, samples: Mapping[str, StructureSamples]) -> Self:
        """Compute the whole dose once.

        Raises
        ------
        DoseVolumeError
            Without a target, or if a structure has no samples.
        FormalismMissingError
            If the model lacks the table that the formalism needs.
        """
        if TARGET not in samples or any(not len(one.volume_ml) for one in samples.values()):
            raise DoseVolumeError(
                "A live implant needs samples of the target, and of every organ that it names."
            )
        box = np.concatenate([samples[TARGET].points_lps_mm, implant.centres_lps_mm])
        grid = region_grid(box.min(axis=0) - _AROUND_MM, box.max(axis=0) + _AROUND_MM)
        ends = np.array([one.points_lps_mm for one in (_ends(s) for s in samples.values())]).reshape(-1, 3)
        corners = np.concatenate([ends, grid.lps_of(np.array([[0, 0, 0], grid.voxels.shape]))])
        # Room for seeds that are moved or added anywhere in the grid.
        reach = float(np.linalg.norm(np.ptp(corners, axis=0))) + _REACH_MM
        kernel = make_kernel(implant, rules, reach)
        places = _Places.of(samples, grid)
        return cls(
            implant=implant,
            rules=rules,
            samples=samples,
            grid=grid,
            kernel=kernel,
            places=places,
            dose_gy=places.dose_of(implant, implant.dose_weights_gy(), kernel),
        )

    @property
    def doses(self) -> Mapping[str, Singles]:
        """Dose to infinity in Gy at the samples by name, and on the grid, flat, under ``""``."""
        return {name: self.dose_gy[part] for name, part in self.places.parts.items()}

    def evaluation(self, prescription_gy: float) -> ImplantEvaluation:
        """Histograms, doses and indices, as `evaluate_implant` gives them.

        Raises
        ------
        DoseVolumeError
            If the prescription is not above zero, or its half reaches the side of the grid.
        """
        if not math.isfinite(prescription_gy) or prescription_gy <= 0.0:
            raise DoseVolumeError(f"The prescription must be above zero, got {prescription_gy} Gy.")
        histograms = self._histograms()
        everywhere = self._everywhere(prescription_gy)
        hit = histograms[TARGET]
        return ImplantEvaluation(
            prescription_gy=prescription_gy,
            parts=self.samples[TARGET].parts,
            target=target_doses(hit, prescription_gy),
            indices=plan_indices(hit, everywhere, prescription_gy),
            isodose_ml=everywhere.volume_ml_above(prescription_gy),
            everywhere=everywhere,
            organs={name: organ_doses(one) for name, one in histograms.items() if name != TARGET},
            histograms=histograms,
        )

    def structure_doses(self, prescription_gy: float) -> StructureDoses:
        """Doses of target and organs only: also of seeds that are too many for the grid around them."""
        histograms = self._histograms()
        return StructureDoses(
            target=target_doses(histograms[TARGET], prescription_gy),
            organs={name: organ_doses(one) for name, one in histograms.items() if name != TARGET},
        )

    def _histograms(self) -> dict[str, DoseVolumeHistogram]:
        doses = self.doses
        return {
            name: DoseVolumeHistogram.of(doses[name], one.volume_ml) for name, one in self.samples.items()
        }

    def dose_grid(self) -> Volume:
        """Dose to infinity in Gy on the grid."""
        return self.grid.with_voxels(self.doses[""].reshape(self.grid.voxels.shape))

    def with_seed(self, number: int, seed: Seed) -> "LiveImplant":
        """One seed moved, turned or exchanged for another strength.

        Parameters
        ----------
        number
            Place of the seed in the implant, from 0.
        seed
            Of the same models as the implant's.

        Raises
        ------
        ImplantError
            If there is no such seed, or the model is another.
        """
        self._check(number)
        seeds = list(self.implant.seeds)
        old, seeds[number] = seeds[number], seed
        return self._changed(tuple(seeds), gone=(old,), come=(seed,))

    def without_seed(self, number: int) -> "LiveImplant":
        """One seed fewer; the last one stays."""
        self._check(number)
        seeds = self.implant.seeds
        return self._changed(seeds[:number] + seeds[number + 1 :], gone=(seeds[number],), come=())

    def with_added(self, seed: Seed) -> "LiveImplant":
        """One seed more, at the end."""
        return self._changed((*self.implant.seeds, seed), gone=(), come=(seed,))

    def apart(self, seeds: tuple[Seed, ...]) -> int:
        """How many seeds must come or go to make another arrangement of this one."""
        before, after = (Counter(map(_of_seed, one)) for one in (self.implant.seeds, seeds))
        return (before - after).total() + (after - before).total()

    def with_seeds(self, seeds: tuple[Seed, ...]) -> "LiveImplant":
        """Another arrangement; only the seeds that differ are computed.

        Raises
        ------
        ImplantError
            If there are no seeds, or a model is another.
        """
        before, after = (Counter(map(_of_seed, one)) for one in (self.implant.seeds, seeds))
        gone, come = (before - after).elements(), (after - before).elements()
        known = {_of_seed(seed): seed for seed in (*self.implant.seeds, *seeds)}
        return self._changed(
            seeds, gone=tuple(known[one] for one in gone), come=tuple(known[one] for one in come)
        )

    def _check(self, number: int) -> None:
        if not 0 <= number < len(self.implant.seeds):
            raise ImplantError(f"There is no seed {number + 1}; the implant has {len(self.implant.seeds)}.")

    def _changed(
        self, seeds: tuple[Seed, ...], *, gone: tuple[Seed, ...], come: tuple[Seed, ...]
    ) -> "LiveImplant":
        if unknown := {seed.model.id for seed in come} - set(self.kernel.models):
            raise ImplantError(f"The seed model {min(unknown)} is not among those of this implant.")
        implant = Implant(seeds)
        if not gone and not come:
            return replace(self, implant=implant)
        both = Implant((*gone, *come))
        signs = np.array([-1.0] * len(gone) + [1.0] * len(come))
        dose = self.places.dose_of(both, both.dose_weights_gy() * signs, self.kernel)
        dose += self.dose_gy
        # What is left of a seed that went is rounding, never a dose below zero.
        return replace(self, implant=implant, dose_gy=np.maximum(dose, np.float32(0.0), out=dose))

    def _everywhere(self, prescription_gy: float) -> DoseVolumeHistogram:
        dose = self.doses[""].reshape(self.grid.voxels.shape)
        sides = [
            dose[0].max(),
            dose[-1].max(),
            dose[:, 0].max(),
            dose[:, -1].max(),
            dose[:, :, 0].max(),
            dose[:, :, -1].max(),
        ]
        if max(float(side) for side in sides) >= prescription_gy / 2.0:
            raise DoseVolumeError(
                "Half of the prescription reaches the side of the grid: seeds lie far outside the target, or are too strong."
            )
        return DoseVolumeHistogram.of(dose.reshape(-1), self.grid.voxel_volume_ml)


def _of_seed(seed: Seed) -> tuple[object, ...]:
    """What makes two seeds the same; tables of a model need no comparison."""
    return seed.centre_lps_mm, seed.axis_lps, seed.strength_u, seed.model.id


def region_grid(low_mm: Numbers, high_mm: Numbers, spacing_mm: float = REGION_SPACING_MM) -> Volume:
    """A cubic grid over a box, along the patient's axes.

    Raises
    ------
    DoseVolumeError
        If the spacing is not above zero, the grid has fewer than two voxels along an axis, or is too large.
    """
    if not math.isfinite(spacing_mm) or spacing_mm <= 0.0:
        raise DoseVolumeError(f"The spacing of a dose grid must be above zero, got {spacing_mm:g} mm.")
    counts = np.floor((high_mm - low_mm) / spacing_mm).astype(np.int64) + 1
    if counts.min() < 2:
        raise DoseVolumeError(
            f"A dose grid needs at least two voxels along each axis; {spacing_mm:g} mm are too coarse for this target."
        )
    if int(np.prod(counts)) > LARGEST_REGION:
        raise DoseVolumeError("The dose grid would be too large; take a coarser one.")
    transform = np.zeros((4, 4))
    transform[[2, 1, 0], [0, 1, 2]] = spacing_mm
    transform[:3, 3], transform[3, 3] = low_mm, 1.0
    return Volume(np.zeros(tuple(counts[::-1]), np.bool_), transform)


def _ends(samples: StructureSamples) -> StructureSamples:
    """The two corners of the samples' box."""
    points = samples.points_lps_mm
    return replace(samples, points_lps_mm=np.stack([points.min(axis=0), points.max(axis=0)]))
