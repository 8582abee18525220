"""The points that closed cases are checked against, read from ``points.toml``."""

import tomllib
from functools import cache
from importlib.resources import files

from tongtai.core.case_review import Point


@cache
def packaged_points() -> tuple[Point, ...]:
    """The points that come with the program, in their order.

    Examples
    --------
    >>> packaged_points()[0].key
    'agreement_and_request'
    """
    table = tomllib.loads((files(__name__) / "points.toml").read_text(encoding="utf-8"))
    return tuple(Point(**row) for row in table["point"])
