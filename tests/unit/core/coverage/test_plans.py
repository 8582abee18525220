"""Plans of zones: their order, their times, their needles; planned and placed by hand."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.anatomies import ellipsoid, rotated, straight_grid, upper_abdomen

from tongtai.core.coverage.alternatives import plan_alternatives, rank, row_of
from tongtai.core.coverage.devices import Evidence, ZoneSize
from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.lines import crossing_pairs, needle_lines
from tongtai.core.coverage.plans import ZonePlan, plan_by_hand, plan_zones, with_probability
from tongtai.core.coverage.probability import required_points
from tongtai.core.coverage.targets import ablation_target
from tongtai.core.needle import Needle
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.needle_sets import shaft_distances_mm
from tongtai.core.trajectory.reach import as_point
from tongtai.core.trajectory.rules import LimitName
from tongtai.core.trajectory.scene import prepare
from tongtai.formats.devices import packaged_catalogue
from tongtai.formats.trajectory_rules import packaged_rules

RULES = packaged_rules("mwa")
TABLE = packaged_catalogue().table("mwa-2450-cooled-he2010", Evidence.IN_VIVO)
SIZE = ZoneSize(
    power_w=60.0,
    current_ma=None,
    time_min=10.0,
    short_mm=30.0,
    long_mm=40.0,
    zone_beyond_tip_mm=5.0,
    statement="test",
    sources=("test",),
)


@pytest.fixture(scope="module")
def patient():
    return upper_abdomen((30, 60, 70), (6.0, 4.8, 4.8), {"t": ((-86.0, -18.0, 10.0), 17.0)})


@pytest.fixture(scope="module")
def measurer(patient):
    return Measurer(prepare(patient, RULES))


@pytest.fixture(scope="module")
def target(patient):
    return ablation_target(patient, "t")


@pytest.fixture(scope="module")
def lines(measurer, target):
    return needle_lines(measurer, target)


@pytest.fixture(scope="module")
def plan(measurer, target, lines):
    return plan_zones(measurer, target, lines, TABLE)


@pytest.fixture(scope="module")
def ball_patient():
    """A liver ball of 60 mm with a tumour in its middle."""
    grid = straight_grid((41, 81, 101), (2.0, 2.0, 2.0))
    body, liver = ellipsoid(grid, (0, 0, 0), (98, 78, 1e6)), ellipsoid(grid, (0, 0, 0), (60, 60, 60))
    return Anatomy(grid, {"body": body, "liver": liver}, {"t": ellipsoid(grid, (0, 0, 0), (12, 12, 12))})


@pytest.fixture(scope="module")
def by_hand(ball_patient):
    """Two needles from the front: one gives energy twice, the other stands and gives none."""
    needles = [Needle((0.0, -76.0, 0.0), (0.0, 20.0, 0.0)), Needle((3.0, -76.0, 0.0), (3.0, -20.0, 0.0))]
    ball_measurer = Measurer(prepare(ball_patient, RULES))
    return plan_by_hand(
        ball_measurer, ablation_target(ball_patient, "t"), TABLE, needles, [(0, 81.0, SIZE), (0, 96.0, SIZE)]
    )


def test_every_line_and_every_planned_needle_keeps_the_rules(lines, plan):
    assert len(lines) > 4
    assert all(not line.measure.violations for line in lines)
    assert all(not needle.violations for needle in plan.needles)


def test_lines_may_be_used_at_any_shallower_depth(lines, measurer):
    for line in lines:
        assert line.measure.length_mm == pytest.approx(line.deepest_mm)
        assert 0.0 < line.aim_depth_mm <= line.deepest_mm + 1e-6


def test_the_plan_covers_the_target_with_needles_that_do_not_cross(plan, measurer):
    assert plan.assessment.tumour_coverage == 1.0
    assert plan.assessment.target_coverage > 0.99
    assert len(plan.needles) + len(plan.positions) >= plan.selection.bound
    length = RULES.limit(LimitName.NEEDLE_LENGTH_MM)
    apart = shaft_distances_mm([needle.needle for needle in plan.needles], length)
    assert apart.min(initial=np.inf) >= RULES.limit(LimitName.NEEDLE_GAP_MM)


def test_crossing_pairs_are_those_nearer_than_the_gap(lines, measurer):
    length = RULES.limit(LimitName.NEEDLE_LENGTH_MM)
    apart = shaft_distances_mm([line.needle for line in lines], length)
    pairs = crossing_pairs(lines, measurer.scene, [line.deepest_mm for line in lines])
    assert all(one < other for one, other in pairs)
    assert len(pairs) == int((apart < RULES.limit(LimitName.NEEDLE_GAP_MM)).sum()) // 2


def test_needles_that_meet_outside_once_one_is_drawn_back_are_a_crossing_pair(lines, measurer):
    length, gap = RULES.limit(LimitName.NEEDLE_LENGTH_MM), RULES.limit(LimitName.NEEDLE_GAP_MM)
    line, back_mm = lines[0], 30.0
    along = np.asarray(line.needle.direction)
    side = np.cross(along, np.roll(along, 1))
    side /= np.linalg.norm(side)
    # The other passes within the gap of the first's outer end when that is drawn back, and far from it before.
    outer = line.needle.point_at(line.deepest_mm - back_mm - length)
    tip = outer + 0.8 * gap * np.cross(along, side) + 60.0 * side
    other = Needle(as_point(tip - length * side), as_point(tip))
    lying = replace(line, measure=replace(line.measure, needle=other), deepest_mm=length)
    both = (line, lying)
    assert crossing_pairs(both, measurer.scene, [line.deepest_mm, length]) == ()
    assert crossing_pairs(both, measurer.scene, [line.deepest_mm - back_mm, length]) == ((0, 1),)


def test_the_deepest_comes_first_and_each_needle_is_drawn_back(plan, by_hand):
    for each in (plan, by_hand):
        lengths = [needle.length_mm for needle in each.needles]
        assert lengths == sorted(lengths, reverse=True)
        numbers = [position.needle for position in each.positions]
        assert numbers == sorted(numbers)
        for before, after in zip(each.positions, each.positions[1:], strict=False):
            if before.needle != after.needle:
                assert after.pull_back_mm == 0.0
                continue
            assert after.pull_back_mm == pytest.approx(before.tip_depth_mm - after.tip_depth_mm)
            assert after.pull_back_mm > 0.0
        assert each.energy_time_min == pytest.approx(sum(one.size.time_min for one in each.positions))


def test_pull_back_total_time_and_track_of_a_plan_by_hand(by_hand):
    assert [position.tip_depth_mm for position in by_hand.positions] == [96.0, 81.0]
    assert [position.pull_back_mm for position in by_hand.positions] == [0.0, 15.0]
    assert by_hand.energy_time_min == 20.0
    # The capsule lies 60 mm before the middle; the last zone begins 35 mm before a tip at 5 mm.
    assert by_hand.track_ablation_mm[0] == pytest.approx(60.0 + 5.0 - 35.0, abs=2.0)
    assert by_hand.track_ablation_mm[1] == 0.0, "a needle without energy burns no track"


def test_needles_by_hand_are_judged_as_they_stand(by_hand):
    assert [needle.length_mm for needle in by_hand.needles] == pytest.approx([96.0, 56.0])
    idle = by_hand.needles[1]
    assert {violation.constraint for violation in idle.violations} >= {"off_target"}
    assert by_hand.selection is None
    assert row_of(by_hand).method == "by hand"


def test_a_plan_placed_again_by_hand_is_the_same_plan(plan, measurer, target):
    needles = [measure.needle for measure in plan.needles]
    same = [(one.needle, one.tip_depth_mm, one.size) for one in plan.positions]
    again = plan_by_hand(measurer, target, plan.table, needles, same[::-1])
    for here, there in zip(plan.positions, again.positions, strict=True):
        assert (there.needle, there.size) == (here.needle, here.size)
        assert there.tip_depth_mm == here.tip_depth_mm
        assert there.zone.centre_lps_mm == pytest.approx(here.zone.centre_lps_mm)
    assert [one.needle.entry_lps_mm for one in again.needles] == [
        one.needle.entry_lps_mm for one in plan.needles
    ]
    assert again.track_ablation_mm == pytest.approx(plan.track_ablation_mm)
    _same_result(plan, again)


@pytest.mark.parametrize("application", [(2, 50.0, SIZE), (-1, 50.0, SIZE), (0, 0.0, SIZE), (0, 97.0, SIZE)])
def test_energy_outside_the_needles_is_refused(ball_patient, application):
    measurer = Measurer(prepare(ball_patient, RULES))
    needles = [Needle((0.0, -76.0, 0.0), (0.0, 20.0, 0.0)), Needle((3.0, -76.0, 0.0), (3.0, -20.0, 0.0))]
    with pytest.raises(CoverageError, match=r"needles from|cannot be given"):
        plan_by_hand(measurer, ablation_target(ball_patient, "t"), TABLE, needles, [application])


def mirrored(needle: Needle) -> Needle:
    (x, y, z), (u, v, w) = needle.entry_lps_mm, needle.tip_lps_mm
    return Needle((-x, y, z), (-u, v, w))


def test_mirroring_patient_and_needles_mirrors_only_coordinates(patient, plan):
    other = rotated(patient, np.diag([-1.0, 1.0, 1.0]), (0.0, 0.0, 0.0))
    again = plan_by_hand(
        Measurer(prepare(other, RULES)),
        ablation_target(other, "t"),
        plan.table,
        [mirrored(measure.needle) for measure in plan.needles],
        [(one.needle, one.tip_depth_mm, one.size) for one in plan.positions],
    )
    for here, there in zip(plan.needles, again.needles, strict=True):
        assert there.mediolateral_deg == pytest.approx(-here.mediolateral_deg, abs=1e-6)
        assert there.length_mm == pytest.approx(here.length_mm)
        assert there.liver_pass_mm == pytest.approx(here.liver_pass_mm, abs=1e-6)
        assert dict(there.distance_mm) == pytest.approx(dict(here.distance_mm), abs=1e-6)
    assert again.track_ablation_mm == pytest.approx(plan.track_ablation_mm, abs=1e-6)
    _same_result(plan, again)


def _same_result(plan: ZonePlan, again: ZonePlan) -> None:
    one, other = plan.assessment, again.assessment
    assert other.target_coverage == pytest.approx(one.target_coverage, abs=1e-9)
    assert other.collateral_ml == pytest.approx(one.collateral_ml, abs=0.2)
    assert other.remnant_share == pytest.approx(one.remnant_share, abs=1e-3)
    assert other.margin.minimum_mm == pytest.approx(one.margin.minimum_mm, abs=0.05)


def test_alternatives_are_ranked_repeatable_and_complete(patient, measurer, target, lines):
    tables = packaged_catalogue().usable("mwa")[:3]
    targets = [target, ablation_target(patient, "t", margin_mm=10.0)]
    made = [
        plan_alternatives(measurer, targets, lines, tables, np.random.default_rng(7), trials=200)
        for _ in range(2)
    ]
    rows = [[row_of(plan) for plan in plans] for plans in made]
    assert rows[0] == rows[1], "the same seed gives the same table"
    asked = [plan for plan in made[0] if plan.margin_mm == 5.0]
    assert {plan.table.table_id for plan in asked} == {table.table_id for table in tables}
    assert [rank(plan) for plan in asked] == sorted(rank(plan) for plan in asked)
    assert made[0][-1].margin_mm == 10.0
    for row in rows[0]:
        assert row.probability is not None
        assert row.probability_low is not None
        assert row.probability_high is not None
        assert row.probability_low <= row.probability <= row.probability_high


def test_extrapolation_is_said(by_hand, measurer, target, lines):
    beyond = TABLE.zone(power_w=60.0, time_min=40.0, extrapolate=True)
    plan = plan_zones(measurer, target, lines, TABLE, sizes=[beyond])
    assert plan.extrapolated
    assert row_of(plan).extrapolated
    assert not by_hand.extrapolated


def test_without_lines_or_settings_there_is_no_plan(measurer, target, lines):
    with pytest.raises(CoverageError, match="No needle line"):
        plan_zones(measurer, target, [], TABLE)
    with pytest.raises(CoverageError, match="no usable setting"):
        plan_zones(measurer, target, lines, TABLE, sizes=[])


def test_the_probability_belongs_to_the_plan(plan, target):
    found = [
        with_probability(plan, required_points(target, margin), np.random.default_rng(1), trials=300)
        for margin in (5.0, 0.0)
    ]
    asked, none = (each.probability for each in found)
    assert asked is not None
    assert none is not None
    assert 0.0 <= asked.low <= asked.probability <= asked.high <= 1.0
    assert none.probability >= asked.probability
