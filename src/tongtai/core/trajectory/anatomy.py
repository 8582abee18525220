"""The patient as needle planning sees him: one grid, a mask per structure, a mask per tumour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import edt
import numpy as np
from numpy.typing import NDArray

from tongtai.core.trajectory.errors import MissingStructureError, TrajectoryError
from tongtai.core.trajectory.rules import Obstacle
from tongtai.core.volumes import Volume

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]
Box = tuple[slice, slice, slice]

BODY_NAMES = ("body", "skin")
LIVER = "liver"
_MOST_TUMOURS = 60


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Masks on one grid.

    Parameters
    ----------
    grid
        The grid; its voxels' values are not looked at.
    structures
        Shape ``(K, J, I)`` truth values by name: ``liver`` and ``body`` (or ``skin``, also meaning
        the whole body) are needed, the others are obstacles where the rules name them.
    tumours
        Masks by the tumour's name, in the order in which they are treated.

    Raises
    ------
    MissingStructureError
        Without a liver, a body or a tumour.
    TrajectoryError
        If a mask does not lie on the grid, or the grid's axes are oblique to each other.
    """

    grid: Volume
    structures: Mapping[str, Mask]
    tumours: Mapping[str, Mask]

    def __post_init__(self) -> None:
        for name, mask in [*self.structures.items(), *self.tumours.items()]:
            if mask.shape != self.grid.voxels.shape or mask.dtype != np.bool_:
                raise TrajectoryError(
                    f"The mask {name} must hold truth values of shape {self.grid.voxels.shape}, "
                    f"got {mask.dtype} of shape {mask.shape}."
                )
        axes = self.grid.index_to_lps[:3, :3] / self.grid.spacing_mm
        if not np.allclose(axes.T @ axes, np.eye(3), atol=1e-3):
            raise TrajectoryError("The grid's axes are oblique: resample the image to a straight grid.")
        if not any(name in self.structures and self.structures[name].any() for name in BODY_NAMES):
            raise MissingStructureError(
                "There is no body mask, so there is no skin to enter.", structure="body"
            )
        if LIVER not in self.structures or not self.structures[LIVER].any():
            raise MissingStructureError("There is no liver mask.", structure=LIVER)
        self._check_tumours()

    def _check_tumours(self) -> None:
        if not self.tumours:
            raise MissingStructureError("There is no tumour mask.", structure="tumour")
        empty = [name for name, mask in self.tumours.items() if not mask.any()]
        if empty:
            raise MissingStructureError(f"The mask of {empty[0]} is empty.", structure="tumour")
        if len(self.tumours) > _MOST_TUMOURS:
            raise MissingStructureError(
                f"{len(self.tumours)} lesions are more than the {_MOST_TUMOURS} that are planned with at once: something else was "
                "taken for lesions, as happens in an arterial phase. Take another series, or give the tumours' masks (--engine FILE).",
                structure="tumour",
            )

    @property
    def body(self) -> Mask:
        """The body: what lies within the skin."""
        return next(self.structures[name] for name in BODY_NAMES if name in self.structures)

    @property
    def liver(self) -> Mask:
        """The liver with the tumours in it, whether or not its mask spared them."""
        whole = self.structures[LIVER].copy()
        for mask in self.tumours.values():
            whole |= mask
        return whole


@dataclass(frozen=True, slots=True)
class ObstacleMask:
    """An obstacle of the rules with the voxels that it has in this patient."""

    obstacle: Obstacle
    mask: Mask


def obstacle_masks(
    anatomy: Anatomy, obstacles: Iterable[Obstacle]
) -> tuple[tuple[ObstacleMask, ...], tuple[str, ...]]:
    """The voxels of each obstacle, and the names of the obstacles of which nothing was given.

    An obstacle without any mask is not checked; whoever shows a plan must say so.
    """
    found: list[ObstacleMask] = []
    unchecked: list[str] = []
    for obstacle in obstacles:
        parts = [anatomy.structures[name] for name in obstacle.structures if name in anatomy.structures]
        if not parts:
            unchecked.append(obstacle.name)
            continue
        mask = parts[0] if len(parts) == 1 else np.logical_or.reduce(parts)
        if obstacle.minimum_diameter_mm > 0.0:
            mask = thick_parts(mask, obstacle.minimum_diameter_mm, anatomy.grid.spacing_mm)
        found.append(ObstacleMask(obstacle, mask))
    return tuple(found), tuple(unchecked)


def thick_parts(mask: Mask, diameter_mm: float, spacing_mm: Points) -> Mask:
    """The parts of a mask that hold a ball of the given diameter (morphological opening).

    A voxel's distance is measured to the nearest centre outside, which is up to one voxel more than
    to the border: vessels slightly thinner than asked are kept rather than lost.

    Examples
    --------
    >>> mask = np.zeros((9, 9, 9), bool)
    >>> mask[4, 4, :] = True
    >>> mask[2:7, 2:7, 2:7] = True
    >>> int(thick_parts(mask, 3.0, np.ones(3)).sum()) < int(mask.sum())
    True
    """
    kept = np.zeros_like(mask)
    box = bounding_box(mask, 1)
    if box is None:
        return kept
    inside = np.ascontiguousarray(mask[box])
    radius = diameter_mm / 2.0
    core = distance_mm(inside, spacing_mm) >= radius
    if core.any():
        kept[box] = inside & (distance_mm(~core, spacing_mm) <= radius)
    return kept


def distance_mm(mask: Mask, spacing_mm: Points) -> NDArray[np.float32]:
    """Distance from each voxel inside the mask to the nearest voxel centre outside; 0 outside."""
    anisotropy = tuple(float(step) for step in spacing_mm)
    distance: NDArray[np.float32] = edt.edt(np.ascontiguousarray(mask), anisotropy=anisotropy, parallel=2)
    return distance


def bounding_box(mask: Mask, pad: int | tuple[int, int, int] = 0) -> Box | None:
    """Smallest box of voxels around a mask, widened by ``pad`` within the array; None if empty."""
    pads = (pad,) * 3 if isinstance(pad, int) else pad
    box = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        hits = np.flatnonzero(mask.any(axis=others))
        if hits.size == 0:
            return None
        first, last = int(hits[0]) - pads[axis], int(hits[-1]) + pads[axis] + 1
        box.append(slice(max(first, 0), min(last, mask.shape[axis])))
    return box[0], box[1], box[2]


def boundary_voxels(mask: Mask) -> Points:
    """Indices ``(N, 3)`` of the mask's voxels that have a face to the outside or to the array's end."""
    box = bounding_box(mask)
    if box is None:
        return np.zeros((0, 3))
    part = mask[box]
    padded = np.pad(part, 1)
    inner = part.copy()
    for axis in range(3):
        for start in (0, 2):
            window = [slice(1, -1)] * 3
            window[axis] = slice(start, start + part.shape[axis])
            inner &= padded[tuple(window)]
    corner = np.array([side.start for side in box])
    found: Points = np.argwhere(part & ~inner).astype(np.float64) + corner
    return found
