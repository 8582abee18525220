"""The simulated zones of a plan stand beside the table's, and cover what they say."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.phantoms import phantom_patient

from tongtai.core.planning.heat_step import share_inside
from tongtai.core.planning.pipeline import make_plan
from tongtai.core.planning.plan import Request
from tongtai.core.volumes import Volume
from tongtai.formats.plan_knowledge import plan_knowledge

DEVICE = "mwa-2450-cooled-he2010"


@pytest.fixture(scope="module")
def made():
    knowledge = plan_knowledge("mwa")
    assert knowledge.heat is not None
    coarse = replace(knowledge, heat=replace(knowledge.heat, spacing_mm=4.0))
    request = Request(
        technique="mwa", device_id=DEVICE, margin_mm=5.0, tumour_number=1, by_hand=False, position="supine"
    )
    return make_plan(phantom_patient(), request, coarse, seed=1)


def test_every_position_has_a_simulated_zone(made):
    heat, plan = made.plan.heat, made.plan
    assert [zone.position for zone in heat.zones] == [one.number for one in plan.positions]
    for zone, position in zip(heat.zones, plan.positions, strict=True):
        assert zone.volume_ml - zone.volume_difference_ml == pytest.approx(position.volume_ml)
        assert zone.short_mm - zone.short_difference_mm == pytest.approx(2 * position.semi_across_mm)
        assert 0.3 < zone.overlap_dice <= 1.0


def test_contours_are_nested_and_the_numbers_are_those_of_the_fields(made):
    rows = {row.criterion: row for row in made.plan.heat.contours}
    assert rows["peak_50"].volume_ml >= rows["peak_54"].volume_ml >= rows["peak_60"].volume_ml
    mask = made.heat.contours["peak_54"]
    peak = made.heat.peak_c
    assert rows["peak_54"].volume_ml == pytest.approx(mask.sum() * peak.voxel_volume_ml)
    assert peak.voxels[mask].min() >= 54.0
    assert rows["peak_54"].tumour == share_inside(peak.with_voxels(mask), made.target.tumour_points)


def test_positions_go_on_in_the_heat_of_those_before(made):
    """What the treatment destroys is more than each position alone would, put together."""
    heat = made.plan.heat
    assert len(heat.zones) > 1
    whole = next(row for row in heat.contours if row.criterion == heat.criterion)
    assert whole.volume_ml > max(zone.volume_ml for zone in heat.zones)
    assert any("pauses" in note for note in heat.notes)


def test_points_off_the_grid_are_not_inside():
    mask = Volume(np.ones((2, 2, 2), bool), np.eye(4))
    assert share_inside(mask, np.array([[0.0, 0.0, 0.0], [9.0, 9.0, 9.0]])) == 0.5
