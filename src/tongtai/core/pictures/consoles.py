"""Simulated screens beside the table: the CT console and the vital-signs monitor."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tongtai.core.pictures.lettering import draw_text, mark_simulated

WIDTH, HEIGHT = 1280, 720
LOOP_S = 10.0
_SLICES = 20
_GREEN, _CYAN, _WHITE = (70, 230, 110), (80, 210, 240), (235, 235, 235)


def ct_console_picture(time_s: float) -> NDArray[np.uint8]:
    """A CT console that scrolls through slices; it repeats every ten seconds.

    Returns
    -------
    (720, 1280, 3) array
    """
    index = int((time_s % LOOP_S) / LOOP_S * _SLICES)
    return _ct_slice(index).copy()


def monitor_picture(time_s: float) -> NDArray[np.uint8]:
    """A monitor with ECG, pleth and respiration sweeping; it repeats every ten seconds.

    Returns
    -------
    (720, 1280, 3) array
    """
    picture = _monitor_background().copy()
    sweep = int((time_s % LOOP_S) / LOOP_S * 4 * 900) % 900
    columns = np.arange(900)
    age = (sweep - columns) % 900
    shown = age < 860
    beat = (columns / 900 * 2.5 * 1.2) % 1.0
    ecg = np.exp(-(((beat - 0.3) / 0.012) ** 2)) - 0.2 * np.exp(-(((beat - 0.34) / 0.02) ** 2))
    ecg += 0.18 * np.exp(-(((beat - 0.55) / 0.05) ** 2)) + 0.1 * np.exp(-(((beat - 0.16) / 0.03) ** 2))
    pleth = np.exp(-(((beat - 0.45) / 0.12) ** 2)) + 0.35 * np.exp(-(((beat - 0.7) / 0.1) ** 2))
    breath = 0.5 + 0.5 * np.sin(2 * np.pi * columns / 900)
    traces = ((ecg, 230, 130, _GREEN), (pleth, 410, 90, _CYAN), (breath, 590, 70, _WHITE))
    for trace, base, height, colour in traces:
        rows = (base - trace * height).astype(int)
        # A steep flank is a column of pixels from the last row to this one.
        lowest, highest = np.maximum(rows, np.roll(rows, 1)) + 2, np.minimum(rows, np.roll(rows, 1))
        for column in np.flatnonzero(shown):
            picture[highest[column] : lowest[column] + 1, 40 + column] = colour
    return picture


@cache
def _ct_slice(index: int) -> NDArray[np.uint8]:
    picture = np.full((HEIGHT, WIDTH, 3), (18, 20, 24), np.uint8)
    rows, columns = np.mgrid[:640, :640].astype(np.float32)
    x, y = (columns - 320) / 320, (rows - 320) / 320
    grey = np.zeros((640, 640), np.float32)
    ellipses = (
        (0.0, 0.0, 0.86, 0.64, 70), (0.0, 0.0, 0.82, 0.6, 118), (-0.3, -0.05, 0.42, 0.42, 150),
        (0.42, 0.05, 0.2, 0.24, 142), (0.0, 0.36, 0.12, 0.12, 235), (0.1, 0.16, 0.06, 0.06, 205),
        (-0.36, -0.02 + 0.01 * index, 0.09, 0.08, 112), (0.2, -0.28, 0.24, 0.14, 60),
    )  # fmt: skip
    for centre_x, centre_y, a, b, level in ellipses:
        swell = 1 + 0.004 * index
        grey[((x - centre_x) / (a * swell)) ** 2 + ((y - centre_y) / (b * swell)) ** 2 < 1] = level
    noise = np.random.default_rng(index).normal(0, 5, grey.shape)
    grey = np.where(grey > 0, grey + noise, 0)
    picture[40:680, 40:680] = np.clip(grey, 0, 255).astype(np.uint8)[..., None]
    lines = (
        "ABDOMEN 5.0",
        f"Slice {index + 1}/{_SLICES}",
        "W 350  L 40",
        "120 kV  180 mA",
        "Interventional CT",
    )
    for row, text in enumerate(lines):
        draw_text(picture, text, left=740, top=60 + 44 * row)
    picture[300:560, 740:1220] = (28, 32, 38)
    picture[320 + 11 * index : 324 + 11 * index, 760:1200] = (255, 196, 60)
    mark_simulated(picture)
    return picture


@cache
def _monitor_background() -> NDArray[np.uint8]:
    picture = np.full((HEIGHT, WIDTH, 3), (6, 8, 10), np.uint8)
    values = (
        ("HR", "72", _GREEN, 90), ("SpO2", "98", _CYAN, 260), ("RR", "15", _WHITE, 430), ("NIBP", "124/76", _WHITE, 560),
    )  # fmt: skip
    for label, value, colour, top in values:
        draw_text(picture, label, left=980, top=top - 28, colour=colour)
        draw_text(picture, value, left=980, top=top, colour=colour, scale=4 if len(value) < 4 else 2)
    mark_simulated(picture)
    return picture
