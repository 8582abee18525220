"""Goals of a seed plan as people write them."""

import re

from tongtai.core.seed_planning.errors import GoalError
from tongtai.core.seed_planning.goals import Goal, Quantity

_GOAL = re.compile(
    r"^(?P<structure>[a-z0-9_]+):(?P<quantity>[A-Za-z0-9.]+)=(?P<value>[^%A-Za-z ]+) ?(?P<unit>Gy|%|)$"
)


def goal_of(text: str, prescription_gy: float) -> Goal:
    """A goal from ``STRUCTURE:QUANTITY=VALUE`` with its unit: Gy for doses, % for volumes.

    Raises
    ------
    GoalError
        If it cannot be read, names no quantity, or gives no unit or the wrong one.

    Examples
    --------
    >>> goal_of("bowel:D2cc=100Gy", 120.0).value, goal_of("target:V150=60%", 120.0).value
    (100.0, 0.6)
    """
    read = _GOAL.match(text.strip())
    if read is None:
        raise GoalError(
            f"A goal is STRUCTURE:QUANTITY=VALUE with its unit, such as bowel:D2cc=100Gy; got {text!r}."
        )
    known = {one.value: one for one in Quantity}
    if read["quantity"] not in known:
        raise GoalError(f"There is no quantity {read['quantity']!r}; there are {', '.join(known)}.")
    quantity = known[read["quantity"]]
    wanted = "%" if quantity.unit == "share" else "Gy"
    if read["unit"] != wanted:
        raise GoalError(f"Goal {text}: write the unit of {quantity.value}, {wanted}.")
    try:
        value = float(read["value"])
    except ValueError:
        raise GoalError(f"Goal {text}: {read['value']!r} is no number.") from None
    return Goal(
        structure=read["structure"],
        quantity=quantity,
        value=value / 100.0 if wanted == "%" else value,
        unit=quantity.unit,
        source=f"asked for, prescription {prescription_gy:g} Gy",
        asked=True,
    )
