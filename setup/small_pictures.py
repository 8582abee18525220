"""Make the documentation's pictures small enough for a repository: ``small_pictures.py FOLDER``.

A picture above the limit is written with a palette, of 256 colours or as few as it takes; what it shows
stays readable.
Needs Pillow, so it runs in the project's own environment.
"""

import sys
from pathlib import Path

from PIL import Image

LIMIT_BYTES = 300_000
PALETTES = (256, 128, 64)


def shrink(picture: Path) -> None:
    """Write a picture with a palette, when it is too large."""
    if picture.stat().st_size <= LIMIT_BYTES:
        return
    with Image.open(picture) as image:
        drawn = image.convert("RGB")
    for colours in PALETTES:
        # Among many greys the median cut loses the few pixels of a warning's colour; the octree keeps them.
        small = drawn.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        small.save(picture, optimize=True)
        if picture.stat().st_size <= LIMIT_BYTES:
            return
    sys.exit(f"{picture} has {picture.stat().st_size:,} bytes; at most {LIMIT_BYTES:,} are wanted.")


if __name__ == "__main__":
    for found in sorted(Path(sys.argv[1]).glob("*.png")):
        shrink(found)
