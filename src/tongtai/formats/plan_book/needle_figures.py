"""The planes along a needle and the views down it, with everything that matters drawn in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.coverage.zones import Zone
from tongtai.core.needle import Needle
from tongtai.core.planning.result import PlannedPatient, PlanResult
from tongtai.core.segmentation.structures import Role
from tongtai.core.volumes import Volume
from tongtai.formats.plan_book.cuts import Cut, along_axial, along_upright, axial, needles_eye
from tongtai.formats.plan_book.palette import (
    ISOTHERMS,
    LIVER,
    NEEDLE,
    OTHER_NEEDLE,
    TARGET,
    TUMOUR,
    ZONES,
    Stroke,
)
from tongtai.formats.plan_book.svg import DASHED, Drawing, colour

Points = NDArray[np.float64]
LARGE_MM, SMALL_MM = 86.0, 42.0
_AROUND_MM = 45.0
_LEAST_SIDE_MM = 130.0
_EYE_SIDE_MM = 76.0
_TICK_MM = 10.0
_IN_PLANE_MM = 4.0
_BODY_C = 37.0
_HALO = "#000000"


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A mask with the line that its border is drawn with."""

    name: str
    mask: Volume
    stroke: Stroke


@dataclass(frozen=True, slots=True, eq=False)
class NeedleScene:
    """What all figures of a plan share.

    Attributes
    ----------
    needles
        By their ids, with the tip at its deepest.
    layers
        Masks from below to above.
    temperature_c
        None when heat was not simulated.
    """

    image: Volume
    layers: tuple[Layer, ...]
    needles: Mapping[str, Needle]
    zones: tuple[Zone, ...]
    zone_stroke: Stroke
    temperature_c: Volume | None
    target_lps_mm: Mapping[str, tuple[float, float, float]]
    liver_depth_mm: Mapping[str, float | None]
    tumour_depth_mm: Mapping[str, float | None]


def needle_scene(result: PlanResult) -> NeedleScene:
    """Collect from a plan and its arrays what is drawn."""
    plan = result.plan
    return NeedleScene(
        image=result.image,
        layers=mask_layers(result),
        needles={one.id: Needle(one.entry_lps_mm, one.tip_lps_mm) for one in plan.needles},
        zones=result.zones.zones if result.zones else (),
        zone_stroke=ZONES[plan.request.technique],
        temperature_c=result.heat.peak_c if result.heat else None,
        target_lps_mm={one.id: one.target_lps_mm for one in plan.needles},
        liver_depth_mm={one.id: one.liver_depth_mm for one in plan.needles},
        tumour_depth_mm={one.id: one.tumour_depth_mm for one in plan.needles},
    )


def mask_layers(result: PlannedPatient) -> tuple[Layer, ...]:
    """Borders of masks from below to above: organs, liver, tumour with margin, tumour."""
    grid = result.segmentation.grid
    layers = [
        Layer(mask.name, grid.with_voxels(mask.voxels), _stroke_of(mask.structure.rgb))
        for mask in result.segmentation.masks
        if mask.structure.role in {Role.ORGAN_AT_RISK, Role.OBSTACLE} and mask.structure.key != "bone"
    ]
    layers += [
        Layer(mask.name, grid.with_voxels(mask.voxels), LIVER)
        for mask in result.segmentation.masks
        if mask.structure.role is Role.HOST
    ]
    tumour = result.anatomy.tumours[result.tumour]
    return (
        *layers,
        Layer("target", grid.with_voxels(result.target_mask), TARGET),
        Layer("tumour", grid.with_voxels(tumour), TUMOUR),
    )


def _stroke_of(rgb: tuple[int, int, int]) -> Stroke:
    return Stroke(colour(rgb), 0.25)


def plane_figures(scene: NeedleScene, needle_id: str) -> dict[str, str]:
    """Three planes of one needle: ``along_axial``, ``along_upright`` and ``axial`` through its target."""
    needle = scene.needles[needle_id]
    side = max(_LEAST_SIDE_MM, needle.length_mm + 2.0 * _AROUND_MM)
    target = np.asarray(scene.target_lps_mm[needle_id])
    middle = (needle.point_at(needle.length_mm / 2.0) + target) / 2.0
    middle[2] = target[2]
    cuts = {
        "along_axial": along_axial(needle, side),
        "along_upright": along_upright(needle, side),
        "axial": axial(middle, side),
    }
    return {name: _figure(scene, cut, needle_id, LARGE_MM) for name, cut in cuts.items()}


def eye_depths_mm(scene: NeedleScene, needle_id: str) -> dict[str, float]:
    """Depths of the views down a needle: liver's surface, tumour's border, target, tip."""
    needle = scene.needles[needle_id]
    aim = np.asarray(scene.target_lps_mm[needle_id]) - np.asarray(needle.entry_lps_mm)
    found = {
        "capsule": scene.liver_depth_mm[needle_id],
        "tumour_border": scene.tumour_depth_mm[needle_id],
        "target": float(aim @ needle.direction),
        "tip": needle.length_mm,
    }
    return {name: depth for name, depth in found.items() if depth is not None}


def eye_figures(scene: NeedleScene, needle_id: str) -> dict[str, str]:
    """Views down a needle, by the name of their depth."""
    needle = scene.needles[needle_id]
    return {
        name: _figure(scene, needles_eye(needle, depth, _EYE_SIDE_MM), needle_id, SMALL_MM)
        for name, depth in eye_depths_mm(scene, needle_id).items()
    }


def _figure(scene: NeedleScene, cut: Cut, needle_id: str, paper_mm: float) -> str:
    drawing = Drawing(paper_mm, paper_mm, background="#000000")
    scale = paper_mm / cut.width_mm
    drawing.raster(cut.grey(scene.image), 0.0, 0.0, paper_mm, paper_mm)
    for layer in scene.layers:
        curves(drawing, cut.outlines(layer.mask), layer.stroke, scale)
    if scene.temperature_c is not None:
        for level_c, stroke in ISOTHERMS.items():
            lines = cut.isolines(scene.temperature_c, level_c, outside=_BODY_C)
            curves(drawing, lines, stroke, scale)
    curves(drawing, cut.zone_outlines(scene.zones), scene.zone_stroke, scale)
    shown = scene.needles[needle_id]
    for name, needle in scene.needles.items():
        if name != needle_id:
            _needle(drawing, cut, needle, OTHER_NEEDLE, scale, name, beside=shown)
    _needle(drawing, cut, shown, NEEDLE, scale, needle_id, beside=shown)
    picture_frame(drawing, cut, paper_mm, scale)
    return drawing.content()


def curves(drawing: Drawing, lines: Sequence[Points], stroke: Stroke, scale: float) -> None:
    """Lines of a cut, in its millimetres, drawn at a scale."""
    drawing.curve(
        [line * scale for line in lines], stroke=stroke.colour, width_mm=stroke.width_mm, dash=stroke.dash
    )


def _needle(
    drawing: Drawing,
    cut: Cut,
    needle: Needle,
    stroke: Stroke,
    scale: float,
    name: str,
    *,
    beside: Needle,
) -> None:
    """The part near the plane solid, the rest dashed; a needle that only pierces the plane as a ring."""
    steps = np.linspace(0.0, needle.length_mm, 2 + int(needle.length_mm))
    points = np.asarray(needle.entry_lps_mm) + steps[:, None] * needle.direction
    if abs(needle.direction @ cut.away) > 0.9:
        _pierced(drawing, cut, needle, stroke, scale, name)
        return
    paper = cut.place(points) * scale
    near = np.abs(cut.height_above(points)) <= _IN_PLANE_MM
    drawing.curve([paper], stroke=stroke.colour, width_mm=stroke.width_mm * 0.5, dash=DASHED)
    drawing.curve(_runs(paper, near), stroke=stroke.colour, width_mm=stroke.width_mm)
    if stroke is NEEDLE and near.mean() > 0.8:
        _ticks(drawing, cut, needle, scale)
    x, y = paper[0]
    drawing.circle(float(x), float(y), 0.9, stroke="#000000", fill=stroke.colour)
    _label(drawing, paper[0], cut.place(np.asarray(beside.entry_lps_mm)) * scale, name, stroke)
    x, y = paper[-1]
    drawing.circle(float(x), float(y), 0.6, stroke="#000000", fill=stroke.colour)


def _label(drawing: Drawing, at: Points, beside: Points, name: str, stroke: Stroke) -> None:
    """A needle's name at its entry, on the side that does not look at the needle of the figure."""
    dx, dy = at - beside
    if stroke is NEEDLE:
        dx, dy = -1.0, -1.0
    sideways = abs(dx) >= abs(dy)
    x = at[0] + (1.8 if dx > 0.0 else -1.8)
    y = at[1] + (-1.0 if sideways and dy <= 0.0 else 3.6)
    anchor = "start" if dx > 0.0 else "end"
    drawing.text(
        float(x), float(y), name, size_mm=3.0, fill=stroke.colour, halo=_HALO, anchor=anchor, bold=True
    )


def _runs(points: Points, chosen: NDArray[np.bool_]) -> list[Points]:
    parts = np.split(np.arange(len(points)), np.flatnonzero(np.diff(chosen)) + 1)
    return [points[part] for part in parts if chosen[part[0]] and len(part) > 1]


def _ticks(drawing: Drawing, cut: Cut, needle: Needle, scale: float) -> None:
    """A mark every 10 mm below the skin, a longer one with its number every 50."""
    start, end = cut.place(np.array([needle.entry_lps_mm, needle.tip_lps_mm])) * scale
    along = (end - start) / np.linalg.norm(end - start)
    side = np.array([-along[1], along[0]])
    for number in range(1, int(needle.length_mm / _TICK_MM) + 1):
        at = cut.place(needle.point_at(number * _TICK_MM)) * scale
        whole = number % 5 == 0
        reach = side * (1.4 if whole else 0.7)
        drawing.curve([np.array([at - reach, at + reach])], stroke=NEEDLE.colour, width_mm=0.25)
        if whole:
            x, y = at + side * 3.2
            drawing.text(float(x), float(y) + 0.8, f"{number * 10}", size_mm=2.2, halo=_HALO, anchor="middle")


def _pierced(drawing: Drawing, cut: Cut, needle: Needle, stroke: Stroke, scale: float, name: str) -> None:
    """Where a needle goes through the plane; nothing when its tip lies before the plane."""
    depth = float((cut.centre_lps_mm - np.asarray(needle.entry_lps_mm)) @ cut.away) / float(
        needle.direction @ cut.away
    )
    if not -_IN_PLANE_MM <= depth <= needle.length_mm + 0.5:
        return
    x, y = cut.place(needle.point_at(depth)) * scale
    drawing.circle(float(x), float(y), 0.9, stroke=stroke.colour)
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        ends = np.array([[x + 1.3 * dx, y + 1.3 * dy], [x + 2.6 * dx, y + 2.6 * dy]])
        drawing.curve([ends], stroke=stroke.colour, width_mm=0.3)
    drawing.text(float(x) + 1.6, float(y) - 1.4, name, size_mm=2.4, halo=_HALO)


def picture_frame(drawing: Drawing, cut: Cut, paper_mm: float, scale: float) -> None:
    """Letters of the sides and a scale bar."""
    left, right, top, bottom = cut.sides()
    middle, size = paper_mm / 2.0, 3.0 if paper_mm > SMALL_MM else 2.4
    drawing.text(1.2, middle + 1.0, left, size_mm=size, halo=_HALO, bold=True)
    drawing.text(paper_mm - 1.2, middle + 1.0, right, size_mm=size, halo=_HALO, anchor="end", bold=True)
    drawing.text(middle, size + 0.6, top, size_mm=size, halo=_HALO, anchor="middle", bold=True)
    drawing.text(middle, paper_mm - 1.4, bottom, size_mm=size, halo=_HALO, anchor="middle", bold=True)
    bar_mm = 50.0 if paper_mm > SMALL_MM else 20.0
    x, y = paper_mm - 2.0 - bar_mm * scale, paper_mm - 2.2
    ends = np.array([[x, y], [x + bar_mm * scale, y]])
    drawing.curve([ends], stroke="#000000", width_mm=1.1)
    drawing.curve([ends], stroke="#ffffff", width_mm=0.6)
    drawing.text(x + bar_mm * scale, y - 1.2, f"{bar_mm:g} mm", size_mm=2.2, halo=_HALO, anchor="end")
