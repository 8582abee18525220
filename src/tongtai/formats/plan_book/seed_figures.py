"""The template slice by slice as the operator looks at it, with isodoses, holes and seeds; and the DVH."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.core.volumes import Volume
from tongtai.formats.plan_book.cuts import Cut, across, axial
from tongtai.formats.plan_book.needle_figures import Layer, curves, mask_layers, picture_frame
from tongtai.formats.plan_book.palette import ISODOSES, NEEDLE, OTHER_NEEDLE, SEED
from tongtai.formats.plan_book.svg import Drawing

Points = NDArray[np.float64]
SLICE_MM, AXIAL_MM = 56.0, 86.0
_STEP_MM, _MOST_SLICES = 5.0, 15
_AROUND_MM = 18.0
_AXIAL_SIDE_MM = 150.0
_LEAST_SIDE_MM = 60.0
_HALO = "#000000"


@dataclass(frozen=True, slots=True, eq=False)
class SeedScene:
    """What all figures of a plan of seeds share.

    Attributes
    ----------
    dose
        Gy to infinity.
    away : (3,) array
        Direction in which the slices are looked at: the needles' own, or the mean of free ones.
    middle_lps_mm : (3,) array
        Of the target.
    """

    plan: SeedPlan
    image: Volume
    layers: tuple[Layer, ...]
    dose: Volume
    away: Points
    middle_lps_mm: Points
    target_points: Points


def seed_scene(result: SeedPlanResult) -> SeedScene | None:
    """Collect what is drawn; None without seeds."""
    plan, dose = result.plan, result.dose
    if dose is None or not plan.needles:
        return None
    ways = np.array([np.subtract(one.tip_lps_mm, one.entry_lps_mm) / one.depth_mm for one in plan.needles])
    away = np.asarray(plan.template.direction_lps) if plan.template else ways.mean(axis=0)
    points = result.case.prepared.target.target_points
    return SeedScene(
        plan=plan,
        image=result.image,
        layers=mask_layers(result),
        dose=dose,
        away=away / np.linalg.norm(away),
        middle_lps_mm=points.mean(axis=0),
        target_points=points,
    )


def slice_offsets_mm(scene: SeedScene) -> list[float]:
    """Where the target is cut, in millimetres along the needles from its middle: every 5 mm, wider for a long one."""
    along = (scene.target_points - scene.middle_lps_mm) @ scene.away
    step = _STEP_MM * max(1, int(np.ceil(np.ptp(along) / (_STEP_MM * (_MOST_SLICES - 1)))))
    first, last = int(np.floor(along.min() / step)), int(np.ceil(along.max() / step))
    return [number * step for number in range(first, last + 1)]


def slice_figure(scene: SeedScene, offset_mm: float) -> str:
    """One slice across the needles: CT, target, organs, isodoses, holes, the seeds that lie in it."""
    flat = scene.target_points - scene.middle_lps_mm
    flat = flat - np.outer(flat @ scene.away, scene.away)
    side = max(_LEAST_SIDE_MM, 2.0 * (float(np.linalg.norm(flat, axis=1).max()) + _AROUND_MM))
    cut = across(scene.middle_lps_mm + offset_mm * scene.away, scene.away, side)
    drawing = _slice(scene, cut, SLICE_MM)
    scale = SLICE_MM / side
    _holes(drawing, scene, cut, scale)
    _seeds(drawing, scene, cut, scale)
    picture_frame(drawing, cut, SLICE_MM, scale)
    return drawing.content()


def axial_figure(scene: SeedScene) -> str:
    """The axial plane through the target's middle with all needles, dashed where they leave it."""
    cut = axial(scene.middle_lps_mm, _AXIAL_SIDE_MM)
    scale = AXIAL_MM / _AXIAL_SIDE_MM
    drawing = _slice(scene, cut, AXIAL_MM)
    for needle in scene.plan.needles:
        ends = cut.place(np.array([needle.entry_lps_mm, needle.tip_lps_mm])) * scale
        drawing.curve([ends], stroke=OTHER_NEEDLE.colour, width_mm=0.3, dash=OTHER_NEEDLE.dash)
    _seeds(drawing, scene, cut, scale)
    picture_frame(drawing, cut, AXIAL_MM, scale)
    return drawing.content()


def _slice(scene: SeedScene, cut: Cut, paper_mm: float) -> Drawing:
    drawing = Drawing(paper_mm, paper_mm, background="#000000")
    scale = paper_mm / cut.width_mm
    drawing.raster(cut.grey(scene.image), 0.0, 0.0, paper_mm, paper_mm)
    for layer in scene.layers:
        curves(drawing, cut.outlines(layer.mask), layer.stroke, scale)
    prescription = scene.plan.request.prescription_gy
    for share, stroke in ISODOSES.items():
        curves(drawing, cut.isolines(scene.dose, share * prescription, outside=0.0), stroke, scale)
    return drawing


def _holes(drawing: Drawing, scene: SeedScene, cut: Cut, scale: float) -> None:
    """Every hole where its needle would pass this slice; those that are used with their names."""
    template = scene.plan.template
    if template is None:
        return
    places = np.array([hole.centre_lps_mm for hole in template.holes])
    depth = (cut.centre_lps_mm - places) @ scene.away
    for hole, place in zip(template.holes, places + depth[:, None] * scene.away, strict=True):
        x, y = cut.place(place) * scale
        if not (0.0 < x < drawing.width_mm and 0.0 < y < drawing.height_mm):
            continue
        closed = hole.meets_target and hole.open_to_mm is None
        if closed:
            drawing.text(float(x), float(y) + 0.8, "×", size_mm=2.4, fill="#ff5a52", anchor="middle")
        else:
            drawing.circle(float(x), float(y), 0.25, fill=NEEDLE.colour)
        if hole.needle:
            drawing.circle(float(x), float(y), 0.9, stroke=OTHER_NEEDLE.colour)
            drawing.text(float(x) + 1.3, float(y) - 1.1, hole.name, size_mm=2.2, halo=_HALO)


def _seeds(drawing: Drawing, scene: SeedScene, cut: Cut, scale: float) -> None:
    for seed in scene.plan.seeds:
        place = np.asarray(seed.centre_lps_mm)
        if abs(float(cut.height_above(place))) <= _STEP_MM / 2.0:
            x, y = cut.place(place) * scale
            drawing.circle(float(x), float(y), 0.75, stroke="#000000", fill=SEED)


_INK, _GRID = "#1c2733", "#d6dbe0"
DVH_MM = (176.0, 78.0)
_ORGANS = 5
_CURVES = ("#b8860b", "#c2453d", "#3f7fc1", "#2f9e6b", "#b44fb0", "#8c5a2b")


def dvh_curves(plan: SeedPlan) -> list[tuple[str, str]]:
    """Structures of the histogram figure, each with its colour: the target, then the hottest organs."""
    if plan.doses is None:
        return []
    hot = [one.name for one in plan.doses.organs[:_ORGANS]]
    return list(zip(["target", *hot], _CURVES, strict=False))


def dvh_figure(plan: SeedPlan) -> str:
    """Cumulative histograms: share of each volume above a dose; the target's band under misplaced seeds in grey."""
    width, height = DVH_MM
    left, right, top, bottom = 12.0, width - 3.0, 4.0, height - 10.0
    drawing = Drawing(width, height)
    assert plan.doses is not None  # noqa: S101  (asked for plans with doses only)
    most = 3.0 * plan.request.prescription_gy

    def paper(dose_gy: Sequence[float], share: Sequence[float]) -> Points:
        dose = np.asarray(dose_gy)
        x = left + dose / most * (right - left)
        return np.column_stack([x, bottom - np.asarray(share) * (bottom - top)])[dose <= most]

    _axes(drawing, plan, (left, right, top, bottom), most)
    if plan.band is not None:
        outline = np.concatenate(
            [paper(plan.band.dose_gy, plan.band.low), paper(plan.band.dose_gy, plan.band.high)[::-1]]
        )
        drawing.curve([outline], stroke="none", fill="#e8dcb8", closed=True)
    shown = {one.structure: one for one in plan.doses.histograms}
    for name, colour in dvh_curves(plan):
        one = shown.get(name)
        if one is not None:
            drawing.curve(
                [paper(one.dose_gy, one.cumulative_share)],
                stroke=colour,
                width_mm=0.7 if name == "target" else 0.4,
            )
    return drawing.content()


def _axes(drawing: Drawing, plan: SeedPlan, box: tuple[float, float, float, float], most_gy: float) -> None:
    left, right, top, bottom = box
    for tenth in range(0, 11, 2):
        y = bottom - tenth / 10.0 * (bottom - top)
        drawing.curve([np.array([[left, y], [right, y]])], stroke=_GRID, width_mm=0.2)
        drawing.text(left - 1.2, y + 0.8, f"{tenth * 10} %", size_mm=2.4, fill=_INK, anchor="end")
    for share in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0):
        dose = share * plan.request.prescription_gy
        x = left + dose / most_gy * (right - left)
        strong = share == 1.0
        drawing.curve(
            [np.array([[x, top], [x, bottom]])],
            stroke=_INK if strong else _GRID,
            width_mm=0.35 if strong else 0.2,
            dash="1.2 0.8" if strong else "",
        )
        drawing.text(x, bottom + 3.6, f"{dose:g}", size_mm=2.4, fill=_INK, anchor="middle", bold=strong)
    drawing.text(right, bottom + 7.4, "Gy", size_mm=2.6, fill=_INK, anchor="end")
