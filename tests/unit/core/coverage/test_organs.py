"""Organs beside a tumour: zones keep off them, and what reaches one stands behind what does not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.support.anatomies import ellipsoid, straight_grid

from tongtai.core.coverage.alternatives import ORDER, plan_alternatives, rank
from tongtai.core.coverage.devices import Evidence
from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.lines import needle_lines
from tongtai.core.coverage.organs import organs_reached, organs_within, reaching
from tongtai.core.coverage.plans import plan_zones
from tongtai.core.coverage.targets import ablation_target
from tongtai.core.coverage.zones import Zone, packed
from tongtai.core.planning.warnings import organ_warnings
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.scene import prepare
from tongtai.core.volumes import Volume
from tongtai.formats.devices import packaged_catalogue
from tongtai.formats.trajectory_rules import packaged_rules

RULES = packaged_rules("mwa")
TABLE = packaged_catalogue().table("mwa-2450-cooled-he2010", Evidence.IN_VIVO)


def patient(bowel_from_mm, pocket_mm):
    """A liver ball of 60 mm with a tumour of 12 mm beside its middle; bowel from a plane on, but for a pocket."""
    grid = straight_grid((41, 61, 61), (3.0, 3.0, 3.0))
    liver = ellipsoid(grid, (0, 0, 0), (60, 60, 60))
    x = grid.lps_of(np.argwhere(np.ones(grid.voxels.shape, bool)))[:, 0].reshape(grid.voxels.shape)
    body = ellipsoid(grid, (0, 0, 0), (88, 78, 1e6))
    bowel = body & (x > bowel_from_mm) & ~ellipsoid(grid, (28, 0, 0), (pocket_mm,) * 3)
    structures = {"body": body, "liver": liver & ~bowel, "bowel": bowel}
    return Anatomy(grid, structures, {"t": ellipsoid(grid, (28, 0, 0), (12, 12, 12))})


class Case:
    def __init__(self, bowel_from_mm, pocket_mm=1.0, margin_mm=5.0):
        anatomy = patient(bowel_from_mm, pocket_mm)
        self.measurer = Measurer(prepare(anatomy, RULES.with_margin("bowel", margin_mm)))
        self.target = ablation_target(anatomy, "t")
        self.lines = needle_lines(self.measurer, self.target)

    def plan(self, **options):
        return plan_zones(self.measurer, self.target, self.lines, TABLE, **options)

    def alternatives(self):
        tables = [TABLE, packaged_catalogue().usable("mwa")[0]]
        generator = np.random.default_rng(1)
        return plan_alternatives(self.measurer, [self.target], self.lines, tables, generator, trials=50)


@pytest.fixture(scope="module")
def beside():
    """The bowel begins where the margin ends."""
    return Case(44.0)


@pytest.fixture(scope="module")
def touching():
    """The tumour lies in a pocket of the bowel, with 2 mm to spare."""
    return Case(24.0, 14.0)


@pytest.fixture(scope="module")
def within():
    """The bowel's mask takes the outer part of the tumour, and needles may enter it."""
    return Case(12.0, 8.0, -30.0)


def test_what_a_zone_reaches_is_measured(beside):
    # A ball of 10 mm whose centre lies 4 mm before the bowel: a cap 6 mm high, 6 mm deep.
    ball = Zone((41.5, 0.0, 0.0), (0.0, 0.0, 1.0), 20.0, 20.0)
    found = organs_reached(beside.target, [ball], RULES)
    assert [one.organ for one in found] == ["bowel"]
    # The first voxels' centres stand at 45 mm, their faces at 43.5 mm: a cap of 8 mm.
    cap_ml = np.pi * 8.0**2 * (10.0 - 8.0 / 3.0) / 1000.0
    assert found[0].volume_ml == pytest.approx(cap_ml, rel=0.15)
    assert found[0].depth_mm == pytest.approx(10.0 - 3.5, abs=0.6)
    away = replace(ball, centre_lps_mm=(30.0, 0.0, 0.0))
    assert organs_reached(beside.target, [away], RULES) == ()
    judged = reaching(beside.target, packed([ball, away]), RULES)
    assert {name: one.tolist() for name, one in judged.items()} == {"bowel": [True, False]}


def test_an_organ_in_a_mask_of_another_grid_is_measured(beside):
    """As the simulation of heat has: a box of 20 x 20 x 20 mm, 10 mm of it in the bowel."""
    transform = np.diag([1.0, 1.0, 1.0, 1.0])[[2, 1, 0, 3]]
    transform[:3, 3] = (34.0, -9.5, -9.5)
    contour = Volume(np.ones((20, 20, 20), bool), transform)
    found = organs_within(beside.target, contour, RULES)
    assert set(found) == {"bowel"}
    assert found["bowel"] == pytest.approx(4.0, rel=0.35), "voxels of 3 mm"


def test_what_the_rules_do_not_spare_may_be_reached(beside):
    ball = Zone((41.5, 0.0, 0.0), (0.0, 0.0, 1.0), 20.0, 20.0)
    lax = replace(RULES, obstacles=tuple(replace(one, spared_source="") for one in RULES.obstacles))
    assert organs_reached(beside.target, [ball], lax) == ()
    assert reaching(beside.target, packed([ball]), lax) == {}


def test_zones_that_cover_as_much_without_the_bowel_are_found(beside):
    spared, free = beside.plan(), beside.plan(spare_organs=False)
    assert spared.organs == ()
    assert spared.kept_off == ("bowel",)
    assert free.organs[0].volume_ml > 1.0
    assert spared.assessment.target_coverage > 0.99
    assert rank(spared) < rank(free)
    assert list(organ_warnings([spared, free], RULES)) == []


def test_zones_keep_off_the_bowel_though_more_could_be_covered(touching):
    spared, free = touching.plan(), touching.plan(spare_organs=False)
    assert spared.organs == ()
    assert 0.5 < spared.assessment.target_coverage < free.assessment.target_coverage
    assert rank(spared) < rank(free)


def test_the_table_shows_what_sparing_costs_and_the_warnings_say_what_helps(touching):
    plans = touching.alternatives()
    assert plans[0].organs == ()
    assert any(plan.organs for plan in plans)
    warned = list(organ_warnings(plans, RULES))
    assert [one.code for one in warned] == ["kept_off", "kept_off_costs", "organ_relief"]
    assert "bowel" in warned[0].text
    assert "hydrodissection" in warned[2].text


def test_where_no_treatment_spares_the_organ_the_least_reached_stands_first(within):
    plans = within.alternatives()
    reached = [sum(one.volume_ml for one in plan.organs) for plan in plans]
    treating = [ml for ml, plan in zip(reached, plans, strict=True) if plan.assessment.tumour_coverage >= 0.5]
    assert reached[0] == min(treating) > 0.05
    warned = list(organ_warnings(plans, RULES))
    assert warned[0].code == "organ_reached"
    assert warned[0].text.startswith(f"Zones reach {reached[0]:.1f} ml of bowel")


def test_a_device_all_of_whose_zones_reach_an_organ_is_refused(within):
    huge = [replace(size, short_mm=80.0) for size in TABLE.settings]
    with pytest.raises(CoverageError, match="would reach bowel"):
        within.plan(sizes=huge)


def test_the_order_is_the_one_that_is_documented():
    page = Path(__file__).parents[4] / "docs" / "explanation" / "needles-and-zones.md"
    text = page.read_text(encoding="utf-8")
    places = [text.index(f"| `{one.name}` |") for one in ORDER]
    assert places == sorted(places)
