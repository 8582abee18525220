"""A simulated upper abdomen with a liver tumour: for demonstration and tests, never a patient.

The organs are ellipsoids and tubes of roughly the right size, place and density in the portal
venous phase; nothing about them is measured.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.phantom.shapes import Canvas, Point
from tongtai.core.pictures.lettering import text_mask

SIMULATED = "SIMULATED"
_AIR, _LUNG, _FAT, _MUSCLE, _BONE, _MARROW = -1000.0, -830.0, -95.0, 58.0, 520.0, 210.0
_LIVER, _SPLEEN, _KIDNEY, _CORTEX, _VESSEL, _TUMOUR, _RIM = 108.0, 118.0, 150.0, 185.0, 168.0, 62.0, 128.0
_NOISE_HU = 9.0
_MARK_HU = 1200
_MARK_MARGIN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AbdomenPhantom:
    """A simulated CT.

    Attributes
    ----------
    hounsfield : (K, J, I) array
        Slices from the feet to the head, rows from front to back, columns from the patient's right
        to the left, in Hounsfield units. Every slice says SIMULATED in its picture.
    spacing_mm : (dz, dy, dx)
        Distances between voxel centres.
    tumour_centre_mm, tumour_radius_mm
        The tumour in LPS millimetres: x and y from the middle of the picture, z from the first
        slice.
    """

    hounsfield: NDArray[np.int16]
    spacing_mm: Point
    tumour_centre_mm: Point
    tumour_radius_mm: float


def abdomen_phantom(
    generator: np.random.Generator, *, slices: int = 60, size: int = 512, slice_mm: float = 2.5
) -> AbdomenPhantom:
    """Simulate an upper abdomen.

    Parameters
    ----------
    generator : numpy.random.Generator
        Places the tumour and makes the noise: the same state gives the same CT.
    slices, size : int
        Number of slices, and of rows and columns.
    slice_mm : float
        Distance of slices in millimetres.

    Examples
    --------
    >>> phantom = abdomen_phantom(np.random.default_rng(1), slices=4, size=128)
    >>> phantom.hounsfield.shape
    (4, 128, 128)
    """
    spacing: Point = (slice_mm, 380.0 / size, 380.0 / size)
    canvas = Canvas((slices, size, size), spacing, fill=_AIR)
    height = canvas.height_mm
    _body(canvas)
    _skeleton(canvas, height)
    _organs(canvas, height)
    _vessels(canvas, height)
    centre, radius = _tumour(canvas, generator, height)
    noise = generator.standard_normal(canvas.hounsfield.shape, dtype=np.float32)
    hounsfield = np.rint(canvas.hounsfield + _NOISE_HU * noise).astype(np.int16)
    np.maximum(hounsfield, -1024, out=hounsfield)
    _mark(hounsfield)
    return AbdomenPhantom(
        hounsfield=hounsfield, spacing_mm=spacing, tumour_centre_mm=centre, tumour_radius_mm=radius
    )


def _body(canvas: Canvas) -> None:
    canvas.cylinder((0.0, 0.0), (168.0, 118.0), _FAT)
    canvas.cylinder((0.0, 0.0), (154.0, 104.0), _MUSCLE)
    canvas.cylinder((0.0, -8.0), (144.0, 88.0), _FAT)
    # The muscles beside the spine.
    for side in (-1.0, 1.0):
        canvas.cylinder((side * 42.0, 76.0), (32.0, 24.0), _MUSCLE)


def _skeleton(canvas: Canvas, height: float) -> None:
    canvas.cylinder((0.0, 62.0), (22.0, 18.0), _BONE)
    canvas.cylinder((0.0, 62.0), (19.0, 15.0), _MARROW)
    canvas.cylinder((0.0, 86.0), (10.0, 8.0), 30.0)
    canvas.tube((0.0, 96.0, 0.0), (0.0, 108.0, height), 5.0, _BONE)
    for side in (-1.0, 1.0):
        for level in range(6):
            top = height - 20.0 * level
            canvas.tube((side * 128.0, 62.0, top), (side * 150.0, 0.0, top - 22.0), 5.5, _BONE)
            canvas.tube((side * 150.0, 0.0, top - 22.0), (side * 118.0, -70.0, top - 40.0), 5.0, _BONE)


def _organs(canvas: Canvas, height: float) -> None:
    middle = height / 2
    canvas.ellipsoid((-62.0, -8.0, middle + 10.0), (74.0, 72.0, 92.0), _LIVER)
    canvas.ellipsoid((0.0, -46.0, middle + 22.0), (66.0, 34.0, 52.0), _LIVER)
    canvas.ellipsoid((104.0, 38.0, middle + 18.0), (34.0, 44.0, 50.0), _SPLEEN)
    canvas.ellipsoid((66.0, -34.0, middle + 14.0), (46.0, 34.0, 58.0), 32.0)
    canvas.ellipsoid((66.0, -56.0, middle + 14.0), (26.0, 10.0, 34.0), -700.0)
    canvas.ellipsoid((-52.0, -66.0, middle - 42.0), (15.0, 13.0, 26.0), 12.0)
    for side in (-1.0, 1.0):
        canvas.ellipsoid((side * 62.0, 46.0, middle - 52.0), (27.0, 24.0, 48.0), _CORTEX)
        canvas.ellipsoid((side * 60.0, 44.0, middle - 52.0), (20.0, 17.0, 40.0), _KIDNEY)
        canvas.ellipsoid((side * 54.0, 42.0, middle - 52.0), (10.0, 9.0, 22.0), -60.0)
        # The base of the lung comes down behind the dome of the liver.
        canvas.ellipsoid((side * 92.0, 40.0, height + 34.0), (56.0, 52.0, 66.0), _LUNG)


def _vessels(canvas: Canvas, height: float) -> None:
    middle = height / 2
    canvas.tube((14.0, 38.0, 0.0), (14.0, 38.0, height), 11.0, _VESSEL + 12.0)
    canvas.tube((-22.0, 30.0, 0.0), (-26.0, 22.0, height), 12.0, _VESSEL)
    porta = (-24.0, -4.0, middle - 14.0)
    canvas.tube((8.0, 14.0, middle - 44.0), porta, 7.5, _VESSEL + 10.0)
    for end, radius in (
        ((-74.0, 8.0, middle - 2.0), 5.5),
        ((-64.0, -34.0, middle + 8.0), 4.5),
        ((16.0, -44.0, middle + 12.0), 4.5),
    ):
        canvas.tube(porta, end, radius, _VESSEL + 10.0)
    confluence = (-26.0, 18.0, middle + 58.0)
    for end, radius in (
        ((-104.0, 14.0, middle + 18.0), 4.5),
        ((-58.0, -44.0, middle + 22.0), 4.5),
        ((14.0, -48.0, middle + 34.0), 4.0),
    ):
        canvas.tube(confluence, end, radius, _VESSEL)


def _tumour(canvas: Canvas, generator: np.random.Generator, height: float) -> tuple[Point, float]:
    jitter = generator.uniform(-6.0, 6.0, size=3)
    centre = (-86.0 + jitter[0], -18.0 + jitter[1], height / 2 + 10.0 + jitter[2])
    radius = float(generator.uniform(12.0, 16.0))
    canvas.ellipsoid(centre, (radius + 2.0,) * 3, _RIM)
    canvas.ellipsoid(centre, (radius, radius, radius), _TUMOUR)
    canvas.ellipsoid((centre[0] + 3.0, centre[1] - 2.0, centre[2]), (radius * 0.45,) * 3, _TUMOUR - 28.0)
    return (float(centre[0]), float(centre[1]), float(centre[2])), radius


def _mark(hounsfield: NDArray[np.int16]) -> None:
    mask = text_mask(SIMULATED)
    rows, columns = hounsfield.shape[1:]
    mask = mask[: rows - _MARK_MARGIN, : columns - _MARK_MARGIN]
    top, left = rows - mask.shape[0] - _MARK_MARGIN, _MARK_MARGIN
    for picture in hounsfield:
        picture[top : top + mask.shape[0], left : left + mask.shape[1]][mask] = _MARK_HU
