"""What is heated: tissues on the patient's grid, and the large vessels that carry heat away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import edt
import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.bioheat import BODY_C
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.grid import HeatGrid
from tongtai.core.thermal.media import Medium, Tissue
from tongtai.core.volumes import Points, Volume

Mask = NDArray[np.bool_]
# Vessels of at least this diameter take heat (Oncotarget 2017;8:15672; Thanos 2008: > 3 mm).
LARGE_VESSEL_MM = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatScene:
    """Tissues, vessels and surroundings of one simulation.

    Parameters
    ----------
    labels
        Volume of uint8: index into ``tissues``.
    tissues
        What each label is; every quantity that the technique needs must be in its table.
    vessels : (K, J, I) array of bool, optional
        Blood that keeps its temperature; see `large_vessels`.
    vessel_wall_h_w_m2k
        Convective coefficient of the vessels' walls; infinite holds the wall itself at blood temperature.
    blood
        Electrical and dielectric properties of the blood in the vessels.
    outside : (K, J, I) array of bool, optional
        Air around the patient, with its temperature and the skin's coefficient.
    """

    labels: Volume
    tissues: Sequence[Tissue]
    blood: Tissue
    vessels: Mask | None = None
    vessel_wall_h_w_m2k: float = np.inf
    blood_c: float = BODY_C
    outside: Mask | None = None
    outside_c: float = 25.0
    skin_h_w_m2k: float = 10.0

    def __post_init__(self) -> None:
        for mask in (self.vessels, self.outside):
            if mask is not None and mask.shape != self.labels.voxels.shape:
                raise ThermalError("Masks of vessels and surroundings must have the labels' shape.")
        if int(self.labels.voxels.max()) >= len(self.tissues):
            raise ThermalError("Every label needs a tissue.")

    def varied(self, ends: Mapping[str, Literal["low", "value", "high"]]) -> "HeatScene":
        """The scene with some quantities of its tissues at an end of their ranges."""
        return replace(self, tissues=tuple(tissue.varied(ends) for tissue in self.tissues))

    @property
    def grid(self) -> HeatGrid:
        """The voxels as finite volumes."""
        return HeatGrid.of_voxels(self.labels)

    def media(self, coolant: Medium | None) -> tuple[list[Medium], NDArray[np.uint8]]:
        """Media by label, and the labels with vessels and surroundings painted in.

        The media are the tissues in their order, then vessels, surroundings and coolant.
        """
        media = [Medium.of_tissue(tissue) for tissue in self.tissues]
        media.append(Medium(name="vessels", held_c=self.blood_c, wall_h_w_m2k=self.vessel_wall_h_w_m2k))
        media.append(Medium(name="outside", held_c=self.outside_c, wall_h_w_m2k=self.skin_h_w_m2k))
        media.append(coolant or Medium(name="coolant", held_c=self.blood_c))
        labels = np.array(self.labels.voxels, np.uint8)
        for number, mask in ((self.vessel_label, self.vessels), (self.outside_label, self.outside)):
            if mask is not None:
                labels[mask] = number
        return media, labels

    @property
    def vessel_label(self) -> int:
        """Label of large vessels in `media`."""
        return len(self.tissues)

    @property
    def outside_label(self) -> int:
        """Label of the surroundings in `media`."""
        return len(self.tissues) + 1

    @property
    def coolant_label(self) -> int:
        """Label of a cooled applicator in `media`."""
        return len(self.tissues) + 2

    def by_label(self, quantity: str) -> list[float]:
        """A quantity of each medium; zero in the surroundings and the applicator."""
        return [*(one.value(quantity) for one in self.tissues), self.blood.value(quantity), 0.0, 0.0]


def large_vessels(vessels: Volume, *, least_diameter_mm: float = LARGE_VESSEL_MM) -> Mask:
    """Parts of a vessel mask that are at least so wide: those that a ball of this size fits into.

    Parameters
    ----------
    vessels
        Mask of all vessels; voxels may be anisotropic.

    Returns
    -------
    (K, J, I) array of bool

    Examples
    --------
    >>> mask = np.zeros((9, 21, 9), bool)
    >>> mask[2:7, :, 2:7] = True  # 5 mm wide
    >>> mask[4, :, :] = True  # a sheet of 1 mm
    >>> wide = large_vessels(Volume(mask, np.eye(4)))
    >>> bool(wide[4, 10, 4]), bool(wide[4, 10, 0])
    (True, False)
    """
    spacing = tuple(vessels.spacing_mm.tolist())
    inside = np.ascontiguousarray(vessels.voxels, dtype=bool)
    half_voxel = min(spacing) / 2
    # Distances reach to the centre of the nearest voxel outside, half a voxel beyond the wall.
    depth: NDArray[np.float32] = (
        edt.edt(inside, anisotropy=spacing, black_border=False, order="C") - half_voxel
    )
    core: Mask = depth >= least_diameter_mm / 2 - 1e-3
    if not core.any():
        return core
    reach = edt.edt(~core, anisotropy=spacing, black_border=False, order="C")
    wide: Mask = inside & (reach <= least_diameter_mm / 2 + half_voxel)
    return wide


def crop(volume: Volume, centre_lps_mm: Points, half_mm: float, spacing_mm: float | None = None) -> Volume:
    """A box of a label volume around a point, optionally on cubic voxels (nearest neighbour).

    Parameters
    ----------
    volume
        Labels or a mask.
    centre_lps_mm : (3,) array
        Middle of the box.
    half_mm
        Half its width along each axis of the volume.
    spacing_mm
        Edge of the new voxels; the volume's own when not given.

    Raises
    ------
    ThermalError
        If the box holds none of the volume.
    """
    old = volume.spacing_mm
    new = old if spacing_mm is None else np.full(3, spacing_mm)
    centre = volume.index_of(centre_lps_mm)
    count = np.maximum(np.rint(2 * half_mm / new).astype(int), 1)
    axes = [
        c + (np.arange(n) - (n - 1) / 2) * step / own
        for c, n, step, own in zip(centre, count, new, old, strict=True)
    ]
    inside = [
        (axis > -0.5) & (axis < size - 0.5) for axis, size in zip(axes, volume.voxels.shape, strict=True)
    ]
    if not all(part.any() for part in inside):
        raise ThermalError("The box around the target lies outside the image.")
    kept = [axis[part] for axis, part in zip(axes, inside, strict=True)]
    nearest = [
        np.clip(np.rint(axis).astype(int), 0, n - 1)
        for axis, n in zip(kept, volume.voxels.shape, strict=True)
    ]
    transform = volume.index_to_lps.copy()
    transform[:3, :3] = volume.index_to_lps[:3, :3] * (new / old)
    transform[:3, 3] = volume.lps_of(np.array([axis[0] for axis in kept]))
    return Volume(volume.voxels[np.ix_(*nearest)], transform, volume.frame_of_reference_uid)
