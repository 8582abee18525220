"""Windows over a large input, their softmax averaged where they overlap, in bounded memory."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from tongtai.core.segmentation.network.card import Triple
from tongtai.core.segmentation.progress import Progress, report

Floats = NDArray[np.float32]
# A batch (N, 1, k, j, i) in, logits (N, C, k, j, i) out.
Infer = Callable[[Floats], Floats]


def window_starts(length: int, patch: int, stride: int) -> list[int]:
    """First index of every window along an axis; evenly spaced, at most ``stride`` apart, the last at the end.

    Examples
    --------
    >>> window_starts(100, 48, 24)
    [0, 17, 35, 52]
    >>> window_starts(30, 48, 24)
    [0]
    """
    if length <= patch:
        return [0]
    count = -(-(length - patch) // stride) + 1
    return [round(n * (length - patch) / (count - 1)) for n in range(count)]


def fitting_stride(length: int, patch: int, stride: int, longest: int, windows: int) -> int:
    """The usual step, or the shortest longer one that needs no more than ``windows``, up to the longest.

    Examples
    --------
    >>> (
    ...     fitting_stride(144, 48, 24, 40, 5),
    ...     fitting_stride(200, 48, 24, 40, 5),
    ...     fitting_stride(900, 48, 24, 40, 5),
    ... )
    (24, 38, 40)
    """
    if length <= patch or windows < 2:
        return stride if length <= patch else longest
    needed = -(-(length - patch) // (windows - 1))
    return min(max(stride, needed), longest)


def labelled(
    values: Floats, infer: Infer, channels: int, patch: Triple, stride: Triple, progress: Progress
) -> NDArray[np.uint8]:
    """The most probable channel of every voxel.

    Parameters
    ----------
    values : (K, J, I) float32 array
        Normalised input, at least one patch long on every axis.
    infer : callable
        The network.
    channels : int
        Number of its output channels.
    patch, stride : (k, j, i)
        Window and step.
    progress : Progress
        Told after each window.

    Returns
    -------
    (K, J, I) uint8 array
        Channel with the greatest mean softmax over the windows; of equals the lowest.

    Notes
    -----
    Windows are taken layer by layer along k. Only one layer of sums is kept: ``channels × patch[0] ×
    J × I`` numbers, however long the image is.
    """
    labels = np.zeros(values.shape, np.uint8)
    starts = [window_starts(n, p, s) for n, p, s in zip(values.shape, patch, stride, strict=True)]
    total = len(starts[0]) * len(starts[1]) * len(starts[2])
    sums = np.zeros((channels, patch[0], *values.shape[1:]), np.float32)
    for layer, k in enumerate(starts[0]):
        for number, (j, i) in enumerate(_plane(starts)):
            report(progress, (layer * len(starts[1]) * len(starts[2]) + number) / total, "network")
            window = values[k : k + patch[0], j : j + patch[1], i : i + patch[2]]
            logits = infer(np.ascontiguousarray(window[None, None], np.float32))[0]
            sums[:, :, j : j + patch[1], i : i + patch[2]] += _softmax(logits)
        following = starts[0][layer + 1] if layer + 1 < len(starts[0]) else k + patch[0]
        done = following - k
        labels[k:following] = sums[:, :done].argmax(axis=0)
        sums = np.concatenate([sums[:, done:], np.zeros_like(sums[:, :done])], axis=1)
    return labels


def _plane(starts: list[list[int]]) -> Iterator[tuple[int, int]]:
    return ((j, i) for j in starts[1] for i in starts[2])


def _softmax(logits: Floats) -> Floats:
    shifted: Floats = np.exp(logits - logits.max(axis=0))
    shifted /= shifted.sum(axis=0)
    return shifted
