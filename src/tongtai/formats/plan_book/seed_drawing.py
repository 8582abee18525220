"""The book of a plan of seeds that was just made: its pictures are drawn, which needs the arrays."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.formats.meshes import Part
from tongtai.formats.plan_book.blocks import Block, figures, heading, legend, text
from tongtai.formats.plan_book.case import PrintPart
from tongtai.formats.plan_book.drawn import DrawnBook
from tongtai.formats.plan_book.palette import ISODOSES, LIVER, TARGET, TUMOUR
from tongtai.formats.plan_book.pictures import scene_pages, skin_pages, stroke_mark
from tongtai.formats.plan_book.scene import plan_parts
from tongtai.formats.plan_book.seed_figures import (
    SeedScene,
    axial_figure,
    dvh_curves,
    dvh_figure,
    seed_scene,
    slice_figure,
    slice_offsets_mm,
)
from tongtai.formats.plan_book.words import Language, Words, number, plain, words_for

_SEED_LENGTH_MM = 4.5
_IN_A_ROW = 3


def draw_seed_book(
    result: SeedPlanResult,
    language: Language,
    *,
    parts: Sequence[Part] | None = None,
    printed: Sequence[PrintPart] = (),
) -> DrawnBook:
    """Draw every picture of the book of a plan of seeds.

    Parameters
    ----------
    parts
        The plan's surfaces (``scene.plan_parts``) where they are made already.
    printed
        The files of those that can be printed.
    """
    plan, words = result.plan, words_for(result.plan, language)
    files: dict[str, bytes] = {}
    surfaces = plan_parts(result) if parts is None else parts
    scene = scene_pages(result, surfaces, words, files, seeds=_seed_ends(result), note="sd.scene_note")
    entries = [(one.id, one.entry_lps_mm) for one in plan.needles]
    skin = skin_pages(result.reached, plan, entries, words, files)
    shared = seed_scene(result)
    dose = [] if shared is None else _dose_pages(shared, words, files)
    return DrawnBook(
        language=language,
        scene=scene,
        margin=(),
        skin=skin,
        needles={},
        pictures=files,
        printed=printed,
        dose=dose,
    )


def _seed_ends(result: SeedPlanResult) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    ends = []
    for one in result.plan.seeds:
        half = np.asarray(one.axis_lps) * _SEED_LENGTH_MM / 2.0
        ends.append((np.asarray(one.centre_lps_mm) - half, np.asarray(one.centre_lps_mm) + half))
    return ends


def _dose_pages(scene: SeedScene, words: Words, files: dict[str, bytes]) -> list[Block]:
    """The histogram, the axial plane, and every slice across the needles."""
    plan = scene.plan
    files["dvh.svg"] = dvh_figure(plan).encode()
    files["seeds-axial.svg"] = axial_figure(scene).encode()
    items = []
    for count, offset in enumerate(slice_offsets_mm(scene)):
        name = f"slice-{count:02}.svg"
        files[name] = slice_figure(scene, offset).encode()
        items.append((name, _caption(scene, words, offset)))
    named = [
        (colour, "solid", words("sd.target") if name == "target" else words.structure(name))
        for name, colour in dvh_curves(plan)
    ]
    rows = [items[start : start + _IN_A_ROW] for start in range(0, len(items), _IN_A_ROW)]
    first = (("seeds-axial.svg", words("sd.fig.axial", number(scene.middle_lps_mm[2]))),)
    return [
        heading(words("sd.h.dvh"), 2, new_page=True),
        figures([("dvh.svg", words("sd.fig.dvh"))], (1,)),
        legend(named),
        heading(words("sd.h.slices"), 2),
        figures(first, (1, 1)),
        _legend(words, plan.request.prescription_gy),
        text(words("sd.slices.note" if plan.template else "sd.slices.free"), "muted"),
        *(figures(row, (1,) * _IN_A_ROW) for row in rows),
    ]


def _caption(scene: SeedScene, words: Words, offset_mm: float) -> str:
    template = scene.plan.template
    if template is None:
        return words("sd.fig.slice_free", number(offset_mm))
    place = scene.middle_lps_mm + offset_mm * scene.away
    return words("sd.fig.slice", number(float((place - np.asarray(template.origin_lps_mm)) @ scene.away)))


def _legend(words: Words, prescription_gy: float) -> Block:
    lines = [
        stroke_mark(stroke, words("sd.isodose", plain(100.0 * share), plain(share * prescription_gy)))
        for share, stroke in ISODOSES.items()
    ]
    return legend(
        [
            *lines,
            stroke_mark(TUMOUR, words("l.tumour")),
            stroke_mark(TARGET, words("l.target")),
            stroke_mark(LIVER, words("l.liver")),
        ]
    )
