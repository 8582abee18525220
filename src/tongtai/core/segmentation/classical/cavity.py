"""The inside of the trunk's wall: within the ribs, and below them within the muscles."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.segmentation.classical.bone import vertebra_zone
from tongtai.core.segmentation.classical.spine import SpineAxis
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing, distance_inside_mm
from tongtai.core.segmentation.resampling import Floats

_BEARINGS = 96
# The centre of the polar picture of a slice lies this far in front of the canal, about amid the trunk.
_CENTRE_BEFORE_CANAL_MM = 55.0
# Ribs slope: what bounds the cavity at a height is the rib within this distance above or below.
_RIB_REACH_MM = 14.0
_RIB_DEPTH_MM = 75.0
_MUSCLE_MM = 7.0
# What is bright nearer to the middle is a vessel, not a rib.
_OUTER_SHARE = 0.62
# Liver and kidneys lie beside the vertebral bodies: only these themselves are outside.
_BODY_HALF_WIDTH_MM = 24.0


def find_cavity(hounsfield: Floats, body: Mask, bone: Mask, spine: SpineAxis, spacing_mm: Spacing) -> Mask:
    """Voxels inside the ribs or the muscle wall, without the vertebrae.

    The wall's inner face is drawn in polar coordinates around the middle of each slice: at the
    innermost rib of the neighbourhood, and where there is none below the outermost muscle.
    """
    behind, left = spine.offsets_mm(_shape(body), spacing_mm)
    y, x = np.broadcast_arrays(behind + _CENTRE_BEFORE_CANAL_MM, left)
    radius = np.hypot(y, x).astype(np.float32)
    bearing = np.floor((np.arctan2(y, x) / (2 * np.pi) + 0.5) * _BEARINGS).astype(np.int64) % _BEARINGS
    depth = distance_inside_mm(body, spacing_mm)
    zone = vertebra_zone(spine, _shape(body), spacing_mm)
    flesh = body & (hounsfield > -30.0) & (depth > 4.0)
    outer = _extreme(radius, bearing, flesh, np.maximum)
    round_about = np.pad(outer, ((0, 0), (2, 2)), mode="wrap")
    outer = ndimage.median_filter(round_about, size=(5, 5), mode="nearest")[:, 2:-2]
    every = np.arange(len(body))[:, None, None]
    ribs = bone & ~zone & (depth < _RIB_DEPTH_MM) & (radius > _OUTER_SHARE * outer[every, bearing])
    inner = _extreme(radius, bearing, ribs, np.minimum)
    reach = (2 * round(_RIB_REACH_MM / spacing_mm[0]) + 1, 3)
    inner = ndimage.minimum_filter(inner, size=reach, mode=("nearest", "wrap"))
    outer = outer - _MUSCLE_MM
    wall = np.where(np.isfinite(inner), np.minimum(inner, np.where(np.isfinite(outer), outer, inner)), outer)
    wall = ndimage.gaussian_filter(
        np.where(np.isfinite(wall), wall, 0.0), (1.0, 0.8), mode=("nearest", "wrap")
    )
    column = zone & (np.abs(left) < _BODY_HALF_WIDTH_MM)
    cavity: Mask = body & ~bone & ~column & (radius < wall[every, bearing].astype(np.float32))
    return cavity


def _shape(array: Mask) -> tuple[int, int, int]:
    return (array.shape[0], array.shape[1], array.shape[2])


def _extreme(radius: Floats, bearing: NDArray[np.int64], mask: Mask, choose: np.ufunc) -> NDArray[np.float64]:
    """Least or greatest radius of a mask in each slice and bearing, shape (K, bearings); infinite where none."""
    empty = np.inf if choose is np.minimum else -np.inf
    table = np.full((len(mask), _BEARINGS), empty)
    k, j, i = np.nonzero(mask)
    choose.at(table, (k, bearing[k, j, i]), radius[k, j, i])
    return table
