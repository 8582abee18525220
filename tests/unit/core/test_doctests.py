"""Every example in the documentation of the numeric core runs and gives what it says."""

import doctest
import importlib
import pkgutil

import pytest

import tongtai.core

MODULES = sorted(
    [
        "tongtai.core",
        *(module.name for module in pkgutil.walk_packages(tongtai.core.__path__, "tongtai.core.")),
    ]
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_modules_are_found():
    assert "tongtai.core.volumes.grid" in MODULES
    assert "tongtai.core.needle" in MODULES
