"""How tests are shared among workers."""

import doctest
from pathlib import Path

from tests.support import scheduling

ROOT = Path(__file__).resolve().parents[2]


def test_the_examples_hold():
    assert doctest.testmod(scheduling).failed == 0


def test_what_goes_first_or_together_exists():
    names = [*scheduling._FIRST, *scheduling._TOGETHER]
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_longest_go_first():
    places = [scheduling.rank(name) for name in (*scheduling._FIRST, "tests/unit/test_scheduling.py::test")]
    assert places == sorted(places)
    assert len(set(places)) == len(places)
