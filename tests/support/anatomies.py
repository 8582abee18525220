"""Patients made of ellipsoids and boxes, for needle and zone planning."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tongtai.core.trajectory.anatomy import Anatomy, Mask
from tongtai.core.volumes import Volume

Centre = tuple[float, float, float]


def straight_grid(shape: tuple[int, int, int], spacing_mm: Centre) -> Volume:
    """A grid with axes along LPS (k to the head), its middle voxel at the origin."""
    transform = np.eye(4)
    transform[:3, :3] = np.array([[0, 0, spacing_mm[2]], [0, spacing_mm[1], 0], [spacing_mm[0], 0, 0]])
    grid = Volume(np.zeros(shape, np.bool_), transform)
    transform[:3, 3] = -grid.lps_of((np.array(shape) - 1) / 2.0)
    return Volume(np.zeros(shape, np.bool_), transform)


def ellipsoid(grid: Volume, centre_lps: Centre, radii_mm: Centre) -> Mask:
    """Voxels whose centre lies in an ellipsoid with axes along LPS."""
    index = np.moveaxis(np.indices(grid.voxels.shape), 0, -1)
    scaled = (grid.lps_of(index) - centre_lps) / np.asarray(radii_mm)
    inside: Mask = np.einsum("...d,...d->...", scaled, scaled) <= 1.0
    return inside


def upper_abdomen(
    shape: tuple[int, int, int] = (48, 96, 112),
    spacing_mm: Centre = (4.0, 3.0, 3.0),
    tumours: Mapping[str, tuple[Centre, float]] | None = None,
) -> Anatomy:
    """A supine patient: body, liver, ribs, spine, lungs, bowel, kidney, gallbladder, vessels, tumours."""
    grid = straight_grid(shape, spacing_mm)
    tall = 400.0
    body = ellipsoid(grid, (0, 0, 0), (155, 110, 10 * tall))
    shell = body & ~ellipsoid(grid, (0, 0, 0), (143, 98, 10 * tall))
    inner = ellipsoid(grid, (0, 0, 0), (137, 92, 10 * tall))
    index = np.moveaxis(np.indices(shape), 0, -1)
    _x, y, z = np.moveaxis(grid.lps_of(index), -1, 0)
    ribs = ~shell & ~inner & body & ((z + 0.35 * y) % 24.0 < 9.0) & (y > -60) & (z > -20)
    structures = {
        "body": body,
        "liver": ellipsoid(grid, (-62, -8, 10), (72, 68, 80)) | ellipsoid(grid, (0, -44, 22), (64, 34, 48)),
        "bone": ribs | ellipsoid(grid, (0, 66, 0), (22, 20, 10 * tall)),
        "lung": (
            ellipsoid(grid, (-70, 20, 118), (62, 70, 84)) | ellipsoid(grid, (70, 20, 118), (62, 70, 84))
        ),
        "bowel": ellipsoid(grid, (-20, -50, -72), (100, 40, 34)),
        "kidney": ellipsoid(grid, (-62, 56, -58), (27, 24, 46)),
        "gallbladder": ellipsoid(grid, (-52, -66, -40), (14, 12, 24)),
        "stomach": ellipsoid(grid, (72, -36, 24), (44, 34, 54)),
        "inferior_vena_cava": ellipsoid(grid, (-24, 26, 0), (12, 12, 10 * tall)),
        "aorta": ellipsoid(grid, (14, 38, 0), (11, 11, 10 * tall)),
        "portal_vein": ellipsoid(grid, (-30, 0, -6), (34, 5, 5)),
    }
    structures["liver"] &= ~structures["inferior_vena_cava"]
    for name in ("lung", "bowel", "stomach", "kidney"):
        structures[name] &= ~structures["liver"]
    places = tumours or {"tumour": ((-86.0, -18.0, 10.0), 14.0)}
    masks = {name: ellipsoid(grid, centre, (radius,) * 3) for name, (centre, radius) in places.items()}
    return Anatomy(grid, structures, masks)


def rotated(anatomy: Anatomy, rotation: NDArray[np.float64], shift: Centre) -> Anatomy:
    """The same voxels, lying elsewhere in space."""
    move = np.eye(4)
    move[:3, :3], move[:3, 3] = rotation, shift
    grid = anatomy.grid
    return Anatomy(Volume(grid.voxels, move @ grid.index_to_lps), anatomy.structures, anatomy.tumours)


def relabelled(anatomy: Anatomy, axis: int) -> Anatomy:
    """The same patient in the same place, the array's axis running the other way."""
    flip = np.eye(4)
    flip[axis, axis], flip[axis, 3] = -1.0, anatomy.grid.voxels.shape[axis] - 1
    grid = Volume(anatomy.grid.voxels, anatomy.grid.index_to_lps @ flip)

    def turned(masks: Mapping[str, Mask]) -> dict[str, Mask]:
        return {name: np.ascontiguousarray(np.flip(mask, axis)) for name, mask in masks.items()}

    return Anatomy(grid, turned(anatomy.structures), turned(anatomy.tumours))
