"""``tongtai seeds plan``: from a CT, or from masks alone, to needles and seeds."""

import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from tongtai.core.brachytherapy.rules import Formalism, RadialRule
from tongtai.core.seed_planning.errors import SeedActivityError, TemplateError
from tongtai.core.seed_planning.knowledge import SeedKnowledge
from tongtai.core.seed_planning.pipeline import make_seed_plan
from tongtai.core.seed_planning.placed import Layout
from tongtai.core.seed_planning.plan import SeedOutcome, SeedRequest
from tongtai.core.seed_planning.requesting import TemplateAsked, seed_request
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.segmentation.masks import Segmentation
from tongtai.core.segmentation.progress import Progress, part_of
from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.models import Json, pack_store
from tongtai.entrypoints.cli.planning_input import (
    EngineOption,
    ExitCode,
    Lying,
    PositionOption,
    SeriesOption,
    TumourOption,
    WrittenOption,
    or_refused,
)
from tongtai.entrypoints.cli.seed_plan_report import seed_plan_lines
from tongtai.entrypoints.cli.seeds_input import ImplantDateOption
from tongtai.formats.engine_names import AUTO
from tongtai.formats.image_reading import ReadImage, read_image
from tongtai.formats.nifti import read_nifti_labels
from tongtai.formats.seed_goals import goal_of
from tongtai.formats.seed_knowledge import seed_cases_checked, seed_knowledge
from tongtai.formats.seed_plan_folder.objects import radiotherapy_files
from tongtai.formats.seed_plan_folder.writing import write_seed_plan_folder
from tongtai.formats.seed_plan_json import seed_plan_bytes
from tongtai.formats.seed_plan_json.hand_placed import read_hand_placed_seeds
from tongtai.formats.segmentation_engines import FileSegmenter, engine_named
from tongtai.formats.whole_folder import check_free

GOALS_NOT_MET = ExitCode.NO_SAFE_PATH
_NIFTI = (".nii", ".nii.gz")

Place = Annotated[
    Path,
    typer.Argument(
        metavar="INPUT",
        exists=True,
        help="DICOM folder, file or zip; NIfTI or NRRD; or a folder of NIfTI masks.",
    ),
]
OutOption = Annotated[
    Path,
    typer.Option(help="Folder to make; must not exist or be empty.", file_okay=False, show_default=False),
]
GoalOption = Annotated[
    list[str] | None,
    typer.Option(
        "--goal",
        help="STRUCTURE:QUANTITY=VALUE with unit, such as bowel:D2cc=100Gy or target:V150=60%; may be repeated.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedsAsked:
    """What decides a seed plan's request, as the options give it."""

    prescription_gy: float
    activity_mci: float | None
    strength_u: float | None
    margin_mm: float
    tumour: int
    layout: Layout | None
    spacing_mm: float
    rotation_deg: float
    direction: str
    offset_mm: str
    position: Lying
    goals: list[str]
    by_hand: bool
    time_limit_s: float

    def request(self, knowledge: SeedKnowledge) -> SeedRequest:
        """The request, with activity and strength both said."""
        return seed_request(
            knowledge,
            prescription_gy=self.prescription_gy,
            activity_mci=self._activity(knowledge.model.u_per_mci),
            margin_mm=self.margin_mm,
            tumour_number=self.tumour,
            position=self.position.value,
            time_limit_s=self.time_limit_s,
            layout=Layout.BY_HAND if self.by_hand else self.layout,
            template=TemplateAsked(
                spacing_mm=self.spacing_mm,
                rotation_deg=self.rotation_deg,
                direction_lps=_three(self.direction) if self.direction else None,
                offset_mm=_two(self.offset_mm),
            ),
            goals=[goal_of(text, self.prescription_gy) for text in self.goals],
        )

    def _activity(self, u_per_mci: float) -> float:
        if (self.activity_mci is None) == (self.strength_u is None):
            raise SeedActivityError("Give either --activity-mci or --strength-u: one of the two units.")
        if self.activity_mci is not None:
            return self.activity_mci
        return (self.strength_u or 0.0) / u_per_mci


def seeds_plan(
    place: Place,
    out: OutOption,
    prescription_gy: Annotated[float, typer.Option(show_default=False, help="Dose to infinity.")],
    activity_mci: Annotated[
        float | None, typer.Option(show_default=False, help="Apparent activity of a seed at the implant.")
    ] = None,
    strength_u: Annotated[
        float | None, typer.Option(show_default=False, help="The same as air-kerma strength.")
    ] = None,
    model: Annotated[str, typer.Option(help="Seed model of `tongtai seeds models`.")] = "6711",
    formalism: Annotated[
        Formalism, typer.Option(help="Line source (2-D) or point source (1-D).")
    ] = Formalism.LINE,
    radial: Annotated[
        RadialRule, typer.Option("--g", help="How g(r) runs between its points.")
    ] = RadialRule.LINEAR,
    margin_mm: Annotated[
        float, typer.Option(min=0.0, max=20.0, help="Margin of liver around the tumour.")
    ] = 5.0,
    tumour: TumourOption = 1,
    goal: GoalOption = None,
    layout: Annotated[
        Layout | None,
        typer.Option(show_default=False, help="template or free; the program chooses when absent."),
    ] = None,
    spacing_mm: Annotated[
        float,
        typer.Option("--template-spacing-mm", min=0.0, help="Between holes; 0 lets the program choose."),
    ] = 0.0,
    rotation_deg: Annotated[
        float, typer.Option("--template-rotation-deg", help="Turn of the template.")
    ] = 0.0,
    direction: Annotated[
        str, typer.Option("--template-direction", help="Direction of its needles in LPS, as x,y,z.")
    ] = "",
    offset_mm: Annotated[
        str, typer.Option("--template-offset-mm", help="Shift of its middle along columns and rows, as u,v.")
    ] = "0,0",
    seeds: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="Seeds placed by hand, or a seed-plan.json, to be judged."
        ),
    ] = None,
    engine: EngineOption = AUTO,
    series: SeriesOption = "",
    position: PositionOption = Lying.SUPINE,
    needle_rules: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Your own needle rules (TOML).")
    ] = None,
    seed_rules: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Your own seed rules (TOML).")
    ] = None,
    trials: Annotated[
        int, typer.Option(min=0, max=10_000, help="Trials of the band; 0 leaves it out.")
    ] = 100,
    error_mm: Annotated[
        float | None,
        typer.Option(min=0.0, max=20.0, show_default=False, help="Mean displacement of a seed in a trial."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of samples, search and trials.")] = 1,
    time_limit_s: Annotated[float, typer.Option(min=1.0, max=3600.0, help="Of the search.")] = 15.0,
    verify: Annotated[bool, typer.Option(help="Run and write down the reference cases.")] = True,
    implant_date: ImplantDateOption = None,
    written_at: WrittenOption = None,
    as_json: Json = False,
    data: Data = DATA,
) -> None:
    """Plan seeds; exit with 2 when the input is refused, 3 when goals cannot be met or there is no safe path."""
    asked = SeedsAsked(
        prescription_gy=prescription_gy, activity_mci=activity_mci, strength_u=strength_u, margin_mm=margin_mm,
        tumour=tumour, layout=layout, spacing_mm=spacing_mm, rotation_deg=rotation_deg, direction=direction,
        offset_mm=offset_mm, position=position, goals=goal or [], by_hand=seeds is not None, time_limit_s=time_limit_s,
    )  # fmt: skip
    now = written_at or datetime.now().astimezone()

    def work(progress: Progress) -> tuple[SeedPlanResult, tuple[str, ...]]:
        check_free(out)
        knowledge = seed_knowledge(
            model, formalism=formalism, radial=radial, trials=trials,
            needle_rules=None if needle_rules is None else needle_rules.read_text(encoding="utf-8"),
            seed_rules=None if seed_rules is None else seed_rules.read_text(encoding="utf-8"),
        )  # fmt: skip
        if error_mm is not None:
            rules = knowledge.rules.with_number(SeedNumber.PLACEMENT_ERROR_MM, error_mm)
            knowledge = replace(knowledge, rules=rules)
        request = asked.request(knowledge)
        by_hand = None if seeds is None else read_hand_placed_seeds(seeds.read_bytes())
        if verify:
            progress(0.0, "reference cases")
            knowledge = replace(knowledge, verification=seed_cases_checked())
        image, segmentation = image_and_masks(place, series, engine, data, part_of(progress, 0.05, 0.4))
        result = make_seed_plan(
            segmentation, request, knowledge, seed=seed, elapsed_s=time.monotonic, facts=image.facts,
            by_hand=by_hand, progress=part_of(progress, 0.4, 0.95),
        )  # fmt: skip
        progress(0.95, "write files")
        objects = radiotherapy_files(
            result, image.sources, written_at=now, implanted_on=implant_date.date() if implant_date else None
        )
        names = write_seed_plan_folder(result, out, sources=image.sources, written_at=now, others=objects)
        return result, names

    result, names = or_refused(work)
    typer.echo(
        seed_plan_bytes(result.plan).decode() if as_json else "\n".join(seed_plan_lines(result.plan)) + "\n",
        nl=False,
    )
    Console(stderr=True, highlight=False).print(f"{out}: {', '.join(names)}", markup=False)
    if result.plan.outcome is not SeedOutcome.PLANNED:
        raise typer.Exit(GOALS_NOT_MET)


def image_and_masks(
    place: Path, series: str, engine: str, data: Path, progress: Progress
) -> tuple[ReadImage, Segmentation]:
    """The image with its masks; for a folder of NIfTI masks an image without content, on the first mask's grid."""
    masks = sorted(path for path in place.iterdir() if path.name.endswith(_NIFTI)) if place.is_dir() else []
    if not masks:
        image = read_image(place, series)
        return image, engine_named(engine, pack_store(data)).segment(image.volume, progress)
    grid = read_nifti_labels(masks[0]).labels
    blank = ReadImage(
        grid.with_voxels(np.zeros(grid.voxels.shape, np.int16)),
        [],
        ("Planned on masks alone, without a CT.",),
    )
    return blank, FileSegmenter(place).segment(blank.volume, progress)


def _three(text: str) -> tuple[float, float, float]:
    x, y, z = _numbers(text, 3, "--template-direction is x,y,z")
    return x, y, z


def _two(text: str) -> tuple[float, float]:
    u, v = _numbers(text, 2, "--template-offset-mm is u,v")
    return u, v


def _numbers(text: str, count: int, what: str) -> list[float]:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if len(found) != count or not np.all(np.isfinite(found)):
        raise TemplateError(f"{what}, finite numbers; got {text!r}.")
    return found
