"""The constraints of the cover problem, as sparse rows over candidates and then needles."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

Mask = NDArray[np.bool_]


def needed_rows(covers: Mask) -> Mask:
    """Distinct, coverable points ``(R, C)`` without those that any cover of another point covers.

    A point whose candidates include all candidates of another is covered whenever that other is.
    """
    bits = np.unique(np.packbits(covers.T[covers.any(axis=0)], axis=1), axis=0)
    points = np.unpackbits(bits, axis=1, count=covers.shape[0])
    points = points[np.argsort(points.sum(axis=1, dtype=np.int64), kind="stable")]
    kept = np.zeros(points.shape, np.float32)
    sizes = np.zeros(len(points), np.float32)
    count = 0
    for point in points.astype(np.float32):
        # A kept row all of whose candidates are this point's makes it needless.
        if not np.any(kept[:count] @ point >= sizes[:count] - 0.5):
            kept[count], sizes[count] = point, point.sum()
            count += 1
    needed: Mask = kept[:count] > 0.5
    return needed


def covering(rows: Mask, needles: int) -> csr_array:
    """Each point lies in a chosen zone."""
    return csr_array(np.hstack([rows, np.zeros((len(rows), needles), np.bool_)]).astype(np.float64))


def linking(needle_of: NDArray[np.int64], needles: int) -> coo_array:
    """A zone is made only with its needle."""
    count = len(needle_of)
    each = np.arange(count)
    columns = np.concatenate([count + needle_of, each])
    values = np.repeat([1.0, -1.0], count)
    return coo_array((values, (np.tile(each, 2), columns)), shape=(count, count + needles))


def apart(pairs: NDArray[np.int64], count: int, needles: int) -> csr_array:
    """Of two needles that cross, at most one."""
    both = np.zeros((len(pairs), count + needles))
    both[np.arange(len(pairs))[:, None], count + pairs] = 1.0
    return csr_array(both)
