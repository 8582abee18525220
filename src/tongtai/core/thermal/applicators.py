"""Electrodes and antennas: their shapes as data, placed along a needle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numba
import numpy as np
from numpy.typing import NDArray

from tongtai.core.needle import Needle
from tongtai.core.thermal.compiled import parallel
from tongtai.core.thermal.errors import ThermalError

Numbers = NDArray[np.float64]
ElectrodeShape = Literal["straight", "umbrella"]
PIECES_PER_TINE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RfElectrode:
    """A row of the electrode table.

    ``straight`` electrodes are ``count`` parallel needles whose neighbours are ``apart_mm`` apart, each
    with ``active_mm`` of bare tip. ``umbrella`` electrodes are ``count`` tines that leave the
    cannula's end forwards and bend outwards along an arc of ``arc_degrees`` to ``deployed_mm``
    across. ``coolant_c`` and ``wall_h_w_m2k`` describe an internally cooled tip; without coolant
    the metal only conducts current.
    """

    id: str
    name: str
    shape: ElectrodeShape
    count: int
    diameter_mm: float
    active_mm: float
    apart_mm: float
    deployed_mm: float
    arc_degrees: float
    coolant_c: float | None
    wall_h_w_m2k: float
    source: str

    def __post_init__(self) -> None:
        if self.count < 1 or self.diameter_mm <= 0.0 or self.active_mm < 0.0:
            raise ThermalError(f"Electrode {self.id}: count, diameter and active length must be above zero.")
        if self.shape == "umbrella" and not (self.deployed_mm > 0.0 and 0.0 < self.arc_degrees <= 180.0):
            raise ThermalError(f"Electrode {self.id}: an umbrella needs its deployed diameter and its arc.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrowaveAntenna:
    """A row of the antenna table.

    The slot (or junction) lies ``slot_from_tip_mm`` from the tip; the distal arm ends ``distal_mm``
    beyond it, the proximal arm ``proximal_mm`` before it (a choke, or where the current has died).
    The conductor of radius ``conductor_mm`` is insulated up to ``insulation_mm`` by a dielectric.
    ``cable_efficiency`` is the part of the generator's power that reaches the antenna,
    ``antenna_efficiency`` the part of that which is radiated.
    """

    id: str
    name: str
    frequency_mhz: float
    slot_from_tip_mm: float
    distal_mm: float
    proximal_mm: float
    conductor_mm: float
    insulation_mm: float
    insulation_permittivity: float
    cable_efficiency: float
    antenna_efficiency: float
    coolant_c: float | None
    wall_h_w_m2k: float
    source: str

    def __post_init__(self) -> None:
        efficient = 0.0 < self.cable_efficiency <= 1.0 and 0.0 < self.antenna_efficiency <= 1.0
        if not efficient or not 0.0 < self.conductor_mm < self.insulation_mm:
            raise ThermalError(f"Antenna {self.id}: check the efficiencies (0 to 1) and the radii.")

    @property
    def efficiency(self) -> float:
        """Part of the generator's power that the tissue gets."""
        return self.cable_efficiency * self.antenna_efficiency


@dataclass(frozen=True, slots=True)
class PlacedElectrode:
    """Straight pieces of metal in the patient, LPS millimetres.

    ``bare`` and ``insulated`` have shape (n, 2, 3): start and end of each piece.
    """

    electrode: RfElectrode
    needle: Needle
    bare: Numbers
    insulated: Numbers

    @property
    def radius_mm(self) -> float:
        """Radius of the metal."""
        return self.electrode.diameter_mm / 2

    @property
    def bare_length_mm(self) -> float:
        """Length of metal in contact with tissue."""
        return float(np.linalg.norm(self.bare[:, 1] - self.bare[:, 0], axis=1).sum())

    @property
    def centre_lps_mm(self) -> Numbers:
        """Middle of the bare metal."""
        centre: Numbers = self.bare.reshape(-1, 3).mean(axis=0)
        return centre


def place(electrode: RfElectrode, needle: Needle) -> PlacedElectrode:
    """Put an electrode at the end of a needle.

    Examples
    --------
    >>> cluster = RfElectrode(
    ...     id="c",
    ...     name="cluster",
    ...     shape="straight",
    ...     count=3,
    ...     diameter_mm=1.5,
    ...     active_mm=25.0,
    ...     apart_mm=5.0,
    ...     deployed_mm=0.0,
    ...     arc_degrees=0.0,
    ...     coolant_c=10.0,
    ...     wall_h_w_m2k=3366.0,
    ...     source="example",
    ... )
    >>> placed = place(cluster, Needle((0.0, 0.0, 0.0), (0.0, 0.0, 100.0)))
    >>> placed.bare.shape, placed.bare_length_mm
    ((3, 2, 3), 75.0)
    """
    along = needle.direction
    sideways = across(along)
    tip = np.asarray(needle.tip_lps_mm)
    if electrode.shape == "umbrella":
        turns = np.arange(electrode.count) * 2 * np.pi / electrode.count
        tines = [_tine(electrode, tip, along, _turned(sideways, turn)) for turn in turns]
        shaft = np.array([[np.asarray(needle.entry_lps_mm), tip]])
        return PlacedElectrode(electrode, needle, np.concatenate(tines), shaft)
    offsets = np.zeros((1, 3))
    if electrode.count > 1:
        ring = electrode.apart_mm / (2 * np.sin(np.pi / electrode.count))
        turns = np.arange(electrode.count) * 2 * np.pi / electrode.count
        offsets = np.array([ring * _turned(sideways, turn) for turn in turns])
    bare_from = tip - electrode.active_mm * along
    bare = np.stack([bare_from + offsets, tip + offsets], axis=1)
    insulated = np.stack([np.asarray(needle.entry_lps_mm) + offsets, bare_from + offsets], axis=1)
    return PlacedElectrode(electrode, needle, bare, insulated)


def across(along: Numbers) -> tuple[Numbers, Numbers]:
    """Two unit vectors perpendicular to ``along`` and to each other."""
    least = np.eye(3)[int(np.argmin(np.abs(along)))]
    first = np.cross(along, least)
    first /= np.linalg.norm(first)
    return first, np.cross(along, first)


def _turned(sideways: tuple[Numbers, Numbers], turn: float) -> Numbers:
    turned: Numbers = np.cos(turn) * sideways[0] + np.sin(turn) * sideways[1]
    return turned


def _tine(electrode: RfElectrode, start: Numbers, along: Numbers, outwards: Numbers) -> Numbers:
    """An arc that begins along the needle and ends ``deployed_mm / 2`` from it."""
    end = np.deg2rad(electrode.arc_degrees)
    bend = electrode.deployed_mm / 2 / (1 - np.cos(end))
    angles = np.linspace(0.0, end, PIECES_PER_TINE + 1)[:, None]
    points = start + bend * (np.sin(angles) * along + (1 - np.cos(angles)) * outwards)
    return np.stack([points[:-1], points[1:]], axis=1)


@parallel
def _distances(index_to_lps: Numbers, corner: NDArray[np.int64], pieces: Numbers, out: Numbers) -> None:
    for k in numba.prange(out.shape[0]):
        for j in range(out.shape[1]):
            for i in range(out.shape[2]):
                nearest = np.inf
                a, b, c = k + corner[0], j + corner[1], i + corner[2]
                x = (
                    index_to_lps[0, 0] * a
                    + index_to_lps[0, 1] * b
                    + index_to_lps[0, 2] * c
                    + index_to_lps[0, 3]
                )
                y = (
                    index_to_lps[1, 0] * a
                    + index_to_lps[1, 1] * b
                    + index_to_lps[1, 2] * c
                    + index_to_lps[1, 3]
                )
                z = (
                    index_to_lps[2, 0] * a
                    + index_to_lps[2, 1] * b
                    + index_to_lps[2, 2] * c
                    + index_to_lps[2, 3]
                )
                for n in range(pieces.shape[0]):
                    u, v, w = x - pieces[n, 0, 0], y - pieces[n, 0, 1], z - pieces[n, 0, 2]
                    p, q, r = (
                        pieces[n, 1, 0] - pieces[n, 0, 0],
                        pieces[n, 1, 1] - pieces[n, 0, 1],
                        pieces[n, 1, 2] - pieces[n, 0, 2],
                    )
                    share = min(max((u * p + v * q + w * r) / (p * p + q * q + r * r), 0.0), 1.0)
                    u, v, w = u - share * p, v - share * q, w - share * r
                    nearest = min(nearest, u * u + v * v + w * w)
                out[k, j, i] = np.sqrt(nearest)


def distance_mm(
    pieces: Numbers, index_to_lps: Numbers, shape: Sequence[int], corner: Sequence[int] = (0, 0, 0)
) -> Numbers:
    """Distance of each voxel's centre from the nearest of straight pieces, shape ``shape``.

    Parameters
    ----------
    pieces : (n, 2, 3) array
        Starts and ends, LPS millimetres.
    index_to_lps : (4, 4) array
        Of the volume; ``corner`` is the index of the box's first voxel in it.
    """
    out = np.zeros(tuple(shape))
    _distances(
        np.ascontiguousarray(index_to_lps), np.array(corner, np.int64), np.ascontiguousarray(pieces), out
    )
    return out
