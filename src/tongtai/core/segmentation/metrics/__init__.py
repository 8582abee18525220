"""How well a mask agrees with a truth."""

from tongtai.core.segmentation.metrics.comparison import Comparison, compare
from tongtai.core.segmentation.metrics.lesions import LesionMatches, match_lesions
from tongtai.core.segmentation.metrics.overlap import Overlap, overlap
from tongtai.core.segmentation.metrics.surfaces import SurfaceDistances, surface_distances

__all__ = [
    "Comparison",
    "LesionMatches",
    "Overlap",
    "SurfaceDistances",
    "compare",
    "match_lesions",
    "overlap",
    "surface_distances",
]
