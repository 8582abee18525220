"""What the planning commands share: their options, and the way from INPUT to a plan."""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast, get_type_hints

import typer
from rich.console import Console

from tongtai.core.errors import TongtaiError
from tongtai.core.planning.by_hand import HandPlaced
from tongtai.core.planning.knowledge import Knowledge
from tongtai.core.planning.pipeline import make_plan
from tongtai.core.planning.plan import Request
from tongtai.core.planning.result import PlanResult
from tongtai.core.planning.zones_step import tables_for
from tongtai.core.segmentation.masks import Segmentation
from tongtai.core.segmentation.progress import Progress, part_of
from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.models import pack_store
from tongtai.entrypoints.cli.segmentation import progress_bar
from tongtai.formats.engine_names import AUTO
from tongtai.formats.image_reading import ReadImage, read_image
from tongtai.formats.plan_book import Language
from tongtai.formats.plan_json import read_hand_placed
from tongtai.formats.plan_knowledge import plan_knowledge
from tongtai.formats.reference_run import checked_here
from tongtai.formats.segmentation_engines import engine_named

Made = TypeVar("Made")


class ExitCode(IntEnum):
    """How a planning command ended."""

    PLANNED = 0
    REFUSED = 2
    NO_SAFE_PATH = 3


class Technique(StrEnum):
    """What burns."""

    RFA = "rfa"
    MWA = "mwa"


class Lying(StrEnum):
    """How the patient lies in the scanner."""

    SUPINE = "supine"
    PRONE = "prone"


Place = Annotated[
    Path, typer.Argument(metavar="INPUT", help="DICOM folder, file or zip; NIfTI or NRRD.", exists=True)
]
EngineOption = Annotated[
    str, typer.Option(help="auto, classical, totalsegmentator[:TASK], a pack's name or folder, or masks.")
]
SeriesOption = Annotated[str, typer.Option(help="Number or UID of the series; default is the best.")]
TechniqueOption = Annotated[Technique, typer.Option(help="Radiofrequency or microwaves.")]
DeviceOption = Annotated[str, typer.Option(help="Device of the tables; all are compared when absent.")]
MarginOption = Annotated[float, typer.Option(min=0.0, max=20.0, help="Margin of liver around the tumour.")]
TumourOption = Annotated[int, typer.Option(min=1, help="Which tumour, by size.")]
NeedlesOption = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Needles placed by hand, or a plan.json, to be judged."),
]
RulesOption = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="Your own needle rules (TOML).")
]
ChartOption = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="A maker's chart of zones (CSV).")
]
PositionOption = Annotated[Lying, typer.Option(help="How the patient lies.")]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the plan book.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of the trials of the margin's probability.")]
SearchOption = Annotated[
    int, typer.Option("--search", min=0, max=100_000, help="Nodes of the exact search for fewer zones.")
]
WrittenOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%S%z"],
        help="Time that the files carry, such as 2026-01-31T08:00:00+0800; default is now.",
    ),
]
ExtrapolateOption = Annotated[
    bool, typer.Option("--extrapolate", help="Let settings of --needles lie outside the device's table.")
]

HeatOption = Annotated[bool, typer.Option(help="Simulate the heat of every position.")]
BandOption = Annotated[bool, typer.Option("--band", help="Also over the ranges of the tissue's values.")]
VerifyOption = Annotated[
    bool, typer.Option(help="Write down the reference cases; run at the first plan of this installation.")
]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a planning command; every field is an option, unless the command fixes it (`asks`)."""

    place: Place
    technique: TechniqueOption = Technique.MWA
    device: DeviceOption = ""
    margin_mm: MarginOption = 5.0
    tumour: TumourOption = 1
    engine: EngineOption = AUTO
    series: SeriesOption = ""
    position: PositionOption = Lying.SUPINE
    needles: NeedlesOption = None
    rules: RulesOption = None
    chart: ChartOption = None
    seed: SeedOption = 1
    search: SearchOption = 0
    extrapolate: ExtrapolateOption = False
    heat: HeatOption = True
    band: BandOption = False
    verify: VerifyOption = True
    data: Data = DATA

    def knowledge(self) -> Knowledge:
        """Rules, tables and models."""
        return plan_knowledge(
            self.technique.value,
            rules=None if self.rules is None else self.rules.read_text(encoding="utf-8"),
            chart=None if self.chart is None else self.chart.read_text(encoding="utf-8"),
            heat=self.heat,
            band=self.band,
            search_nodes=self.search,
            extrapolate=self.extrapolate,
            verification=checked_here(self.data) if self.verify else (),
        )

    def by_hand(self) -> HandPlaced | None:
        """The needles of ``--needles``."""
        return None if self.needles is None else read_hand_placed(self.needles.read_bytes())

    def request(self) -> Request:
        """What is asked of the plan."""
        return Request(
            technique=self.technique.value,
            device_id=self.device,
            margin_mm=self.margin_mm,
            tumour_number=self.tumour,
            by_hand=self.needles is not None,
            position=self.position.value,
        )


def asks(**fixed: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the fields of `Asked` as options, except those that are fixed for it.

    The command's parameter ``asked`` takes them; its other parameters stay options of its own.
    """

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        offered = [one for one in fields(Asked) if one.name not in fixed]
        hints = get_type_hints(Asked, include_extras=True)

        @wraps(command)
        def run(**given: object) -> None:
            answers: dict[str, Any] = {one.name: given.pop(one.name) for one in offered}
            command(asked=Asked(**answers, **cast("dict[str, Any]", fixed)), **given)

        own = [one for one in signature(command, eval_str=True).parameters.values() if one.name != "asked"]
        options = [
            Parameter(
                one.name,
                Parameter.KEYWORD_ONLY,
                annotation=hints[one.name],
                default=Parameter.empty if one.default is MISSING else one.default,
            )
            for one in offered
        ]
        told = [*options, *(one.replace(kind=Parameter.KEYWORD_ONLY) for one in own)]
        run.__signature__ = Signature(told)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in told}
        return run

    return with_options


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the image that it was made on."""

    image: ReadImage
    result: PlanResult


def segmented(asked: Asked, progress: Progress) -> tuple[ReadImage, Segmentation]:
    """The image and its masks."""
    image = read_image(asked.place, asked.series)
    engine = engine_named(asked.engine, pack_store(asked.data))
    return image, engine.segment(image.volume, progress)


def planned(asked: Asked, progress: Progress) -> Planned:
    """Read, segment and plan."""
    # What can be refused without any work is refused first.
    knowledge, by_hand = asked.knowledge(), asked.by_hand()
    tables_for(asked.request(), knowledge)
    image, segmentation = segmented(asked, part_of(progress, 0.0, 0.5))
    result = make_plan(
        segmentation,
        asked.request(),
        knowledge,
        seed=asked.seed,
        facts=image.facts,
        by_hand=by_hand,
        progress=part_of(progress, 0.5, 1.0),
    )
    return Planned(image, result)


def or_refused(work: Callable[[Progress], Made]) -> Made:
    """Do work under a progress bar; what is refused becomes one sentence and exit code 2."""
    console = Console(stderr=True, highlight=False)
    try:
        with progress_bar(console) as progress:
            return work(progress)
    except (TongtaiError, UnicodeDecodeError) as error:
        console.print(f"tongtai: {error}", markup=False)
        raise typer.Exit(ExitCode.REFUSED) from None
