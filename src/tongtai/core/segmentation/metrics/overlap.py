"""Overlap of two masks: Dice, Jaccard and volumes."""

from dataclasses import dataclass

import numpy as np

from tongtai.core.segmentation.masks import Mask
from tongtai.core.volumes import GridError


@dataclass(frozen=True, slots=True)
class Overlap:
    """Overlap of a predicted with a true mask, by counting voxels.

    Attributes
    ----------
    predicted_ml, true_ml, shared_ml : float
        Volumes.
    """

    predicted_ml: float
    true_ml: float
    shared_ml: float

    @property
    def dice(self) -> float | None:
        """``2 |P ∩ T| / (|P| + |T|)``; None where both are empty (Dice 1945)."""
        total = self.predicted_ml + self.true_ml
        return None if total == 0 else 2.0 * self.shared_ml / total

    @property
    def jaccard(self) -> float | None:
        """``|P ∩ T| / |P ∪ T|``; None where both are empty (Jaccard 1901)."""
        union = self.predicted_ml + self.true_ml - self.shared_ml
        return None if union == 0 else self.shared_ml / union

    @property
    def precision(self) -> float | None:
        """Share of the prediction that is true; None of an empty prediction."""
        return None if self.predicted_ml == 0 else self.shared_ml / self.predicted_ml

    @property
    def recall(self) -> float | None:
        """Share of the truth that is predicted; None of an empty truth."""
        return None if self.true_ml == 0 else self.shared_ml / self.true_ml

    @property
    def relative_volume_error(self) -> float | None:
        """``(|P| − |T|) / |T|``: above zero where too much was predicted; None of an empty truth."""
        return None if self.true_ml == 0 else (self.predicted_ml - self.true_ml) / self.true_ml


def overlap(predicted: Mask, true: Mask, *, voxel_volume_ml: float) -> Overlap:
    """Count the voxels of two masks on the same grid.

    Parameters
    ----------
    predicted, true : (K, J, I) bool array
        The masks.
    voxel_volume_ml : float
        Volume of a voxel.

    Raises
    ------
    GridError
        If the shapes differ.

    Examples
    --------
    >>> half = np.zeros((1, 1, 4), bool)
    >>> half[..., :2] = True
    >>> overlap(half, np.roll(half, 1), voxel_volume_ml=1.0).dice
    0.5
    """
    if predicted.shape != true.shape:
        raise GridError(f"The masks have different shapes: {predicted.shape} and {true.shape}.")
    counts = [int(np.count_nonzero(mask)) for mask in (predicted, true, predicted & true)]
    return Overlap(*(count * voxel_volume_ml for count in counts))
