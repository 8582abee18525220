"""``tongtai seeds``: iodine-125 seeds, their models, their dose at points, what they do to a target."""

import json
import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import typer

import tongtai
from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.brachytherapy.evaluation import evaluate_implant
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.robustness import dose_band
from tongtai.core.brachytherapy.rules import LIMITS, DoseRules, Formalism, RadialRule
from tongtai.core.errors import TongtaiError
from tongtai.core.volumes import Volume
from tongtai.entrypoints.cli.models import Json
from tongtai.entrypoints.cli.planning_input import ExitCode
from tongtai.entrypoints.cli.seeds_report import (
    dose_facts,
    dose_lines,
    dvh_facts,
    dvh_lines,
    model_facts,
    model_lines,
)
from tongtai.formats.nifti import read_nifti_labels
from tongtai.formats.nrrd import read_nrrd_labels
from tongtai.formats.seed_files import read_points, read_seeds
from tongtai.formats.seed_models import seed_models
from tongtai.formats.seed_plan_json import seed_schema_text

seeds_app = typer.Typer(help="Iodine-125 seeds: dose by TG-43U1.", no_args_is_help=True, add_completion=False)
Made = TypeVar("Made")

SeedsOption = Annotated[
    Path,
    typer.Option(
        exists=True,
        dir_okay=False,
        show_default=False,
        help="CSV: x_mm,y_mm,z_mm,axis_x,axis_y,axis_z,air_kerma_strength_u,model.",
    ),
]
FormalismOption = Annotated[Formalism, typer.Option(help="Line source (2-D) or point source (1-D).")]
RadialOption = Annotated[RadialRule, typer.Option("--g", help="How g(r) runs between its table's points.")]
CalibratedOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Day for which the strengths hold; needs --implanted.", show_default=False
    ),
]
ImplantedOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Day of the implant; needs --calibrated.", show_default=False),
]


@seeds_app.command("models")
def models(as_json: Json = False) -> None:
    """List the seed models with their constants, formalisms and sources."""
    found = list(seed_models().values())
    if as_json:
        _print({"models": [model_facts(one) for one in found]})
    else:
        typer.echo("\n".join(line for one in found for line in model_lines(one)))


@seeds_app.command("dose")
def dose(
    seeds: SeedsOption,
    points: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, show_default=False, help="CSV: x_mm,y_mm,z_mm.")
    ],
    formalism: FormalismOption = Formalism.LINE,
    radial: RadialOption = RadialRule.LINEAR,
    calibrated: CalibratedOption = None,
    implanted: ImplantedOption = None,
    after_d: Annotated[
        float,
        typer.Option(
            min=0.0, help="Days after the implant until which the dose counts; default is for ever."
        ),
    ] = math.inf,
    as_json: Json = False,
) -> None:
    """Give dose rate and total dose at points, the exact sum; exit with 2 when the input is refused."""
    rules = DoseRules(formalism=formalism, radial=radial)

    def work() -> tuple[dict[str, Any], list[str]]:
        implant, decay_d = _implant(seeds, calibrated, implanted)
        places = read_points(_text(points))
        found = doses_at(implant, places, rules, after_d=after_d)
        facts = dose_facts(found, places, after_d=after_d)
        return {**_head(implant, rules, decay_d), **facts}, dose_lines(found, places, rules)

    facts, lines = _or_refused(work)
    _tell(facts, lines, as_json=as_json)


@seeds_app.command("dvh")
def dvh(
    seeds: SeedsOption,
    target: Annotated[
        Path,
        typer.Option(
            exists=True, dir_okay=False, show_default=False, help="Mask (NIfTI, NRRD), or FILE of labels."
        ),
    ],
    prescription_gy: Annotated[float, typer.Option(show_default=False, help="Dose to infinity.")],
    label: Annotated[int, typer.Option(min=0, help="Label of the target in its file; 0 is every label.")] = 0,
    organ: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FILE or NAME=FILE:LABEL; may be repeated.", show_default=False),
    ] = None,
    formalism: FormalismOption = Formalism.LINE,
    radial: RadialOption = RadialRule.LINEAR,
    calibrated: CalibratedOption = None,
    implanted: ImplantedOption = None,
    parts: Annotated[int, typer.Option(min=1, max=5, help="Pieces of a voxel along each edge.")] = 2,
    trials: Annotated[
        int, typer.Option(min=0, max=10_000, help="Trials of the band of misplaced seeds; 0 leaves it out.")
    ] = 0,
    error_mm: Annotated[
        float, typer.Option(min=0.0, max=20.0, help="Mean displacement of a seed in a trial.")
    ] = 4.4,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the trials.")] = 1,
    as_json: Json = False,
) -> None:
    """Give histograms, D90, V100 and indices of a target and organs; exit with 2 when the input is refused."""
    rules = DoseRules(formalism=formalism, radial=radial)

    def work() -> tuple[dict[str, Any], list[str]]:
        implant, decay_d = _implant(seeds, calibrated, implanted)
        mask = _mask(target, label)
        organs = dict(_organ(text) for text in organ or ())
        found = evaluate_implant(implant, mask, organs, rules, prescription_gy=prescription_gy, parts=parts)
        band = None
        if trials:
            band = dose_band(
                implant, mask, rules, np.random.default_rng(seed),
                prescription_gy=prescription_gy, error_mm=error_mm, trials=trials,
            )  # fmt: skip
        return {**_head(implant, rules, decay_d), **dvh_facts(found, band)}, dvh_lines(found, band, rules)

    facts, lines = _or_refused(work)
    _tell(facts, lines, as_json=as_json)


@seeds_app.command("plan-schema")
def plan_schema() -> None:
    """Print the JSON Schema of seed-plan.json."""
    typer.echo(seed_schema_text(), nl=False)


def _implant(path: Path, calibrated: datetime | None, implanted: datetime | None) -> tuple[Implant, float]:
    """The seeds with their strengths at the implant, and the days of decay until then."""
    if (calibrated is None) != (implanted is None):
        raise BrachytherapyError("Give both --calibrated and --implanted, or neither.")
    decay_d = 0.0
    if calibrated is not None and implanted is not None:
        decay_d = float((implanted - calibrated).days)
        if decay_d < 0.0:
            raise BrachytherapyError("The implant lies before the day of calibration; exchange the dates.")
    return read_seeds(_text(path)).decayed(decay_d), decay_d


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BrachytherapyError(f"{path.name} is not a text file (UTF-8).") from None


def _mask(path: Path, label: int) -> Volume:
    read = read_nrrd_labels if path.name.lower().endswith(".nrrd") else read_nifti_labels
    found = read(path)
    return found.labels.with_voxels(found.labels.voxels > 0) if label == 0 else found.mask(label)


def _organ(text: str) -> tuple[str, Volume]:
    name, _, place = text.partition("=")
    file, _, label = place.rpartition(":")
    if not (file and label.isdigit()):
        file, label = place, "0"
    if not name or not Path(file).is_file():
        raise BrachytherapyError(
            f"--organ is NAME=FILE or NAME=FILE:LABEL, and the file must exist; got {text!r}."
        )
    return name, _mask(Path(file), int(label))


def _head(implant: Implant, rules: DoseRules, decay_d: float) -> dict[str, Any]:
    """What every result says: rules, limits, models, strengths."""
    return {
        "software": f"tongtai {tongtai.__version__}",
        "rules": rules.statements(),
        "limits": list(LIMITS),
        "models": [model_facts(one) for one in implant.models().values()],
        "implant": {
            "seeds": len(implant.seeds),
            "total_air_kerma_strength_u": implant.total_strength_u,
            "total_apparent_activity_mci": implant.total_activity_mci,
            "decayed_d": decay_d,
        },
    }


def _or_refused(work: Callable[[], Made]) -> Made:
    try:
        return work()
    except TongtaiError as error:
        typer.echo(f"tongtai: {error}", err=True)
        raise typer.Exit(ExitCode.REFUSED) from None


def _tell(facts: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        _print(facts)
    else:
        typer.echo("\n".join([*lines, *(f"! {limit}" for limit in LIMITS)]))


def _print(facts: dict[str, Any]) -> None:
    typer.echo(json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False))
