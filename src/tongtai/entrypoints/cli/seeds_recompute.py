"""``tongtai seeds recompute``: the seeds of anybody's plan computed again, beside the file's own dose."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

import tongtai
from tongtai.core.brachytherapy.dose_comparison import DoseComparison, compare_doses
from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.rules import DoseRules, Formalism, RadialRule
from tongtai.entrypoints.cli.models import Json
from tongtai.entrypoints.cli.planning_input import ExitCode
from tongtai.entrypoints.cli.seeds_input import (
    FormalismOption,
    RadialOption,
    or_refused,
    print_facts,
    result_head,
    tell,
)
from tongtai.formats.dicom.radiotherapy import (
    DoseFile,
    HistogramChecks,
    NoBrachyPlanError,
    RadiotherapyError,
    check_histograms,
    implant_of,
    read_dose,
    read_plan,
    target_prescription_gy,
)

# What counts as the same: γ for nine places in ten and more, means within two per cent.
_GAMMA_SHARE, _MEAN_SHARE = 0.95, 0.02
_FROM_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class _Read:
    """The files, as far as they were given."""

    implant: Implant | None
    notes: tuple[str, ...]
    prescription_gy: float | None
    dose: DoseFile | None
    histograms: HistogramChecks | None


def recompute(
    plan: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, show_default=False, help="RTPLAN of permanent seeds.")
    ],
    dose: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="RTDOSE to compare with.", show_default=False),
    ] = None,
    structures: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            show_default=False,
            help="RTSTRUCT, to compare the dose file's histograms with its grid.",
        ),
    ] = None,
    model: Annotated[
        str, typer.Option(help="Model of every source, where the file does not name one that is known.")
    ] = "",
    implanted: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            show_default=False,
            help="Day of the implant: strengths decay until then; default is that they hold at the implant.",
        ),
    ] = None,
    formalism: FormalismOption = Formalism.LINE,
    radial: RadialOption = RadialRule.LINEAR,
    gamma_percent: Annotated[float, typer.Option(min=0.1, max=20.0, help="Of γ, local.")] = 2.0,
    gamma_mm: Annotated[float, typer.Option(min=0.1, max=10.0, help="Of γ.")] = 1.0,
    as_json: Json = False,
) -> None:
    """Compute a plan's seeds again; exit with 2 when it is refused, 3 when the file's own dose differs."""
    rules = DoseRules(formalism=formalism, radial=radial)

    def work() -> tuple[dict[str, Any], list[str], bool]:
        read = _read(plan, dose, structures, model, implanted)
        compared = None
        if read.implant is not None and read.dose is not None:
            compared = _compared(
                read.implant, read.dose, rules, read.prescription_gy, gamma_percent, gamma_mm
            )
        return _facts(read, compared, rules), _lines(read, compared), _agrees(read, compared)

    facts, lines, agrees = or_refused(work)
    if as_json:
        print_facts(facts)
    else:
        tell(facts, lines, as_json=False)
    if not agrees:
        raise typer.Exit(ExitCode.NO_SAFE_PATH)


def _read(
    plan: Path, dose: Path | None, structures: Path | None, model: str, implanted: datetime | None
) -> _Read:
    content = plan.read_bytes()
    given = None if dose is None else read_dose(dose.read_bytes())
    prescription = target_prescription_gy(content)
    implant: Implant | None = None
    notes: tuple[str, ...]
    try:
        found = read_plan(content)
    except NoBrachyPlanError as reason:
        if given is None or structures is None:
            raise
        # What has no seeds can still be read, and its dose held against its own histograms.
        notes = (f"Nothing was computed: {reason}",)
    else:
        implant, notes = implant_of(
            found, model=model, implanted_on=None if implanted is None else implanted.date()
        )
        frame = "" if given is None else given.dose.frame_of_reference_uid
        if frame and found.frame_of_reference_uid and frame != found.frame_of_reference_uid:
            raise RadiotherapyError("Plan and dose lie in different frames of reference.")
        if given is not None and given.plan_uids and found.uid not in given.plan_uids:
            notes = (*notes, "The dose file names another plan than this.")
    checks = None
    if given is not None and structures is not None and given.histograms:
        checks = check_histograms(given, structures.read_bytes(), prescription_gy=prescription)
    return _Read(implant, notes, prescription, given, checks)


def _compared(
    implant: Implant,
    file: DoseFile,
    rules: DoseRules,
    prescription_gy: float | None,
    gamma_percent: float,
    gamma_mm: float,
) -> DoseComparison:
    reference = prescription_gy or float(np.percentile(file.dose.voxels[file.dose.voxels > 0.0], 90.0))
    if not reference > 0.0:
        raise BrachytherapyError("The dose file holds no dose.")
    return compare_doses(
        implant,
        file.dose,
        rules,
        np.random.default_rng(1),
        from_gy=_FROM_SHARE * reference,
        gamma_percent=gamma_percent,
        gamma_mm=gamma_mm,
    )


def _agrees(read: _Read, compared: DoseComparison | None) -> bool:
    if compared is not None:
        return compared.gamma_passed >= _GAMMA_SHARE
    checks = () if read.histograms is None else read.histograms.checks
    return all(
        one.told_mean_gy is None or abs(one.mean_gy - one.told_mean_gy) <= _MEAN_SHARE * one.told_mean_gy
        for one in checks
    )


def _facts(read: _Read, compared: DoseComparison | None, rules: DoseRules) -> dict[str, Any]:
    head: dict[str, Any] = {"software": f"tongtai {tongtai.__version__}"}
    if read.implant is not None:
        head = result_head(read.implant, rules, 0.0)
        head["seeds"] = [
            {
                "centre_lps_mm": list(one.centre_lps_mm),
                "axis_lps": list(one.axis_lps),
                "air_kerma_strength_u": one.strength_u,
                "model": one.model.id,
            }
            for one in read.implant.seeds
        ]
    return {
        **head,
        "notes": list(read.notes),
        "prescription_gy": read.prescription_gy,
        "comparison": None if compared is None else asdict(compared),
        "histograms": None if read.histograms is None else asdict(read.histograms),
        "agrees": _agrees(read, compared),
    }


def _lines(read: _Read, compared: DoseComparison | None) -> list[str]:
    lines = list(read.notes)
    if read.implant is not None:
        models = ", ".join(read.implant.models())
        lines.append(
            f"{len(read.implant.seeds)} seeds of {models}, {read.implant.total_strength_u:.3f} U in all"
        )
    if compared is not None:
        low, middle, high = compared.difference_percent
        lines.append(
            f"file's dose against recomputed, {compared.places} voxels from {compared.from_gy:.1f} Gy, {compared.beside_seeds_mm:g} mm "
            f"and more from a seed: {middle:+.2f} % (5 to 95 %: {low:+.2f} to {high:+.2f}), largest {compared.largest_percent:.2f} %; "
            f"γ {compared.gamma_percent:g} % / {compared.gamma_mm:g} mm: {compared.gamma_passed:.1%} passed"
        )
    if read.histograms is not None:
        lines += read.histograms.notes
        lines += [
            f"{one.name}: file {one.told_volume_ml:.2f} ml, mean {_number(one.told_mean_gy)} Gy, D90 {one.told_d90_gy:.3f} Gy; "
            f"grid {one.volume_ml:.2f} ml, mean {one.mean_gy:.4f} Gy, D90 {one.d90_gy:.3f} Gy"
            for one in read.histograms.checks
        ]
    return lines


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
