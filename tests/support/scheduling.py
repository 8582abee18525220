"""Which tests run on one worker, and which go first, when several workers share them (``make test``)."""

from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadFileScheduling

# Folders whose files share what takes longest to set up: made once, on one worker.
_TOGETHER = frozenset({"tests/integration/plans"})
# What keeps a core busy longest, by measurement: begun last, it would keep one worker busy alone.
_FIRST = (
    "tests/integration/plans/",
    "tests/unit/entrypoints/test_plan_command.py",
    "tests/unit/core/thermal/test_treatment.py",
    "tests/unit/formats/test_plan_book.py",
    "tests/unit/core/test_doctests.py",
    "tests/integration/test_isolation_matrix.py",
    "tests/integration/postgresql/",
    "tests/integration/test_openapi_fuzz.py",
)


def work_unit(nodeid: str) -> str:
    """What is done by one worker: a file, or a folder of files that belong together.

    Examples
    --------
    >>> work_unit("tests/unit/core/test_volumes.py::test_a[b::c]")
    'tests/unit/core/test_volumes.py'
    >>> work_unit("tests/integration/plans/test_life.py::test_a")
    'tests/integration/plans'
    """
    file = nodeid.split("::", 1)[0]
    folder = str(PurePosixPath(file).parent)
    return folder if folder in _TOGETHER else file


def rank(nodeid: str) -> int:
    """How early a test goes: smaller is earlier."""
    return next((place for place, start in enumerate(_FIRST) if nodeid.startswith(start)), len(_FIRST))


def longest_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """These tests with the longest first, else in the order that they had."""
    return sorted(items, key=lambda item: rank(item.nodeid))


class ByFile(LoadFileScheduling):
    """Hands out `work_unit`\\ s in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return work_unit(nodeid)
