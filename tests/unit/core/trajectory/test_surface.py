"""The skin: its area and direction against closed forms."""

import numpy as np
import pytest
from tests.support.anatomies import ellipsoid, straight_grid

from tongtai.core.trajectory.surface import filled, skin_of
from tongtai.core.volumes import Volume


def test_area_and_normals_of_a_cylinder():
    grid = straight_grid((20, 110, 110), (3.0, 1.5, 1.5))
    skin = skin_of(Volume(ellipsoid(grid, (0, 0, 0), (70, 70, 1e6)), grid.index_to_lps))
    assert skin.area_cm2 == pytest.approx(2 * np.pi * 70 * 60 / 100, rel=0.02)
    outward = skin.points_lps_mm[:, :2] / np.linalg.norm(skin.points_lps_mm[:, :2], axis=1)[:, None]
    cosine = np.einsum("nd,nd->n", skin.normals_lps[:, :2], outward)
    assert np.degrees(np.arccos(np.clip(cosine.min(), -1, 1))) < 12
    assert np.abs(skin.normals_lps[:, 2]).max() < 1e-6, "the picture's end is not skin"


def test_area_of_a_sphere_on_an_uneven_grid():
    grid = straight_grid((50, 80, 80), (2.5, 1.5, 1.5))
    skin = skin_of(Volume(ellipsoid(grid, (0, 0, 0), (52, 52, 52)), grid.index_to_lps))
    assert skin.area_cm2 == pytest.approx(4 * np.pi * 52**2 / 100, rel=0.03)


def test_air_inside_is_not_outside():
    grid = straight_grid((4, 40, 40), (2.0, 2.0, 2.0))
    body = ellipsoid(grid, (0, 0, 0), (34, 30, 1e6))
    hollow = body & ~ellipsoid(grid, (8, 0, 0), (12, 14, 1e6))
    assert np.array_equal(filled(hollow), body)
