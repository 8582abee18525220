"""The patient's skin from outside: where a needle may enter, and what closes the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.trajectory.reach import OPEN, ReachMap
from tongtai.formats.plan_book.cuts import direction_letters
from tongtai.formats.plan_book.palette import OPEN_SKIN, OTHER_CONSTRAINT
from tongtai.formats.plan_book.svg import Drawing

Points = NDArray[np.float64]
Place = tuple[float, float, float]
_PIXEL_MM = 1.0
_DARKEST = 0.55
_LABEL_MM = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A direction from which the patient is looked at; unit vectors in LPS."""

    name: str
    right: tuple[float, float, float]
    away: tuple[float, float, float]


FRONT = Side("front", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
BACK = Side("back", (-1.0, 0.0, 0.0), (0.0, -1.0, 0.0))
RIGHT = Side("right", (0.0, -1.0, 0.0), (1.0, 0.0, 0.0))
LEFT = Side("left", (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0))
_DOWN = np.array([0.0, 0.0, -1.0])


def sides_of(position: str) -> tuple[Side, ...]:
    """The sides that a patient on the table shows."""
    return (BACK if position == "prone" else FRONT, RIGHT, LEFT)


def skin_figure(
    reached: ReachMap,
    side: Side,
    colours: Mapping[str, str],
    entries: Sequence[tuple[str, Place]],
    *,
    scale: float,
) -> Drawing:
    """The skin from one side.

    Parameters
    ----------
    reached
        Every point of the skin joined to the target that is planned for, the first one.
    side
        From where it is looked at.
    colours
        Of the constraints.
    entries
        Needles' names and entries.
    scale
        Millimetres of paper for a millimetre of the patient.
    """
    skin = reached.scene.skin
    right, away = np.array(side.right), np.array(side.away)
    x, y = skin.points_lps_mm @ right, skin.points_lps_mm @ _DOWN
    corner = np.array([x.min(), y.min()]) - _LABEL_MM / scale
    size = np.array([x.max(), y.max()]) + _LABEL_MM / scale - corner
    pixels = _painted(reached, colours, away, np.stack([x, y], axis=-1) - corner, size)
    drawing = Drawing(round(float(size[0]) * scale, 2), round(float(size[1]) * scale, 2))
    drawing.raster(pixels, 0.0, 0.0, drawing.width_mm, drawing.height_mm)
    for number, (name, entry) in enumerate(entries):
        seen = _is_seen(skin.points_lps_mm, skin.normals_lps, np.array(entry), away)
        if seen:
            place = (np.array([np.dot(entry, right), np.dot(entry, _DOWN)]) - corner) * scale
            _entry(drawing, place, name, leftwards=bool(number % 2))
    _letters(drawing, right)
    return drawing


def _painted(
    reached: ReachMap, colours: Mapping[str, str], away: Points, places: Points, size: Points
) -> NDArray[np.uint8]:
    """Points as squares, the far ones first; the steeper the skin, the darker."""
    skin = reached.scene.skin
    facing = -(skin.normals_lps @ away)
    shown = np.flatnonzero(facing > 0.0)
    shown = shown[np.argsort(-(skin.points_lps_mm[shown] @ away), kind="stable")]
    table = np.array([_rgb(colours.get(name, OTHER_CONSTRAINT)) for name in reached.constraints])
    first = reached.first[0]
    paint = np.where((first == OPEN)[:, None], _rgb(OPEN_SKIN), table[np.maximum(first, 0)])
    paint = paint * (_DARKEST + (1.0 - _DARKEST) * np.clip(facing, 0.0, 1.0))[:, None]
    half = np.ceil(reached.scene.grid.spacing_mm.max() / 2.0 / _PIXEL_MM).astype(int)
    rows, columns = (np.ceil(size[::-1] / _PIXEL_MM)).astype(int)
    pixels = np.full((rows, columns, 3), 255, np.uint8)
    at = np.rint(places / _PIXEL_MM).astype(int)
    for point in shown:
        i, j = at[point]
        pixels[max(j - half, 0) : j + half + 1, max(i - half, 0) : i + half + 1] = paint[point]
    return pixels


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)], float)


def _is_seen(points: Points, normals: Points, entry: Points, away: Points) -> bool:
    nearest = int(np.linalg.norm(points - entry, axis=1).argmin())
    return bool(normals[nearest] @ away < 0.0)


def _entry(drawing: Drawing, place: Points, name: str, *, leftwards: bool) -> None:
    x, y = float(place[0]), float(place[1])
    drawing.circle(x, y, 1.1, stroke="#ffffff", fill="#111111")
    x += -1.8 if leftwards else 1.8
    drawing.text(
        x,
        y + 1.0,
        name,
        size_mm=2.8,
        fill="#111111",
        halo="#ffffff",
        anchor="end" if leftwards else "start",
        bold=True,
    )


def _letters(drawing: Drawing, right: Points) -> None:
    width, height = drawing.width_mm, drawing.height_mm
    for x, y, anchor, letters in (
        (0.4, height / 2.0, "start", direction_letters(-right)),
        (width - 0.4, height / 2.0, "end", direction_letters(right)),
        (width / 2.0, 2.8, "middle", "H"),
        (width / 2.0, height - 0.6, "middle", "F"),
    ):
        drawing.text(x, y, letters, size_mm=2.8, fill="#1f2933", anchor=anchor, bold=True)
