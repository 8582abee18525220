"""Seeds in a block of tissue, as a scanner would show them."""

import numpy as np

from tongtai.core.phantom.implants import DrawnSeeds, draw_seeds
from tongtai.core.phantom.seeds import SeedScanner, with_seeds
from tongtai.core.volumes import Volume

TISSUE_HU = 60.0


def tissue(size_mm=(60.0, 70.0, 70.0), *, slice_mm=1.25, pixel_mm=0.7, noise_hu=15.0, seed=7) -> Volume:
    """A block around the origin, noise like that of an abdominal CT."""
    spacing = np.array([slice_mm, pixel_mm, pixel_mm])
    shape = np.ceil(np.array(size_mm) / spacing).astype(int)
    noise = np.random.default_rng(seed).normal(TISSUE_HU, noise_hu, shape)
    transform = np.zeros((4, 4))
    transform[[2, 1, 0], [0, 1, 2]] = spacing
    transform[[2, 1, 0], 3] = -spacing * (shape - 1) / 2
    transform[3, 3] = 1.0
    return Volume(np.rint(noise).astype(np.int16), transform)


def implanted(image, centres, axes, *, seed=8, scanner=None) -> Volume:
    axes = np.atleast_2d(np.asarray(axes, float))
    axes = axes / np.linalg.norm(axes, axis=1)[:, None]
    return with_seeds(
        image,
        np.atleast_2d(np.asarray(centres, float)),
        axes,
        np.random.default_rng(seed),
        scanner or SeedScanner(),
    )


def drawn(count, seed=1) -> DrawnSeeds:
    return draw_seeds(np.random.default_rng(seed), count, np.zeros(3), half_mm=np.array([20.0, 20.0, 16.0]))
