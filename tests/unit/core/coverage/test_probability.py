"""The probability of a margin against closed forms."""

import numpy as np
import pytest
from scipy import stats
from tests.support.balls import ball, ball_in_liver

from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.probability import (
    component_deviation_mm,
    margin_probability,
    required_points,
    wilson_interval,
)
from tongtai.core.coverage.zones import Zone, inside_any, packed

TRIALS = 20_000


@pytest.fixture(scope="module")
def target():
    return ball_in_liver(10.0)


@pytest.fixture(scope="module")
def required(target):
    return required_points(target)


def deviation(needle_mm=3.7, registration_mm=1.6):
    return np.hypot(component_deviation_mm(needle_mm), component_deviation_mm(registration_mm))


def test_a_mean_error_is_that_of_the_drawn_errors():
    draws = np.random.default_rng(0).normal(0, component_deviation_mm(3.7), (200_000, 3))
    assert np.linalg.norm(draws, axis=1).mean() == pytest.approx(3.7, abs=0.02)


@pytest.mark.parametrize("zone_mm", [17.0, 19.0, 21.0])
def test_concentric_balls_follow_the_maxwell_distribution(required, zone_mm):
    found = margin_probability(required, [ball(zone_mm)], [0], np.random.default_rng(1), trials=TRIALS)
    # The zone may move by R - r - 5 mm before the margin is thinner than 5 mm somewhere.
    exact = stats.maxwell.cdf(zone_mm - 10.0 - 5.0, scale=deviation())
    # A displacement of 0.1 mm is what sampled surfaces can be wrong by.
    slack = stats.maxwell.pdf(zone_mm - 15.0, scale=deviation()) * 0.1
    assert found.probability == pytest.approx(exact, abs=4 * found.standard_error + slack)
    assert found.low <= found.probability <= found.high


def test_a_zone_off_centre_follows_the_noncentral_chi_distribution(required):
    off = ball(20.0, (0.0, 2.5, 0.0))
    found = margin_probability(required, [off], [0], np.random.default_rng(2), trials=TRIALS)
    scale = deviation()
    exact = stats.ncx2.cdf(((20.0 - 15.0) / scale) ** 2, df=3, nc=(2.5 / scale) ** 2)
    assert found.probability == pytest.approx(exact, abs=4 * found.standard_error + 0.02)


def test_a_wanted_margin_of_nothing_is_coverage_of_the_tumour(target):
    found = margin_probability(
        required_points(target, 0.0), [ball(13.0)], [0], np.random.default_rng(3), trials=TRIALS
    )
    exact = stats.maxwell.cdf(3.0, scale=deviation())
    assert found.probability == pytest.approx(exact, abs=4 * found.standard_error + 0.02)


def test_errors_of_one_needle_are_shared_and_of_two_are_not(target):
    required = required_points(target, 0.0)
    zones = [ball(13.0), ball(13.0)]
    once = margin_probability(required, zones, [0, 0], np.random.default_rng(4), trials=TRIALS)
    twice = margin_probability(required, zones, [0, 1], np.random.default_rng(4), trials=TRIALS)
    assert twice.probability > once.probability + 0.05
    one = stats.maxwell.cdf(3.0, scale=deviation())
    assert once.probability == pytest.approx(one, abs=0.03), "two positions of one needle miss together"


def test_no_error_means_certainty(required):
    def sure(*zones: Zone) -> float:
        numbers = [0] * len(zones)
        chance = np.random.default_rng(5)
        return margin_probability(
            required, zones, numbers, chance, trials=50, needle_error_mm=0.0, registration_error_mm=0.0
        ).probability

    assert sure(ball(15.2)) == 1.0
    assert sure(ball(14.7)) == 0.0
    assert sure() == 0.0


def test_the_seed_makes_the_answer(required):
    ask = [margin_probability(required, [ball(18.0)], [0], np.random.default_rng(s)) for s in (6, 6, 7)]
    assert ask[0] == ask[1]
    assert ask[0] != ask[2]


def test_required_points_lie_on_the_margins_envelope(required):
    away = np.linalg.norm(required.points, axis=1)
    assert away.max() == pytest.approx(15.0, abs=0.1)
    assert inside_any(required.points, packed([ball(15.1)])).all()
    shell = required.points[away > 14.0]
    assert len(shell) > 1500


def test_at_the_capsule_only_the_tumour_itself_is_required():
    points = required_points(ball_in_liver(12.0, centre=(32.0, 0.0, 0.0))).points
    assert np.linalg.norm(points, axis=1).max() < 45.2, "nothing is asked for outside the liver"


@pytest.mark.parametrize(("held", "trials"), [(0, 20), (3, 20), (20, 20), (950, 1000)])
def test_wilson_bounds_are_where_the_score_test_turns(held, trials):
    for bound in wilson_interval(held, trials):
        if 0.0 < bound < 1.0:
            score = abs(held / trials - bound) / np.sqrt(bound * (1 - bound) / trials)
            assert score == pytest.approx(stats.norm.ppf(0.975))


def test_zones_and_needles_must_match(required):
    with pytest.raises(CoverageError):
        margin_probability(required, [ball(18.0)], [], np.random.default_rng(0))
    with pytest.raises(CoverageError):
        margin_probability(required, [ball(18.0)], [0], np.random.default_rng(0), trials=0)
