"""Planes through the patient, and what they cut."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import find_contours

from tongtai.core.coverage.zones import Zone, packed
from tongtai.core.needle import Needle
from tongtai.core.volumes import Interpolation, Volume, resampled_onto
from tongtai.core.windowing import Window, grey_levels

Points = NDArray[np.float64]
ABDOMEN = Window(center=60, width=360)
_AIR_HU = -1024.0
_SMOOTHING_MM = 0.8
_HEAD, _LEFT, _BACK = np.eye(3)[2], np.eye(3)[0], np.eye(3)[1]
_SIDES = (("R", "L"), ("A", "P"), ("F", "H"))
_LEAST_SHARE = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A rectangle in space that is looked at, its centre, and where its picture's right and bottom lie.

    Attributes
    ----------
    centre_lps_mm, right, down : (3,) arrays
        Middle of the rectangle; unit vectors at right angles.
    width_mm, height_mm
        In the patient.
    pixel_mm
        Distance of the picture's pixels in the patient.
    """

    centre_lps_mm: Points
    right: Points
    down: Points
    width_mm: float
    height_mm: float
    pixel_mm: float = 0.5

    @property
    def away(self) -> Points:
        """Unit vector from the viewer into the picture."""
        return np.cross(self.right, self.down)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the picture."""
        return round(self.height_mm / self.pixel_mm), round(self.width_mm / self.pixel_mm)

    @property
    def pixels_to_lps(self) -> Points:
        """From ``(0, row, column, 1)`` to LPS millimetres, shape ``(4, 4)``."""
        rows, columns = self.shape
        matrix = np.eye(4)
        matrix[:3, 0] = self.away
        matrix[:3, 1], matrix[:3, 2] = self.down * self.pixel_mm, self.right * self.pixel_mm
        matrix[:3, 3] = (
            self.centre_lps_mm - matrix[:3, 1] * (rows - 1) / 2.0 - matrix[:3, 2] * (columns - 1) / 2.0
        )
        return matrix

    def place(self, lps_mm: Points) -> Points:
        """Millimetres from the picture's upper left corner, ``(…, 2)`` as x and y, of places ``(…, 3)``."""
        offset = np.asarray(lps_mm, float) - self.centre_lps_mm
        x = offset @ self.right + self.width_mm / 2.0
        y = offset @ self.down + self.height_mm / 2.0
        return np.stack([x, y], axis=-1)

    def height_above(self, lps_mm: Points) -> Points:
        """Distance in millimetres from the plane, above zero away from the viewer."""
        offset: Points = (np.asarray(lps_mm, float) - self.centre_lps_mm) @ self.away
        return offset

    def grey(self, image: Volume, window: Window = ABDOMEN) -> NDArray[np.uint8]:
        """The CT in the plane, ``(rows, columns)``."""
        return grey_levels(self._sampled(image, _AIR_HU).astype(np.float64), window)

    def outlines(self, mask: Volume) -> list[Points]:
        """Borders of a mask in the plane, each ``(N, 2)`` in millimetres of the picture."""
        share = ndimage.gaussian_filter(self._sampled(mask, 0.0), _SMOOTHING_MM / self.pixel_mm)
        return self._lines(share, 0.5)

    def isolines(self, field: Volume, level: float, *, outside: float) -> list[Points]:
        """Lines of a level of a field, such as 54 °C."""
        return self._lines(self._sampled(field, outside), level)

    def zone_outlines(self, zones: Sequence[Zone]) -> list[Points]:
        """Border of the union of ellipsoids, from their formula."""
        rows, columns = self.shape
        index = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=-1)
        matrix = self.pixels_to_lps
        places = index @ matrix[:3, 1:3].T + matrix[:3, 3]
        lowest = np.full((rows, columns), np.inf)
        for zone in packed(zones):
            offset = places - zone[:3]
            along = offset @ zone[3:6]
            across = np.einsum("rcd,rcd->rc", offset, offset) - along**2
            lowest = np.minimum(lowest, across * zone[6] + along**2 * zone[7])
        return self._lines(lowest, 1.0)

    def sides(self) -> tuple[str, str, str, str]:
        """Letters of the directions at left, right, top and bottom (R L A P F H)."""
        return (
            direction_letters(-self.right),
            direction_letters(self.right),
            direction_letters(-self.down),
            direction_letters(self.down),
        )

    def _sampled(self, volume: Volume, fill: float) -> NDArray[np.float32]:
        rows, columns = self.shape
        cut = resampled_onto(
            volume,
            (1, rows, columns),
            self.pixels_to_lps,
            interpolation=Interpolation.LINEAR,
            fill=fill,
        )
        picture: NDArray[np.float32] = cut.voxels[0]
        return picture

    def _lines(self, values: NDArray[np.floating], level: float) -> list[Points]:
        found = find_contours(values, level)  # type: ignore[no-untyped-call]
        return [(line[:, ::-1] + 0.5) * self.pixel_mm for line in found]


def direction_letters(direction: Points) -> str:
    """Where a direction points in the patient, the strongest part first.

    Examples
    --------
    >>> direction_letters(np.array([0.0, -0.8, 0.6])), direction_letters(np.array([-1.0, 0.1, 0.0]))
    ('AH', 'R')
    """
    order = np.argsort(-np.abs(direction), kind="stable")
    return "".join(
        _SIDES[axis][int(direction[axis] > 0.0)] for axis in order if abs(direction[axis]) >= _LEAST_SHARE
    )[:2]


def _unit(vector: Points) -> Points:
    unit: Points = vector / np.linalg.norm(vector)
    return unit


def _across(direction: Points, wanted: Points, otherwise: Points) -> Points:
    """The part of a wanted direction at right angles to another; of a second choice if there is none."""
    part = wanted - (wanted @ direction) * direction
    if np.linalg.norm(part) < 0.2:
        part = otherwise - (otherwise @ direction) * direction
    return _unit(part)


def axial(centre_lps_mm: Points, side_mm: float) -> Cut:
    """The axial plane, seen from the feet."""
    return Cut(np.asarray(centre_lps_mm, float), _LEFT, _BACK, side_mm, side_mm)


def along_axial(needle: Needle, side_mm: float) -> Cut:
    """The plane that holds the needle and is nearest to the axial one, seen from the feet."""
    away = _across(needle.direction, _HEAD, _BACK)
    right = _across(away, _LEFT, _HEAD)
    return Cut(_middle(needle), right, np.cross(away, right), side_mm, side_mm)


def along_upright(needle: Needle, side_mm: float) -> Cut:
    """The plane that holds the needle at right angles to ``along_axial``, the head up."""
    up = _across(needle.direction, _HEAD, _BACK)
    along = needle.direction
    # As a coronal or a sagittal picture hangs: the patient's left, or back, at the right.
    wanted = _LEFT if abs(along[0]) >= abs(along[1]) else _BACK
    right = along if along @ wanted >= 0.0 else -along
    return Cut(_middle(needle), right, -up, side_mm, side_mm)


def needles_eye(needle: Needle, depth_mm: float, side_mm: float) -> Cut:
    """The plane across the needle at a depth below the skin, seen from the skin along the needle."""
    return across(needle.point_at(depth_mm), needle.direction, side_mm)


def across(centre_lps_mm: Points, away: Points, side_mm: float) -> Cut:
    """The plane across a direction, looked at along it, the head up."""
    down = -_across(away, _HEAD, -_BACK)
    return Cut(np.asarray(centre_lps_mm, float), np.cross(down, away), down, side_mm, side_mm, pixel_mm=0.4)


def _middle(needle: Needle) -> Points:
    return needle.point_at(needle.length_mm / 2.0)
