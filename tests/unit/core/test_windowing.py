"""Windows, against the values that PS3.3 C.11.2.1 states or implies."""

import numpy as np
import pytest

from tongtai.core.windowing import Window, WindowError, WindowFunction, full_window, grey_levels

F = WindowFunction


@pytest.mark.parametrize(
    ("window", "value", "level"),
    [
        # C.11.2.1.2: with c=2048 and w=4096, 0 is black and 4095 white, and 2047.5 the middle.
        (Window(center=2048, width=4096), 0, 0),
        (Window(center=2048, width=4096), 4095, 255),
        (Window(center=2048, width=4096), 2047.5, 128),
        # With c=0 and w=1, everything below 0 is black and 0 itself white.
        (Window(center=0, width=1), -0.5, 0),
        (Window(center=0, width=1), 0, 255),
        # C.11.2.1.3.2: with c=2047.5 and w=4095 exactly the same ends.
        (Window(center=2047.5, width=4095, function=F.LINEAR_EXACT), 0, 0),
        (Window(center=2047.5, width=4095, function=F.LINEAR_EXACT), 4095, 255),
        (Window(center=0, width=100, function=F.SIGMOID), 0, 128),
        (Window(center=0, width=100, function=F.SIGMOID), 1e9, 255),
        (Window(center=0, width=100, function=F.SIGMOID), -1e9, 0),
    ],
)
def test_levels_of_the_standard(window: Window, value: float, level: int) -> None:
    assert grey_levels(np.array([[float(value)]]), window).tolist() == [[level]]


@pytest.mark.parametrize("function", F)
def test_brighter_values_are_never_darker(function: WindowFunction) -> None:
    values = np.linspace(-1500.0, 3500.0, 1001)
    levels = grey_levels(values, Window(center=40, width=400, function=function)).astype(int)
    assert (np.diff(levels) >= 0).all()
    assert (levels[0], levels[-1]) == (0, 255)


def test_an_image_without_a_window_shows_all_its_values() -> None:
    values = np.array([[-1024.0, 0.0], [500.0, 3071.0]])
    levels = grey_levels(values, full_window(values))
    assert (levels.min(), levels.max()) == (0, 255)
    flat = np.full((2, 2), 7.0)
    assert len(np.unique(grey_levels(flat, full_window(flat)))) == 1


@pytest.mark.parametrize(
    ("width", "function"), [(0, F.LINEAR), (0.5, F.LINEAR), (0, F.SIGMOID), (-1, F.LINEAR_EXACT)]
)
def test_a_window_without_width_is_refused(width: float, function: WindowFunction) -> None:
    with pytest.raises(WindowError):
        Window(center=0, width=width, function=function)
