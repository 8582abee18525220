"""Images in space: an array with the transform that says where in the patient each voxel lies.

Arrays are indexed ``[k, j, i]`` (slice, row, column), and index vectors are written in the same
order, so that ``voxels[tuple(index)]`` and ``volume.lps_of(index)`` speak of the same voxel.
Positions are DICOM patient coordinates (LPS, millimetres), at the centre of a voxel.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongtai.core.errors import TongtaiError

Points = NDArray[np.float64]


class GridError(TongtaiError):
    """A transform that describes no grid, or two grids that should be one."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A regular grid of voxels in patient space.

    Parameters
    ----------
    voxels
        Shape ``(K, J, I)``; Hounsfield units for CT, truth values for a mask.
    index_to_lps
        Shape ``(4, 4)``; maps ``(k, j, i, 1)`` to ``(x, y, z, 1)`` in millimetres, LPS.
    frame_of_reference_uid
        DICOM's name of the patient space; empty where the source knew none.

    Examples
    --------
    >>> import numpy as np
    >>> transform = np.array([[0, 0, 0.8, -10], [0, 0.8, 0, -20], [5.0, 0, 0, 30], [0, 0, 0, 1]])
    >>> volume = Volume(np.zeros((4, 3, 2)), transform)
    >>> volume.spacing_mm.tolist()
    [5.0, 0.8, 0.8]
    >>> volume.lps_of(np.array([1, 0, 0])).tolist()
    [-10.0, -20.0, 35.0]
    """

    voxels: NDArray[Any]
    index_to_lps: Points
    frame_of_reference_uid: str = ""

    def __post_init__(self) -> None:
        if self.voxels.ndim != 3:
            raise GridError(f"A volume has three axes, this array has {self.voxels.ndim}.")
        if self.index_to_lps.shape != (4, 4) or not np.all(np.isfinite(self.index_to_lps)):
            raise GridError("A volume's transform is a finite 4 × 4 matrix.")
        if abs(np.linalg.det(self.index_to_lps[:3, :3])) < 1e-9:
            raise GridError("A volume's axes must not lie in one plane.")

    @property
    def spacing_mm(self) -> Points:
        """Distance between neighbours along k, j, i."""
        spacing: Points = np.linalg.norm(self.index_to_lps[:3, :3], axis=0)
        return spacing

    @property
    def voxel_volume_ml(self) -> float:
        """Volume of one voxel in millilitres."""
        return float(abs(np.linalg.det(self.index_to_lps[:3, :3]))) / 1000.0

    def lps_of(self, index: NDArray[Any]) -> Points:
        """Positions, shape ``(…, 3)``, of index vectors ``(…, 3)`` in ``k, j, i`` order."""
        positions: Points = index @ self.index_to_lps[:3, :3].T + self.index_to_lps[:3, 3]
        return positions

    def index_of(self, lps: NDArray[Any]) -> Points:
        """Continuous index vectors, shape ``(…, 3)`` in ``k, j, i`` order, of positions ``(…, 3)``."""
        lps_to_index = np.linalg.inv(self.index_to_lps)
        index: Points = lps @ lps_to_index[:3, :3].T + lps_to_index[:3, 3]
        return index

    def with_voxels(self, voxels: NDArray[Any]) -> "Volume":
        """Other values on the same grid, say a mask of this image."""
        if voxels.shape != self.voxels.shape:
            raise GridError(f"Expected an array of shape {self.voxels.shape}, got {voxels.shape}.")
        return Volume(voxels, self.index_to_lps, self.frame_of_reference_uid)

    def shares_grid_with(self, other: "Volume") -> bool:
        """Whether the voxels of both lie at the same places (to a hundredth of a millimetre)."""
        return self.voxels.shape == other.voxels.shape and bool(
            np.allclose(self.index_to_lps, other.index_to_lps, atol=0.01)
        )
