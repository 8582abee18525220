"""What the commands of ``tongtai seeds`` share: options, files, and how results and refusals are told."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

import tongtai
from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.rules import LIMITS, DoseRules, Formalism, RadialRule
from tongtai.core.errors import TongtaiError
from tongtai.core.volumes import Volume
from tongtai.entrypoints.cli.planning_input import ExitCode
from tongtai.entrypoints.cli.seeds_report import model_facts
from tongtai.formats.nifti import read_nifti_labels
from tongtai.formats.nrrd import read_nrrd_labels
from tongtai.formats.seed_files import read_seeds

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

ImplantDateOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        show_default=False,
        help="Day of the implant, for which the RTPLAN gives the strengths; default is the day of writing.",
    ),
]


def decayed_implant(
    path: Path, calibrated: datetime | None, implanted: datetime | None
) -> tuple[Implant, float]:
    """The seeds with their strengths at the implant, and the days of decay until then."""
    if (calibrated is None) != (implanted is None):
        raise BrachytherapyError("Give both --calibrated and --implanted, or neither.")
    decay_d = 0.0
    if calibrated is not None and implanted is not None:
        decay_d = float((implanted - calibrated).days)
        if decay_d < 0.0:
            raise BrachytherapyError("The implant lies before the day of calibration; exchange the dates.")
    return read_seeds(text_of(path)).decayed(decay_d), decay_d


def text_of(path: Path) -> str:
    """The text of a file, UTF-8.

    Raises
    ------
    BrachytherapyError
        If it is none.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BrachytherapyError(f"{path.name} is not a text file (UTF-8).") from None


def mask_of(path: Path, label: int) -> Volume:
    """A mask of a NIfTI or NRRD file of labels; label 0 is every label."""
    read = read_nrrd_labels if path.name.lower().endswith(".nrrd") else read_nifti_labels
    found = read(path)
    return found.labels.with_voxels(found.labels.voxels > 0) if label == 0 else found.mask(label)


def named_mask(text: str) -> tuple[str, Volume]:
    """``NAME=FILE`` or ``NAME=FILE:LABEL``.

    Raises
    ------
    BrachytherapyError
        If it is neither, or the file does not exist.
    """
    name, _, place = text.partition("=")
    file, _, label = place.rpartition(":")
    if not (file and label.isdigit()):
        file, label = place, "0"
    if not name or not Path(file).is_file():
        raise BrachytherapyError(
            f"--organ is NAME=FILE or NAME=FILE:LABEL, and the file must exist; got {text!r}."
        )
    return name, mask_of(Path(file), int(label))


def result_head(implant: Implant, rules: DoseRules, decay_d: float) -> dict[str, Any]:
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


def or_refused(work: Callable[[], Made]) -> Made:
    """Do work; what is refused becomes one sentence and exit status 2."""
    try:
        return work()
    except TongtaiError as error:
        typer.echo(f"tongtai: {error}", err=True)
        raise typer.Exit(ExitCode.REFUSED) from None


def tell(facts: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    """Facts as JSON, or lines for people with what every result must say."""
    if as_json:
        print_facts(facts)
    else:
        typer.echo("\n".join([*lines, *(f"! {limit}" for limit in LIMITS)]))


def print_facts(facts: dict[str, Any]) -> None:
    """JSON on standard output."""
    typer.echo(json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False))
