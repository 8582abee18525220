"""From a plan to the bytes that are hashed and signed."""

import hashlib
import json
import math
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from tongtai.core.planning.plan import Plan
from tongtai.formats.plan_json.errors import PlanFileError

_DECIMALS = 6


def plan_bytes(plan: Plan) -> bytes:
    """Canonical JSON: keys sorted, two blanks of indentation, six decimals, UTF-8, a newline at the end.

    The same plan always gives the same bytes, and ``plan_bytes(read_plan(content)) == content``.

    Raises
    ------
    PlanFileError
        If a number is infinite or missing (NaN).
    """
    return canonical_bytes(plan)


def canonical_bytes(document: Any) -> bytes:
    """Any plan, of whatever technique, in the same canonical form.

    Raises
    ------
    PlanFileError
        If a number is infinite or missing (NaN).
    """
    text = json.dumps(encoded(document), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def plan_sha256(plan: Plan) -> str:
    """SHA-256 of the plan's bytes, in hexadecimal; what a plan book and signatures are bound to."""
    return hashlib.sha256(plan_bytes(plan)).hexdigest()


def encoded(value: Any, place: str = "plan") -> Any:
    """A plan or a part of one as dictionaries, lists, text and numbers.

    Examples
    --------
    >>> encoded((1.00000049, -0.0, None, "text"))
    [1.0, 0.0, None, 'text']
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: encoded(getattr(value, field.name), f"{place}.{field.name}")
            for field in fields(value)
        }
    if isinstance(value, tuple | list):
        return [encoded(item, f"{place}[{n}]") for n, item in enumerate(value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise PlanFileError(f"{place} is {value}, which no plan may hold.", place=place)
        # Adding zero turns -0.0 into 0.0.
        return round(float(value), _DECIMALS) + 0.0
    return value
