"""Body wall, skeleton, chest and organs of the simulated abdomen, as ellipsoids and tubes.

Sizes and places are those of an adult of middle size, as anatomy books give them; nothing is measured.
Positions are ``(x, y, z)`` in millimetres, LPS, from the body's axis and the middle of the liver.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tongtai.core.phantom.shapes import Canvas, Grid, Point, ellipsoid_distance
from tongtai.core.phantom.tissues import Tissue

_SIDES = (-1.0, 1.0)
_VERTEBRA_MM = 27.0
# Rib -> height of its vertebra, and the angle from the spine at which its bone ends; the last two float.
_RIBS = (
    (5, 164.0, 150.0), (6, 137.0, 148.0), (7, 110.0, 145.0), (8, 83.0, 138.0),
    (9, 56.0, 130.0), (10, 29.0, 120.0), (11, 2.0, 82.0), (12, -25.0, 52.0),
)  # fmt: skip
_LAST_WITH_CARTILAGE = 10
_RIB_CENTRE_Y, _RIB_RADII, _RIB_RADIUS_MM = -4.0, (147.0, 94.0), 4.8
_RIB_START_DEGREES, _RIB_STEP_DEGREES, _RIB_DROP_MM, _STERNUM_DEGREES = 16.0, 7.0, 62.0, 168.0
_DIAPHRAGM_MM = 3.0
# (x, y) of the apex, radii, height of the apex.
_DOMES = (((-66.0, -6.0), (78.0, 86.0), 82.0), ((70.0, -4.0), (74.0, 84.0), 64.0))
_INSIDE_OF_RIBS = (140.0, 84.0)
_CAVITY_CENTRE_Y = -8.0
# Right and left lobe: centre and radii.
_LIVER_LOBES = (((-68.0, -4.0, 4.0), (70.0, 70.0, 82.0)), ((4.0, -46.0, 20.0), (60.0, 33.0, 36.0)))


def dome_height(x: Grid | float, y: Grid | float) -> NDArray[np.floating]:
    """Height of the diaphragm over ``(x, y)`` in millimetres; arrays that broadcast.

    Between and around the two domes the lung reaches down into a recess, deeper towards the back.
    """
    recess = 5.0 - 0.5 * np.asarray(y)
    height = recess + 0.0 * np.asarray(x)
    for centre, radii, apex in _DOMES:
        inside = 1.0 - ((x - centre[0]) / radii[0]) ** 2 - ((y - centre[1]) / radii[1]) ** 2
        height = np.maximum(height, recess + (apex - recess) * np.sqrt(np.maximum(inside, 0.0)))
    return height


def in_liver(point: Point) -> bool:
    """Whether a point lies within a lobe, inside of the ribs and below the diaphragm, at rest."""
    x, y, z = point
    in_lobe = any(
        sum(((a - b) / c) ** 2 for a, b, c in zip(point, centre, radii, strict=True)) <= 1.0
        for centre, radii in _LIVER_LOBES
    )
    in_ribs = (x / _INSIDE_OF_RIBS[0]) ** 2 + ((y - _CAVITY_CENTRE_Y) / _INSIDE_OF_RIBS[1]) ** 2 <= 1.0
    return in_lobe and in_ribs and z < float(dome_height(x, y)) - _DIAPHRAGM_MM


def paint_wall(canvas: Canvas) -> None:
    """Skin, fat, muscle and the space for the organs."""
    canvas.cylinder((0.0, 0.0), (168.0, 118.0), Tissue.SKIN)
    canvas.cylinder((0.0, 0.0), (166.0, 116.0), Tissue.FAT)
    canvas.cylinder((0.0, 0.0), (153.0, 103.0), Tissue.MUSCLE)
    canvas.cylinder((0.0, _CAVITY_CENTRE_Y), (142.0, 86.0), Tissue.CAVITY)
    for side in _SIDES:
        canvas.cylinder((side * 40.0, 78.0), (30.0, 22.0), Tissue.MUSCLE)


def paint_skeleton(canvas: Canvas) -> None:
    """Vertebrae with their discs and arches, and eight pairs of ribs."""
    canvas.cylinder((0.0, 60.0), (21.0, 17.0), Tissue.MUSCLE)
    top = canvas.z[-1] + _VERTEBRA_MM
    first = _RIBS[-1][1] - _VERTEBRA_MM * np.ceil((_RIBS[-1][1] - canvas.z[0]) / _VERTEBRA_MM)
    for middle in np.arange(first, top, _VERTEBRA_MM).tolist():
        canvas.ellipsoid((0.0, 60.0, middle), (22.0, 18.0, 15.5), Tissue.SPINE, moving=False)
        for side in _SIDES:
            canvas.tube(
                (side * 12.0, 82.0, middle), (side * 30.0, 86.0, middle), 5.0, Tissue.SPINE, moving=False
            )
        canvas.tube((0.0, 92.0, middle), (0.0, 104.0, middle - 9.0), 4.5, Tissue.SPINE, moving=False)
    canvas.cylinder((0.0, 85.0), (9.0, 8.0), Tissue.CANAL)
    for number, height, end in _RIBS:
        for side in _SIDES:
            _rib(canvas, side, height, end, cartilage=number <= _LAST_WITH_CARTILAGE)


def _rib(canvas: Canvas, side: float, height: float, end: float, *, cartilage: bool) -> None:
    angles = np.arange(_RIB_START_DEGREES, end + _RIB_STEP_DEGREES, _RIB_STEP_DEGREES)
    for start, stop in pairwise(angles.tolist()):
        canvas.tube(
            _on_rib(side, height, start),
            _on_rib(side, height, stop),
            _RIB_RADIUS_MM,
            Tissue.RIB,
            moving=False,
        )
    if cartilage:
        # From the tip of the bone the cartilage climbs to the sternum: together, the costal arch.
        tip = _on_rib(side, height, float(angles[-1]))
        sternum = _on_rib(side, height, _STERNUM_DEGREES)
        canvas.tube(tip, (sternum[0], sternum[1], tip[2] + 30.0), 5.0, Tissue.CARTILAGE, moving=False)


def _on_rib(side: float, height: float, degrees: float) -> Point:
    angle = np.radians(degrees)
    drop = _RIB_DROP_MM * (degrees - _RIB_START_DEGREES) / 120.0
    return (
        float(side * _RIB_RADII[0] * np.sin(angle)),
        float(_RIB_CENTRE_Y + _RIB_RADII[1] * np.cos(angle)),
        float(height - drop),
    )


def paint_chest(canvas: Canvas) -> None:
    """Lungs down to the diaphragm, and the heart on it."""
    box = canvas.box((0.0, _CAVITY_CENTRE_Y, 200.0), (142.0, 86.0, 250.0))
    x, y, z = canvas.grid(box)
    above = z - dome_height(x, y).astype(np.float32)
    canvas.paint(box, above > 0.0, Tissue.LUNG, over=(Tissue.CAVITY,))
    canvas.paint(box, above > -_DIAPHRAGM_MM, Tissue.MUSCLE, over=(Tissue.CAVITY,))
    canvas.ellipsoid((16.0, -24.0, 92.0), (54.0, 42.0, 50.0), Tissue.HEART, over=(Tissue.LUNG,))


def paint_organs(canvas: Canvas) -> None:
    """Liver, spleen, kidneys, gallbladder, stomach and bowel, each into the space left."""
    free = (Tissue.CAVITY,)
    for centre, radii in _LIVER_LOBES:
        _liver(canvas, centre, radii)
    canvas.ellipsoid((100.0, 34.0, 14.0), (32.0, 42.0, 46.0), Tissue.SPLEEN, over=free)
    for side, kidney in zip(_SIDES, (Tissue.KIDNEY_RIGHT, Tissue.KIDNEY_LEFT), strict=True):
        middle = (side * 60.0, 46.0, -62.0 + 6.0 * side)
        canvas.ellipsoid(middle, (30.0, 27.0, 54.0), Tissue.CAVITY, over=(Tissue.LIVER, Tissue.SPLEEN))
        canvas.ellipsoid(middle, (27.0, 24.0, 50.0), kidney, over=free)
        canvas.ellipsoid(middle, (18.0, 15.0, 38.0), kidney, over=(kidney,), hounsfield=140.0)
        canvas.ellipsoid((side * 54.0, 42.0, middle[2]), (9.0, 8.0, 20.0), Tissue.CAVITY, over=(kidney,))
    canvas.ellipsoid(
        (-46.0, -62.0, -50.0), (15.0, 13.0, 26.0), Tissue.GALLBLADDER, over=(*free, Tissue.LIVER)
    )
    canvas.ellipsoid((62.0, -36.0, 6.0), (44.0, 34.0, 50.0), Tissue.STOMACH, over=free)
    canvas.ellipsoid((64.0, -54.0, 10.0), (28.0, 12.0, 32.0), Tissue.STOMACH_GAS, over=(Tissue.STOMACH,))
    _bowel(canvas)


def _liver(canvas: Canvas, centre: Point, radii: Point) -> None:
    box = canvas.box(centre, radii)
    grid = canvas.grid(box)
    inside = ellipsoid_distance(grid, centre, radii) <= 1.0
    # The liver lies against the inside of the chest wall, which does not move with it.
    x, y, _ = canvas.grid(box, moving=False)
    inside &= (x / _INSIDE_OF_RIBS[0]) ** 2 + ((y - _CAVITY_CENTRE_Y) / _INSIDE_OF_RIBS[1]) ** 2 <= 1.0
    canvas.paint(box, inside, Tissue.LIVER, over=(Tissue.CAVITY,))


def _bowel(canvas: Canvas) -> None:
    colon: tuple[tuple[Point, Point], ...] = (
        ((-98.0, 8.0, -190.0), (-98.0, -14.0, -118.0)),
        ((-98.0, -14.0, -118.0), (-40.0, -58.0, -108.0)),
        ((-40.0, -58.0, -108.0), (50.0, -60.0, -92.0)),
        ((50.0, -60.0, -92.0), (104.0, -8.0, -70.0)),
        ((104.0, -8.0, -70.0), (108.0, 16.0, -190.0)),
    )
    for start, end in colon:
        canvas.tube(start, end, 19.0, Tissue.BOWEL, over=(Tissue.CAVITY,))
    for (a, b, c), (d, e, f) in colon:
        canvas.tube((a, b - 5.0, c), (d, e - 5.0, f), 11.0, Tissue.BOWEL_GAS, over=(Tissue.BOWEL,))
    for x, y, z in (
        (-30.0, -30.0, -150.0),
        (20.0, -46.0, -142.0),
        (48.0, -14.0, -130.0),
        (0.0, -2.0, -165.0),
    ):
        canvas.ellipsoid((x, y, z), (34.0, 24.0, 20.0), Tissue.BOWEL, over=(Tissue.CAVITY,))
