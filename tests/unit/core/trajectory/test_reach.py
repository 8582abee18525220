"""The reachability map against brute force, and against what may not change it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.anatomies import ellipsoid, relabelled, rotated, straight_grid, upper_abdomen

from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.errors import TrajectoryError
from tongtai.core.trajectory.reach import OPEN, Target, reach, tumour_targets
from tongtai.core.trajectory.rules import Limit, LimitName, Obstacle, Positioning, TrajectoryRules
from tongtai.core.trajectory.scene import prepare
from tongtai.formats.trajectory_rules import packaged_rules

LIMITS = {
    LimitName.NEEDLE_LENGTH_MM: 60.0,
    LimitName.LIVER_BEFORE_TUMOUR_MM: 6.0,
    LimitName.SUBCAPSULAR_DEPTH_MM: 8.0,
    LimitName.AXIAL_ANGLE_DEG: 35.0,
    LimitName.TABLE_CONTACT_MM: 5.0,
    LimitName.BORE_RADIUS_MM: 70.0,
    LimitName.NEEDLE_GAP_MM: 5.0,
}


def rules_with(obstacles: dict[str, float], **limits: float) -> TrajectoryRules:
    values = {name: limits.get(name.name.lower(), value) for name, value in LIMITS.items()}
    return TrajectoryRules(
        technique="test",
        obstacles=tuple(
            Obstacle(name=name, structures=(name,), margin_mm=margin, source="test")
            for name, margin in obstacles.items()
        ),
        limits={name: Limit(value=value, source="test") for name, value in values.items()},
        criteria=(),
    )


def random_patient(seed: int) -> Anatomy:
    """A small body with two blobs of obstacles, a liver and a tumour at random places."""
    chance = np.random.default_rng(seed)
    grid = straight_grid((10, 18, 20), (4.0, 3.0, 3.5))
    body = ellipsoid(grid, (0, 0, 0), (31, 25, 400))

    def blob(radius: float) -> np.ndarray:
        centre = chance.uniform((-18, -14, -14), (18, 14, 14))
        return ellipsoid(grid, tuple(centre), tuple(chance.uniform(radius / 2, radius, 3)))

    tumour = np.zeros_like(body)
    while not tumour.any():
        tumour = blob(7) & body
    liver = (blob(22) | tumour) & body
    return Anatomy(grid, {"body": body, "liver": liver, "bone": blob(9), "gut": blob(9)}, {"t": tumour})


def slab_interval(start: np.ndarray, end: np.ndarray, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fractions at which a segment enters and leaves unit cells around integer indices (exact)."""
    way = np.where(end == start, 1e-300, end - start)
    near, far = (cells - 0.5 - start) / way, (cells + 0.5 - start) / way
    enter = np.minimum(near, far).max(axis=1)
    leave = np.maximum(near, far).min(axis=1)
    return np.maximum(enter, 0.0), np.minimum(leave, 1.0)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_skin_agrees_with_brute_force(seed):
    patient = random_patient(seed)
    rules = rules_with({"bone": 2.0, "gut": 5.0})
    scene = prepare(patient, rules)
    centre = np.array(tumour_targets(patient)[0].point_lps_mm)
    aim = centre + np.random.default_rng(seed).uniform(-0.4, 0.4, 3)
    target = Target("t", tuple(aim), overshoot_mm=3.0)
    reached = reach(scene, [target])
    grid = scene.grid
    places = np.argwhere(np.ones(grid.voxels.shape, bool))
    centres = grid.lps_of(places)
    marked = {
        name: places[
            _near(centres, grid.lps_of(np.argwhere(_in_grid(patient.structures[name], patient, grid))), m)
        ]
        for name, m in (("bone", 2.0), ("gut", 5.0))
    }
    liver = np.argwhere(scene.liver & ~_in_grid(patient.tumours["t"], patient, grid))
    tumour = np.argwhere(_in_grid(patient.tumours["t"], patient, grid))
    for n in range(seed % 3, len(scene.skin.index), 3):
        entry = scene.skin.index[n].astype(float)
        start_lps = grid.lps_of(entry)
        along = (aim - start_lps) / np.linalg.norm(aim - start_lps)
        length = np.linalg.norm(aim - start_lps) + 3.0
        tip = grid.index_of(start_lps + along * length)
        depth = {}
        for name, cells in marked.items():
            enter, leave = slab_interval(entry, tip, cells)
            hit = enter < leave
            depth[name] = enter[hit].min() * length if hit.any() else np.inf
            assert _bit(reached, n, name) == hit.any()
        at = _pass_agrees(reached, n, tip, liver, tumour)
        assert _bit(reached, n, "needle_length") == (length > 60.0)
        angle = np.degrees(np.arcsin(abs(along[2])))
        assert _bit(reached, n, "axial_angle") == (angle > 35.0)
        _first_agrees(reached, n, depth, at)


def _pass_agrees(reached, n, tip, liver, tumour):
    """Check the way through liver and its limit; the tumour's depth."""
    entry, length = reached.scene.skin.index[n].astype(float), float(reached.length_mm[0, n])
    enter, leave = slab_interval(entry, tip, tumour)
    at = (enter[enter < leave].min() if (enter < leave).any() else np.inf) * length
    inner, outer = slab_interval(entry, tip, liver)
    crossed = np.maximum(np.minimum(outer, at / length) - inner, 0.0).sum() * length
    assert reached.liver_pass_mm[0, n] == pytest.approx(crossed, abs=1e-3)
    expected_short = reached.scene.subcapsular[0] and crossed < 6.0 and np.isfinite(at)
    assert _bit(reached, n, "subcapsular") == expected_short or abs(crossed - 6.0) < 1e-3
    return at


def _first_agrees(reached, n, depth, tumour_at):
    reason = reached.reason(0, n)
    if reached.blocked[0, n] == 0:
        assert reason is None
        return
    outside = [name for name in ("axial_angle", "table", "gantry_bore") if _bit(reached, n, name)]
    if outside:
        assert reason in outside
        return
    inside = {name: at for name, at in depth.items() if np.isfinite(at)}
    if _bit(reached, n, "needle_length"):
        inside["needle_length"] = 60.0
    if _bit(reached, n, "subcapsular"):
        inside["subcapsular"] = tumour_at
    if _bit(reached, n, "air") or not inside:
        return
    assert inside[reason] == pytest.approx(min(inside.values()), abs=1e-3)


def _bit(reached, n, name):
    return bool(reached.blocked[0, n] >> np.uint32(reached.constraints.index(name)) & 1)


def _in_grid(mask, patient, grid):
    """A mask on the planning grid, which here is a part of the image's grid (voxels above 2 mm)."""
    index = np.rint(patient.grid.index_of(grid.lps_of(np.argwhere(np.ones(grid.voxels.shape, bool)))))
    return mask[tuple(index.astype(int).T)].reshape(grid.voxels.shape)


def _near(points, others, margin):
    if len(others) == 0:
        return np.zeros(len(points), bool)
    away = np.linalg.norm(points[:, None] - others, axis=2).min(axis=1)
    return away < margin - 1e-6


@pytest.fixture(scope="module")
def patient():
    return upper_abdomen((24, 48, 56), (8.0, 6.0, 6.0))


@pytest.fixture(scope="module")
def rules():
    return packaged_rules("mwa")


def test_turning_the_patient_with_table_and_gantry_changes_only_coordinates(patient, rules):
    angle = 0.4
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])
    tilt = np.array([[1.0, 0, 0], [0, np.cos(0.2), -np.sin(0.2)], [0, np.sin(0.2), np.cos(0.2)]])
    move = turn @ tilt
    moved = rotated(patient, move, (12.0, -30.0, 55.0))
    position = Positioning(
        table_direction_lps=tuple(move @ [0, 1, 0]), gantry_axis_lps=tuple(move @ [0, 0, 1])
    )
    # The bore's middle is that of the body's box along the axes, which turns with nothing: leave it out.
    wide = rules.with_limit(LimitName.BORE_RADIUS_MM, 1e6, "test")
    here = reach(prepare(patient, wide), tumour_targets(patient))
    there = reach(prepare(moved, wide, positioning=position), tumour_targets(moved))
    assert (here.blocked != there.blocked).mean() < 2e-3, "up to rounding at thresholds"
    assert there.open_area_cm2(0) == pytest.approx(here.open_area_cm2(0), rel=1e-2)
    assert np.allclose(there.liver_pass_mm, here.liver_pass_mm, atol=1e-2)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_direction_of_the_array_changes_nothing(patient, rules, axis):
    here = reach(prepare(patient, rules), tumour_targets(patient))
    other = relabelled(patient, axis)
    there = reach(prepare(other, rules), tumour_targets(other))
    order = np.lexsort(np.round(here.scene.skin.points_lps_mm, 3).T)
    turned = np.lexsort(np.round(there.scene.skin.points_lps_mm, 3).T)
    assert np.allclose(here.scene.skin.points_lps_mm[order], there.scene.skin.points_lps_mm[turned])
    assert (here.blocked[:, order] != there.blocked[:, turned]).mean() < 5e-3, "ties at voxel corners"
    assert there.open_area_cm2(0) == pytest.approx(here.open_area_cm2(0), rel=1e-2)


def test_mirroring_the_patient_mirrors_the_map(patient, rules):
    here = reach(prepare(patient, rules), tumour_targets(patient))
    mirror = np.diag([-1.0, 1.0, 1.0])
    other = rotated(patient, mirror, (0, 0, 0))
    there = reach(prepare(other, rules), tumour_targets(other))
    assert np.allclose(there.scene.skin.points_lps_mm, here.scene.skin.points_lps_mm * [-1, 1, 1])
    assert (here.blocked != there.blocked).mean() < 5e-3


def test_joined_voxels_only_take_away(rules):
    fine = upper_abdomen((24, 96, 112), (8.0, 3.0, 3.0))
    exact = reach(prepare(fine, rules, spacing_mm=0.1), tumour_targets(fine))
    joined = reach(prepare(fine, rules, spacing_mm=6.0), tumour_targets(fine))
    assert joined.scene.grid.spacing_mm.tolist() == [8.0, 6.0, 6.0]
    assert joined.open_area_cm2(0) == pytest.approx(exact.open_area_cm2(0), rel=0.15)
    bone = joined.scene.obstacles[0].mask
    assert bone.shape == fine.grid.voxels.shape, "needles are measured on the image's own grid"


def test_a_wall_of_bone_all_around_is_named_everywhere():
    grid = straight_grid((8, 30, 30), (4.0, 3.0, 3.0))
    body = ellipsoid(grid, (0, 0, 0), (40, 40, 1e6))
    ring = ellipsoid(grid, (0, 0, 0), (34, 34, 1e6)) & ~ellipsoid(grid, (0, 0, 0), (26, 26, 1e6))
    liver, tumour = ellipsoid(grid, (0, 0, 0), (20, 20, 20)), ellipsoid(grid, (0, 0, 0), (6, 6, 6))
    patient = Anatomy(grid, {"body": body, "liver": liver, "bone": ring}, {"t": tumour})
    free = {
        "axial_angle_deg": 90.0,
        "table_contact_mm": -1e6,
        "bore_radius_mm": 1e6,
        "needle_length_mm": 200.0,
    }
    rules = rules_with({"bone": 1.0}, **free)
    reached = reach(prepare(patient, rules), tumour_targets(patient))
    hubs = {reached.reason(0, n) for n in range(reached.blocked.shape[1])}
    assert hubs <= {"bone", "table"}
    assert reached.open_area_cm2(0) == 0.0


def test_overshoot_counts_for_length_and_for_what_lies_behind():
    patient = random_patient(3)
    rules = rules_with({"bone": 0.0})
    scene = prepare(patient, rules)
    point = tumour_targets(patient)[0].point_lps_mm
    short, long = reach(scene, [Target("t", point), Target("t", point, overshoot_mm=20.0)]).length_mm
    assert np.allclose(long - short, 20.0, atol=1e-4)


def test_targets_are_inside_their_tumours_even_if_hollow():
    grid = straight_grid((12, 30, 30), (2.0, 2.0, 2.0))
    body, liver = np.ones(grid.voxels.shape, bool), np.ones(grid.voxels.shape, bool)
    shell = ellipsoid(grid, (0, 0, 0), (24, 24, 1e6)) & ~ellipsoid(grid, (0, 0, 0), (14, 14, 1e6))
    anatomy = Anatomy(grid, {"body": body, "liver": liver}, {"t": shell})
    index = np.rint(grid.index_of(np.array(tumour_targets(anatomy)[0].point_lps_mm))).astype(int)
    assert shell[tuple(index)]


def test_nothing_to_reach_and_targets_outside_are_refused():
    scene = prepare(random_patient(1), rules_with({}))
    with pytest.raises(TrajectoryError, match="at least one"):
        reach(scene, [])
    with pytest.raises(TrajectoryError, match="outside"):
        reach(scene, [Target("t", (0.0, 0.0, 4000.0))])


def test_an_open_path_has_no_reason(patient, rules):
    reached = reach(prepare(patient, rules), tumour_targets(patient))
    assert reached.open.any()
    assert np.array_equal(reached.open[0], reached.first[0] == OPEN)
