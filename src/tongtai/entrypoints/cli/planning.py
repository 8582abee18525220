"""``tongtai plan``, ``reach``, ``coverage``, ``heat`` and ``book``: from a CT to needles and zones."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from tongtai.core.planning.plan import Outcome, Plan
from tongtai.core.planning.reach_step import prepare_case, reach_found, target_volume
from tongtai.core.segmentation.progress import Progress, part_of
from tongtai.entrypoints.cli.models import Json
from tongtai.entrypoints.cli.planning_input import (
    Asked,
    ExitCode,
    LanguageOption,
    Planned,
    WrittenOption,
    asks,
    or_refused,
    planned,
    segmented,
)
from tongtai.entrypoints.cli.planning_report import coverage_lines, heat_lines, plan_lines, reach_lines
from tongtai.formats.plan_book import BookRequest, Language, book_fonts
from tongtai.formats.plan_book.drawing import render_plan_book
from tongtai.formats.plan_folder import PlanFile
from tongtai.formats.plan_folder.objects import plan_objects
from tongtai.formats.plan_folder.skin_map import skin_map_ply
from tongtai.formats.plan_folder.writing import write_plan_folder
from tongtai.formats.plan_json import plan_bytes, plan_sha256, schema_text
from tongtai.formats.plan_json.writing import encoded
from tongtai.formats.whole_folder import check_free, write_whole
from tongtai.infra.settings import Settings

OutOption = Annotated[
    Path,
    typer.Option(help="Folder to make; must not exist or be empty.", file_okay=False, show_default=False),
]


@asks()
def plan(
    asked: Asked,
    out: OutOption,
    written_at: WrittenOption = None,
    lang: LanguageOption = Language.ZH,
    book: Annotated[bool, typer.Option(help="Also the plan book, DICOM objects and surfaces.")] = True,
    as_json: Json = False,
) -> None:
    """Plan the ablation of a tumour; exit with 2 when the input is refused, 3 when there is no safe path."""
    now = written_at or datetime.now().astimezone()

    def work(progress: Progress) -> tuple[Planned, tuple[str, ...]]:
        check_free(out)
        fonts = book_fonts(Settings.load(asked.data).web_dist) if book else None
        made = planned(asked, part_of(progress, 0.0, 0.8))
        others: tuple[PlanFile, ...] = ()
        if fonts is not None:
            progress(0.8, "plan book")
            others = plan_objects(
                made.result, sources=made.image.sources, written_at=now, language=lang, fonts=fonts
            )
        progress(0.95, "write files")
        sources = made.image.sources
        return made, write_plan_folder(made.result, out, sources=sources, written_at=now, others=others)

    made, names = or_refused(work)
    _say(made.result.plan, plan_lines(made.result.plan), as_json=as_json)
    Console(stderr=True, highlight=False).print(f"{out}: {', '.join(names)}", markup=False)
    _exit(made.result.plan)


@asks(heat=False, band=False, verify=False)
def coverage(asked: Asked, as_json: Json = False) -> None:
    """Choose zones, or judge those of --needles, without simulating heat; nothing is written."""
    found = or_refused(lambda progress: planned(asked, progress)).result.plan
    _say(found, coverage_lines(found), as_json=as_json)
    _exit(found)


@asks(heat=True, band=True, verify=False, search=0)
def heat(
    asked: Asked,
    band: Annotated[bool, typer.Option(help="Run the ranges of the tissue's values.")] = True,
    as_json: Json = False,
) -> None:
    """Simulate the heat of a plan, or of --needles, with its band; nothing is written."""
    asked = replace(asked, band=band)
    found = or_refused(lambda progress: planned(asked, progress)).result.plan
    _say(found, heat_lines(found), as_json=as_json)
    _exit(found)


@asks(
    device="", margin_mm=5.0, needles=None, chart=None, seed=0, search=0, extrapolate=False,
    heat=False, band=False, verify=False,
)  # fmt: skip
def reach(
    asked: Asked,
    out: Annotated[Path | None, typer.Option(help="Write the map of the skin (PLY).", dir_okay=False)] = None,
    as_json: Json = False,
) -> None:
    """Say from where on the skin a tumour can be reached, what closes the rest, what would open it."""

    def work(progress: Progress) -> tuple[dict[str, Any], list[str], bool]:
        _, segmentation = segmented(asked, part_of(progress, 0.0, 0.7))
        knowledge = asked.knowledge()
        case = prepare_case(segmentation, asked.request(), knowledge.rules, part_of(progress, 0.7, 0.8))
        found = reach_found(case, reliefs=True, progress=part_of(progress, 0.8, 1.0))
        if out is not None:
            write_whole(out, skin_map_ply(case.reached))
        target = target_volume(case)
        told = {"target": encoded(target), "reach": encoded(found)}
        return told, reach_lines(target, found), found.open_cm2 > 0.0

    told, lines, is_open = or_refused(work)
    typer.echo(
        json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) if as_json else "\n".join(lines)
    )
    if not is_open:
        raise typer.Exit(ExitCode.NO_SAFE_PATH)


@asks(band=False, verify=False, search=0)
def book(
    asked: Asked,
    out: Annotated[Path, typer.Option(help="The PDF to write.", dir_okay=False, show_default=False)],
    lang: LanguageOption = Language.ZH,
) -> None:
    """Write the plan book alone, of a plan that is chosen or judged (--needles) again."""
    now = datetime.now().astimezone()

    def work(progress: Progress) -> Plan:
        fonts = book_fonts(Settings.load(asked.data).web_dist)
        made = planned(asked, part_of(progress, 0.0, 0.9)).result
        progress(0.9, "plan book")
        request = BookRequest(plan_sha256=plan_sha256(made.plan), written_at=now, language=lang)
        content = render_plan_book(made, request, fonts=fonts)
        write_whole(out, content)
        return made.plan

    found = or_refused(work)
    _say(found, plan_lines(found), as_json=False)
    _exit(found)


def plan_schema() -> None:
    """Print the JSON Schema of plan.json."""
    typer.echo(schema_text(), nl=False)


def _say(found: Plan, lines: Sequence[str], *, as_json: bool) -> None:
    typer.echo(plan_bytes(found).decode() if as_json else "\n".join(lines) + "\n", nl=False)


def _exit(found: Plan) -> None:
    if found.outcome is Outcome.NO_SAFE_PATH:
        raise typer.Exit(ExitCode.NO_SAFE_PATH)
