"""Seeds and implants for the tests."""

import numpy as np

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.volumes import Volume
from tongtai.formats.seed_models import seed_model

HALF_MCI_U = 0.635


def seed(centre=(0.0, 0.0, 0.0), axis=(0.0, 0.0, 1.0), strength_u=HALF_MCI_U, model="6711") -> Seed:
    return Seed(centre_lps_mm=centre, axis_lps=axis, strength_u=strength_u, model=seed_model(model))


def single(**changes) -> Implant:
    return Implant((seed(**changes),))


def scattered(count, random, *, half_mm=20.0, model="6711") -> Implant:
    return Implant(
        tuple(
            seed(
                centre=tuple(random.uniform(-half_mm, half_mm, 3)),
                axis=tuple(random.normal(size=3)),
                strength_u=float(random.uniform(0.3, 1.0)),
                model=model,
            )
            for _ in range(count)
        )
    )


def cube(cells, spacing_mm, *, origin_mm=(0.0, 0.0, 0.0)) -> Volume:
    """A grid of cells³ around a place, k along z."""
    transform = np.zeros((4, 4))
    transform[[2, 1, 0], [0, 1, 2]] = spacing_mm
    transform[:3, 3] = np.array(origin_mm) - spacing_mm * (cells - 1) / 2
    transform[3, 3] = 1.0
    return Volume(np.zeros((cells,) * 3, np.bool_), transform)


def ball(cells, spacing_mm, radius_mm) -> Volume:
    grid = cube(cells, spacing_mm)
    places = grid.lps_of(np.moveaxis(np.indices(grid.voxels.shape), 0, -1))
    return grid.with_voxels(np.linalg.norm(places, axis=-1) <= radius_mm)
