"""Absolute doses of seeds beside published ones: the same for the tests and for ``tongtai verify``."""

import itertools
from collections.abc import Mapping

import numpy as np

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.on_grids import total_dose_at_points
from tongtai.core.brachytherapy.rules import DoseRules, Formalism
from tongtai.core.brachytherapy.seed_models import SeedModel
from tongtai.core.brachytherapy.strength import delivered_share, mean_life_h
from tongtai.core.reference_case import CaseResult

ACTIVITY_MCI = 0.5
# The published values have eight digits.
RELATIVE = 2e-7
KERNEL_RELATIVE = 1e-3
_LATTICE_PLACES_MM = (
    (0.0, 0.0, 0.0),
    (0.0, 0.0, 5.0),
    (10.0, 0.0, 0.0),
    (15.0, 0.0, 0.0),
    (0.0, 0.0, 20.0),
    (20.0, 20.0, 20.0),
)


def run_seed_cases(model: SeedModel, checks: Mapping[str, float]) -> list[CaseResult]:
    """Compare doses of the 6711 seed with those of the table of checks, in the table's order.

    Parameters
    ----------
    model
        The 6711 seed.
    checks
        `tongtai.formats.seed_models.reference.seed_checks`.
    """
    computed = [*_constants(model), *_one_seed(model), *_decay(model), *_lattice(model)]
    exact = [
        CaseResult("TG-43 seed 6711", place, unit, expected, got, RELATIVE * expected)
        for (place, expected), (unit, got) in zip(checks.items(), computed, strict=True)
    ]
    return [*exact, _kernel(model)]


def _constants(model: SeedModel) -> list[tuple[str, float]]:
    return [("h", mean_life_h(model.half_life_d)), ("U/mCi", model.u_per_mci)]


def _one_seed(model: SeedModel) -> list[tuple[str, float]]:
    """On the transverse axis at 1 and 0.5 cm, as a point source at 1 cm, and on the axis at 1 cm."""
    implant = Implant((_seed(model, (0.0, 0.0, 0.0)),))
    line, point = DoseRules(), DoseRules(formalism=Formalism.POINT)
    places = (
        ((10.0, 0.0, 0.0), line),
        ((5.0, 0.0, 0.0), line),
        ((10.0, 0.0, 0.0), point),
        ((0.0, 0.0, 10.0), line),
    )
    return [("Gy", float(doses_at(implant, np.array([at]), rules).total_gy[0])) for at, rules in places]


def _decay(model: SeedModel) -> list[tuple[str, float]]:
    return [("1", delivered_share(days, half_life_d=model.half_life_d)) for days in (60.0, 180.0)]


def _lattice(model: SeedModel) -> list[tuple[str, float]]:
    found = doses_at(_twelve(model), np.array(_LATTICE_PLACES_MM), DoseRules()).total_gy
    return [("Gy", float(dose)) for dose in found]


def _kernel(model: SeedModel) -> CaseResult:
    """The compiled kernel of the grids beside the exact sum, on a lattice of places between the seeds."""
    rules, implant = DoseRules(), _twelve(model)
    steps = np.linspace(-31.0, 31.0, 17)
    points = np.array(np.meshgrid(steps, steps, steps)).reshape(3, -1).T
    exact = doses_at(implant, points, rules).total_gy
    deviation = np.abs(total_dose_at_points(implant, points, rules) / exact - 1.0)
    place = "largest relative deviation from the exact sum"
    return CaseResult("TG-43 kernel of the grids", place, "1", 0.0, float(deviation.max()), KERNEL_RELATIVE)


def _twelve(model: SeedModel) -> Implant:
    places = itertools.product((-5.0, 5.0), (-5.0, 5.0), (-10.0, 0.0, 10.0))
    return Implant(tuple(_seed(model, place) for place in places))


def _seed(model: SeedModel, centre_mm: tuple[float, float, float]) -> Seed:
    return Seed(
        centre_lps_mm=centre_mm,
        axis_lps=(0.0, 0.0, 1.0),
        strength_u=ACTIVITY_MCI * model.u_per_mci,
        model=model,
    )
