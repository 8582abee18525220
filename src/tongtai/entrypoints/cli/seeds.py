"""``tongtai seeds``: iodine-125 seeds, their models, their dose at points, what they do to a target."""

import math
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.brachytherapy.evaluation import evaluate_implant
from tongtai.core.brachytherapy.radiobiology import TissueResponse
from tongtai.core.brachytherapy.robustness import dose_band
from tongtai.core.brachytherapy.rules import DoseRules, Formalism, RadialRule
from tongtai.entrypoints.cli.models import Json
from tongtai.entrypoints.cli.seed_planning import seeds_plan
from tongtai.entrypoints.cli.seeds_detect import detect
from tongtai.entrypoints.cli.seeds_edit import edit
from tongtai.entrypoints.cli.seeds_input import (
    CalibratedOption,
    FormalismOption,
    ImplantedOption,
    RadialOption,
    SeedsOption,
    decayed_implant,
    mask_of,
    named_mask,
    or_refused,
    print_facts,
    result_head,
    tell,
    text_of,
)
from tongtai.entrypoints.cli.seeds_recompute import recompute
from tongtai.entrypoints.cli.seeds_report import (
    biological_facts,
    dose_facts,
    dose_lines,
    doses_csv,
    dvh_facts,
    dvh_lines,
    model_facts,
    model_lines,
)
from tongtai.formats.seed_files import read_points
from tongtai.formats.seed_models import seed_models
from tongtai.formats.seed_plan_json import seed_schema_text

seeds_app = typer.Typer(help="Iodine-125 seeds: dose by TG-43U1.", no_args_is_help=True, add_completion=False)
seeds_app.command("detect")(detect)
seeds_app.command("recompute")(recompute)
seeds_app.command("edit")(edit)


@seeds_app.command("models")
def models(as_json: Json = False) -> None:
    """List the seed models with their constants, formalisms and sources."""
    found = list(seed_models().values())
    if as_json:
        print_facts({"models": [model_facts(one) for one in found]})
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
    out: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            show_default=False,
            help="CSV to write: x_mm,y_mm,z_mm,dose_rate_gy_h,total_dose_gy.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Give dose rate and total dose at points, the exact sum; exit with 2 when the input is refused."""
    rules = DoseRules(formalism=formalism, radial=radial)

    def work() -> tuple[dict[str, Any], list[str]]:
        implant, decay_d = decayed_implant(seeds, calibrated, implanted)
        places = read_points(text_of(points))
        found = doses_at(implant, places, rules, after_d=after_d)
        facts = dose_facts(found, places, after_d=after_d)
        if out is not None:
            # A rename is atomic: a table that was cut off leaves no half file behind.
            draft = out.with_name(f".{out.name}.part")
            draft.write_text(doses_csv(found, places), encoding="utf-8")
            draft.replace(out)
        return {**result_head(implant, rules, decay_d), **facts}, dose_lines(found, places, rules)

    facts, lines = or_refused(work)
    tell(facts, lines, as_json=as_json)


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
    alpha_beta_gy: Annotated[
        float | None, typer.Option(show_default=False, help="α/β for BED and EQD2; needs --repair-h.")
    ] = None,
    repair_h: Annotated[
        float | None, typer.Option(show_default=False, help="Half-time of repair; needs --alpha-beta-gy.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Give histograms, D90, V100 and indices of a target and organs; exit with 2 when the input is refused."""
    rules = DoseRules(formalism=formalism, radial=radial)

    def work() -> tuple[dict[str, Any], list[str]]:
        implant, decay_d = decayed_implant(seeds, calibrated, implanted)
        mask = mask_of(target, label)
        organs = dict(named_mask(text) for text in organ or ())
        found = evaluate_implant(implant, mask, organs, rules, prescription_gy=prescription_gy, parts=parts)
        band = None
        if trials:
            band = dose_band(
                implant, mask, rules, np.random.default_rng(seed),
                prescription_gy=prescription_gy, error_mm=error_mm, trials=trials,
            )  # fmt: skip
        half_life = implant.seeds[0].model.half_life_d
        biological = biological_facts(found, _tissue(alpha_beta_gy, repair_h), half_life)
        lines = [
            f"{one['structure']} {one['quantity']}: BED {one['bed_gy']:.1f} Gy, EQD2 {one['eqd2_gy']:.1f} Gy"
            for one in biological
        ]
        facts = {**result_head(implant, rules, decay_d), **dvh_facts(found, band), "biological": biological}
        return facts, [*dvh_lines(found, band, rules), *lines]

    facts, lines = or_refused(work)
    tell(facts, lines, as_json=as_json)


seeds_app.command("plan")(seeds_plan)


@seeds_app.command("plan-schema")
def plan_schema() -> None:
    """Print the JSON Schema of seed-plan.json."""
    typer.echo(seed_schema_text(), nl=False)


def _tissue(alpha_beta_gy: float | None, repair_h: float | None) -> TissueResponse | None:
    if (alpha_beta_gy is None) != (repair_h is None):
        raise BrachytherapyError("Give both --alpha-beta-gy and --repair-h, or neither.")
    if alpha_beta_gy is None or repair_h is None:
        return None
    return TissueResponse(alpha_beta_gy=alpha_beta_gy, repair_half_time_h=repair_h)
