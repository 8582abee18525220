"""``tongtai seeds detect``: the seeds that a CT shows, their dose, and how that differs from the plan."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from tongtai.core.brachytherapy.cold_spots import ColdSpot, cold_spots
from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.brachytherapy.evaluation import ImplantEvaluation, evaluate_implant
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.rules import DoseRules, Formalism, RadialRule
from tongtai.core.brachytherapy.strength import strength_of_activity_u
from tongtai.core.seed_detection.corrections import CorrectedSeeds, corrected
from tongtai.core.seed_detection.errors import SeedDetectionError
from tongtai.core.seed_detection.finding import find_seeds
from tongtai.core.seed_detection.matching import SeedMatching, matched_seeds
from tongtai.core.seed_detection.rules import DetectionRules
from tongtai.core.volumes import Volume
from tongtai.entrypoints.cli.models import Json
from tongtai.entrypoints.cli.planning_input import ExitCode, Place, SeriesOption, WrittenOption
from tongtai.entrypoints.cli.seeds_detect_report import (
    Detected,
    ImplantDates,
    detection_facts,
    detection_lines,
)
from tongtai.entrypoints.cli.seeds_input import (
    FormalismOption,
    ImplantDateOption,
    RadialOption,
    mask_of,
    named_mask,
    or_refused,
    result_head,
    tell,
    text_of,
)
from tongtai.formats.image_reading import read_image
from tongtai.formats.seed_corrections import read_corrections
from tongtai.formats.seed_detection_folder import write_detection
from tongtai.formats.seed_files import read_seeds
from tongtai.formats.seed_models import seed_model
from tongtai.formats.whole_folder import check_free

# A seed that lies further from its plan than this is called another one.
_MATCH_MM = 15.0


def detect(
    place: Place,
    implanted: Annotated[
        int, typer.Option(min=1, max=1000, show_default=False, help="How many seeds were implanted.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to make; must not exist or be empty.", file_okay=False, show_default=False),
    ] = None,
    model: Annotated[str, typer.Option(help="Seed model, see `tongtai seeds models`.")] = "6711",
    strength_u: Annotated[
        float | None, typer.Option(help="Air-kerma strength of each seed at the implant.", show_default=False)
    ] = None,
    activity_mci: Annotated[
        float | None, typer.Option(help="The same as apparent activity.", show_default=False)
    ] = None,
    planned: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            show_default=False,
            help="CSV of the planned seeds, in this CT's space.",
        ),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            show_default=False,
            help="CSV: action,number,x_mm,y_mm,z_mm,axis_x,axis_y,axis_z,reason.",
        ),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, show_default=False, help="Mask of the target (NIfTI, NRRD)."
        ),
    ] = None,
    label: Annotated[int, typer.Option(min=0, help="Label of the target in its file; 0 is every label.")] = 0,
    organ: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FILE or NAME=FILE:LABEL; may be repeated.", show_default=False),
    ] = None,
    prescription_gy: Annotated[
        float | None, typer.Option(help="Dose to infinity; needed with --target.", show_default=False)
    ] = None,
    search: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            show_default=False,
            help="Mask of where to look; default is the body.",
        ),
    ] = None,
    threshold_hu: Annotated[
        float | None,
        typer.Option(help="Metal is above; default by the slices' distance.", show_default=False),
    ] = None,
    series: SeriesOption = "",
    formalism: FormalismOption = Formalism.LINE,
    radial: RadialOption = RadialRule.LINEAR,
    implant_date: ImplantDateOption = None,
    written_at: WrittenOption = None,
    as_json: Json = False,
) -> None:
    """Find the seeds of an implant in a CT; exit with 2 when the input is refused, 3 when the number differs."""
    rules = DoseRules(formalism=formalism, radial=radial)

    def work() -> tuple[Detected, dict[str, object]]:
        if out is not None:
            check_free(out)
        asked = None if planned is None else read_seeds(text_of(planned))
        strength = _strength_u(strength_u, activity_mci, model, asked)
        by_hand = () if corrections is None else read_corrections(text_of(corrections))
        if (target is None) != (prescription_gy is None):
            raise BrachytherapyError("Give both --target and --prescription-gy, or neither.")
        image = read_image(place, series)
        dates = ImplantDates.of(implant_date.date() if implant_date else None, image.taken_on)
        where = None if search is None else mask_of(search, 0)
        found = find_seeds(image.volume, DetectionRules(threshold_hu=threshold_hu), search=where)
        counted = corrected(found.seeds, by_hand)
        implant = _implant(counted, model, strength)
        hit = None if target is None else mask_of(target, label)
        organs = dict(named_mask(text) for text in organ or ())
        made = _judged(implant, asked, hit, organs, rules, prescription_gy)
        detected = Detected(found, counted, implanted, dates, *made)
        facts = {
            **result_head(implant, rules, 0.0),
            "air_kerma_strength_u": strength,
            "notes": list(image.notes),
            **detection_facts(detected),
        }
        if out is not None:
            write_detection(
                out,
                facts,
                implant,
                hit,
                image.sources,
                rules,
                prescription_gy,
                written_at or datetime.now(UTC),
                implanted_on=dates.implanted_on,
            )
        return detected, facts

    detected, facts = or_refused(work)
    tell(facts, detection_lines(detected), as_json=as_json)
    if len(detected.counted.seeds) != implanted:
        raise typer.Exit(ExitCode.NO_SAFE_PATH)


def _strength_u(
    strength_u: float | None, activity_mci: float | None, model: str, planned: Implant | None
) -> float:
    given = [value for value in (strength_u, activity_mci) if value is not None]
    known = seed_model(model)
    if len(given) == 1:
        value = (
            given[0]
            if strength_u is not None
            else strength_of_activity_u(given[0], u_per_mci=known.u_per_mci)
        )
    elif not given and planned is not None:
        value = planned.total_strength_u / len(planned.seeds)
    else:
        raise BrachytherapyError("Give one of --strength-u and --activity-mci, or the --planned seeds.")
    if not (np.isfinite(value) and value > 0.0):
        raise BrachytherapyError(f"A seed's strength must be above zero, got {value:g} U.")
    return value


def _implant(counted: CorrectedSeeds, model: str, strength_u: float) -> Implant:
    if not counted.seeds:
        raise SeedDetectionError(
            "No seed was found, so that there is no dose; check the series and --threshold-hu."
        )
    known = seed_model(model)
    return Implant(
        tuple(
            Seed(centre_lps_mm=one.centre_lps_mm, axis_lps=one.axis_lps, strength_u=strength_u, model=known)
            for one in counted.seeds
        )
    )


Judged = tuple[SeedMatching | None, ImplantEvaluation | None, ImplantEvaluation | None, tuple[ColdSpot, ...]]


def _judged(
    implant: Implant,
    planned: Implant | None,
    target: Volume | None,
    organs: dict[str, Volume],
    rules: DoseRules,
    prescription_gy: float | None,
) -> Judged:
    """Matching with the plan, evaluation of what is there and of the plan, cold spots."""
    matching = None
    if planned is not None:
        matching = matched_seeds(
            implant.centres_lps_mm,
            planned.centres_lps_mm,
            within_mm=_MATCH_MM,
            found_axes=implant.axes_lps,
            wanted_axes=planned.axes_lps,
        )
    if target is None or prescription_gy is None:
        return matching, None, None, ()
    there = evaluate_implant(implant, target, organs, rules, prescription_gy=prescription_gy)
    wanted = None
    if planned is not None:
        wanted = evaluate_implant(planned, target, organs, rules, prescription_gy=prescription_gy)
    cold = cold_spots(implant, target, rules, prescription_gy=prescription_gy)
    return matching, there, wanted, cold
