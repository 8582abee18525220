"""Seed doses beside the published tables of TG-43U1, rebuilt from ../shared/reference/tg43 where it is there."""

import csv
import itertools
import math
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.support.implants import HALF_MCI_U, seed, single

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.formalism import dose_rate_cgy_h_u
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.reference import run_seed_cases
from tongtai.core.brachytherapy.rules import DoseRules, Formalism, RadialRule
from tongtai.formats.seed_models import seed_model, seed_models
from tongtai.formats.seed_models.reference import seed_checks

pytestmark = pytest.mark.verification
SHARED = Path(os.environ.get("TONGTAI_SHARED", Path(__file__).parents[3] / "shared")) / "reference" / "tg43"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is absent")
RULES = [
    DoseRules(formalism=formalism, radial=radial)
    for formalism, radial in itertools.product(Formalism, RadialRule)
]


def rows(name: str) -> list[list[str]]:
    with (SHARED / name).open(encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def seen_from(along_cm: float, away_cm: float, length_cm: float) -> float:
    """The geometry function from the two ends of the line, written otherwise than in the program."""
    if away_cm == 0.0:
        return 1.0 / (along_cm**2 - length_cm**2 / 4)
    ends = [math.atan2(along_cm + side * length_cm / 2, away_cm) for side in (1, -1)]
    return (ends[0] - ends[1]) / (length_cm * away_cm)


@shared
@pytest.mark.parametrize("radial", RadialRule)
def test_every_tabulated_distance_and_angle(radial):
    """Dose rates at every (r, θ) of the anisotropy table, along and away, from the published numbers."""
    g = {float(r): float(value) for r, value in rows("tg43u1_6711_gL.csv")}
    distances = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0]
    model, compared = seed_model("6711"), 0
    for row in rows("tg43u1_6711_F.csv"):
        theta = math.radians(float(row[0]))
        for r, f in zip(distances, map(float, row[1:]), strict=True):
            along, away = r * math.cos(theta), 0.0 if theta == 0.0 else r * math.sin(theta)
            geometry = seen_from(along, away, 0.3) / seen_from(0.0, 1.0, 0.3)
            wanted = 0.965 * geometry * g[r] * f
            for angle in (theta, math.pi - theta):
                got = dose_rate_cgy_h_u(model, np.array(10.0 * r), np.array(angle), DoseRules(radial=radial))
                assert float(got) == pytest.approx(wanted, rel=1e-12)
                compared += 1
    assert compared == 132


@shared
@pytest.mark.parametrize("rules", RULES, ids=lambda rules: f"{rules.formalism}-{rules.radial}")
def test_every_tabulated_distance_on_the_transverse_axis(rules):
    g = {float(r): float(value) for r, value in rows("tg43u1_6711_gL.csv")}
    phi = {float(r): float(value) for r, value in rows("tg43u1_6711_phi_an.csv")}
    for r, value in g.items():
        around = np.interp(r, list(phi), list(phi.values())) if rules.formalism is Formalism.POINT else 1.0
        wanted = 0.965 * seen_from(0.0, r, 0.3) / seen_from(0.0, 1.0, 0.3) * value * around
        got = dose_rate_cgy_h_u(seed_model("6711"), np.array(10.0 * r), np.array(math.pi / 2), rules)
        assert float(got) == pytest.approx(float(wanted), rel=1e-12)


@shared
@pytest.mark.parametrize(("column", "model"), [(1, "6702"), (2, "2301"), (3, "I25.S06"), (4, "IS-12501")])
def test_the_other_models_hold_the_published_radial_functions(column, model):
    table = seed_models()[model].radial
    published = rows("tg43u1_other_I125_gL.csv")
    assert (table.radius_mm / 10).round(9).tolist() == [float(row[0]) for row in published]
    assert table.value.tolist() == [float(row[column]) for row in published]


@shared
def test_isoaid_holds_the_published_radial_function():
    table = seed_models()["IAI-125A"].radial
    published = rows("tg43u1s1_IAI125A_gL_consensus.csv")
    assert list(zip((table.radius_mm / 10).round(9), table.value, strict=True)) == [
        (float(r), float(g)) for r, g in published
    ]


@shared
def test_the_constants_are_those_of_the_collection():
    collected = {row[0]: row[1:] for row in rows("clrp_v2_dose_rate_constants.csv")}
    for name, model in seed_models().items():
        row = collected[{"2301": "Best2301"}.get(name, name)]
        assert model.monte_carlo_constant_cgy_h_u == float(row[0])
        if row[1]:
            assert model.dose_rate_constant_cgy_h_u == float(row[1])


@shared
def test_the_packaged_checks_are_the_collection():
    assert [(name, str(value)) for name, value in seed_checks().items()] == [
        (name, str(float(value))) for name, value in rows("tg43u1_6711_absolute_dose_checks.csv")
    ]


def test_absolute_doses():
    results = run_seed_cases(seed_model("6711"), seed_checks())
    assert len(results) == len(seed_checks()) + 1
    assert not [one for one in results if not one.passed]


def test_the_dose_rate_constant_is_the_dose_rate_at_the_reference_point():
    for model in seed_models().values():
        for formalism in model.formalisms:
            got = dose_rate_cgy_h_u(
                model, np.array(10.0), np.array(math.pi / 2), DoseRules(formalism=formalism)
            )
            around = 1.0
            if formalism is Formalism.POINT:
                assert model.anisotropy_1d is not None
                around = float(np.interp(10.0, model.anisotropy_1d.radius_mm, model.anisotropy_1d.value))
            assert float(got) == pytest.approx(model.dose_rate_constant_cgy_h_u * around, rel=1e-12)


def test_the_anisotropy_function_averages_to_the_anisotropy_factor():
    """φ_an is F averaged over the sphere, weighted with the geometry: the two tables must agree."""
    model = seed_model("6711")
    assert model.anisotropy is not None
    assert model.anisotropy_1d is not None
    theta = np.linspace(0.0, math.pi / 2, 9001)
    for r, phi in zip(model.anisotropy_1d.radius_mm, model.anisotropy_1d.value, strict=True):
        rate = dose_rate_cgy_h_u(model, np.full_like(theta, r), theta, DoseRules())
        mean = np.trapezoid(rate * np.sin(theta), theta) / rate[-1]
        # The published φ_an came from finer data than the table of F: 1 to 2 % remain.
        assert mean == pytest.approx(phi, rel=0.025)


def test_a_point_source_without_length_falls_with_the_square():
    table = replace(seed_model("6711").radial, value=np.ones(16))
    around = replace(seed_model("6711").radial, value=np.ones(16))
    model = replace(seed_model("6711"), active_length_mm=1e-9, radial=table, anisotropy_1d=around)
    radii = np.array([1.0, 5.0, 10.0, 25.0, 80.0])
    got = dose_rate_cgy_h_u(model, radii, np.zeros(5), DoseRules(formalism=Formalism.POINT))
    assert got == pytest.approx(0.965 * 100.0 / radii**2, rel=1e-12)


def test_twelve_seeds_on_a_lattice():
    centres = itertools.product((-5.0, 5.0), (-5.0, 5.0), (-10.0, 0.0, 10.0))
    implant = Implant(tuple(seed(centre=centre) for centre in centres))
    assert implant.total_activity_mci == pytest.approx(6.0)
    found = doses_at(implant, np.zeros((1, 3)), DoseRules())
    assert found.total_gy[0] == pytest.approx(162.58489, rel=1e-7)
    assert found.rate_gy_h[0] * 2056.7061 == pytest.approx(found.total_gy[0], rel=1e-7)


def test_half_a_millicurie_at_one_centimetre():
    assert doses_at(single(), np.array([[10.0, 0, 0]]), DoseRules()).total_gy[0] == pytest.approx(
        HALF_MCI_U * 0.965 * 2056.7061 / 100, rel=1e-7
    )
