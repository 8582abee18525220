"""From the values of an image to the grey levels of a screen (DICOM PS3.3 C.11.2.1)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tongtai.core.errors import TongtaiError

_WHITE = 255.0


class WindowError(TongtaiError):
    """A window needs a width of at least 1, or above 0 when its function is not linear."""

    code = "window_width"


class WindowFunction(StrEnum):
    """How values inside the window become grey levels; the names are those of DICOMweb's parameter."""

    LINEAR = "linear"
    LINEAR_EXACT = "linear-exact"
    SIGMOID = "sigmoid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which values are told apart on the screen; in the image's own unit, for CT in HU."""

    center: float
    width: float
    function: WindowFunction = WindowFunction.LINEAR

    def __post_init__(self) -> None:
        least = 1.0 if self.function is WindowFunction.LINEAR else 0.0
        if not self.width >= least or self.width == 0.0:
            raise WindowError(width=self.width)


def grey_levels(values: NDArray[np.float64], window: Window) -> NDArray[np.uint8]:
    """Grey levels from 0 (black) to 255 (white).

    Parameters
    ----------
    values : (J, I) array
        The image's values after its modality look-up, for CT in HU.
    window : Window
        Which of them are told apart.

    References
    ----------
    DICOM PS3.3 C.11.2.1.2 (linear), C.11.2.1.3.2 (linear exact), C.11.2.1.3.1 (sigmoid).

    Examples
    --------
    >>> grey_levels(np.array([-1000.0, 39.5, 1000.0]), Window(center=40, width=400)).tolist()
    [0, 128, 255]
    """
    share = np.clip(_share(values, window), 0.0, 1.0)
    levels: NDArray[np.uint8] = np.rint(share * _WHITE).astype(np.uint8)
    return levels


def _share(values: NDArray[np.float64], window: Window) -> NDArray[np.float64]:
    """Of white; below 0 and above 1 outside of the window."""
    center, width = window.center, window.width
    if window.function is WindowFunction.SIGMOID:
        # The exponent is bounded where its result no longer changes.
        return 1.0 / (1.0 + np.exp(np.clip(-4.0 * (values - center) / width, -700.0, 700.0)))
    if window.function is WindowFunction.LINEAR_EXACT:
        return (values - center) / width + 0.5
    if width == 1.0:
        return np.where(values > center - 0.5, 1.0, 0.0)
    return (values - (center - 0.5)) / (width - 1.0) + 0.5


def full_window(values: NDArray[np.float64]) -> Window:
    """The window that shows every value, for an image that brings none."""
    low, high = float(values.min()), float(values.max())
    return Window(center=(low + high) / 2, width=max(high - low, 1.0), function=WindowFunction.LINEAR_EXACT)
