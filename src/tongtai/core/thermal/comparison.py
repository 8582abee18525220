"""The maker's zone beside the simulated one: sizes, and where a vessel took the heat away."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import edt
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, label

from tongtai.core.needle import Needle
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.result import Contour
from tongtai.core.volumes import Volume

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
# A deficit further from a vessel than this has another cause (MW zones still lost width at 15 mm from a
# 5 mm tube: PLoS One 2015 0134301).
REACH_MM = 15.0
SMALLEST_ML = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class TableZone:
    """An ellipsoid of revolution along the needle, as a maker's or published table gives it.

    ``middle_from_tip_mm`` is the distance of its middle from the needle's tip, towards the entry.
    """

    short_axis_mm: float
    long_axis_mm: float
    middle_from_tip_mm: float
    source: str

    def __post_init__(self) -> None:
        if self.short_axis_mm <= 0.0 or self.long_axis_mm <= 0.0 or not self.source:
            raise ThermalError("A table's zone needs both axes above zero and its source.")

    @property
    def volume_ml(self) -> float:
        """Volume of the ellipsoid.

        Examples
        --------
        >>> zone = TableZone(short_axis_mm=31, long_axis_mm=39, middle_from_tip_mm=15, source="Ji 2011")
        >>> round(zone.volume_ml, 1)
        19.6
        """
        return float(np.pi / 6 * self.short_axis_mm**2 * self.long_axis_mm / 1000.0)

    def mask(self, volume: Volume, needle: Needle) -> Mask:
        """Voxels of a volume whose centres lie inside."""
        index = np.moveaxis(np.indices(volume.voxels.shape), 0, -1)
        places = volume.lps_of(index) - (
            np.asarray(needle.tip_lps_mm) - self.middle_from_tip_mm * needle.direction
        )
        along = places @ needle.direction
        across = np.sum(places**2, axis=-1) - along**2
        inside: Mask = (along / self.long_axis_mm) ** 2 + across / self.short_axis_mm**2 <= 0.25
        return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatSinkDeficit:
    """A part of the table's zone that the simulation does not reach, beside a large vessel.

    ``depth_mm`` is the distance of its farthest point from what was reached; ``vessel_lps_mm`` the
    nearest point of a vessel, ``vessel_distance_mm`` how far that is from ``centre_lps_mm``.
    """

    volume_ml: float
    depth_mm: float
    centre_lps_mm: tuple[float, float, float]
    vessel_lps_mm: tuple[float, float, float]
    vessel_distance_mm: float
    mask: Mask


class Mark(IntEnum):
    """What a voxel of the two zones laid over each other is; a deficit is also in the table's zone alone."""

    NEITHER = 0
    BOTH = 1
    TABLE_ONLY = 2
    SIMULATED_ONLY = 3
    HEAT_SINK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneComparison:
    """Simulated minus table, and the deficits beside vessels, largest first.

    ``table_mask`` holds the table's zone on the contour's grid.
    """

    table: TableZone
    table_mask: Mask
    contour: Contour
    short_axis_difference_mm: float
    long_axis_difference_mm: float
    volume_difference_ml: float
    overlap_dice: float
    deficits: Sequence[HeatSinkDeficit]

    @property
    def marks(self) -> NDArray[np.uint8]:
        """Both zones and the deficits as one picture of the contour's grid: a `Mark` for each voxel."""
        simulated = self.contour.mask
        marks = np.full(simulated.shape, Mark.NEITHER, np.uint8)
        marks[self.table_mask & simulated] = Mark.BOTH
        marks[self.table_mask & ~simulated] = Mark.TABLE_ONLY
        marks[simulated & ~self.table_mask] = Mark.SIMULATED_ONLY
        for deficit in self.deficits:
            marks[deficit.mask] = Mark.HEAT_SINK
        return marks


def compare_with_table(
    contour: Contour,
    table: TableZone,
    volume: Volume,
    needle: Needle,
    vessels: Mask | None,
    *,
    unhindered: Mask | None = None,
) -> ZoneComparison:
    """Set a simulated contour beside a table's zone.

    Parameters
    ----------
    contour
        Of the simulation.
    volume, needle
        Grid of the contour, and the needle of both zones.
    vessels : (K, J, I) array of bool
        Large vessels that were held at blood temperature.
    unhindered : (K, J, I) array of bool, optional
        Zone of the same simulation without vessels: only what it reaches can be a heat sink's deficit,
        so that a simulation that is smaller everywhere is not blamed on the vessel.

    Returns
    -------
    ZoneComparison
        Without vessels there are no deficits.
    """
    inside = table.mask(volume, needle)
    both = float(np.sum(inside & contour.mask))
    deficits: list[HeatSinkDeficit] = []
    if vessels is not None and vessels.any():
        missing = inside & ~contour.mask & ~vessels
        if unhindered is not None:
            missing &= unhindered
        deficits = _deficits(missing, contour.mask, vessels, volume)
    return ZoneComparison(
        table=table,
        table_mask=inside,
        contour=contour,
        short_axis_difference_mm=contour.short_axis_mm - table.short_axis_mm,
        long_axis_difference_mm=contour.long_axis_mm - table.long_axis_mm,
        volume_difference_ml=contour.volume_ml - table.volume_ml,
        overlap_dice=2 * both / max(float(inside.sum() + contour.mask.sum()), 1.0),
        deficits=tuple(deficits),
    )


def _deficits(missing: Mask, reached: Mask, vessels: Mask, volume: Volume) -> list[HeatSinkDeficit]:
    spacing = tuple(volume.spacing_mm.tolist())
    near = missing & (edt.edt(~vessels, anisotropy=spacing, order="C") <= REACH_MM)
    away = edt.edt(~reached, anisotropy=spacing, order="C") if reached.any() else np.full(near.shape, np.inf)
    vessel_places = volume.lps_of(np.argwhere(vessels))
    parts, _ = label(near)
    found = []
    for number, box in enumerate(find_objects(parts), start=1):
        part = np.zeros(near.shape, bool)
        part[box] = parts[box] == number
        size_ml = float(part.sum()) * volume.voxel_volume_ml
        if size_ml < SMALLEST_ML:
            continue
        centre = volume.lps_of(np.argwhere(part)).mean(axis=0)
        distances = np.linalg.norm(vessel_places - centre, axis=1)
        nearest = int(np.argmin(distances))
        found.append(
            HeatSinkDeficit(
                volume_ml=size_ml,
                depth_mm=float(away[part].max()),
                centre_lps_mm=_point(centre),
                vessel_lps_mm=_point(vessel_places[nearest]),
                vessel_distance_mm=float(distances[nearest]),
                mask=part,
            )
        )
    return sorted(found, key=lambda one: -one.volume_ml)


def _point(place: Numbers) -> tuple[float, float, float]:
    x, y, z = place.tolist()
    return (x, y, z)
