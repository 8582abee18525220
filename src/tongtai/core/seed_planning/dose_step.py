"""From an implant to the plan's numbers: doses, isodoses, histograms, their band, biological doses."""

from collections.abc import Iterator

import numpy as np

from tongtai.core.brachytherapy import on_grids
from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram
from tongtai.core.brachytherapy.evaluation import ISODOSE_SHARES, ImplantEvaluation
from tongtai.core.brachytherapy.indices import DEFINITIONS
from tongtai.core.brachytherapy.live import LiveImplant
from tongtai.core.brachytherapy.radiobiology import (
    FORMULA,
    biologically_effective_dose_gy,
    equivalent_dose_2gy,
)
from tongtai.core.brachytherapy.robustness import dose_band
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.dosimetry import (
    BandFound,
    BiologicalDose,
    DosesFound,
    HistogramFound,
    IndexFound,
    IsodoseFound,
    OrganDosesFound,
    TargetDosesFound,
)
from tongtai.core.seed_planning.goals import TARGET
from tongtai.core.seed_planning.rules import RuledTissue, SeedNumber

_BINS = 120
_MOST_SHARE = 4.0
_ERROR_PURPOSE, _BAND_PURPOSE = 2, 3
_ERROR_PLACES = 4000


def doses_found(case: SeedCase, live: LiveImplant, found: ImplantEvaluation) -> DosesFound:
    """Everything that is read from the dose."""
    error = on_grids.grid_error(
        live.implant,
        live.dose_grid(),
        case.knowledge.dose_rules,
        case.generator(_ERROR_PURPOSE),
        places=_ERROR_PLACES,
    )
    return doses_read(found, case.request.prescription_gy, grid_error=error.largest)


def doses_read(found: ImplantEvaluation, prescription_gy: float, *, grid_error: float) -> DosesFound:
    """What is read from an evaluation; the grid's error as it was measured with this kernel."""
    target = found.target
    return DosesFound(
        parts=found.parts,
        target=TargetDosesFound(
            volume_ml=target.volume_ml, d90_gy=target.d90_gy, d100_gy=target.d100_gy, mean_gy=target.mean_gy,
            v100=target.v100, v150=target.v150, v200=target.v200,
        ),
        organs=organs_found(found),
        indices=tuple(
            IndexFound(name=name, value=getattr(found.indices, name), definition=text)
            for name, text in DEFINITIONS.items()
        ),
        prescription_isodose_ml=found.isodose_ml,
        isodoses=tuple(
            IsodoseFound(
                share=share,
                dose_gy=share * prescription_gy,
                volume_ml=found.everywhere.volume_ml_above(share * prescription_gy),
            )
            for share in ISODOSE_SHARES
        ),
        histograms=tuple(
            histogram_found(name, one, prescription_gy)
            for name, one in sorted(found.histograms.items(), key=lambda item: (item[0] != TARGET, item[0]))
        ),
        grid_error=grid_error,
    )  # fmt: skip


def organs_found(found: ImplantEvaluation) -> tuple[OrganDosesFound, ...]:
    """Doses of every organ, the hottest first."""
    return tuple(
        OrganDosesFound(
            name=name,
            volume_ml=one.volume_ml,
            d2cc_gy=one.d2cc_gy,
            d0_1cc_gy=one.d0_1cc_gy,
            largest_gy=one.largest_gy,
            mean_gy=one.mean_gy,
        )
        for name, one in sorted(found.organs.items(), key=lambda item: (-item[1].largest_gy, item[0]))
    )


def histogram_found(name: str, one: DoseVolumeHistogram, prescription_gy: float) -> HistogramFound:
    """A histogram at 121 doses from nothing to four times the prescription."""
    edges = np.linspace(0.0, _MOST_SHARE * prescription_gy, _BINS + 1)
    return HistogramFound(
        structure=name,
        volume_ml=one.total_ml,
        dose_gy=tuple(edges.tolist()),
        cumulative_share=tuple(one.cumulative(edges).tolist()),
        differential_ml=tuple(one.differential_ml(edges).tolist()),
    )


def band_found(case: SeedCase, live: LiveImplant) -> BandFound | None:
    """The target's histogram under misplaced seeds; None when no trials were asked for."""
    if not case.knowledge.trials:
        return None
    error = case.knowledge.rules.numbers[SeedNumber.PLACEMENT_ERROR_MM]
    band = dose_band(
        live.implant, case.region.mask, case.knowledge.dose_rules, case.generator(_BAND_PURPOSE),
        prescription_gy=case.request.prescription_gy, error_mm=error.value, trials=case.knowledge.trials,
    )  # fmt: skip
    curves = (band.dose_gy, band.planned, band.low, band.middle, band.high)
    doses, planned, low, middle, high = (tuple(float(value) for value in curve) for curve in curves)
    return BandFound(
        trials=band.trials, error_mm=band.error_mm, error_source=error.source, dose_gy=doses, planned=planned,
        low=low, middle=middle, high=high, d90_gy=band.d90_gy, v100=band.v100,
    )  # fmt: skip


def biological_doses(case: SeedCase, found: ImplantEvaluation) -> tuple[BiologicalDose, ...]:
    """BED and EQD2 of the target's D90, and of every organ's D2cc that a goal limits."""
    limited = {goal.structure for goal in case.request.goals} & set(found.organs)

    def all_of() -> Iterator[BiologicalDose]:
        yield _biological(case, TARGET, "D90", found.target.d90_gy, case.knowledge.rules.tumour)
        for name in sorted(limited):
            dose = found.organs[name].d2cc_gy
            if dose is not None:
                yield _biological(case, name, "D2cc", dose, case.knowledge.rules.organ)

    return tuple(all_of())


def _biological(
    case: SeedCase, structure: str, quantity: str, dose_gy: float, tissue: RuledTissue
) -> BiologicalDose:
    response, half_life = tissue.response, case.knowledge.model.half_life_d
    bed = biologically_effective_dose_gy(dose_gy, response, half_life_d=half_life)
    return BiologicalDose(
        structure=structure,
        quantity=quantity,
        dose_gy=dose_gy,
        alpha_beta_gy=response.alpha_beta_gy,
        repair_half_time_h=response.repair_half_time_h,
        bed_gy=bed,
        eqd2_gy=equivalent_dose_2gy(bed, response),
        formula=FORMULA,
        source=tissue.source,
    )
