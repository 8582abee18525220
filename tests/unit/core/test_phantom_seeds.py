"""Seeds in a simulated CT: as much metal as they hold, and streaks that come from projections."""

import numpy as np
import pytest
from tests.support.seed_images import tissue

from tongtai.core.phantom.implants import draw_seeds
from tongtai.core.phantom.seeds import SeedScanner, _back_project, _project, _ramped, with_seeds

PERFECT = SeedScanner(hardening=0.0, photons=1e12, highest_hu=32_000, metal_hu=4_000.0)


def test_all_of_the_metal_is_in_the_image():
    before = tissue(noise_hu=0.0)
    axis = np.array([[0.6, 0.0, 0.8]])
    after = with_seeds(before, np.array([[1.23, -2.1, 0.4]]), axis, np.random.default_rng(1), PERFECT)
    added = (after.voxels.astype(float) - before.voxels).sum() * before.voxel_volume_ml * 1000
    assert added == pytest.approx(4_000.0 * np.pi * 0.4**2 * 4.5, rel=0.02)
    index = np.argwhere(after.voxels > before.voxels)
    weight = (after.voxels - before.voxels)[tuple(index.T)]
    middle = before.lps_of(weight @ index / weight.sum())
    assert np.allclose(middle, [1.23, -2.1, 0.4], atol=0.05)


def test_projected_and_back_projected_a_disc_is_itself():
    y, x = np.mgrid[-40:41, -40:41] * 0.7
    disc = np.where(np.hypot(x, y) < 12.0, 0.05, 0.0)
    sinogram = np.zeros((240, 130))
    _project(disc, 0.7, sinogram)
    assert sinogram[:, 65].max() == pytest.approx(24.0 * 0.05, rel=0.05)
    found = np.zeros(disc.shape)
    _back_project(_ramped(sinogram, 0.7), found)
    assert found[np.hypot(x, y) < 9.0].mean() == pytest.approx(0.05, rel=0.02)
    assert abs(found[(np.hypot(x, y) > 15.0) & (np.hypot(x, y) < 25.0)].mean()) < 0.001


def test_a_hardened_beam_darkens_the_line_between_two_seeds():
    before = tissue(noise_hu=0.0)
    centres, axes = np.array([[-6.0, 0, 0], [6.0, 0, 0]]), np.array([[0.0, 0, 1], [0, 0, 1]])
    after = with_seeds(before, centres, axes, np.random.default_rng(1), SeedScanner(photons=1e12))
    between, beside = before.index_of(np.array([[0.0, 0, 0], [0.0, 6.0, 0]])).round().astype(int)
    assert after.voxels[tuple(between)] < 60 - 20
    assert abs(int(after.voxels[tuple(beside)]) - 60) < 15


def test_drawn_seeds_do_not_lie_in_each_other():
    drawn = draw_seeds(np.random.default_rng(3), 60, np.zeros(3))
    apart = np.linalg.norm(drawn.centres_lps_mm[:, None] - drawn.centres_lps_mm, axis=2)
    nearest = np.sort(apart + np.eye(60) * 99, axis=1)[:, 0]
    assert nearest.min() >= 1.0
    assert (nearest < 4.7).sum() >= 20
    with pytest.raises(ValueError, match="do not fit"):
        draw_seeds(np.random.default_rng(3), 60, np.zeros(3), half_mm=np.ones(3))
