"""What ``tongtai seeds`` prints: facts for JSON, lines for people."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.at_points import PointDoses
from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram
from tongtai.core.brachytherapy.evaluation import ISODOSE_SHARES, ImplantEvaluation
from tongtai.core.brachytherapy.indices import DEFINITIONS
from tongtai.core.brachytherapy.radiobiology import (
    FORMULA,
    TissueResponse,
    biologically_effective_dose_gy,
    equivalent_dose_2gy,
)
from tongtai.core.brachytherapy.robustness import DoseBand
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.brachytherapy.seed_models import SeedModel

_BINS = 60
SUB_VOXEL = "each voxel of a mask is cut into parts³ pieces, the dose is taken at the centre of each"


def model_facts(model: SeedModel) -> dict[str, Any]:
    """A seed model, without its tables."""
    tables = {"g": model.radial, "F": model.anisotropy, "phi_an": model.anisotropy_1d}
    return {
        "id": model.id,
        "name": model.name,
        "consensus": model.consensus,
        "formalisms": [one.value for one in model.formalisms],
        "dose_rate_constant_cgy_h_u": model.dose_rate_constant_cgy_h_u,
        "monte_carlo_constant_cgy_h_u": model.monte_carlo_constant_cgy_h_u,
        "active_length_mm": model.active_length_mm,
        "half_life_d": model.half_life_d,
        "u_per_mci": model.u_per_mci,
        "source": model.source,
        "table_sources": {name: None if table is None else table.source for name, table in tables.items()},
        "note": model.note,
    }


def model_lines(model: SeedModel) -> list[str]:
    """A seed model in three lines."""
    offered = ", ".join(model.formalisms) or "no dose"
    return [
        f"{model.id}: {model.name}; {offered}; {'consensus data' if model.consensus else 'no consensus'}",
        (
            f"  Λ {model.dose_rate_constant_cgy_h_u:g} cGy/(h U), L {model.active_length_mm:g} mm, "
            f"T½ {model.half_life_d:g} d, {model.u_per_mci:g} U/mCi"
        ),
        f"  {model.source}. {model.note}",
    ]


def dose_facts(found: PointDoses, points_mm: NDArray[np.float64], *, after_d: float) -> dict[str, Any]:
    """Doses at points, in the points' order."""
    rows = zip(points_mm.tolist(), found.rate_gy_h.tolist(), found.total_gy.tolist(), strict=True)
    return {
        "dose_until_d": None if math.isinf(after_d) else after_d,
        "points": [
            {"x_mm": x, "y_mm": y, "z_mm": z, "dose_rate_gy_h": rate, "total_dose_gy": total}
            for (x, y, z), rate, total in rows
        ],
    }


def dose_lines(found: PointDoses, points_mm: NDArray[np.float64], rules: DoseRules) -> list[str]:
    """A table of points."""
    rows = zip(points_mm, found.rate_gy_h, found.total_gy, strict=True)
    return [
        _rules_line(rules),
        f"{'x mm':>10}{'y mm':>10}{'z mm':>10}{'Gy/h':>14}{'Gy':>14}",
        *(f"{x:>10.3f}{y:>10.3f}{z:>10.3f}{rate:>14.6g}{total:>14.6g}" for (x, y, z), rate, total in rows),
    ]


def doses_csv(found: PointDoses, points_mm: NDArray[np.float64]) -> str:
    """Doses at points as CSV, in the points' order; every number with all its digits."""
    rows = zip(points_mm.tolist(), found.rate_gy_h.tolist(), found.total_gy.tolist(), strict=True)
    lines = [",".join(repr(value) for value in (*place, rate, total)) for place, rate, total in rows]
    return "\n".join(["x_mm,y_mm,z_mm,dose_rate_gy_h,total_dose_gy", *lines]) + "\n"


def biological_facts(
    found: ImplantEvaluation, tissue: TissueResponse | None, half_life_d: float
) -> list[dict[str, Any]]:
    """BED and EQD2 of the target's D90 and of every organ's D2cc; nothing without a tissue's answer."""
    if tissue is None:
        return []
    doses = {("target", "D90"): found.target.d90_gy}
    doses |= {(name, "D2cc"): one.d2cc_gy for name, one in found.organs.items() if one.d2cc_gy is not None}
    facts = []
    for (structure, quantity), dose in doses.items():
        bed = biologically_effective_dose_gy(dose, tissue, half_life_d=half_life_d)
        facts.append(
            {
                "structure": structure,
                "quantity": quantity,
                "dose_gy": dose,
                "bed_gy": bed,
                "eqd2_gy": equivalent_dose_2gy(bed, tissue),
                **asdict(tissue),
                "formula": FORMULA,
            }
        )
    return facts


def dvh_facts(found: ImplantEvaluation, band: DoseBand | None) -> dict[str, Any]:
    """Histograms and what is read from them."""
    edges = np.linspace(0.0, 3.0 * found.prescription_gy, _BINS + 1)
    return {
        "prescription_gy": found.prescription_gy,
        "sub_voxel": {"parts": found.parts, "rule": SUB_VOXEL},
        "target": asdict(found.target),
        "indices": asdict(found.indices),
        "index_definitions": dict(DEFINITIONS),
        "prescription_isodose_ml": found.isodose_ml,
        "isodoses": [
            {"share": share, "dose_gy": share * found.prescription_gy, "volume_ml": volume}
            for share, volume in _isodoses(found)
        ],
        "organs": {name: asdict(one) for name, one in found.organs.items()},
        "histograms": {name: _histogram(one, edges) for name, one in found.histograms.items()},
        "robustness": None if band is None else _band(band),
    }


def dvh_lines(found: ImplantEvaluation, band: DoseBand | None, rules: DoseRules) -> list[str]:
    """The same for people, without the histograms."""
    hit, fit = found.target, found.indices
    lines = [
        _rules_line(rules),
        (
            f"target {hit.volume_ml:.2f} ml: D90 {hit.d90_gy:.1f} Gy, D100 {hit.d100_gy:.1f} Gy, V100 {hit.v100:.1%}, "
            f"V150 {hit.v150:.1%}, V200 {hit.v200:.1%} of {found.prescription_gy:g} Gy"
        ),
        (
            f"CI {_or_none(fit.conformity_index)}, HI {_or_none(fit.homogeneity_index)}, "
            f"EI {fit.external_index:.3f}, NDR {_or_none(fit.natural_dose_ratio)}; "
            f"{found.isodose_ml:.2f} ml get the prescription"
        ),
    ]
    lines.append(
        "isodoses: "
        + ", ".join(
            f"{share * found.prescription_gy:g} Gy {volume:.2f} ml" for share, volume in _isodoses(found)
        )
    )
    lines += [
        f"{name} {one.volume_ml:.2f} ml: D2cc {_or_none(one.d2cc_gy)} Gy, D0.1cc {_or_none(one.d0_1cc_gy)} Gy, "
        f"Dmax {one.largest_gy:.1f} Gy"
        for name, one in found.organs.items()
    ]
    if band is not None:
        low, middle, high = band.d90_gy
        lines.append(
            f"seeds {band.error_mm:g} mm off, {band.trials} trials: D90 {middle:.1f} Gy (5 to 95 %: {low:.1f} to "
            f"{high:.1f}), V100 {band.v100[1]:.1%} ({band.v100[0]:.1%} to {band.v100[2]:.1%})"
        )
    return lines


def _isodoses(found: ImplantEvaluation) -> list[tuple[float, float]]:
    return [
        (share, found.everywhere.volume_ml_above(share * found.prescription_gy)) for share in ISODOSE_SHARES
    ]


def _histogram(one: DoseVolumeHistogram, edges_gy: NDArray[np.float64]) -> Mapping[str, Any]:
    return {
        "dose_gy": edges_gy.tolist(),
        "cumulative_share": one.cumulative(edges_gy).tolist(),
        "differential_ml": one.differential_ml(edges_gy).tolist(),
        "mean_gy": one.mean_gy,
    }


def _band(band: DoseBand) -> dict[str, Any]:
    return {
        "trials": band.trials,
        "error_mm": band.error_mm,
        "d90_gy_5_50_95": list(band.d90_gy),
        "v100_5_50_95": list(band.v100),
        **{name: getattr(band, name).tolist() for name in ("dose_gy", "planned", "low", "middle", "high")},
    }


def _rules_line(rules: DoseRules) -> str:
    told = rules.statements()
    return f"{told['formula']}; g {told['g_between']}, beyond the table {told['g_beyond']}"


def _or_none(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
