"""Images in space, and what is done with them before anything is computed on them."""

from tongtai.core.volumes.cropping import IndexBox, box_around, cropped, pasted
from tongtai.core.volumes.grid import GridError, Points, Volume
from tongtai.core.volumes.orientation import canonical, reordered_like
from tongtai.core.volumes.polygons import inside_polygons
from tongtai.core.volumes.resampling import Interpolation, resampled, resampled_onto
from tongtai.core.volumes.straightening import straightened

__all__ = [
    "GridError",
    "IndexBox",
    "Interpolation",
    "Points",
    "Volume",
    "box_around",
    "canonical",
    "cropped",
    "inside_polygons",
    "pasted",
    "reordered_like",
    "resampled",
    "resampled_onto",
    "straightened",
]
