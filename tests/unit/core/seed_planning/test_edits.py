"""Single seeds changed by a person: the arrangement, taking back, and doses equal to those of the plan made of it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.seed_plans import made, request, seeded

from tongtai.core.brachytherapy.live import LiveImplant
from tongtai.core.needle import Needle
from tongtai.core.seed_planning.desk import changed, judged, opened, seed_desk
from tongtai.core.seed_planning.edits import (
    AddNeedle,
    AddSeed,
    EditHistory,
    MoveSeed,
    RemoveSeed,
    SeedEdit,
    edited,
)
from tongtai.core.seed_planning.errors import HandPlacedSeedsError, SeedEditError
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds, HeldTemplate
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.formats.seed_plan_folder.desk_file import desk_bytes, read_desk
from tongtai.formats.seed_plan_json import seed_plan_bytes
from tongtai.formats.seed_plan_json.hand_placed import hand_placed_seeds_json, seeds_of_plan

BEYOND = 5.0
DOWN = Needle((0.0, 0.0, 0.0), (0.0, 0.0, 60.0))
ASIDE = Needle((10.0, 0.0, 0.0), (10.0, 0.0, 60.0))
TWO = HandPlacedSeeds(
    needles=(
        HandNeedleOfSeeds(hole="A1", needle=DOWN, depths_mm=(55.0, 45.0)),
        HandNeedleOfSeeds(hole="B1", needle=ASIDE, depths_mm=(50.0,)),
    )
)


def _after(edit):
    return edited(TWO, edit, tip_beyond_mm=BEYOND)


def _depths(placed):
    return [one.depths_mm for one in placed.needles]


@pytest.mark.parametrize(
    ("edit", "depths", "tip_mm"),
    [
        (MoveSeed(number=2, depth_mm=40.0), [(55.0, 40.0), (50.0,)], 60.0),
        (MoveSeed(number=1, depth_mm=65.0), [(65.0, 45.0), (50.0,)], 70.0),
        (MoveSeed(number=1, depth_mm=30.0), [(45.0, 30.0), (50.0,)], 50.0),
        (MoveSeed(number=2, depth_mm=41.0, needle="N2"), [(55.0,), (50.0, 41.0)], 60.0),
        (MoveSeed(number=3, depth_mm=35.0, needle="N1"), [(55.0, 45.0, 35.0)], 60.0),
        (RemoveSeed(number=1), [(45.0,), (50.0,)], 50.0),
        (RemoveSeed(number=3), [(55.0, 45.0)], 60.0),
        (AddSeed(needle="N1", depth_mm=50.0), [(55.0, 50.0, 45.0), (50.0,)], 60.0),
    ],
)
def test_a_change_changes_what_it_names_and_the_tip_follows_the_deepest_seed(edit, depths, tip_mm):
    after = _after(edit)
    assert _depths(after) == depths
    assert after.needles[0].needle.length_mm == pytest.approx(tip_mm)
    assert _depths(TWO) == [(55.0, 45.0), (50.0,)]


def test_a_needle_more_starts_in_its_hole():
    edit = AddNeedle(hole="C1", entry_lps_mm=(20.0, 0.0, 2.0), direction_lps=(0.0, 0.0, 1.0), depth_mm=40.0)
    new = _after(edit).needles[2]
    assert (new.hole, new.depths_mm, new.needle.tip_lps_mm) == ("C1", (40.0,), (20.0, 0.0, 47.0))
    with pytest.raises(SeedEditError, match="A1 has a needle"):
        _after(replace(edit, hole="A1"))


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (RemoveSeed(number=4), "no seed 4; there are 3"),
        (RemoveSeed(number=0), "no seed 0"),
        (AddSeed(needle="N3", depth_mm=40.0), "no needle N3"),
        (AddSeed(needle="N1", depth_mm=55.2), "already"),
        (MoveSeed(number=1, depth_mm=-1.0), "below the skin"),
        (MoveSeed(number=1, depth_mm=float("nan")), "below the skin"),
    ],
)
def test_what_is_impossible_is_refused_with_the_reason(edit, sentence):
    with pytest.raises(SeedEditError, match=sentence):
        _after(edit)


def test_the_last_seed_stays():
    one = HandPlacedSeeds(needles=TWO.needles[1:])
    with pytest.raises(HandPlacedSeedsError, match="at least one"):
        edited(one, RemoveSeed(number=1), tip_beyond_mm=BEYOND)


def test_what_was_taken_back_is_done_again_until_something_else_is_done():
    history = EditHistory().made(RemoveSeed(number=3)).made(RemoveSeed(number=1))
    assert _depths(history.after(TWO, tip_beyond_mm=BEYOND)) == [(45.0,)]
    back = history.undone().undone()
    assert back.after(TWO, tip_beyond_mm=BEYOND) == TWO
    assert back.redone().redone() == history
    other = history.undone().made(AddSeed(needle="N1", depth_mm=50.0))
    assert other.in_force == (RemoveSeed(number=3), AddSeed(needle="N1", depth_mm=50.0))
    with pytest.raises(SeedEditError, match="nothing to do again"):
        other.redone()
    with pytest.raises(SeedEditError, match="nothing to take back"):
        EditHistory().undone()


def test_a_template_that_is_none_is_refused():
    held = HeldTemplate(
        origin_lps_mm=(0.0, 0.0, 0.0),
        column_axis_lps=(1.0, 0.0, 0.0),
        row_axis_lps=(0.0, 1.0, 0.0),
        direction_lps=(0.0, 0.0, 1.0),
        spacing_mm=5.0,
        holes=13,
        rotation_deg=0.0,
    )
    with pytest.raises(HandPlacedSeedsError, match="right angles"):
        replace(held, direction_lps=(0.0, 0.1, 1.0))
    with pytest.raises(HandPlacedSeedsError, match="1 to 26 holes"):
        replace(held, holes=27)


@pytest.fixture(scope="module")
def desk():
    return seed_desk(seeded())


def _moved(desk):
    """A seed moved, one more, and a needle taken out and put back with one seed: all that a person can do."""
    plan, beyond = desk.plan, desk.rule(SeedNumber.TIP_BEYOND_SEED_MM)
    last = plan.needles[-1]
    hole = next(one for one in plan.template.holes if one.name == last.hole)
    own = [seed for seed in plan.seeds if seed.needle == last.id]
    first, middle = plan.seeds[0], plan.needles[1]
    edits: list[SeedEdit] = [
        MoveSeed(number=1, depth_mm=first.depth_mm - 1.0),
        *(RemoveSeed(number=own[0].number) for _ in own),
        AddSeed(needle=middle.id, depth_mm=middle.depth_mm - middle.tip_to_first_mm - 2.5),
        AddNeedle(
            hole=hole.name,
            entry_lps_mm=hole.entry_lps_mm,
            direction_lps=plan.template.direction_lps,
            depth_mm=own[0].depth_mm,
        ),
    ]
    placed = seeds_of_plan(plan)
    for edit in edits:
        placed = edited(placed, edit, tip_beyond_mm=beyond)
    return placed


def test_a_changed_plan_is_judged_as_the_plan_that_is_made_of_it(desk):
    """The quick judgement beside the whole planning with the same seeds, number by number, template and all."""
    planned, placed = seeds_of_plan(desk.plan), _moved(desk)
    quick = judged(desk, changed(desk, placed, opened(desk, planned)), placed)
    whole = made(request(layout="by_hand"), by_hand=placed).plan
    assert quick.doses.target.d90_gy == pytest.approx(whole.doses.target.d90_gy, rel=1e-4)
    assert quick.doses.target.d90_gy != pytest.approx(desk.plan.doses.target.d90_gy, rel=1e-3)
    assert [(one.structure, one.quantity, one.met) for one in quick.goals] == [
        (one.structure, one.quantity, one.met) for one in whole.goals
    ]
    for one, other in zip(quick.doses.histograms, whole.doses.histograms, strict=True):
        np.testing.assert_allclose(one.cumulative_share, other.cumulative_share, atol=2e-4)
    assert [one.number for one in quick.seeds] == [one.number for one in whole.seeds]
    for seed, same in zip(quick.seeds, whole.seeds, strict=True):
        assert seed.centre_lps_mm == pytest.approx(same.centre_lps_mm, abs=1e-6)
        assert [rule.constraint for rule in seed.broken_rules] == [r.constraint for r in same.broken_rules]
    for needle, its in zip(quick.needles, whole.needles, strict=True):
        assert (needle.hole, needle.seeds) == (its.hole, its.seeds)
        assert needle.template_to_tip_mm == pytest.approx(its.template_to_tip_mm, abs=1e-6)
        assert needle.steps_mm == pytest.approx(its.steps_mm)
        assert needle.measured
    assert {one.name: one.open_to_mm for one in whole.template.holes} == pytest.approx(
        {one.name: one.open_to_mm for one in desk.plan.template.holes}
    )


def test_many_changes_leave_the_dose_of_the_last_arrangement(desk):
    planned, placed = seeds_of_plan(desk.plan), _moved(desk)
    live = opened(desk, planned)
    for _ in range(6):
        live = changed(desk, planned, changed(desk, placed, live))
    first = opened(desk, planned)
    back = changed(desk, planned, first, live)
    assert all(np.array_equal(back.doses[name], dose) for name, dose in first.doses.items())
    anew = LiveImplant.of(live.implant, desk.dose_rules, desk.structures)
    for name, dose in anew.doses.items():
        np.testing.assert_allclose(live.doses[name], dose, rtol=1e-3, atol=0.02)


def test_a_hole_that_bone_closes_and_a_way_that_nobody_measured_are_told(desk):
    plan = desk.plan
    last = plan.needles[-1]
    holes = tuple(
        replace(one, open_to_mm=None, blocked_by="bone", needle="") if one.name == last.hole else one
        for one in plan.template.holes
    )
    closed = next(one for one in holes if one.name == last.hole)
    # As if bone closed the last needle's hole, and the plan had no needle there.
    plan = replace(plan, template=replace(plan.template, holes=holes), needles=plan.needles[:-1])
    desk = replace(desk, plan=plan)
    deep = max(one.depth_mm for one in plan.seeds)
    planned = seeds_of_plan(plan)
    into = edited(
        planned,
        AddNeedle(
            hole=closed.name,
            entry_lps_mm=closed.entry_lps_mm,
            direction_lps=plan.template.direction_lps,
            depth_mm=deep,
        ),
        tip_beyond_mm=BEYOND,
    )
    found = judged(desk, opened(desk, into), into).needles[-1]
    assert [rule.constraint for rule in found.broken_rules] == [closed.blocked_by]
    further = edited(
        planned, MoveSeed(number=1, depth_mm=planned.needles[0].depths_mm[0] + 8.0), tip_beyond_mm=BEYOND
    )
    told = judged(desk, opened(desk, further), further)
    assert not told.needles[0].measured or told.needles[0].broken_rules
    assert {rule.constraint for rule in told.seeds[0].broken_rules} | {
        rule.constraint for rule in told.seeds[1].broken_rules
    }


def test_a_seed_far_from_the_target_is_refused(desk):
    far = edited(seeds_of_plan(desk.plan), MoveSeed(number=1, depth_mm=400.0), tip_beyond_mm=BEYOND)
    with pytest.raises(SeedEditError, match="mm from the middle"):
        opened(desk, far)


def test_the_desk_is_kept_beside_its_plan_and_knows_it(desk):
    content, plan = desk_bytes(desk), seed_plan_bytes(desk.plan)
    assert content == desk_bytes(desk)
    again, planned = read_desk(content, plan), seeds_of_plan(desk.plan)
    one, other = (judged(each, opened(each, planned), planned) for each in (desk, again))
    assert one.doses.target.d90_gy == pytest.approx(other.doses.target.d90_gy, rel=1e-5)
    assert [goal.met for goal in one.goals] == [goal.met for goal in other.goals]
    assert hand_placed_seeds_json(planned)["template"]["spacing_mm"] == desk.plan.template.spacing_mm
    other_plan = seed_plan_bytes(replace(desk.plan, warnings=()))
    with pytest.raises(SeedEditError, match="another plan"):
        read_desk(content, other_plan)
    with pytest.raises(SeedEditError, match="cannot be read"):
        read_desk(content[:1000], plan)
