"""Two tumours that make planning hard, and the zones that ablation left where they were.

The first lies beside a portal branch that carries heat away, the second under the dome of the
diaphragm, where every way through the ribs meets the lung.
"""

from dataclasses import dataclass

import numpy as np

from tongtai.core.phantom.anatomy import dome_height
from tongtai.core.phantom.shapes import Canvas, Point, tube_distance_squared
from tongtai.core.phantom.tissues import Tissue
from tongtai.core.phantom.vessels import RIGHT_ANTERIOR_PORTAL

_GAP_TO_VESSEL_MM = 1.0
_GAP_TO_DIAPHRAGM_MM = 7.0
_RIM_MM = 2.0
_COOLED_MM = 1.5
_HYPERAEMIA_MM = 2.0
_BUBBLES_HU = -160.0
_TUMOURS = (Tissue.TUMOUR_1, Tissue.TUMOUR_2)
_ABLATED = {
    Tissue.TUMOUR_1: Tissue.ABLATED_TUMOUR_1,
    Tissue.TUMOUR_2: Tissue.ABLATED_TUMOUR_2,
    Tissue.LIVER: Tissue.ABLATED_LIVER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tumour:
    """A tumour: an ellipsoid along the axes of the patient.

    Attributes
    ----------
    centre_lps_mm, radii_mm : (x, y, z)
        In the CT that it belongs to.
    place : str
        What is special about where it lies.
    """

    centre_lps_mm: Point
    radii_mm: Point
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationZone:
    """What an ablation destroyed: an ellipsoid of revolution about the needle, less a cooled sleeve.

    Attributes
    ----------
    centre_lps_mm : (x, y, z)
        In the CT that it belongs to.
    axis : (x, y, z)
        Direction of the needle, a unit vector from the skin to the tip.
    half_length_mm, radius_mm : float
        Along and across the needle.
    """

    centre_lps_mm: Point
    axis: Point
    half_length_mm: float
    radius_mm: float


def draw_tumours(generator: np.random.Generator) -> tuple[Tumour, Tumour]:
    """The two tumours, of a size and at a place of chance within limits."""
    return _beside_vessel(generator), _under_dome(generator)


def zones_for(first: Tumour, second: Tumour) -> tuple[AblationZone, AblationZone]:
    """A zone with a margin for the first tumour, and one that leaves a rest of the second."""
    return _zone(first, (0.94, 0.22, 0.26), margin_mm=7.0, beside_mm=1.5), _zone(
        second, (0.72, 0.30, 0.63), margin_mm=2.0, beside_mm=6.0
    )


def paint_tumours(canvas: Canvas, tumours: tuple[Tumour, Tumour]) -> None:
    """Each with an enhancing rim around it and a darker middle."""
    for tumour, tissue in zip(tumours, _TUMOURS, strict=True):
        a, b, c = tumour.radii_mm
        rim = (a + _RIM_MM, b + _RIM_MM, c + _RIM_MM)
        liver = (Tissue.LIVER,)
        canvas.ellipsoid(tumour.centre_lps_mm, rim, Tissue.LIVER, over=liver, hounsfield=126.0)
        canvas.ellipsoid(tumour.centre_lps_mm, tumour.radii_mm, tissue, over=liver)
        x, y, z = tumour.centre_lps_mm
        middle = (0.45 * a, 0.45 * b, 0.45 * c)
        canvas.ellipsoid((x + 3.0, y - 2.0, z), middle, tissue, over=(tissue,), hounsfield=36.0)


def paint_zones(canvas: Canvas, zones: tuple[AblationZone, ...]) -> None:
    """Dark, with bubbles along the needle and a bright seam; open vessels keep a sleeve alive."""
    for zone in zones:
        reach = zone.half_length_mm + _HYPERAEMIA_MM
        box = canvas.box(zone.centre_lps_mm, (reach, reach, reach))
        grid = canvas.grid(box)
        x, y, z = (axis - middle for axis, middle in zip(grid, zone.centre_lps_mm, strict=True))
        u, v, w = zone.axis
        along = u * x + v * y + w * z
        across = np.maximum(x**2 + y**2 + z**2 - along**2, 0.0)
        seam = _HYPERAEMIA_MM
        wider = (along / (zone.half_length_mm + seam)) ** 2 + across / (zone.radius_mm + seam) ** 2 <= 1.0
        canvas.paint(box, wider, Tissue.LIVER, over=(Tissue.LIVER,), hounsfield=128.0)
        inside = (along / zone.half_length_mm) ** 2 + across / zone.radius_mm**2 <= 1.0
        vessel = RIGHT_ANTERIOR_PORTAL
        inside &= tube_distance_squared(grid, vessel.start, vessel.end) > (vessel.radius_mm + _COOLED_MM) ** 2
        for tissue, ablated in _ABLATED.items():
            canvas.paint(box, inside, ablated, over=(tissue,))
        bubbles = inside & (across < 4.0) & (np.abs(along) < zone.half_length_mm / 3.0)
        for ablated in _ABLATED.values():
            canvas.paint(box, bubbles, ablated, over=(ablated,), hounsfield=_BUBBLES_HU)


def _beside_vessel(generator: np.random.Generator) -> Tumour:
    radius = float(generator.uniform(12.0, 15.0))
    start, end = np.array(RIGHT_ANTERIOR_PORTAL.start), np.array(RIGHT_ANTERIOR_PORTAL.end)
    along = (end - start) / np.linalg.norm(end - start)
    below = np.array([-0.2, -0.55, -0.8]) + generator.uniform(-0.15, 0.15, size=3)
    below -= (below @ along) * along
    below /= np.linalg.norm(below)
    distance = radius + RIGHT_ANTERIOR_PORTAL.radius_mm + _GAP_TO_VESSEL_MM
    x, y, z = (start + generator.uniform(0.4, 0.6) * (end - start) + distance * below).tolist()
    return Tumour(centre_lps_mm=(x, y, z), radii_mm=(radius, radius, radius), place="beside a portal branch")


def _under_dome(generator: np.random.Generator) -> Tumour:
    radius = float(generator.uniform(9.0, 11.0))
    x, y = -72.0 + float(generator.uniform(-6.0, 6.0)), 4.0 + float(generator.uniform(-6.0, 6.0))
    z = float(dome_height(x, y)) - _GAP_TO_DIAPHRAGM_MM - radius
    return Tumour(centre_lps_mm=(x, y, z), radii_mm=(radius, radius * 0.9, radius), place="under the dome")


def _zone(tumour: Tumour, direction: Point, *, margin_mm: float, beside_mm: float) -> AblationZone:
    axis = np.array(direction) / np.linalg.norm(direction)
    aside = np.cross(axis, [0.0, 0.0, 1.0])
    centre = np.array(tumour.centre_lps_mm) + beside_mm * aside / np.linalg.norm(aside)
    radius = max(tumour.radii_mm) + margin_mm
    (x, y, z), (u, v, w) = centre.tolist(), axis.tolist()
    return AblationZone(
        centre_lps_mm=(x, y, z), axis=(u, v, w), half_length_mm=radius * 1.25, radius_mm=radius
    )
