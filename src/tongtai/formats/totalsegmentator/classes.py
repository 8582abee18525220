"""TotalSegmentator's tasks and the numbers of their classes, from packaged tables."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

TOTAL = "total"


@cache
def class_names(task: str = TOTAL) -> Mapping[int, str]:
    """Names of a task's labels; empty for a task whose classes planning does not use.

    Examples
    --------
    >>> class_names()[5], class_names("liver_vessels")[2]
    ('liver', 'liver_tumor')
    """
    rows = (
        _rows("classes_total.csv") if task == TOTAL else [r for r in _rows("tasks.csv") if r["task"] == task]
    )
    return MappingProxyType({int(row["label"]): row["name"] for row in rows if row["label"]})


@cache
def task_names() -> tuple[str, ...]:
    """Tasks of which something is known."""
    return tuple(dict.fromkeys(row["task"] for row in _rows("tasks.csv")))


@cache
def licensed_tasks() -> frozenset[str]:
    """Tasks that need a licence of TotalSegmentator's authors."""
    return frozenset(row["task"] for row in _rows("tasks.csv") if row["licence_needed"] == "yes")


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("tongtai.formats.totalsegmentator") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
