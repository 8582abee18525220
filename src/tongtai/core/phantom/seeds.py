"""Seeds in a simulated CT: metal with partial volume and blur, streaks of a hardened and starved beam, clipping.

The metal is drawn as a solid capsule, many points of it, not as the blurred rod that detection
fits; streaks come from projecting and back-projecting what a scanner gets wrong about metal.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy.special import erf

from tongtai.core.volumes import Points, Volume

Image = NDArray[np.float64]
# Attenuation of water for the beam of an abdominal CT.
_WATER_PER_MM = 0.02
_VIEWS = 240
_REACH_MM = 4.0
# Streaks are drawn this far around the seeds of a slice.
_STREAK_REACH_MM = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedScanner:
    """How seeds look in a CT.

    Attributes
    ----------
    metal_hu
        Mean of the capsule, far above what a scanner stores: silver, tungsten and titanium.
    blur_mm
        Standard deviation of the blur in the slice.
    edge_mm
        Of the slice profile's edges; between them it is flat.
    hardening
        Share of the squared projection by which a hardened beam is read too low.
    photons
        Per ray behind the patient: the fewer, the more noise metal makes.
    highest_hu
        What is stored at most.
    """

    metal_hu: float = 40_000.0
    length_mm: float = 4.5
    diameter_mm: float = 0.8
    blur_mm: float = 0.6
    edge_mm: float = 0.3
    hardening: float = 0.8
    photons: float = 1_000.0
    highest_hu: int = 3071


def with_seeds(
    image: Volume,
    centres_lps_mm: Points,
    axes_lps: Points,
    generator: np.random.Generator,
    scanner: SeedScanner | None = None,
) -> Volume:
    """The same CT with seeds in it.

    Parameters
    ----------
    image
        Hounsfield units, int16; its axes at right angles.
    centres_lps_mm, axes_lps : (S, 3) arrays
        Anywhere between the voxels; unit vectors.
    generator
        Makes the noise behind metal.
    scanner
        How seeds look.

    Examples
    --------
    >>> water = Volume(
    ...     np.zeros((9, 33, 33), np.int16),
    ...     np.array([[0, 0, 0.7, 0], [0, 0.7, 0, 0], [1.25, 0, 0, 0], [0, 0, 0, 1.0]]),
    ... )
    >>> seen = with_seeds(
    ...     water, np.array([[11.3, 11.0, 5.1]]), np.array([[0, 0, 1.0]]), np.random.default_rng(1)
    ... )
    >>> int(seen.voxels.max()) > 2000, int(seen.voxels.min()) < 0
    (True, True)
    """
    scanner = scanner or SeedScanner()
    metal = np.zeros(image.voxels.shape)
    directions = image.index_to_lps[:3, :3] / image.spacing_mm
    places = image.index_of(centres_lps_mm) * image.spacing_mm
    for place, axis in zip(places, axes_lps @ directions, strict=True):
        _deposit(metal, place, axis, image.spacing_mm, scanner)
    wrong = _streaks(metal, image.spacing_mm, generator, scanner)
    seen = image.voxels.astype(np.float64) + metal + wrong
    return image.with_voxels(np.clip(np.rint(seen), -1024, scanner.highest_hu).astype(np.int16))


def _deposit(metal: Image, place_mm: Points, axis: Points, spacing_mm: Points, scanner: SeedScanner) -> None:
    """Add one capsule: each of its points is spread over the voxels that see it."""
    points = place_mm + _capsule(axis, scanner)
    share = scanner.metal_hu * _capsule_mm3(scanner) / len(points) / float(np.prod(spacing_mm))
    slices, weights = [], []
    blurs = (scanner.edge_mm, scanner.blur_mm, scanner.blur_mm)
    for axis_number, (spacing, blur) in enumerate(zip(spacing_mm, blurs, strict=True)):
        reach = scanner.length_mm / 2.0 + _REACH_MM + spacing
        middle, last = place_mm[axis_number], metal.shape[axis_number]
        low = max(0, int(np.floor((middle - reach) / spacing)))
        high = min(last, int(np.ceil((middle + reach) / spacing)) + 1)
        if low >= high:
            return
        edges = (np.arange(low, high + 1) - 0.5) * spacing
        scaled = (edges - points[:, axis_number, None]) / (blur * np.sqrt(2.0))
        weights.append(np.diff(erf(scaled), axis=1) / 2.0)
        slices.append(slice(low, high))
    metal[tuple(slices)] += share * np.einsum("pk,pj,pi->kji", *weights, optimize=True)


def _capsule_mm3(scanner: SeedScanner) -> float:
    return float(np.pi * scanner.diameter_mm**2 / 4.0 * scanner.length_mm)


def _capsule(axis: Points, scanner: SeedScanner) -> Points:
    """Points of equal volume in a cylinder around zero, shape ``(P, 3)``."""
    beside = np.cross(axis, np.eye(3)[np.abs(axis).argmin()])
    beside /= np.linalg.norm(beside)
    across = np.cross(axis, beside)
    along = (np.arange(18) + 0.5) / 18 - 0.5
    turns = np.arange(6) * np.pi / 3.0
    # A ring at this radius has the second moment of a full disc.
    radius = scanner.diameter_mm / 2.0 / np.sqrt(2.0)
    ring = radius * (np.cos(turns)[:, None] * beside + np.sin(turns)[:, None] * across)
    points: Points = (along[:, None, None] * scanner.length_mm * axis + ring).reshape(-1, 3)
    return points


def _streaks(metal: Image, spacing_mm: Points, generator: np.random.Generator, scanner: SeedScanner) -> Image:
    """What a scanner reconstructs too much or too little of the metal, in Hounsfield units."""
    wrong = np.zeros(metal.shape)
    pixel_mm = float(spacing_mm[1])
    reach = int(np.ceil(_STREAK_REACH_MM / pixel_mm))
    for k, rows, columns in _metal_boxes(metal, reach):
        part = metal[k, rows, columns] * (_WATER_PER_MM / 1000.0)
        size = max(part.shape)
        views = int(np.ceil(size * 1.5))
        true = np.zeros((_VIEWS, views))
        _project(part, pixel_mm, true)
        starved = np.sqrt(np.expm1(np.minimum(true, 6.0)) / scanner.photons)
        read = -scanner.hardening * true**2 + starved * generator.standard_normal(true.shape)
        back = np.zeros(part.shape)
        _back_project(_ramped(read, pixel_mm), back)
        wrong[k, rows, columns] = back * (1000.0 / _WATER_PER_MM)
    return wrong


def _metal_boxes(metal: Image, reach: int) -> Iterable[tuple[int, slice, slice]]:
    """Slices with metal, and the box around it."""
    seen = metal > 1.0
    for k in np.flatnonzero(seen.any(axis=(1, 2))):
        rows, columns = np.flatnonzero(seen[k].any(axis=1)), np.flatnonzero(seen[k].any(axis=0))
        yield (
            int(k),
            slice(max(0, int(rows[0]) - reach), int(rows[-1]) + reach + 1),
            slice(max(0, int(columns[0]) - reach), int(columns[-1]) + reach + 1),
        )


def _ramped(sinogram: Image, pixel_mm: float) -> Image:
    """Filtered for the back-projection: a ramp that falls off at the highest frequencies (Hann)."""
    length = 2 * sinogram.shape[1]
    frequency = np.fft.rfftfreq(length, pixel_mm)
    window = frequency * (1.0 + np.cos(2.0 * np.pi * frequency * pixel_mm)) / 2.0
    found: Image = np.fft.irfft(np.fft.rfft(sinogram, length, axis=1) * window, length, axis=1)
    return found[:, : sinogram.shape[1]]


@njit(cache=True)
def _project(part: Image, pixel_mm: float, out: Image) -> None:
    """Line integrals of parallel beams: each pixel falls on the two nearest of a view's readings."""
    rows, columns = part.shape
    views, readings = out.shape
    turns = np.pi * np.arange(views) / views
    cosines, sines = np.cos(turns), np.sin(turns)
    for row in range(rows):
        for column in range(columns):
            value = part[row, column] * pixel_mm
            if value > 0.0:
                y, x = row - (rows - 1) / 2.0, column - (columns - 1) / 2.0
                for view in range(views):
                    at = x * cosines[view] + y * sines[view] + (readings - 1) / 2.0
                    low = int(np.floor(at))
                    if 0 <= low < readings - 1:
                        out[view, low] += value * (1.0 - at + low)
                        out[view, low + 1] += value * (at - low)


@njit(parallel=True, cache=True)
def _back_project(filtered: Image, out: Image) -> None:
    """Sum the filtered readings along every ray through a pixel."""
    rows, columns = out.shape
    views, readings = filtered.shape
    for row in prange(rows):
        for view in range(views):
            angle = np.pi * view / views
            start = (row - (rows - 1) / 2.0) * np.sin(angle) + (readings - 1) / 2.0
            for column in range(columns):
                at = start + (column - (columns - 1) / 2.0) * np.cos(angle)
                low = int(np.floor(at))
                if 0 <= low < readings - 1:
                    here = filtered[view, low] * (1.0 - at + low) + filtered[view, low + 1] * (at - low)
                    out[row, column] += here * np.pi / views
