"""Lesion by lesion: which were found, and which found ones are not there."""

from dataclasses import dataclass

import cc3d
import numpy as np
from scipy.optimize import linear_sum_assignment

from tongtai.core.segmentation.masks import Mask
from tongtai.core.volumes import GridError

# A lesion counts as found from this overlap on: Bilic 2023 (LiTS) reports at several; ours is printed with the result.
LEAST_JACCARD = 0.1


@dataclass(frozen=True, slots=True)
class LesionMatches:
    """One-to-one matches of predicted and true lesions.

    Attributes
    ----------
    predicted, true, matched : int
        Numbers of lesions.
    least_jaccard : float
        Overlap from which on a pair counts as the same lesion.
    dice_of_matched : tuple of float
        Dice coefficient of every matched pair, in the order of the true lesions.
    """

    predicted: int
    true: int
    matched: int
    least_jaccard: float
    dice_of_matched: tuple[float, ...]

    @property
    def precision(self) -> float | None:
        """Share of the predicted lesions that exist; None where none was predicted."""
        return None if self.predicted == 0 else self.matched / self.predicted

    @property
    def recall(self) -> float | None:
        """Share of the true lesions that were found; None where there is none."""
        return None if self.true == 0 else self.matched / self.true


def match_lesions(
    predicted: Mask,
    true: Mask,
    *,
    voxel_volume_ml: float,
    smallest_ml: float = 0.0,
    least_jaccard: float = LEAST_JACCARD,
) -> LesionMatches:
    """Match the connected parts (26 neighbours) of two masks one to one, for the greatest total overlap.

    Parameters
    ----------
    predicted, true : (K, J, I) bool array
        The masks.
    voxel_volume_ml : float
        Volume of a voxel.
    smallest_ml : float
        Parts below this volume are ignored on both sides.
    least_jaccard : float
        A pair that overlaps less is no match.

    Examples
    --------
    >>> true = np.zeros((1, 1, 20), bool)
    >>> true[..., 2:6] = true[..., 12:16] = True
    >>> found = np.zeros_like(true)
    >>> found[..., 3:7] = True
    >>> matches = match_lesions(found, true, voxel_volume_ml=1.0)
    >>> matches.precision, matches.recall
    (1.0, 0.5)
    """
    if predicted.shape != true.shape:
        raise GridError(f"The masks have different shapes: {predicted.shape} and {true.shape}.")
    labels = [cc3d.connected_components(mask, connectivity=26) for mask in (predicted, true)]
    sizes = [np.bincount(label.ravel()).astype(np.float64) for label in labels]
    kept = [np.flatnonzero(size[1:] * voxel_volume_ml >= smallest_ml) + 1 for size in sizes]
    both = (labels[0] > 0) & (labels[1] > 0)
    shared = np.zeros((len(sizes[0]), len(sizes[1])))
    np.add.at(shared, (labels[0][both], labels[1][both]), 1.0)
    shared = shared[np.ix_(kept[0], kept[1])]
    union = sizes[0][kept[0]][:, None] + sizes[1][kept[1]][None, :] - shared
    jaccard = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    valid = np.where(jaccard >= max(least_jaccard, 1e-12), jaccard, 0.0)
    rows, columns = linear_sum_assignment(-valid)
    pairs = sorted((int(c), int(r)) for r, c in zip(rows, columns, strict=True) if valid[r, c] > 0)
    dice = tuple(float(2 * jaccard[r, c] / (1 + jaccard[r, c])) for c, r in pairs)
    return LesionMatches(len(kept[0]), len(kept[1]), len(pairs), least_jaccard, dice)
