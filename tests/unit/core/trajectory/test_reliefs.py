"""What blocks, and what would open a way: each relief on a patient in whom it alone helps."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.anatomies import ellipsoid, straight_grid, upper_abdomen

from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.reach import reach, tumour_targets
from tongtai.core.trajectory.reliefs import blocking_of, explain, in_other_breath, relieved, relieved_rules
from tongtai.core.trajectory.rules import Relief, ReliefKind
from tongtai.core.trajectory.scene import prepare
from tongtai.formats.trajectory_rules import packaged_rules

RULES = packaged_rules("mwa")
AXIS = np.array([0.0, 0.0, 1.0])


def reached_in(anatomy, rules=RULES):
    return reach(prepare(anatomy, rules), tumour_targets(anatomy))


@pytest.fixture(scope="module")
def reached():
    return reached_in(upper_abdomen((24, 48, 56), (8.0, 6.0, 6.0)))


def walled(name: str, thick_mm: float) -> Anatomy:
    """A liver all around which lies one organ."""
    grid = straight_grid((17, 55, 55), (6.0, 4.0, 4.0))
    body = ellipsoid(grid, (0, 0, 0), (104, 104, 1e6))
    liver = ellipsoid(grid, (0, 0, 0), (50, 50, 46))
    outer = ellipsoid(grid, (0, 0, 0), (62 + thick_mm, 62 + thick_mm, 1e6))
    ring = outer & ~ellipsoid(grid, (0, 0, 0), (62, 62, 1e6))
    return Anatomy(
        grid, {"body": body, "liver": liver, name: ring}, {"t": ellipsoid(grid, (0, 0, 0), (9, 9, 9))}
    )


def test_shares_of_the_skin_add_up(reached):
    blocking = blocking_of(reached, 0)
    first = sum(item.first_cm2 for item in blocking)
    assert first + reached.open_area_cm2(0) == pytest.approx(reached.scene.skin.area_cm2)
    for item in blocking:
        assert item.alone_cm2 <= item.any_cm2 + 1e-9
        assert item.first_cm2 <= item.any_cm2 + 1e-9


def test_what_a_constraint_closes_alone_is_what_its_removal_opens(reached):
    for item in blocking_of(reached, 0):
        if item.constraint in {"bone", "stomach", "bowel"}:
            without = reached_in(reached.scene.anatomy, RULES.with_margin(item.constraint, None))
            assert without.open_area_cm2(0) - reached.open_area_cm2(0) == pytest.approx(item.alone_cm2)


def test_fluid_opens_a_thin_organ_and_not_a_thick_one():
    for thick_mm, opens in ((4.0, True), (36.0, False)):
        closed = reached_in(walled("bowel", thick_mm))
        assert closed.open_area_cm2(0) == 0.0
        openings = {o.relief.name: o for o in explain(closed)[0].openings}
        assert ("hydrodissection:bowel" in openings) == opens
        if opens:
            assert openings["hydrodissection:bowel"].won_cm2 > 50.0


def test_a_lung_in_the_way_is_opened_by_crossing_it():
    closed = reached_in(walled("lung", 20.0))
    assert closed.open_area_cm2(0) == 0.0
    best = explain(closed)[0].openings[0]
    assert best.relief.name == "crossing:lung"
    free = reached_in(walled("unknown", 20.0))
    assert best.after_cm2 == pytest.approx(free.open_area_cm2(0))


def test_a_tilted_gantry_wins_exactly_the_steeper_paths(reached):
    relief = Relief(kind=ReliefKind.GANTRY_TILT, amount=30.0, source="test")
    tilted = relieved(reached, relief)
    again = reached_in(reached.scene.anatomy, relieved_rules(RULES, relief))
    assert np.array_equal(tilted.blocked, again.blocked)
    assert tilted.open_area_cm2(0) > reached.open_area_cm2(0)
    assert (tilted.open | ~reached.open).all()


def test_another_breath_moves_the_liver_and_the_base_of_the_lung():
    anatomy = upper_abdomen((24, 48, 56), (8.0, 6.0, 6.0))
    down = in_other_breath(anatomy, -16.0, AXIS)
    assert np.array_equal(down.structures["liver"][:-2], anatomy.structures["liver"][2:])
    assert np.array_equal(down.tumours["tumour"][:-2], anatomy.tumours["tumour"][2:])
    assert down.structures["bone"] is anatomy.structures["bone"]
    assert down.structures["lung"].sum() > anatomy.structures["lung"].sum()
    up = in_other_breath(anatomy, 16.0, AXIS)
    assert up.structures["lung"].sum() < anatomy.structures["lung"].sum()
    for moved in (down, up):
        assert not (moved.structures["lung"] & moved.structures["liver"]).any()


def test_a_breath_that_clears_the_ribs_is_found():
    anatomy = walled("bone", 8.0)
    gap = anatomy.structures["bone"].copy()
    gap[:6] = False
    caged = replace(anatomy, structures={**anatomy.structures, "bone": gap})
    rules = replace(
        RULES.with_margin("bone", 0.0),
        reliefs=tuple(Relief(kind=ReliefKind.BREATH, amount=a, source="test") for a in (-18.0, 18.0)),
    )
    openings = explain(reached_in(caged, rules))[0].openings
    assert openings[0].relief.name == "breath:-18"


def test_only_reliefs_that_help_are_listed_best_first(reached):
    told = explain(reached)[0]
    gains = [opening.won_cm2 for opening in told.openings]
    assert gains == sorted(gains, reverse=True)
    assert all(gain > 0.0 for gain in gains)
    assert told.open_cm2 == pytest.approx(reached.open_area_cm2(0))


def test_a_tumour_that_another_breath_takes_out_of_the_picture_stops_nothing():
    anatomy = walled("bone", 8.0)
    edge = np.zeros_like(anatomy.tumours["t"])
    edge[0, 27, 27] = True
    with_edge = replace(anatomy, tumours={**anatomy.tumours, "edge": edge})
    assert set(in_other_breath(with_edge, -18.0, AXIS).tumours) == {"t"}
    breaths = tuple(Relief(kind=ReliefKind.BREATH, amount=a, source="test") for a in (-18.0, 18.0))
    rules = replace(RULES, reliefs=breaths)
    reached = reached_in(with_edge, rules)
    assert [target.tumour for target in reached.targets] == ["t", "edge"]
    # Down there is no picture of the second one, so that only the other breath can be tried.
    tried = {opening.relief.name for told in explain(reached) for opening in told.openings}
    assert "breath:-18" not in tried
