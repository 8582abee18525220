"""Histograms and indices beside closed forms."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.implants import ball, cube, seed, single

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram, subdivided
from tongtai.core.brachytherapy.errors import BrachytherapyError, DoseVolumeError
from tongtai.core.brachytherapy.evaluation import evaluate_implant, region_histogram
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.indices import natural_histogram, natural_prescription_dose_gy, plan_indices
from tongtai.core.brachytherapy.isodoses import isodose_lines, isodose_volumes_ml
from tongtai.core.brachytherapy.on_grids import total_dose_on_grid
from tongtai.core.brachytherapy.radiobiology import TissueResponse, biologically_effective_dose_gy
from tongtai.core.brachytherapy.robustness import dose_band
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume

RULES = DoseRules()


def lattice(step_mm=10.0, strength_u=0.635) -> Implant:
    places = itertools.product((-1, 0, 1), repeat=3)
    return Implant(
        tuple(seed(centre=tuple(step_mm * n for n in place), strength_u=strength_u) for place in places)
    )


def cap_share(height_mm: float, radius_mm: float) -> float:
    """Share of a ball above a plane at a height from its middle."""
    h = radius_mm - height_mm
    return h**2 * (3 * radius_mm - h) / (4 * radius_mm**3)


@pytest.mark.parametrize(("spacing_mm", "parts"), [(1.0, 1), (1.0, 2), (0.5, 1)])
def test_a_ball_in_a_linear_gradient(spacing_mm, parts):
    """Dose 100 + 5 z Gy in a ball of 10 mm: the cumulative histogram is that of spherical caps."""
    mask = ball(round(24 / spacing_mm), spacing_mm, 10.0)
    points, volume_ml = subdivided(mask, parts)
    found = DoseVolumeHistogram.of(100.0 + 5.0 * points[:, 2], volume_ml)
    heights = np.linspace(-9.0, 9.0, 37)
    exact = np.array([cap_share(z, 10.0) for z in heights])
    got = found.cumulative(100.0 + 5.0 * heights)
    # Undivided voxels hold their dose all over: half a voxel of the gradient.
    step = 0.75 * spacing_mm / parts / 2.0 / 10.0
    assert np.abs(got - exact).max() < step + 0.006
    assert found.total_ml == pytest.approx(4 / 3 * math.pi, rel=0.01)
    assert found.mean_gy == pytest.approx(100.0, abs=0.01)


def test_the_same_with_partial_volumes_is_nearly_exact():
    grid = cube(48, 0.5)
    places = grid.lps_of(np.moveaxis(np.indices(grid.voxels.shape), 0, -1)).reshape(-1, 3)
    offsets = np.array(list(itertools.product((-0.1875, -0.0625, 0.0625, 0.1875), repeat=3)))
    share = np.mean([np.linalg.norm(places + offset, axis=1) <= 10.0 for offset in offsets], axis=0)
    held = share > 0
    found = DoseVolumeHistogram.of(100.0 + 5.0 * places[held, 2], share[held] * grid.voxel_volume_ml)
    heights = np.arange(-8.0, 8.5, 0.5)
    exact = np.array([cap_share(z, 10.0) for z in heights])
    assert np.abs(found.cumulative(100.0 + 5.0 * heights) - exact).max() < 5e-4
    assert found.total_ml == pytest.approx(4 / 3 * math.pi, rel=2e-4)
    assert found.dose_to_share_gy(cap_share(-5.0, 10.0)) == pytest.approx(75.0, abs=1.3)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.0, 500.0), st.floats(0.01, 2.0)), min_size=1, max_size=30),
    st.floats(0.01, 1.0),
)
def test_dose_to_a_share_and_share_of_a_dose_agree(samples, share):
    doses, volumes = (np.array(column) for column in zip(*samples, strict=True))
    found = DoseVolumeHistogram.of(doses, volumes)
    dose = found.dose_to_share_gy(share)
    assert found.volume_share(dose) >= share - 1e-9
    assert found.volume_share(np.nextafter(dose, np.inf)) <= share + 1e-9
    edges = np.linspace(0.0, 500.0, 11)
    assert found.differential_ml(edges).sum() == pytest.approx(found.total_ml)
    assert found.least_gy <= dose <= found.largest_gy


def test_an_organ_that_is_smaller_than_two_millilitres_has_no_d2cc():
    mask = ball(14, 1.0, 5.0)
    found = evaluate_implant(single(), mask, {"duct": mask}, RULES, prescription_gy=20.0)
    organ = found.organs["duct"]
    assert organ.d2cc_gy is None
    assert organ.d0_1cc_gy is not None
    assert organ.d0_1cc_gy <= organ.largest_gy


def test_a_ball_around_one_seed():
    """D90 of a ball is the dose where a tenth of its volume lies farther out."""
    found = evaluate_implant(single(), ball(24, 1.0, 10.0), {}, RULES, prescription_gy=12.6, parts=3)
    radius = 10.0 * 0.9 ** (1 / 3)
    points = radius * np.array([[math.sin(t), 0, math.cos(t)] for t in np.linspace(0.02, math.pi / 2, 200)])
    weights = np.sin(np.linspace(0.02, math.pi / 2, 200))
    mean = float(np.average(doses_at(single(), points, RULES).total_gy, weights=weights))
    # F spreads the doses of a shell; the ball's D90 lies somewhat below the shell's mean.
    assert 0.75 * mean < found.target.d90_gy < mean
    assert found.target.v100 < 1.0
    assert found.target.v100 >= found.target.v150 >= found.target.v200
    assert found.isodose_ml >= found.target.v100 * found.target.volume_ml * 0.97


def test_more_pieces_change_little_and_lower_the_least_dose():
    results = [
        evaluate_implant(lattice(), ball(40, 1.0, 15.0), {}, RULES, prescription_gy=120.0, parts=parts).target
        for parts in (1, 2, 3)
    ]
    d90 = [one.d90_gy for one in results]
    assert d90 == pytest.approx([d90[-1]] * 3, rel=0.01)
    assert results[2].d100_gy < results[0].d100_gy


def test_indices_of_a_plan_that_fits_and_of_one_that_spills():
    doses = np.array([160.0, 120.0, 110.0, 40.0, 30.0])
    everywhere = DoseVolumeHistogram.of(doses, 1.0)
    fits = plan_indices(DoseVolumeHistogram.of(doses[:3], 1.0), everywhere, 100.0)
    assert (fits.conformity_index, fits.external_index) == (1.0, 0.0)
    assert fits.homogeneity_index == pytest.approx(2 / 3)
    spills = plan_indices(DoseVolumeHistogram.of(doses[:2], 1.0), everywhere, 100.0)
    assert spills.conformity_index == pytest.approx(2 / 3)
    assert spills.external_index == pytest.approx(1 / 2)
    cold = plan_indices(DoseVolumeHistogram.of(doses[3:], 1.0), everywhere, 200.0)
    assert cold.conformity_index is None
    assert cold.homogeneity_index is None


def test_the_natural_histogram_of_inverse_squares_is_flat():
    radii = np.linspace(2.0, 60.0, 400_001)
    found = DoseVolumeHistogram.of(1e4 / radii**2, 4 * math.pi * radii**2 * 1.45e-4)
    histogram = natural_histogram(found, np.geomspace(5.0, 1500.0, 20))
    assert histogram == pytest.approx(np.full(19, histogram.mean()), rel=1e-3)
    assert natural_prescription_dose_gy(found) is None


def test_a_lattice_has_a_natural_dose_that_follows_its_strength():
    weak, strong = (
        natural_prescription_dose_gy(region_histogram(lattice(strength_u=u), RULES, 120.0 * u / 0.635))
        for u in (0.635, 1.27)
    )
    assert weak is not None
    assert strong == pytest.approx(2.0 * weak, rel=1e-3)


def test_isodoses_lie_where_the_dose_is():
    dose = total_dose_on_grid(single(), cube(61, 0.5), RULES)
    lines = isodose_lines(dose, 30, 12.60298)
    assert len(lines) == 1
    assert np.linalg.norm(lines[0], axis=1) == pytest.approx(np.full(len(lines[0]), 10.0), abs=0.05)
    assert lines[0][:, 2] == pytest.approx(0.0)
    large, small = isodose_volumes_ml(dose, [12.6, 50.0])
    # Anisotropy takes some of the ball of 10 mm.
    assert 0.85 * 4.19 < large < 4.19
    assert small < large
    with pytest.raises(BrachytherapyError):
        isodose_lines(dose, 61, 10.0)


def test_effective_dose_by_its_formula():
    tissue = TissueResponse(alpha_beta_gy=10.0, repair_half_time_h=1.5)
    ratio = 1.5 / (59.40 * 24)
    wanted = 120.0 * (1 + 120.0 * ratio / (1 + ratio) / 10.0)
    assert biologically_effective_dose_gy(120.0, tissue, half_life_d=59.40) == pytest.approx(
        wanted, rel=1e-12
    )
    with pytest.raises(BrachytherapyError):
        TissueResponse(alpha_beta_gy=0.0, repair_half_time_h=1.0)


def band(error_mm, seed_number=3, trials=40):
    return dose_band(
        lattice(), ball(30, 1.5, 14.0), RULES, np.random.default_rng(seed_number),
        prescription_gy=120.0, error_mm=error_mm, trials=trials,
    )  # fmt: skip


def test_a_band_without_error_is_a_line():
    found = band(0.0, trials=3)
    assert np.array_equal(found.low, found.high)
    assert np.array_equal(found.low, found.planned)


def test_a_band_widens_with_the_error_and_repeats_with_the_seed():
    narrow, wide, again = band(1.0), band(4.0), band(4.0)
    assert np.array_equal(wide.low, again.low)
    assert np.all(wide.low <= wide.middle)
    assert np.all(wide.middle <= wide.high)
    assert wide.d90_gy[2] - wide.d90_gy[0] > narrow.d90_gy[2] - narrow.d90_gy[0]
    assert wide.d90_gy[1] < narrow.d90_gy[1]


def test_what_cannot_be_judged_is_refused():
    empty = Volume(np.zeros((3, 3, 3), np.bool_), np.eye(4))
    with pytest.raises(DoseVolumeError, match="empty"):
        evaluate_implant(single(), empty, {}, RULES, prescription_gy=10.0)
    for prescription in (0.0, -1.0, math.nan):
        with pytest.raises(DoseVolumeError, match="prescription"):
            evaluate_implant(single(), ball(9, 1.0, 3.0), {}, RULES, prescription_gy=prescription)
    with pytest.raises(DoseVolumeError):
        DoseVolumeHistogram.of(np.array([math.nan]), 1.0)
    with pytest.raises(DoseVolumeError):
        DoseVolumeHistogram.of(np.array([1.0]), 0.0)
