"""The rules that needles keep to, read from TOML: the packaged ones, or a hospital's own.

Each entry of the file carries the source of its numbers; an entry without one is refused.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from tongtai.core.trajectory.errors import RulesError
from tongtai.core.trajectory.rules import (
    Criterion,
    Limit,
    LimitName,
    Obstacle,
    Relief,
    ReliefKind,
    TrajectoryRules,
)

TECHNIQUES = ("rfa", "mwa", "seeds")


def packaged_rules(technique: str) -> TrajectoryRules:
    """The rules that come with the program.

    Parameters
    ----------
    technique
        One of ``TECHNIQUES``.

    Raises
    ------
    RulesError
        For another technique.

    Examples
    --------
    >>> packaged_rules("rfa").limits[LimitName.LIVER_BEFORE_TUMOUR_MM].value
    10.0
    """
    if technique not in TECHNIQUES:
        raise RulesError(f"There are needle rules for {', '.join(TECHNIQUES)}, not for {technique!r}.")
    return read_rules((files(__name__) / f"{technique}.toml").read_text(encoding="utf-8"))


def read_rules(text: str) -> TrajectoryRules:
    """Rules from the text of a TOML file; the packaged files show the form.

    Raises
    ------
    RulesError
        If the file is not TOML, or an entry is missing, misspelt or without a source.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise RulesError(f"The needle rules are not a TOML file: {reason}.") from None
    try:
        return TrajectoryRules(
            technique=str(table["technique"]),
            obstacles=tuple(_obstacle(_sourced(row)) for row in table.get("obstacle", [])),
            limits={LimitName(name): Limit(**_sourced(row)) for name, row in table.get("limit", {}).items()},
            criteria=tuple(Criterion(**_sourced(row)) for row in table.get("criterion", [])),
            reliefs=tuple(_relief(_sourced(row)) for row in table.get("relief", [])),
        )
    except (KeyError, TypeError, ValueError) as reason:
        raise RulesError(f"An entry of the needle rules cannot be read: {reason}.") from None


def _sourced(row: Mapping[str, Any]) -> dict[str, Any]:
    if not str(row.get("source", "")).strip():
        raise RulesError(f"The entry {row.get('name') or row.get('kind') or dict(row)} gives no source.")
    return dict(row)


def _obstacle(row: dict[str, Any]) -> Obstacle:
    return Obstacle(**{**row, "structures": tuple(row["structures"])})


def _relief(row: dict[str, Any]) -> Relief:
    return Relief(**{**row, "kind": ReliefKind(row["kind"])})
