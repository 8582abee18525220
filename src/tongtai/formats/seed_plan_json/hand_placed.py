"""Seeds placed by hand, from JSON: a short file of their own, or a seed plan to judge anew."""

import json
from collections.abc import Mapping
from typing import Any

from tongtai.core.needle import Needle
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.formats.plan_json.checking import check_schema
from tongtai.formats.plan_json.errors import PlanFileError
from tongtai.formats.seed_plan_json import read_seed_plan

_PLACE = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}
_NEEDLE = {
    "type": "object",
    "properties": {
        "hole": {"type": "string"},
        "entry_lps_mm": _PLACE,
        "tip_lps_mm": _PLACE,
        "seed_depths_mm": {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0}},
    },
    "required": ["entry_lps_mm", "tip_lps_mm", "seed_depths_mm"],
    "additionalProperties": False,
}
_SCHEMA = {
    "type": "object",
    "properties": {"needles": {"type": "array", "items": _NEEDLE}},
    "required": ["needles"],
    "additionalProperties": False,
}
HAND_PLACED_SEEDS_EXAMPLE = """{
  "needles": [
    {
      "hole": "G7",
      "entry_lps_mm": [-95.0, -60.0, 12.0],
      "tip_lps_mm": [-40.0, -10.0, 12.0],
      "seed_depths_mm": [70.0, 60.0, 50.0]
    }
  ]
}
"""


def read_hand_placed_seeds(content: bytes) -> HandPlacedSeeds:
    """Seeds from ``HAND_PLACED_SEEDS_EXAMPLE``'s form, or those of a ``seed-plan.json``.

    Raises
    ------
    PlanFileError
        If the file is neither, with the place.
    NeedleError
        If entry and tip are the same point.
    HandPlacedSeedsError
        If there is no seed, one lies beyond its needle's tip, or two lie at one depth.

    Examples
    --------
    >>> read_hand_placed_seeds(HAND_PLACED_SEEDS_EXAMPLE.encode()).needles[0].depths_mm
    (70.0, 60.0, 50.0)
    """
    try:
        data = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError) as reason:
        raise PlanFileError(f"The file of seeds is not JSON: {reason}.") from None
    if isinstance(data, dict) and "schema_version" in data:
        return _of_plan(read_seed_plan(content))
    if problem := check_schema(data, _SCHEMA):
        raise PlanFileError(": ".join(problem), place=problem[0])
    return HandPlacedSeeds(needles=tuple(_needle(one) for one in data["needles"]))


def _needle(data: Mapping[str, Any]) -> HandNeedleOfSeeds:
    entry, tip = (
        (float(data[end][0]), float(data[end][1]), float(data[end][2]))
        for end in ("entry_lps_mm", "tip_lps_mm")
    )
    return HandNeedleOfSeeds(
        hole=data.get("hole", ""),
        needle=Needle(entry, tip),
        depths_mm=tuple(float(depth) for depth in data["seed_depths_mm"]),
    )


def _of_plan(plan: SeedPlan) -> HandPlacedSeeds:
    return HandPlacedSeeds(
        needles=tuple(
            HandNeedleOfSeeds(
                hole=needle.hole,
                needle=Needle(needle.entry_lps_mm, needle.tip_lps_mm),
                depths_mm=tuple(seed.depth_mm for seed in plan.seeds if seed.needle == needle.id),
            )
            for needle in plan.needles
        )
    )
