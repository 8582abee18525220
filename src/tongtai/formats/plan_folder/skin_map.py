"""The skin as a coloured cloud of points: where a needle may enter, and what closes the rest."""

import numpy as np
from numpy.typing import NDArray

from tongtai.core.trajectory.reach import OPEN, ReachMap

OPEN_RGB = (46, 160, 67)
# One colour a constraint, in the order of the map's constraints; told in the file's comments.
_CLOSED_RGB = (
    (214, 96, 77), (178, 171, 210), (253, 184, 99), (128, 115, 172), (146, 197, 222), (224, 130, 20),
    (67, 147, 195), (244, 165, 130), (190, 174, 212), (166, 86, 40), (240, 2, 127), (102, 102, 102),
    (191, 91, 23), (153, 153, 153), (247, 129, 191), (84, 39, 136), (255, 217, 47), (141, 160, 203),
    (252, 141, 98), (229, 196, 148), (231, 41, 138), (117, 112, 179), (217, 95, 2),
)  # fmt: skip


def skin_map_ply(reached: ReachMap, target: int = 0) -> bytes:
    """The map for one target as PLY: positions in LPS millimetres, normals, colours.

    The comments name the colour of open skin and of each constraint; the property ``constraint``
    holds the number of the constraint met first, -1 where a needle may enter.
    """
    skin, first = reached.scene.skin, reached.first[target]
    met = [bit for bit in range(len(reached.constraints)) if np.any(first == bit)]
    colours = np.full((len(first), 3), OPEN_RGB, np.uint8)
    comments = [f"comment constraint {OPEN} open rgb {_words(OPEN_RGB)}"]
    for bit in met:
        rgb = _CLOSED_RGB[bit % len(_CLOSED_RGB)]
        colours[first == bit] = rgb
        comments.append(f"comment constraint {bit} {reached.constraints[bit]} rgb {_words(rgb)}")
    rows = np.zeros(
        len(first),
        [*((name, "<f4") for name in ("x", "y", "z", "nx", "ny", "nz")),
         *((name, "u1") for name in ("red", "green", "blue")), ("constraint", "i1")],
    )  # fmt: skip
    _fill(rows, ("x", "y", "z"), skin.points_lps_mm)
    _fill(rows, ("nx", "ny", "nz"), skin.normals_lps)
    _fill(rows, ("red", "green", "blue"), colours)
    rows["constraint"] = first
    header = [
        "ply", "format binary_little_endian 1.0", "comment LPS millimetres", *comments,
        f"element vertex {len(first)}",
        *(f"property float {name}" for name in ("x", "y", "z", "nx", "ny", "nz")),
        *(f"property uchar {name}" for name in ("red", "green", "blue")),
        "property char constraint", "end_header", "",
    ]  # fmt: skip
    return "\n".join(header).encode("ascii") + rows.tobytes()


def _words(rgb: tuple[int, int, int]) -> str:
    return " ".join(map(str, rgb))


def _fill(rows: NDArray[np.void], names: tuple[str, ...], columns: NDArray[np.generic]) -> None:
    for number, name in enumerate(names):
        rows[name] = columns[:, number]
