"""Needles placed by hand, from JSON: a short file of their own, or a plan to judge anew."""

import json
from collections.abc import Mapping
from typing import Any

from tongtai.core.needle import Needle
from tongtai.core.planning.by_hand import HandApplication, HandNeedle, HandPlaced
from tongtai.core.planning.plan import Plan
from tongtai.formats.plan_json.checking import check_schema
from tongtai.formats.plan_json.errors import PlanFileError
from tongtai.formats.plan_json.reading import read_plan

_PLACE = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}
_APPLICATION = {
    "type": "object",
    "properties": {
        "pull_back_mm": {"type": "number", "minimum": 0},
        "power_w": {"type": ["number", "null"], "exclusiveMinimum": 0},
        "time_min": {"type": "number", "exclusiveMinimum": 0},
    },
    "required": ["time_min"],
    "additionalProperties": False,
}
_NEEDLE = {
    "type": "object",
    "properties": {
        "entry_lps_mm": _PLACE,
        "tip_lps_mm": _PLACE,
        "positions": {"type": "array", "items": _APPLICATION},
    },
    "required": ["entry_lps_mm", "tip_lps_mm", "positions"],
    "additionalProperties": False,
}
_SCHEMA = {
    "type": "object",
    "properties": {"device_id": {"type": "string"}, "needles": {"type": "array", "items": _NEEDLE}},
    "required": ["device_id", "needles"],
    "additionalProperties": False,
}
HAND_PLACED_EXAMPLE = """{
  "device_id": "mwa-2450-cooled-he2010",
  "needles": [
    {
      "entry_lps_mm": [-95.0, -60.0, 12.0],
      "tip_lps_mm": [-40.0, -10.0, 12.0],
      "positions": [{"power_w": 60, "time_min": 10}, {"pull_back_mm": 15, "power_w": 60, "time_min": 5}]
    }
  ]
}
"""


def read_hand_placed(content: bytes) -> HandPlaced:
    """Needles from ``HAND_PLACED_EXAMPLE``'s form, or those of a ``plan.json``.

    Raises
    ------
    PlanFileError
        If the file is neither, with the place.
    NeedleError
        If entry and tip are the same point.
    HandPlacedError
        If there is no application, or a needle would be drawn back out of the skin.

    Examples
    --------
    >>> placed = read_hand_placed(HAND_PLACED_EXAMPLE.encode())
    >>> len(placed.needles), placed.needles[0].applications[1].pull_back_mm
    (1, 15.0)
    """
    try:
        data = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError) as reason:
        raise PlanFileError(f"The file of needles is not JSON: {reason}.") from None
    if isinstance(data, dict) and "schema_version" in data:
        return _of_plan(read_plan(content))
    if problem := check_schema(data, _SCHEMA):
        raise PlanFileError(f"The file of needles: {': '.join(problem)}", place=problem[0])
    return HandPlaced(device_id=data["device_id"], needles=tuple(_needle(one) for one in data["needles"]))


def _needle(data: Mapping[str, Any]) -> HandNeedle:
    entry, tip = (
        (float(data[end][0]), float(data[end][1]), float(data[end][2]))
        for end in ("entry_lps_mm", "tip_lps_mm")
    )
    applications = tuple(
        HandApplication(
            pull_back_mm=float(one.get("pull_back_mm", 0.0)),
            power_w=None if one.get("power_w") is None else float(one["power_w"]),
            time_min=float(one["time_min"]),
        )
        for one in data["positions"]
    )
    return HandNeedle(needle=Needle(entry, tip), applications=applications)


def _of_plan(plan: Plan) -> HandPlaced:
    if plan.device is None:
        raise PlanFileError("The plan has no needles to judge: there was no safe path.")
    needles = []
    for needle in plan.needles:
        applications = tuple(
            HandApplication(
                pull_back_mm=max(needle.depth_mm - position.tip_depth_mm, 0.0),
                power_w=position.power_w,
                time_min=position.time_min,
            )
            for position in plan.positions
            if position.needle == needle.id
        )
        needles.append(
            HandNeedle(needle=Needle(needle.entry_lps_mm, needle.tip_lps_mm), applications=applications)
        )
    return HandPlaced(device_id=plan.device.device_id, needles=tuple(needles))
