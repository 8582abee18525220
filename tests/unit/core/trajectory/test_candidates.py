"""Ranked paths: none breaks a rule, none is dominated, the same input gives the same paths."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.anatomies import upper_abdomen

from tongtai.core.needle import Needle
from tongtai.core.trajectory.candidates import Candidate, best_candidates, pareto_front, scored
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.needle_measure import NeedleMeasure
from tongtai.core.trajectory.needle_sets import choose_together, segment_distance_mm, shaft_distances_mm
from tongtai.core.trajectory.reach import reach, tumour_targets
from tongtai.core.trajectory.scene import prepare
from tongtai.formats.trajectory_rules import packaged_rules


@pytest.fixture(scope="module")
def measurer():
    places = {"one": ((-86.0, -18.0, 10.0), 14.0), "two": ((-60.0, 10.0, 30.0), 12.0)}
    return Measurer(prepare(upper_abdomen((30, 64, 74), (6.0, 4.5, 4.5), places), packaged_rules("mwa")))


@pytest.fixture(scope="module")
def reached(measurer):
    return reach(measurer.scene, tumour_targets(measurer.scene.anatomy))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), columns=st.integers(1, 4))
def test_the_front_is_that_of_comparing_all_pairs(seed, columns):
    rows = np.random.default_rng(seed).integers(0, 6, (40, columns)) / 5.0
    rows = np.unique(rows, axis=0)
    rows = rows[np.lexsort((np.arange(len(rows)), rows.sum(axis=1)))]
    dominated = [any(np.all(other <= row) and np.any(other < row) for other in rows) for row in rows]
    assert pareto_front(rows).tolist() == np.flatnonzero(~np.array(dominated)).tolist()


def test_offered_paths_keep_every_rule_and_their_distance(measurer, reached):
    for target in range(2):
        offer = best_candidates(reached, measurer, target, count=8)
        assert len(offer.candidates) == 8
        entries = np.array([c.measure.needle.entry_lps_mm for c in offer.candidates])
        away = np.linalg.norm(entries[:, None] - entries, axis=2)
        assert away[np.triu_indices(8, 1)].min() >= 10.0
        for candidate in offer.candidates:
            assert not candidate.measure.violations
            assert reached.open[target, candidate.skin_point]
            assert set(candidate.penalties) <= {c.name for c in measurer.scene.rules.criteria}


def test_pareto_paths_come_first_and_no_open_path_beats_the_best_by_much(measurer, reached):
    offer = best_candidates(reached, measurer, 0, count=8)
    flags = [candidate.pareto for candidate in offer.candidates]
    assert flags == sorted(flags, reverse=True)
    assert flags[0]
    points = np.flatnonzero(reached.open[0])[::25]
    others = measurer.measure([reached.needle(0, int(p)) for p in points], "one")
    best = min(scored(m, measurer.scene).score for m in others if not m.violations)
    assert offer.candidates[0].score <= best + 0.03, "up to what the planning grid rounds"


def test_the_same_input_gives_the_same_paths(measurer, reached):
    again = reach(measurer.scene, tumour_targets(measurer.scene.anatomy))
    assert best_candidates(reached, measurer, 1) == best_candidates(again, measurer, 1)


def test_an_unreachable_target_has_no_paths(measurer, reached):
    closed = np.ones_like(reached.blocked)
    nothing = type(reached)(**{f: getattr(reached, f) for f in reached.__slots__} | {"blocked": closed})
    assert best_candidates(nothing, measurer, 0).candidates == ()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), flat=st.booleans())
def test_segment_distance_is_that_of_dense_sampling(seed, flat):
    ends = np.random.default_rng(seed).uniform(-10, 10, (4, 3))
    if flat:
        ends[3] = ends[2] + 0.7 * (ends[1] - ends[0])
    share = np.linspace(0, 1, 401)[:, None]
    first = ends[0] + share * (ends[1] - ends[0])
    second = ends[2] + share * (ends[3] - ends[2])
    dense = np.linalg.norm(first[:, None] - second, axis=2).min()
    exact = segment_distance_mm((ends[0], ends[1]), (ends[2], ends[3]))
    assert exact <= dense + 1e-9
    assert exact == pytest.approx(dense, abs=0.1)


def test_outer_ends_count_when_needles_cross_above_the_skin():
    left = Needle((-10.0, -50.0, 0.0), (-40.0, 0.0, 0.0))
    right = Needle((10.0, -50.0, 0.0), (40.0, 0.0, 0.0))
    assert shaft_distances_mm([left, right], 58.0)[0, 1] > 15.0
    assert shaft_distances_mm([left, right], 120.0)[0, 1] == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_needles_chosen_together_are_the_best_of_all_choices(seed):
    chance = np.random.default_rng(seed)
    offers = [[_candidate(chance) for _ in range(4)] for _ in range(3)]
    found = choose_together(offers, gap_mm=12.0, needle_length_mm=60.0)
    best = np.inf
    for choice in np.ndindex(4, 4, 4):
        needles = [offers[n][place].measure.needle for n, place in enumerate(choice)]
        if shaft_distances_mm(needles, 60.0).min() >= 12.0:
            best = min(best, sum(offers[n][place].score for n, place in enumerate(choice)))
    if found is None:
        assert best == np.inf
        return
    needles = [offers[n][place].measure.needle for n, place in enumerate(found)]
    assert shaft_distances_mm(needles, 60.0).min() >= 12.0
    assert sum(offers[n][place].score for n, place in enumerate(found)) == pytest.approx(best)


def test_without_an_offer_there_is_no_choice():
    assert choose_together([[]], gap_mm=1.0, needle_length_mm=10.0) is None


def _candidate(chance):
    entry, tip = chance.uniform(-30, 30, (2, 3))
    measure = cast("NeedleMeasure", SimpleNamespace(needle=Needle(tuple(entry), tuple(tip))))
    return Candidate(measure=measure, penalties={}, score=chance.uniform(), skin_point=0, pareto=True)
