import io

import numpy as np
import pytest
import trimesh
from tests.support.anatomies import ellipsoid, straight_grid

from tongtai.core.surfaces import surface_of
from tongtai.formats.meshes import MeshError, Part, write_glb, write_stl


@pytest.fixture(scope="module")
def surfaces():
    grid = straight_grid((30, 40, 40), (2.0, 1.0, 1.0))
    return [
        surface_of(grid.with_voxels(ellipsoid(grid, centre, (6.0, 7.0, 8.0))))
        for centre in ((-10.0, 3.0, 5.0), (9.0, -4.0, -6.0))
    ]


def test_stl_is_read_back_closed_outward_and_in_place(surfaces):
    content = write_stl(surfaces)
    mesh = trimesh.load_mesh(io.BytesIO(content), file_type="stl")
    assert mesh.is_watertight
    assert mesh.is_winding_consistent
    assert mesh.volume == pytest.approx(1000 * sum(one.volume_ml for one in surfaces), rel=1e-4)
    corners = np.concatenate([one.vertices_lps_mm for one in surfaces])
    assert np.allclose(mesh.bounds, [corners.min(axis=0), corners.max(axis=0)], atol=1e-3)
    assert content == write_stl(surfaces)
    assert not content.startswith(b"solid")


def test_glb_keeps_names_colours_and_stands_upright_in_metres(surfaces):
    parts = [
        Part(name="肝 liver", surface=surfaces[0], rgb=(180, 90, 80), opacity=0.3),
        Part(name="tumour", surface=surfaces[1], rgb=(255, 220, 0)),
    ]
    content = write_glb(parts, extras={"plan_sha256": "ab"})
    scene = trimesh.load_scene(io.BytesIO(content), file_type="glb")
    assert set(scene.graph.nodes_geometry) == {"肝 liver", "tumour"}
    for part in parts:
        transform, geometry = scene.graph[part.name]
        mesh = scene.geometry[geometry]
        assert mesh.is_watertight
        assert mesh.volume == pytest.approx(1000 * part.surface.volume_ml, rel=1e-4)
        head = transform[:3, :3] @ np.array([0.0, 0.0, 1.0])
        front = transform[:3, :3] @ np.array([0.0, -1.0, 0.0])
        left = transform[:3, :3] @ np.array([1.0, 0.0, 0.0])
        assert np.allclose([left, head, front], 0.001 * np.eye(3))
        assert np.linalg.det(transform[:3, :3]) > 0.0
    liver = scene.geometry[scene.graph["肝 liver"][1]].visual.material
    assert liver.alphaMode == "BLEND"
    assert content == write_glb(parts, extras={"plan_sha256": "ab"})


def test_nothing_and_twins_are_refused(surfaces):
    with pytest.raises(MeshError):
        write_stl([])
    with pytest.raises(MeshError):
        write_glb([])
    with pytest.raises(MeshError):
        write_glb([Part(name="a", surface=surfaces[0]), Part(name="a", surface=surfaces[1])])
