"""A simulated ultrasound sector: speckle, vessels, a lesion and a needle that goes there."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tongtai.core.pictures.lettering import draw_text, mark_simulated

WIDTH, HEIGHT = 1280, 720
LOOP_S = 10.0
_APEX_X, _APEX_Y = 640.0, -40.0
_NEAR, _FAR = 110.0, 690.0
_HALF_ANGLE = 0.62
_BREATH_PX = 14.0


def ultrasound_picture(time_s: float) -> NDArray[np.uint8]:
    """The picture at ``time_s``; it repeats every ten seconds.

    Returns
    -------
    (720, 1280, 3) array
    """
    phase = 2 * np.pi * (time_s % LOOP_S) / LOOP_S
    picture = _background().copy()
    tissue, inside = _tissue(), _sector()
    shift = round(_BREATH_PX * np.sin(phase * 2))
    moved = np.roll(tissue, (shift, shift // 3), axis=(0, 1)).astype(np.int16)
    shimmer = np.roll(_shimmer(), (round(97 * np.sin(phase)), round(131 * np.cos(phase))), axis=(0, 1))
    grey = np.clip(moved + shimmer, 0, 255).astype(np.uint8)
    _draw_needle(grey, depth=0.5 - 0.5 * np.cos(phase), shift=shift)
    picture[inside] = grey[inside][:, None]
    return picture


def _draw_needle(grey: NDArray[np.uint8], *, depth: float, shift: int) -> None:
    start, target = np.array([404.0, 292.0]), np.array([690.0, 400.0 + shift])
    steps = np.linspace(0.0, 0.15 + 0.85 * depth, 700)[:, None]
    points = (start + steps * (target - start)).astype(int)
    for offset, level in ((-1, 170), (0, 250), (1, 190)):
        grey[points[:, 1] + offset, points[:, 0]] = level
    x, y = points[-1]
    grey[y - 4 : y + 5, x - 4 : x + 5] = 255


@cache
def _sector() -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    radius = np.hypot(columns - _APEX_X, rows - _APEX_Y)
    angle = np.arctan2(columns - _APEX_X, rows - _APEX_Y)
    inside: NDArray[np.bool_] = (radius > _NEAR) & (radius < _FAR) & (np.abs(angle) < _HALF_ANGLE)
    return inside


@cache
def _tissue() -> NDArray[np.uint8]:
    random = np.random.default_rng(20)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    coarse = random.rayleigh(1.0, (HEIGHT // 4, WIDTH // 6)).repeat(4, 0).repeat(6, 1)[:HEIGHT, :]
    speckle = np.pad(coarse, ((0, 0), (0, WIDTH - coarse.shape[1])), mode="edge")
    speckle = (speckle + np.roll(speckle, 2, 0) + np.roll(speckle, 3, 1) + np.roll(speckle, -2, 1)) / 4
    echo = 62.0 * speckle * np.exp(-rows / 900)
    lesion = ((columns - 700) / 62) ** 2 + ((rows - 405) / 48) ** 2
    echo *= np.where(lesion < 1, 0.35, 1.0)
    echo += np.where(np.abs(lesion - 1) < 0.12, 30, 0)
    for x, y, radius in ((520, 330, 26), (840, 300, 18), (600, 560, 34)):
        echo *= np.where(np.hypot(columns - x, rows - y) < radius, 0.12, 1.0)
    echo += 90 * np.exp(-(((rows - 625 + 0.0004 * (columns - 640) ** 2) / 5) ** 2))
    tissue: NDArray[np.uint8] = np.clip(echo, 0, 255).astype(np.uint8)
    return tissue


@cache
def _shimmer() -> NDArray[np.int16]:
    random = np.random.default_rng(21)
    blocks = random.integers(-9, 10, (HEIGHT // 6, WIDTH // 8), dtype=np.int16)
    return blocks.repeat(6, 0).repeat(8, 1)


@cache
def _background() -> NDArray[np.uint8]:
    picture = np.full((HEIGHT, WIDTH, 3), 8, np.uint8)
    draw_text(picture, "C5-1 Abdomen  12 cm  21 Hz", left=24, top=20)
    draw_text(picture, "MI 0.9  TIS 0.4", left=24, top=50)
    for tick in range(13):
        picture[70 + tick * 50 : 72 + tick * 50, 1236 - (12 if tick % 5 == 0 else 0) : 1250] = 150
    mark_simulated(picture)
    return picture
