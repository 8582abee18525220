"""What a scanner makes of a thin rod: a line spread by a Gaussian in the slice and by the slice's profile."""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
# A row of numbers a seed: centre (3), axis (3), brightness.
CENTRE, AXIS, BRIGHTNESS = slice(0, 3), slice(3, 6), 6
# What a fit may change: place in mm (3), both ends of the axis sideways in mm (2), ln of brightness.
PARAMETERS = 6
_STEP = 0.02
_HALF_MM = 2.25
_THINNEST_SLAB_MM = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """How an image blurs.

    Attributes
    ----------
    blur_mm
        Standard deviation in the slice, the capsule's own width and the pixel included.
    slice_mm
        Width of the slice profile.
    length_mm
        Of the rod.
    highest_hu
        Where the image is clipped; infinite where it is not.
    """

    blur_mm: float
    slice_mm: float
    length_mm: float
    highest_hu: float

    def slabs(self) -> Numbers:
        """Parts of the slice profile: offsets along its normal."""
        count = max(1, math.ceil(self.slice_mm / _THINNEST_SLAB_MM))
        return ((np.arange(count) + 0.5) / count - 0.5) * self.slice_mm

    def deviation_mm(self) -> float:
        """Standard deviation along the normal of the slice, for each of its parts."""
        part = self.slice_mm / len(self.slabs())
        return math.sqrt(self.blur_mm**2 / 4.0 + part**2 / 12.0)


def rod_image(places_mm: Numbers, rod: Numbers, optics: Optics) -> Numbers:
    """Hounsfield units above tissue that a rod makes at places.

    Parameters
    ----------
    places_mm : (N, 3) array
        Along the image's axes k, j, i.
    rod : (7,) array
        Centre, unit axis, brightness in HU mm³: the sum of all that the rod adds.

    Examples
    --------
    >>> optics = Optics(blur_mm=0.7, slice_mm=1.0, length_mm=4.5, highest_hu=3071.0)
    >>> grid = np.array(np.meshgrid(*[np.arange(-8.0, 8.5, 0.5)] * 3, indexing="ij")).reshape(3, -1).T
    >>> rod = np.array([0.1, 0.0, 0.2, 0.6, 0.8, 0.0, 1000.0])
    >>> round(float(rod_image(grid, rod, optics).sum()) * 0.5**3)
    1000
    """
    out = np.zeros(len(places_mm))
    add_rod(places_mm, rod, optics.blur_mm, optics.deviation_mm(), optics.slabs(), optics.length_mm, out)
    return out


def rod_slopes(places_mm: Numbers, rods: Numbers, images: Numbers, optics: Optics) -> Numbers:
    """How the images ``(S, N)`` of rods change with their parameters, shape ``(S, 6, N)``."""
    out = np.zeros((len(rods), PARAMETERS, len(places_mm)))
    _add_slopes(
        places_mm, rods, images, optics.blur_mm, optics.deviation_mm(), optics.slabs(), optics.length_mm, out
    )
    return out


@njit(cache=True)
def normal_equations(
    slopes: Numbers, weight: Numbers, wrong: Numbers, normal: Numbers, pull: Numbers
) -> None:
    """Sums of products of weighted slopes ``(S, 6, N)``, with each other and with ``wrong`` ``(N,)``.

    By hand, on one thread: the matrices are small, and most seeds share no voxels.
    """
    count, parameters, voxels = slopes.shape
    rows = slopes.reshape(count * parameters, voxels)
    first, last = np.full(count, voxels), np.zeros(count, np.int64)
    for number in range(count):
        for voxel in range(voxels):
            # The slope of the brightness is nowhere zero where the seed is seen.
            if rows[number * parameters + parameters - 1, voxel] != 0.0:
                first[number] = min(first[number], voxel)
                last[number] = voxel + 1
    for one in range(count):
        for row in range(one * parameters, (one + 1) * parameters):
            mine = rows[row] * weight
            pull[row] = np.sum(mine * wrong)
            mine *= weight
            for two in range(one + 1):
                low, high = max(first[one], first[two]), min(last[one], last[two])
                for column in range(two * parameters, (two + 1) * parameters):
                    total = 0.0
                    for voxel in range(low, high):
                        total += mine[voxel] * rows[column, voxel]
                    normal[row, column] = total
                    normal[column, row] = total


@njit(cache=True)
def shifted_rod(rod: Numbers, step: Numbers, out: Numbers) -> None:
    """Write a rod after a step of its parameters into ``out``."""
    k, j, i = rod[3], rod[4], rod[5]
    # Two directions at right angles to the axis, whichever way it points.
    across = np.array([0.0, i, -j]) if abs(k) < 0.7 else np.array([-i, 0.0, k])
    across /= math.sqrt(across[0] ** 2 + across[1] ** 2 + across[2] ** 2)
    beside = np.array(
        [j * across[2] - i * across[1], i * across[0] - k * across[2], k * across[1] - j * across[0]]
    )
    length = 0.0
    for axis in range(3):
        out[axis] = rod[axis] + step[axis]
        out[3 + axis] = rod[3 + axis] + (step[3] * across[axis] + step[4] * beside[axis]) / _HALF_MM
        length += out[3 + axis] ** 2
    for axis in range(3):
        out[3 + axis] /= math.sqrt(length)
    out[6] = rod[6] * math.exp(step[5])


@njit(cache=True)
def _add_slopes(
    places: Numbers,
    rods: Numbers,
    images: Numbers,
    blur: float,
    deep: float,
    slabs: Numbers,
    length: float,
    out: Numbers,
) -> None:
    """By differences: the step is small beside the blur, and the fit mends what they miss."""
    other = np.zeros(7)
    for number in range(len(rods)):
        for parameter in range(PARAMETERS):
            step = np.zeros(PARAMETERS)
            step[parameter] = _STEP
            shifted_rod(rods[number], step, other)
            add_rod(places, other, blur, deep, slabs, length, out[number, parameter])
            for row in range(len(places)):
                out[number, parameter, row] = (out[number, parameter, row] - images[number, row]) / _STEP


@njit(cache=True)
def add_rod(
    places: Numbers, rod: Numbers, blur: float, deep: float, slabs: Numbers, length: float, out: Numbers
) -> None:
    """Add a rod's image to ``out``.

    The integral of a Gaussian along a line is a Gaussian of the distance from the line times the
    difference of two error functions along it, in coordinates in which the blur is one in all directions.
    """
    k, j, i = rod[3] / deep, rod[4] / blur, rod[5] / blur
    stretch = math.sqrt(k * k + j * j + i * i)
    k, j, i = k / stretch, j / stretch, i / stretch
    half = stretch * length / 2.0
    root = math.sqrt(2.0)
    height = rod[6] / (length * stretch * 2.0 * math.pi * blur * blur * deep) / 2.0 / len(slabs)
    for row in range(len(places)):
        y, x = (places[row, 1] - rod[1]) / blur, (places[row, 2] - rod[2]) / blur
        if y * y + x * x > (half + 5.0) ** 2:
            continue
        for slab in slabs:
            z = (places[row, 0] + slab - rod[0]) / deep
            along = z * k + y * j + x * i
            away = z * z + y * y + x * x - along * along
            if away < 30.0 and abs(along) < half + 5.0:
                ends = math.erf((along + half) / root) - math.erf((along - half) / root)
                out[row] += height * math.exp(-away / 2.0) * ends
