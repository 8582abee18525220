import numpy as np
import pytest
import trimesh
from tests.support.anatomies import ellipsoid, straight_grid

from tongtai.core.surfaces import Surface, SurfaceError, is_closed, surface_of
from tongtai.core.volumes import Volume

pytestmark = pytest.mark.verification


def _as_trimesh(surface: Surface) -> trimesh.Trimesh:
    return trimesh.Trimesh(surface.vertices_lps_mm, surface.triangles, process=False)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (2.5, 0.7, 0.7), (5.0, 0.8, 0.8)])
@pytest.mark.parametrize("radius", [4.0, 9.0, 18.0])
def test_a_sphere_has_its_volume_area_and_place(spacing, radius):
    shape = tuple(int(2 * (radius + 8) / step) + 1 for step in spacing)
    grid = straight_grid((shape[0], shape[1], shape[2]), spacing)
    ball = ellipsoid(grid, (0, 0, 0), (radius,) * 3)
    surface = surface_of(grid.with_voxels(ball))
    mesh = _as_trimesh(surface)
    assert mesh.is_watertight
    assert mesh.is_winding_consistent
    assert mesh.volume / 1000 == pytest.approx(ball.sum() * grid.voxel_volume_ml, rel=0.005)
    assert mesh.volume == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.2 * max(spacing) / radius + 0.03)
    assert mesh.area == pytest.approx(4 * np.pi * radius**2, rel=0.12)
    assert np.abs(mesh.center_mass).max() < 0.1 * max(spacing)
    away = np.linalg.norm(surface.vertices_lps_mm, axis=1)
    assert np.abs(away - radius).max() < 0.5 * max(spacing) + 0.2
    assert surface.volume_ml * 1000 == pytest.approx(mesh.volume, rel=1e-9)
    assert surface.area_cm2 * 100 == pytest.approx(mesh.area, rel=1e-9)


def test_normals_look_outwards():
    grid = straight_grid((30, 30, 30), (1.0, 1.0, 1.0))
    surface = surface_of(grid.with_voxels(ellipsoid(grid, (0, 0, 0), (10, 10, 10))))
    outwards = surface.vertices_lps_mm / np.linalg.norm(surface.vertices_lps_mm, axis=1, keepdims=True)
    assert np.einsum("nd,nd->n", surface.normals, outwards).min() > 0.9


def test_an_oblique_mirrored_grid_gives_the_same_surface():
    grid = straight_grid((30, 30, 30), (1.0, 1.0, 1.0))
    mask = ellipsoid(grid, (2, -3, 1), (9, 6, 7))
    flip = np.eye(4)
    flip[0, 0], flip[0, 3] = -1.0, 29.0
    mirrored = Volume(np.flip(mask, 0), grid.index_to_lps @ flip)
    one, other = surface_of(grid.with_voxels(mask)), surface_of(mirrored)
    assert other.volume_ml == pytest.approx(one.volume_ml, rel=1e-3)
    assert np.allclose(other.vertices_lps_mm.mean(axis=0), one.vertices_lps_mm.mean(axis=0), atol=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_any_mask_has_a_closed_surface_of_its_volume(seed):
    grid = straight_grid((12, 18, 18), (2.0, 1.0, 1.0))
    mask = np.random.default_rng(seed).random((12, 18, 18)) < 0.3
    surface = surface_of(grid.with_voxels(mask), cell_mm=1.0)
    assert _as_trimesh(surface).is_watertight
    assert surface.volume_ml == pytest.approx(mask.sum() * grid.voxel_volume_ml, rel=0.02)


def test_a_mask_at_the_border_and_one_voxel_are_closed():
    grid = straight_grid((4, 5, 6), (5.0, 1.0, 1.0))
    everything = surface_of(grid.with_voxels(np.ones((4, 5, 6), bool)))
    assert everything.volume_ml == pytest.approx(120 * 0.005, rel=0.01)
    single = np.zeros((4, 5, 6), bool)
    single[2, 2, 2] = True
    assert surface_of(grid.with_voxels(single)).volume_ml == pytest.approx(0.005, rel=0.02)


def test_what_bounds_nothing_is_refused():
    grid = straight_grid((4, 4, 4), (1.0, 1.0, 1.0))
    with pytest.raises(SurfaceError, match="empty"):
        surface_of(grid)
    corners = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    faces = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])
    assert is_closed(faces)
    with pytest.raises(SurfaceError, match="hole"):
        Surface(corners, faces[:3])
    with pytest.raises(SurfaceError, match="inwards"):
        Surface(corners, faces[:, ::-1])
