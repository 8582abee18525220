"""Linear interpolation along the axes of an array."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def interpolated(values: NDArray[np.generic], axis: int, positions: NDArray[np.float64]) -> Floats:
    """Values at continuous indices along one axis; beyond the ends the end's value.

    Parameters
    ----------
    values : array
        Any shape.
    axis : int
        Axis to interpolate along.
    positions : (N,) array
        Continuous indices.

    Returns
    -------
    array
        float32, of length N along ``axis``.

    Examples
    --------
    >>> interpolated(np.array([0.0, 10.0]), 0, np.array([-1.0, 0.25, 9.0])).tolist()
    [0.0, 2.5, 10.0]
    """
    last = values.shape[axis] - 1
    position = np.clip(positions, 0.0, float(last))
    lower = np.minimum(position.astype(np.intp), max(last - 1, 0))
    shape = [1] * values.ndim
    shape[axis] = len(position)
    share = (position - lower).astype(np.float32).reshape(shape)
    below = values.take(lower, axis).astype(np.float32, copy=False)
    above = values.take(np.minimum(lower + 1, last), axis).astype(np.float32, copy=False)
    result: Floats = below * (1 - share) + above * share
    return result


def centres(target: int, source: int, *, start: int = 0, stop: int | None = None) -> NDArray[np.float64]:
    """Where the centres of ``target`` equal parts of an axis lie, in indices of its ``source`` parts.

    Examples
    --------
    >>> centres(2, 4).tolist()
    [0.5, 2.5]
    """
    index = np.arange(start, target if stop is None else stop, dtype=np.float64)
    return (index + 0.5) * (source / target) - 0.5
