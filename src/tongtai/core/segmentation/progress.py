"""How a long calculation says how far it is, and how it is stopped."""

from collections.abc import Callable

from tongtai.core.segmentation.errors import SegmentationCancelledError

# Called with the finished share (0–1) and the step's name; returning False asks to stop.
Progress = Callable[[float, str], bool | None]


def silent(_fraction: float, _step: str) -> bool:
    """Report to nobody and go on."""
    return True


def report(progress: Progress, fraction: float, step: str) -> None:
    """Report a step.

    Raises
    ------
    SegmentationCancelledError
        If the listener answers ``False``.

    Examples
    --------
    >>> report(lambda fraction, step: fraction < 0.5, 0.7, "liver")
    Traceback (most recent call last):
        ...
    tongtai.core.segmentation.errors.SegmentationCancelledError: Stopped as asked before “liver”.
    """
    if progress(min(max(fraction, 0.0), 1.0), step) is False:
        raise SegmentationCancelledError(f"Stopped as asked before “{step}”.", step=step)


def part_of(progress: Progress, start: float, stop: float) -> Progress:
    """A listener for a part of the whole, from share ``start`` to share ``stop``.

    Examples
    --------
    >>> heard = []
    >>> part_of(lambda fraction, step: heard.append(fraction), 0.5, 1.0)(0.5, "half of the second half")
    >>> heard
    [0.75]
    """

    def inner(fraction: float, step: str) -> bool | None:
        return progress(start + (stop - start) * fraction, step)

    return inner
