"""Orders after the procedure and the examinations of follow-up, read from TOML: the packaged file, or a hospital's own."""

import tomllib
from importlib.resources import files

from tongtai.core.complications.errors import ComplicationRulesError
from tongtai.core.complications.rules import RuleTask

_TECHNIQUES = frozenset({"rfa", "mwa", "seeds"})


def care_orders(technique: str, text: str | None = None) -> tuple[RuleTask, ...]:
    """What is ordered after every procedure of a technique, the earliest first.

    Raises
    ------
    ComplicationRulesError
        For an unknown technique, or a file that cannot be read.

    Examples
    --------
    >>> [order.code for order in care_orders("seeds") if "dose" in order.code]
    ['seed_dose_verification']
    """
    if technique not in _TECHNIQUES:
        raise ComplicationRulesError(f"There are no orders for {technique!r}.")
    try:
        table = tomllib.loads(text or (files(__name__) / "orders.toml").read_text(encoding="utf-8"))
        found = [
            RuleTask(
                code=row["code"], due_h=float(row["due_h"]), text_zh=row["text_zh"], text_en=row["text_en"]
            )
            for row in table["order"]
            if technique in row.get("techniques", _TECHNIQUES) and row["source"]
        ]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as reason:
        raise ComplicationRulesError(f"The orders cannot be read: {reason}.") from None
    return tuple(sorted(found, key=lambda order: order.due_h))
