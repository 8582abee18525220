"""How planning says how far it is, and how it is stopped."""

from collections.abc import Callable

from tongtai.core.planning.errors import PlanningCancelledError

# Called with the finished share (0-1) and the step's name; answering False asks to stop.
Progress = Callable[[float, str], bool | None]


def silent(_fraction: float, _step: str) -> bool:
    """Report to nobody and go on."""
    return True


def stage(progress: Progress, start: float, stop: float, step: str) -> Callable[[float], None]:
    """A listener of one step, which takes the whole from share ``start`` to share ``stop``.

    Raises
    ------
    PlanningCancelledError
        From the listener, when ``progress`` answers False.

    Examples
    --------
    >>> stage(lambda fraction, step: fraction < 0.5, 0.0, 1.0, "zones")(0.7)
    Traceback (most recent call last):
        ...
    tongtai.core.planning.errors.PlanningCancelledError: Stopped as asked during “zones”.
    """

    def tell(fraction: float) -> None:
        if progress(start + (stop - start) * min(max(fraction, 0.0), 1.0), step) is False:
            raise PlanningCancelledError(f"Stopped as asked during “{step}”.", step=step)

    return tell
