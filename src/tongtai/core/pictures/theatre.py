"""A simulated view of the operating room: table, lamp, two persons at work."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tongtai.core.pictures.lettering import draw_text, mark_simulated

WIDTH, HEIGHT = 1280, 720
LOOP_S = 10.0


def room_picture(time_s: float) -> NDArray[np.uint8]:
    """The room at ``time_s``; it repeats every ten seconds.

    Returns
    -------
    (720, 1280, 3) array
    """
    phase = 2 * np.pi * (time_s % LOOP_S) / LOOP_S
    picture = _room().copy()
    _person(picture, x=470 + round(12 * np.sin(phase)), y=300, hand_x=600 + round(30 * np.sin(2 * phase)))
    _person(picture, x=850 + round(9 * np.cos(phase)), y=290, hand_x=730 + round(20 * np.cos(phase)))
    seconds = int(time_s % LOOP_S)
    picture[40:76, 1090:1250] = (12, 14, 16)
    draw_text(picture, f"10:24:{seconds:02d}", left=1110, top=46, colour=(255, 120, 90))
    return picture


def _person(picture: NDArray[np.uint8], *, x: int, y: int, hand_x: int) -> None:
    _disc(picture, x=x, y=y - 90, radius=38, colour=(70, 130, 140))
    _disc(picture, x=x, y=y - 78, radius=28, colour=(205, 170, 145))
    picture[y - 74 : y - 56, x - 26 : x + 27] = (215, 228, 232)
    picture[y - 48 : y + 130, x - 62 : x + 63] = (46, 118, 122)
    left, right = sorted((x, hand_x))
    picture[y + 20 : y + 48, left:right] = (40, 104, 108)
    _disc(picture, x=hand_x, y=y + 34, radius=17, colour=(232, 232, 222))


def _disc(picture: NDArray[np.uint8], *, x: int, y: int, radius: int, colour: tuple[int, int, int]) -> None:
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    area = picture[y - radius : y + radius + 1, x - radius : x + radius + 1]
    area[rows**2 + columns**2 <= radius**2] = colour


@cache
def _room() -> NDArray[np.uint8]:
    shade = np.linspace(150, 96, HEIGHT)[:, None, None]
    picture = np.broadcast_to(shade * np.array([0.86, 0.97, 1.0]), (HEIGHT, WIDTH, 3)).astype(np.uint8)
    picture[520:] = (92, 98, 102)
    picture[430:500, 260:1030] = (38, 96, 110)
    picture[400:440, 320:980] = (64, 140, 150)
    picture[500:660, 600:690] = (70, 74, 78)
    picture[60:96, 540:760] = (225, 228, 220)
    picture[0:60, 640:656] = (120, 122, 124)
    picture[250:430, 60:220] = (50, 54, 60)
    picture[266:380, 74:206] = (20, 26, 30)
    draw_text(picture, "OR 1", left=24, top=20, colour=(20, 30, 36))
    mark_simulated(picture)
    return picture
