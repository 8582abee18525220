"""The tumour's surface unrolled like a globe, each place coloured by the margin planned there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tongtai.core.planning.result import PlanResult
from tongtai.formats.plan_book.palette import MARGIN_CLASSES, THINNEST
from tongtai.formats.plan_book.svg import Drawing

Points = NDArray[np.float64]
GLOBE_MM = WIDTH_MM, HEIGHT_MM = 112.0, 60.0
_COLUMNS = 448
_EDGE_MM = 4.0
HISTOGRAM_MM = (60.0, 60.0)
_MOST_BARS = 24
_INK = "#1f2933"
_ORDER = ("missed", "thin", "held", "capsule")


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceMargins:
    """Margins by place.

    Attributes
    ----------
    points_lps_mm, margin_mm : (S, 3) and (S,) arrays
        The tumour's surface.
    at_capsule : (S,) array
        Where there is no room for a margin; not judged.
    asked_mm
        The margin that was asked for.
    thinnest_lps_mm
        Where it is smallest, away from the capsule.
    """

    points_lps_mm: Points
    margin_mm: Points
    at_capsule: NDArray[np.bool_]
    asked_mm: float
    thinnest_lps_mm: tuple[float, float, float] | None

    @property
    def classes(self) -> NDArray[np.int64]:
        """Place in ``missed, thin, held, capsule`` of each point."""
        judged = np.where(self.margin_mm < 0.0, 0, np.where(self.margin_mm < self.asked_mm, 1, 2))
        return np.where(self.at_capsule, 3, judged)


def surface_margins(result: PlanResult) -> SurfaceMargins | None:
    """The margins of a plan; None without zones."""
    if result.zones is None:
        return None
    margin = result.zones.assessment.margin
    return SurfaceMargins(
        points_lps_mm=result.target.surface_points,
        margin_mm=margin.by_point_mm,
        at_capsule=result.target.at_capsule,
        asked_mm=result.plan.target.margin_mm,
        thinnest_lps_mm=margin.place_lps_mm,
    )


def globe_figure(margins: SurfaceMargins) -> str:
    """Equal-area map (Hammer projection) of the surface seen from its middle, the front in the centre."""
    middle = margins.points_lps_mm.mean(axis=0)
    ways = _unit(margins.points_lps_mm - middle)
    rows = _COLUMNS // 2
    x, y = np.meshgrid(
        (np.arange(_COLUMNS) + 0.5) / _COLUMNS * 2.0 - 1.0, 1.0 - (np.arange(rows) + 0.5) / rows * 2.0
    )
    inside = x**2 + y**2 <= 1.0
    _, nearest = cKDTree(ways).query(_direction(x[inside], y[inside]))
    paints = np.array([_rgb(MARGIN_CLASSES[name]) for name in _ORDER], np.uint8)
    pixels = np.full((rows, _COLUMNS, 3), 255, np.uint8)
    pixels[inside] = paints[margins.classes[nearest]]
    drawing = Drawing(WIDTH_MM, HEIGHT_MM)
    wide, high = WIDTH_MM - 2.0 * _EDGE_MM, HEIGHT_MM - 2.0 * _EDGE_MM
    drawing.raster(pixels, _EDGE_MM, _EDGE_MM, wide, high)
    _net(drawing, wide, high)
    if margins.thinnest_lps_mm is not None:
        at = _projected(_unit(np.array([margins.thinnest_lps_mm]) - middle))[0]
        thinnest = float(margins.margin_mm[~margins.at_capsule].min())
        _mark(drawing, _paper(at, wide, high), f"{thinnest:.1f} mm")
    return drawing.content()


def histogram_figure(margins: SurfaceMargins) -> str:
    """Share of the judged surface by millimetres of margin."""
    wide, high = HISTOGRAM_MM
    drawing = Drawing(wide, high)
    judged = margins.margin_mm[~margins.at_capsule]
    left, bottom, top = 8.0, high - 8.0, 4.0
    if len(judged) == 0:
        return drawing.content()
    low = min(-1, int(np.floor(judged.min())))
    last = min(max(int(np.ceil(judged.max())), int(margins.asked_mm) + 1), low + _MOST_BARS)
    counts, edges = np.histogram(np.clip(judged, low, last - 1e-6), bins=np.arange(low, last + 1))
    shares = counts / len(judged)
    step = (wide - left - 2.0) / len(counts)
    for number, (start, share) in enumerate(zip(edges[:-1], shares, strict=True)):
        name = "missed" if start < 0 else "thin" if start + 0.5 < margins.asked_mm else "held"
        tall = float(share / shares.max()) * (bottom - top - 3.0)
        x = left + number * step
        if share > 0.0:
            drawing.rectangle(x, bottom - tall, step * 0.9, tall, fill=MARGIN_CLASSES[name], stroke=_INK)
        if number % max(1, len(counts) // 8) == 0:
            drawing.text(x, bottom + 3.4, f"{start:g}", size_mm=2.4, fill=_INK, anchor="middle")
    drawing.curve([np.array([[left, bottom], [wide - 1.0, bottom]])], stroke=_INK, width_mm=0.25)
    asked = left + (margins.asked_mm - low) * step
    drawing.curve([np.array([[asked, top], [asked, bottom]])], stroke=THINNEST, width_mm=0.4, dash="1.2 0.8")
    drawing.text(asked + 0.8, top + 1.5, f"{margins.asked_mm:g} mm", size_mm=2.4, fill=THINNEST)
    drawing.text(left - 0.8, top + 5.0, f"{shares.max() * 100:.0f} %", size_mm=2.4, fill=_INK, anchor="end")
    drawing.text(wide - 1.0, bottom + 6.8, "mm", size_mm=2.4, fill=_INK, anchor="end")
    return drawing.content()


def _direction(x: Points, y: Points) -> Points:
    """Unit vectors (LPS) of places of the map, whose ellipse is the unit circle."""
    z = np.sqrt(np.maximum(1.0 - (x * np.sqrt(2.0) / 2.0) ** 2 - (y * np.sqrt(2.0) / 2.0) ** 2, 0.0))
    azimuth = 2.0 * np.arctan2(z * x * np.sqrt(2.0), 2.0 * z**2 - 1.0)
    up = np.clip(z * y * np.sqrt(2.0), -1.0, 1.0)
    flat = np.sqrt(1.0 - up**2)
    return np.stack([flat * np.sin(azimuth), -flat * np.cos(azimuth), up], axis=-1)


def _projected(ways: Points) -> Points:
    """The map's places, in the unit circle, of unit vectors."""
    azimuth = np.arctan2(ways[:, 0], -ways[:, 1])
    up = np.clip(ways[:, 2], -1.0, 1.0)
    flat = np.sqrt(1.0 - up**2)
    below = np.sqrt(1.0 + flat * np.cos(azimuth / 2.0))
    return np.stack([flat * np.sin(azimuth / 2.0) / below, up / below], axis=-1)


def _paper(at: Points, wide: float, high: float) -> Points:
    return np.array([_EDGE_MM + (at[0] + 1.0) / 2.0 * wide, _EDGE_MM + (1.0 - at[1]) / 2.0 * high])


def _net(drawing: Drawing, wide: float, high: float) -> None:
    """Meridians and parallels every 45 degrees, and the letters of the directions."""
    angle = np.linspace(-np.pi, np.pi, 181)
    for degrees in (-90.0, 0.0, 90.0):
        _line(drawing, np.full(91, np.radians(degrees)), np.linspace(-np.pi / 2, np.pi / 2, 91), wide, high)
    for degrees in (-45.0, 0.0, 45.0):
        _line(drawing, angle * 0.9999, np.full(181, np.radians(degrees)), wide, high)
    for ends in (-0.9999, 0.9999):
        _line(drawing, np.full(91, np.pi * ends), np.linspace(-np.pi / 2, np.pi / 2, 91), wide, high)
    for letter, way in (
        ("A", (0.0, -1.0, 0.0)),
        ("R", (-1.0, 0.0, 0.0)),
        ("L", (1.0, 0.0, 0.0)),
        ("H", (0.0, 0.0, 1.0)),
        ("F", (0.0, 0.0, -1.0)),
        ("P", (0.001, 1.0, 0.0)),
        ("P", (-0.001, 1.0, 0.0)),
    ):
        x, y = _paper(_projected(_unit(np.array([way])))[0], wide, high)
        x += {"P": 2.2 if way[0] > 0 else -2.2}.get(letter, 0.0)
        y += {"H": -0.8, "F": 3.0}.get(letter, 1.0)
        drawing.text(
            float(x), float(y), letter, size_mm=3.0, fill=_INK, halo="#ffffff", anchor="middle", bold=True
        )


def _line(drawing: Drawing, azimuth: Points, height: Points, wide: float, high: float) -> None:
    ways = np.stack(
        [np.cos(height) * np.sin(azimuth), -np.cos(height) * np.cos(azimuth), np.sin(height)], axis=-1
    )
    line = np.array([_paper(at, wide, high) for at in _projected(ways)])
    drawing.curve([line], stroke=_INK, width_mm=0.12)


def _mark(drawing: Drawing, at: Points, words: str) -> None:
    x, y = float(at[0]), float(at[1])
    drawing.circle(x, y, 1.4, stroke=THINNEST)
    for turn in (1.0, -1.0):
        drawing.curve([np.array([[x - 1.0, y - turn], [x + 1.0, y + turn]])], stroke=THINNEST, width_mm=0.35)
    near_right = x > WIDTH_MM * 0.75
    drawing.text(
        x + (-2.2 if near_right else 2.2),
        y - 1.0,
        words,
        size_mm=2.8,
        fill=THINNEST,
        halo="#ffffff",
        anchor="end" if near_right else "start",
        bold=True,
    )


def _unit(vectors: Points) -> Points:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Points = vectors / np.where(length > 0.0, length, 1.0)
    return unit


def _rgb(colour: str) -> list[int]:
    return [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
