"""The plan in three dimensions: surfaces, needles and zones, rendered without a screen."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pyvista
from numpy.typing import NDArray
from PIL import Image

from tongtai.core.planning.result import PlannedPatient
from tongtai.core.seed_planning.plan import TECHNIQUE
from tongtai.core.surfaces import Surface, surface_of
from tongtai.formats.meshes import Part
from tongtai.formats.plan_book.palette import ZONES

Points = NDArray[np.float64]
SOFT_CELL_MM = 2.5
_FINE_CELL_MM = 1.2
_NEEDLE_RADIUS_MM = 1.0
_HUB_MM = 40.0
# Thicker than a seed is, so that it is seen beside its needle.
_SEED_RADIUS_MM = 1.8
_SEED_COLOUR = "#0b7f6b"
_ENTRY_RADIUS_MM = 2.5
_SIZE = (960, 760)
_ROOM = 1.08
_AMBIENT = 0.25
# Opacity of each structure in the scene; what is not named is not shown.
_OPACITY = {
    "body": 0.07,
    "liver": 0.22,
    "bone": 0.45,
    "portal_vein": 1.0,
    "hepatic_veins": 1.0,
    "liver_vessels": 1.0,
    "hepatic_artery": 1.0,
    "inferior_vena_cava": 1.0,
    "aorta": 1.0,
    "gallbladder": 0.9,
    "bile_duct": 1.0,
    "kidney_right": 0.5,
    "kidney_left": 0.5,
    "stomach": 0.35,
    "bowel": 0.35,
    "bowel_gas": 0.35,
    "heart": 0.35,
}
_HAZE = "body"
_FINE = frozenset({"portal_vein", "hepatic_veins", "liver_vessels", "hepatic_artery", "bile_duct"})
_TUMOUR_RGB, _OTHER_TUMOUR_RGB = (255, 212, 0), (214, 170, 60)


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where the camera stands: the direction it looks into, and which way is up (LPS)."""

    name: str
    away: tuple[float, float, float]
    up: tuple[float, float, float] = (0.0, 0.0, 1.0)


FRONT = Viewpoint("front", (0.0, 1.0, 0.0))
RIGHT_SIDE = Viewpoint("right", (0.94, 0.3, -0.16))


def plan_parts(result: PlannedPatient) -> list[Part]:
    """Every surface worth looking at, in order from the inner to the outer ones.

    The same parts are written as GLB; see ``tongtai.formats.meshes``.
    """
    parts = [
        Part(
            name=mask.name,
            surface=surface_of(result.segmentation.grid.with_voxels(mask.voxels), cell_mm=_FINE_CELL_MM),
            rgb=_TUMOUR_RGB if mask.name == result.tumour else _OTHER_TUMOUR_RGB,
        )
        for mask in result.segmentation.masks
        if mask.name in result.anatomy.tumours and mask.voxels.any()
    ]
    zone = result.zone_mask
    if zone.any():
        surface = surface_of(result.segmentation.grid.with_voxels(zone), cell_mm=_FINE_CELL_MM)
        rgb = _rgb(ZONES[result.technique].colour)
        # Of an ablation every zone together; of seeds the surface of the prescription's isodose.
        name = "prescription_isodose" if result.technique == TECHNIQUE else "zones"
        parts.append(Part(name=name, surface=surface, rgb=rgb, opacity=0.45))
    for mask in sorted(result.segmentation.masks, key=lambda one: -_OPACITY.get(one.structure.key, 0.0)):
        opacity = _OPACITY.get(mask.structure.key, 0.0)
        if opacity > 0.0 and mask.voxels.any():
            cell = _FINE_CELL_MM if mask.structure.key in _FINE else SOFT_CELL_MM
            surface = surface_of(result.segmentation.grid.with_voxels(mask.voxels), cell_mm=cell)
            parts.append(Part(name=mask.name, surface=surface, rgb=mask.structure.rgb, opacity=opacity))
    return parts


def needle_tubes(result: PlannedPatient) -> list[tuple[Points, Points]]:
    """Ends of each needle for the scene: from a hub outside the skin to the tip."""
    tubes = []
    for entry, tip in (np.array(shaft) for shaft in result.shafts):
        along = (tip - entry) / np.linalg.norm(tip - entry)
        tubes.append((entry - _HUB_MM * along, tip))
    return tubes


def scene_picture(
    parts: Sequence[Part],
    needles: Sequence[tuple[Points, Points]],
    view: Viewpoint,
    seeds: Sequence[tuple[Points, Points]] = (),
) -> bytes:
    """A PNG of the scene, parallel projection, white background; the liver and the needles fill it.

    Parameters
    ----------
    parts
        Surfaces with their looks.
    needles
        Ends of each needle.
    view
        Where the camera stands.
    seeds
        Ends of each seed.
    """
    # VTK chooses its window at the first one; a screen is never needed here.
    os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    plotter = pyvista.Plotter(off_screen=True, window_size=list(_SIZE), lighting="light kit")
    try:
        plotter.set_background("white")
        window = plotter.render_window
        window.SetMultiSamples(0)
        # Without a channel for it, translucent meshes vanish.
        window.SetAlphaBitPlanes(1)
        plotter.enable_depth_peeling(8)
        for part in parts:
            if part.name == _HAZE:
                continue
            plotter.add_mesh(
                _polydata(part.surface),
                color=[level / 255.0 for level in part.rgb],
                opacity=part.opacity,
                smooth_shading=True,
                ambient=_AMBIENT if part.opacity >= 1.0 else 0.0,
            )
        _add_needles(plotter, needles, seeds)
        _look(plotter, [*_extent(parts), *needles], view)
        pixels = plotter.screenshot(return_img=True)
    finally:
        plotter.close()
    stream = BytesIO()
    Image.fromarray(np.asarray(pixels)[..., :3]).save(stream, "PNG")
    return stream.getvalue()


def _add_needles(
    plotter: pyvista.Plotter,
    needles: Sequence[tuple[Points, Points]],
    seeds: Sequence[tuple[Points, Points]],
) -> None:
    for start, end in needles:
        tube = pyvista.Tube(pointa=start, pointb=end, radius=_NEEDLE_RADIUS_MM, n_sides=16)
        plotter.add_mesh(tube, color="#1c2733", smooth_shading=True)
        entry = start + _HUB_MM * (end - start) / np.linalg.norm(end - start)
        plotter.add_mesh(
            pyvista.Sphere(radius=_ENTRY_RADIUS_MM, center=entry), color="#c0182a", smooth_shading=True
        )
    for start, end in seeds:
        tube = pyvista.Tube(pointa=start, pointb=end, radius=_SEED_RADIUS_MM, n_sides=12)
        plotter.add_mesh(tube, color=_SEED_COLOUR, smooth_shading=True)


def _extent(parts: Sequence[Part]) -> list[Points]:
    """Corners of what must be seen whole: the liver, or everything where there is none."""
    liver = [part for part in parts if part.name == "liver"]
    return [part.surface.vertices_lps_mm for part in liver or parts]


def _look(plotter: pyvista.Plotter, shown: Sequence[Points | tuple[Points, Points]], view: Viewpoint) -> None:
    away = np.array(view.away) / np.linalg.norm(view.away)
    right = np.cross(away, view.up)
    right /= np.linalg.norm(right)
    up = np.cross(right, away)
    points = np.concatenate([np.asarray(one) for one in shown])
    low = np.array([(points @ axis).min() for axis in (right, up, away)])
    high = np.array([(points @ axis).max() for axis in (right, up, away)])
    middle = (low + high) / 2.0
    focus = middle @ np.stack([right, up, away])
    half = np.maximum((high - low) / 2.0, 40.0)
    plotter.enable_parallel_projection()
    plotter.camera.focal_point = focus
    plotter.camera.position = focus - 1000.0 * away
    plotter.camera.up = up
    plotter.camera.parallel_scale = float(max(half[1], half[0] * _SIZE[1] / _SIZE[0])) * _ROOM
    plotter.camera.clipping_range = (1.0, 3000.0)


def _polydata(surface: Surface) -> pyvista.PolyData:
    count = len(surface.triangles)
    faces = np.concatenate([np.full((count, 1), 3), surface.triangles], axis=1)
    mesh = pyvista.PolyData(surface.vertices_lps_mm.astype(np.float32), faces.ravel())
    mesh.point_data["Normals"] = surface.normals.astype(np.float32)
    mesh.point_data.active_normals_name = "Normals"
    return mesh


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
