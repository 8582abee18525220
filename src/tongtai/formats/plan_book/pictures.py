"""Every picture of a book by its file's name, and the pages that show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tongtai.core.planning.needles import PlannedNeedle
from tongtai.core.planning.plan import Plan
from tongtai.core.planning.result import PlannedPatient, PlanResult
from tongtai.core.trajectory.reach import ReachMap
from tongtai.formats.meshes import Part
from tongtai.formats.plan_book.blocks import Block, figures, heading, legend, text
from tongtai.formats.plan_book.cuts import ABDOMEN
from tongtai.formats.plan_book.margin_map import (
    GLOBE_MM,
    HISTOGRAM_MM,
    globe_figure,
    histogram_figure,
    surface_margins,
)
from tongtai.formats.plan_book.needle_figures import (
    NeedleScene,
    eye_depths_mm,
    eye_figures,
    needle_scene,
    plane_figures,
)
from tongtai.formats.plan_book.palette import (
    ISOTHERMS,
    LIVER,
    MARGIN_CLASSES,
    NEEDLE,
    OTHER_NEEDLE,
    TARGET,
    TUMOUR,
    Stroke,
    constraint_colours,
)
from tongtai.formats.plan_book.scene import FRONT, RIGHT_SIDE, Points, needle_tubes, plan_parts, scene_picture
from tongtai.formats.plan_book.skin_map import sides_of, skin_figure
from tongtai.formats.plan_book.svg import DASHED, colour
from tongtai.formats.plan_book.words import AnyPlan, Words, number, plain

_SKIN_SCALE = 0.3
_VIEWS = (FRONT, RIGHT_SIDE)


def scene_pages(
    result: PlannedPatient,
    parts: Sequence[Part],
    words: Words,
    files: dict[str, bytes],
    *,
    seeds: Sequence[tuple[Points, Points]] = (),
    note: str = "fig.scene_note",
) -> list[Block]:
    """A plan in three dimensions, from two sides; the pictures go into ``files``."""
    items = []
    for view in _VIEWS:
        name, caption = f"scene-{view.name}.png", words(f"fig.scene_{view.name}")
        try:
            files[name] = scene_picture(parts, needle_tubes(result), view, seeds)
        except (RuntimeError, OSError, MemoryError) as error:
            # A machine without any OpenGL still gets its book, which then says so.
            name, caption = "", f"{caption}. {words('fig.missing', error)}"
        items.append((name, caption))
    return [figures(items, (1, 1)), text(words(note), "muted")]


def skin_pages(
    reached: ReachMap,
    plan: AnyPlan,
    entries: Sequence[tuple[str, tuple[float, float, float]]],
    words: Words,
    files: dict[str, bytes],
) -> list[Block]:
    """The skin from three sides with the entries of named needles; the pictures go into ``files``."""
    colours = constraint_colours(plan.reach)
    items: list[tuple[str, str]] = []
    widths: list[float] = []
    for side in sides_of(plan.request.position):
        name = f"skin-{side.name}.svg"
        drawn = skin_figure(reached, side, colours, entries, scale=_SKIN_SCALE)
        files[name] = drawn.content().encode()
        # All sides in one scale.
        widths.append(drawn.width_mm)
        items.append((name, words("fig.skin", words(f"side.{side.name}"))))
    return [heading(words("h.skin"), 2), figures(items, widths)]


@dataclass(slots=True, eq=False)
class Pictures:
    """Pictures as they are drawn.

    Attributes
    ----------
    parts
        Surfaces of the plan where they are made already; see ``scene.plan_parts``.
    files
        Content by file name.
    """

    result: PlanResult
    words: Words
    parts: Sequence[Part] | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    scene: NeedleScene = field(init=False)

    def __post_init__(self) -> None:
        self.scene = needle_scene(self.result)

    def scene_blocks(self) -> list[Block]:
        """The plan in three dimensions, from two sides."""
        parts = plan_parts(self.result) if self.parts is None else self.parts
        return scene_pages(self.result, parts, self.words, self.files)

    def margin_blocks(self) -> list[Block]:
        """The tumour's surface by its margin."""
        margins = surface_margins(self.result)
        if margins is None:
            return []
        asked = plain(margins.asked_mm)
        self.files["globe.svg"] = globe_figure(margins).encode()
        self.files["histogram.svg"] = histogram_figure(margins).encode()
        marks = [
            (shade, "area", self.words(f"margin.{name}", asked)) for name, shade in MARGIN_CLASSES.items()
        ]
        return [
            figures(
                [("globe.svg", self.words("fig.globe")), ("histogram.svg", self.words("fig.histogram"))],
                (GLOBE_MM[0], HISTOGRAM_MM[0]),
            ),
            legend(marks),
        ]

    def skin_blocks(self) -> list[Block]:
        """The skin from three sides."""
        entries = [(one.id, one.entry_lps_mm) for one in self.result.plan.needles]
        return skin_pages(self.result.reached, self.result.plan, entries, self.words, self.files)

    def needle_blocks(self, needle: PlannedNeedle) -> list[Block]:
        """Three planes of a needle and the views down it."""
        words = self.words
        planes, eyes = plane_figures(self.scene, needle.id), eye_figures(self.scene, needle.id)
        for name, drawn in (planes | eyes).items():
            self.files[f"{needle.id}-{name}.svg"] = drawn.encode()
        z_mm = number(needle.target_lps_mm[2])
        items = [(f"{needle.id}-{name}.svg", words(f"fig.{name}", z_mm)) for name in planes]
        depths = eye_depths_mm(self.scene, needle.id)
        seen = [(f"{needle.id}-{name}.svg", words(f"eye.{name}", number(depths[name]))) for name in eyes]
        return [
            heading(f"{words('h.needle', needle.id)} – {words('fig.planes')}", 2, new_page=True),
            figures(items[:2], (1, 1)),
            figures(items[2:], (1, 1), beside=seen),
            legend(self._marks(self.result.plan)),
            text(words("window", plain(ABDOMEN.center), plain(ABDOMEN.width)), "muted"),
        ]

    def _marks(self, plan: Plan) -> list[tuple[str, str, str]]:
        words, scene = self.words, self.scene
        found = [
            stroke_mark(TUMOUR, words("l.tumour")),
            stroke_mark(TARGET, words("l.target")),
            stroke_mark(scene.zone_stroke, words("l.zone")),
            stroke_mark(NEEDLE, words("l.needle")),
        ]
        if len(plan.needles) > 1:
            found.append(stroke_mark(OTHER_NEEDLE, words("l.other_needle")))
        if scene.temperature_c is not None:
            found += [
                stroke_mark(stroke, words("l.isotherm", plain(level))) for level, stroke in ISOTHERMS.items()
            ]
        found.append(stroke_mark(LIVER, words("l.liver")))
        shown = {layer.name for layer in scene.layers}
        for mask in self.result.segmentation.masks:
            if mask.name in shown and mask.structure.role != "host":
                found.append((colour(mask.structure.rgb), "solid", words.structure(mask.name)))
        return found


def stroke_mark(stroke: Stroke, told: str) -> tuple[str, str, str]:
    """An item of a legend."""
    dash = "solid" if not stroke.dash else "dashed" if stroke.dash == DASHED else "dotted"
    return stroke.colour, dash, told
