"""The simulated abdomen."""

import numpy as np

from tongtai.core.phantom.abdomen import abdomen_phantom


def _phantom(seed):
    return abdomen_phantom(np.random.default_rng(seed), slices=40, size=128, slice_mm=4.0)


def test_the_same_seed_gives_the_same_ct_and_another_seed_another():
    assert np.array_equal(_phantom(1).hounsfield, _phantom(1).hounsfield)
    assert not np.array_equal(_phantom(1).hounsfield, _phantom(2).hounsfield)


def test_the_tumour_is_darker_than_the_liver_around_it():
    phantom = _phantom(5)
    dz, dy, dx = phantom.spacing_mm
    x, y, z = phantom.tumour_centre_mm
    k, j, i = round(z / dz), round(y / dy + 63.5), round(x / dx + 63.5)
    inside = phantom.hounsfield[k, j - 1 : j + 2, i - 1 : i + 2].mean()
    assert inside < 75
    beyond = i + round((phantom.tumour_radius_mm + 6) / dx)
    assert phantom.hounsfield[k, j - 1 : j + 2, beyond : beyond + 3].mean() > inside + 25


def test_every_slice_says_simulated():
    marked = (_phantom(1).hounsfield == 1200).sum(axis=(1, 2))
    assert marked.min() == marked.max() > 100
