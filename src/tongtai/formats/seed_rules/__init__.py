"""The rules of seed implants, read from TOML: the packaged ones, or a hospital's own.

Each entry of the file carries the source of its numbers; an entry without one is refused.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.brachytherapy.radiobiology import TissueResponse
from tongtai.core.seed_planning.errors import SeedRulesError
from tongtai.core.seed_planning.goals import Quantity
from tongtai.core.seed_planning.handling import Advice
from tongtai.core.seed_planning.rules import (
    RuledDischarge,
    RuledGoal,
    RuledNumber,
    RuledTissue,
    SeedNumber,
    SeedRules,
)


def packaged_seed_rules_text() -> str:
    """The rule file that comes with the program."""
    return (files(__name__) / "seed_rules.toml").read_text(encoding="utf-8")


def packaged_seed_rules() -> SeedRules:
    """The rules that come with the program.

    Examples
    --------
    >>> packaged_seed_rules().number(SeedNumber.LARGEST_SEED_STEP_MM)
    10.0
    """
    return read_seed_rules(packaged_seed_rules_text())


def read_seed_rules(text: str) -> SeedRules:
    """Rules from the text of a TOML file; the packaged file shows the form.

    Raises
    ------
    SeedRulesError
        If the file is not TOML, or an entry is missing, misspelt, contradictory or without a source.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise SeedRulesError(f"The seed rules are not a TOML file: {reason}.") from None
    try:
        return SeedRules(
            numbers={SeedNumber(name): _number(row) for name, row in table["number"].items()},
            goals=tuple(_goal(_sourced(row)) for row in table["goal"]),
            vessels=tuple(_sourced(table["vessels"])["structures"]),
            tumour=_tissue(_sourced(table["tissue"]["tumour"])),
            organ=_tissue(_sourced(table["tissue"]["organ"])),
            discharge=tuple(RuledDischarge(**_sourced(row)) for row in table.get("discharge", [])),
            advice=tuple(Advice(**_sourced(row)) for row in table.get("advice", [])),
        )
    except (KeyError, TypeError, ValueError, BrachytherapyError) as reason:
        raise SeedRulesError(f"An entry of the seed rules cannot be read: {reason}.") from None


def _sourced(row: Mapping[str, Any]) -> dict[str, Any]:
    if not str(row.get("source", "")).strip():
        raise SeedRulesError(
            f"The entry {row.get('name') or row.get('quantity') or dict(row)} gives no source."
        )
    return dict(row)


def _number(row: Mapping[str, Any]) -> RuledNumber:
    found = _sourced(row)
    return RuledNumber(value=float(found["value"]), source=found["source"])


def _goal(row: dict[str, Any]) -> RuledGoal:
    return RuledGoal(
        structures=tuple(row["structures"]),
        quantity=Quantity(row["quantity"]),
        value=float(row["value"]),
        of_prescription=bool(row.get("of_prescription", False)),
        source=row["source"],
    )


def _tissue(row: dict[str, Any]) -> RuledTissue:
    response = TissueResponse(
        alpha_beta_gy=float(row["alpha_beta_gy"]), repair_half_time_h=float(row["repair_half_time_h"])
    )
    return RuledTissue(response=response, source=row["source"])
