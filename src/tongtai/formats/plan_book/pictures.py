"""Every picture of a book by its file's name, and the pages that show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tongtai.core.planning.needles import PlannedNeedle
from tongtai.core.planning.plan import Plan
from tongtai.core.planning.result import PlanResult
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
from tongtai.formats.plan_book.scene import FRONT, RIGHT_SIDE, needle_tubes, plan_parts, scene_picture
from tongtai.formats.plan_book.skin_map import sides_of, skin_figure
from tongtai.formats.plan_book.svg import DASHED, colour
from tongtai.formats.plan_book.words import Words, number, plain

_SKIN_SCALE = 0.3
_VIEWS = (FRONT, RIGHT_SIDE)


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
        items = []
        for view in _VIEWS:
            name, caption = f"scene-{view.name}.png", self.words(f"fig.scene_{view.name}")
            try:
                self.files[name] = scene_picture(parts, needle_tubes(self.result), view)
            except (RuntimeError, OSError, MemoryError) as error:
                # A machine without any OpenGL still gets its book, which then says so.
                name, caption = "", f"{caption}. {self.words('fig.missing', error)}"
            items.append((name, caption))
        return [figures(items, (1, 1)), text(self.words("fig.scene_note"), "muted")]

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
        plan, words = self.result.plan, self.words
        colours = self.skin_colours
        entries = [(one.id, one.entry_lps_mm) for one in plan.needles]
        items: list[tuple[str, str]] = []
        widths: list[float] = []
        for side in sides_of(plan.request.position):
            name = f"skin-{side.name}.svg"
            drawn = skin_figure(self.result.reached, side, colours, entries, scale=_SKIN_SCALE)
            self.files[name] = drawn.content().encode()
            # All sides in one scale.
            widths.append(drawn.width_mm)
            items.append((name, words("fig.skin", words(f"side.{side.name}"))))
        title = heading(words("h.skin"), 2)
        return [title, figures(items, widths)]

    @property
    def skin_colours(self) -> Mapping[str, str]:
        """A colour for each constraint."""
        return constraint_colours(self.result.plan.reach)

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
            _mark(TUMOUR, words("l.tumour")),
            _mark(TARGET, words("l.target")),
            _mark(scene.zone_stroke, words("l.zone")),
            _mark(NEEDLE, words("l.needle")),
        ]
        if len(plan.needles) > 1:
            found.append(_mark(OTHER_NEEDLE, words("l.other_needle")))
        if scene.temperature_c is not None:
            found += [_mark(stroke, words("l.isotherm", plain(level))) for level, stroke in ISOTHERMS.items()]
        found.append(_mark(LIVER, words("l.liver")))
        shown = {layer.name for layer in scene.layers}
        for mask in self.result.segmentation.masks:
            if mask.name in shown and mask.structure.role != "host":
                found.append((colour(mask.structure.rgb), "solid", words.structure(mask.name)))
        return found


def _mark(stroke: Stroke, told: str) -> tuple[str, str, str]:
    dash = "solid" if not stroke.dash else "dashed" if stroke.dash == DASHED else "dotted"
    return stroke.colour, dash, told
