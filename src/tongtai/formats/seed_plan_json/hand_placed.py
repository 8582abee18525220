"""Seeds placed by hand, from JSON: a short file of their own, or a seed plan to judge anew."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tongtai.core.needle import Needle
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds, HeldTemplate
from tongtai.core.seed_planning.placed import TemplateUsed
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
_TEMPLATE = {
    "type": "object",
    "properties": {
        "origin_lps_mm": _PLACE,
        "column_axis_lps": _PLACE,
        "row_axis_lps": _PLACE,
        "direction_lps": _PLACE,
        "spacing_mm": {"type": "number", "exclusiveMinimum": 0},
        "columns": {"type": "integer", "minimum": 1},
        "rotation_deg": {"type": "number"},
    },
    "required": [
        "origin_lps_mm",
        "column_axis_lps",
        "row_axis_lps",
        "direction_lps",
        "spacing_mm",
        "columns",
    ],
    "additionalProperties": False,
}
_SCHEMA = {
    "type": "object",
    "properties": {"needles": {"type": "array", "items": _NEEDLE}, "template": _TEMPLATE},
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
        return seeds_of_plan(read_seed_plan(content))
    if problem := check_schema(data, _SCHEMA):
        raise PlanFileError(f"The file of seeds: {': '.join(problem)}", place=problem[0])
    told = data.get("template")
    return HandPlacedSeeds(
        needles=tuple(_needle(one) for one in data["needles"]),
        template=None if told is None else _template(told),
    )


def hand_placed_seeds_json(placed: HandPlacedSeeds) -> dict[str, Any]:
    """The form that `read_hand_placed_seeds` reads."""
    needles = [
        {
            "hole": one.hole,
            "entry_lps_mm": list(one.needle.entry_lps_mm),
            "tip_lps_mm": list(one.needle.tip_lps_mm),
            "seed_depths_mm": list(one.depths_mm),
        }
        for one in placed.needles
    ]
    if placed.template is None:
        return {"needles": needles}
    held = placed.template
    template = {
        "origin_lps_mm": list(held.origin_lps_mm),
        "column_axis_lps": list(held.column_axis_lps),
        "row_axis_lps": list(held.row_axis_lps),
        "direction_lps": list(held.direction_lps),
        "spacing_mm": held.spacing_mm,
        "columns": held.holes,
        "rotation_deg": held.rotation_deg,
    }
    return {"needles": needles, "template": template}


def _template(data: Mapping[str, Any]) -> HeldTemplate:
    return HeldTemplate(
        origin_lps_mm=_three(data["origin_lps_mm"]),
        column_axis_lps=_three(data["column_axis_lps"]),
        row_axis_lps=_three(data["row_axis_lps"]),
        direction_lps=_three(data["direction_lps"]),
        spacing_mm=float(data["spacing_mm"]),
        holes=int(data["columns"]),
        rotation_deg=float(data.get("rotation_deg", 0.0)),
    )


def _three(place: Sequence[float]) -> tuple[float, float, float]:
    return float(place[0]), float(place[1]), float(place[2])


def _needle(data: Mapping[str, Any]) -> HandNeedleOfSeeds:
    return HandNeedleOfSeeds(
        hole=data.get("hole", ""),
        needle=Needle(_three(data["entry_lps_mm"]), _three(data["tip_lps_mm"])),
        depths_mm=tuple(float(depth) for depth in data["seed_depths_mm"]),
    )


def seeds_of_plan(plan: SeedPlan) -> HandPlacedSeeds:
    """A plan's own needles, seeds and template, as a person may change them."""
    return HandPlacedSeeds(
        needles=tuple(
            HandNeedleOfSeeds(
                hole=needle.hole,
                needle=Needle(needle.entry_lps_mm, needle.tip_lps_mm),
                depths_mm=tuple(seed.depth_mm for seed in plan.seeds if seed.needle == needle.id),
            )
            for needle in plan.needles
        ),
        template=None if plan.template is None else _held(plan.template),
    )


def _held(template: TemplateUsed) -> HeldTemplate:
    return HeldTemplate(
        origin_lps_mm=template.origin_lps_mm,
        column_axis_lps=template.column_axis_lps,
        row_axis_lps=template.row_axis_lps,
        direction_lps=template.direction_lps,
        spacing_mm=template.spacing_mm,
        holes=template.columns,
        rotation_deg=template.rotation_deg,
    )
