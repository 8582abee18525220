"""Seed models from the package's TOML files, one a model, every table with its source."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from tongtai.core.brachytherapy.errors import SeedModelError, UnknownSeedModelError
from tongtai.core.brachytherapy.seed_models import AnisotropyTable, RadialTable, SeedModel

MM_PER_CM = 10.0


@cache
def seed_models() -> Mapping[str, SeedModel]:
    """The models that come with the program, by identifier.

    Examples
    --------
    >>> sorted(seed_models())
    ['2301', '6702', '6711', 'I25.S06', 'IAI-125A', 'IS-12501']
    """
    texts = [
        entry.read_text(encoding="utf-8")
        for entry in files(__name__).iterdir()
        if entry.name.endswith(".toml")
    ]
    models = sorted((read_seed_model(text) for text in texts), key=lambda model: model.id)
    return MappingProxyType({model.id: model for model in models})


def seed_model(name: str) -> SeedModel:
    """The model of this identifier.

    Raises
    ------
    UnknownSeedModelError
        For any other; no other model's data stand in for it.

    Examples
    --------
    >>> seed_model("6711").dose_rate_constant_cgy_h_u
    0.965
    """
    known = seed_models()
    if name not in known:
        raise UnknownSeedModelError(
            f"There is no seed model {name!r}; there are: {', '.join(known)}. Another model's data would be wrong.",
            model=name,
        )
    return known[name]


def read_seed_model(text: str) -> SeedModel:
    """A model from the text of a TOML file; the packaged ones show the form.

    Raises
    ------
    SeedModelError
        If the file is not TOML, or an entry is missing, misspelt, contradictory or without a source.
    """
    try:
        table = tomllib.loads(text)
        radial = table.pop("radial")
        around, around_1d = table.pop("anisotropy", None), table.pop("anisotropy_1d", None)
        table.setdefault("monte_carlo_constant_cgy_h_u", None)
        return SeedModel(
            **table,
            radial=_radial(radial, "g"),
            anisotropy=None if around is None else _anisotropy(around),
            anisotropy_1d=None if around_1d is None else _radial(around_1d, "phi_an"),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as reason:
        raise SeedModelError(f"The data of a seed model cannot be read: {reason}.") from None


def _radial(row: Mapping[str, Any], column: str) -> RadialTable:
    return RadialTable(
        radius_mm=np.array(row["r_cm"], np.float64) * MM_PER_CM,
        value=np.array(row[column], np.float64),
        source=row["source"],
    )


def _anisotropy(row: Mapping[str, Any]) -> AnisotropyTable:
    return AnisotropyTable(
        radius_mm=np.array(row["r_cm"], np.float64) * MM_PER_CM,
        theta_deg=np.array(row["theta_deg"], np.float64),
        value=np.array(row["f"], np.float64),
        source=row["source"],
    )
