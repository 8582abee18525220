"""Changes of single seeds as people write them, and the file that remembers them."""

import json
import re
from typing import Any, Final

from tongtai.core.seed_planning.edits import (
    AddNeedle,
    AddSeed,
    EditHistory,
    MoveSeed,
    RemoveSeed,
    SeedEdit,
    edited,
)
from tongtai.core.seed_planning.errors import SeedEditError
from tongtai.core.seed_planning.hand_placed import HandPlacedSeeds
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.formats.plan_json.checking import check_schema
from tongtai.formats.seed_plan_json import seed_plan_sha256
from tongtai.formats.seed_plan_json.hand_placed import seeds_of_plan

FORMS: Final = "move SEED by MM, move SEED to DEPTH, move SEED to NEEDLE DEPTH, add NEEDLE DEPTH, add HOLE DEPTH, remove SEED"
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_EDIT = re.compile(
    rf"^(?:move (?P<by>\d+) by (?P<mm>{_NUMBER})"
    rf"|move (?P<to>\d+) to (?:(?P<onto>N\d+) )?(?P<at>{_NUMBER})"
    rf"|add (?P<where>[A-Z]\d+) (?P<depth>{_NUMBER})"
    r"|remove (?P<gone>\d+))$"
)
_SCHEMA = {
    "type": "object",
    "properties": {
        "plan_sha256": {"type": "string"},
        "edits": {"type": "array", "items": {"type": "string"}},
        "applied": {"type": "integer", "minimum": 0},
    },
    "required": ["plan_sha256", "edits", "applied"],
    "additionalProperties": False,
}


def edit_of(text: str, placed: HandPlacedSeeds, plan: SeedPlan) -> SeedEdit:
    """A change from its words; seeds and needles are those of the arrangement that it changes.

    Parameters
    ----------
    text
        One of ``FORMS``; millimetres, depths of the seed's centre below the skin. ``N3`` is the third needle, any other
        letter with a number a hole of the template.
    placed
        Before the change.
    plan
        Whose template has the holes.

    Raises
    ------
    SeedEditError
        If it cannot be read, or names a seed or a hole that is not there.
    """
    read = _EDIT.match(" ".join(text.split()))
    if read is None:
        raise SeedEditError(f"A change is one of: {FORMS}; got {text!r}.")
    if read["gone"]:
        return RemoveSeed(number=int(read["gone"]))
    if read["by"]:
        number = int(read["by"])
        return MoveSeed(number=number, depth_mm=_depth_of(placed, number) + float(read["mm"]))
    if read["to"]:
        return MoveSeed(number=int(read["to"]), depth_mm=float(read["at"]), needle=read["onto"] or "")
    return _added(read["where"], float(read["depth"]), placed, plan)


def _added(where: str, depth_mm: float, placed: HandPlacedSeeds, plan: SeedPlan) -> SeedEdit:
    needles = placed.loaded()
    own = next((number for number, one in enumerate(needles, start=1) if one.hole == where), None)
    holes = plan.template.holes if plan.template else ()
    hole = next((one for one in holes if one.name == where), None)
    # A template of 15 columns has holes N1, N2, … too: a needle of that name comes first.
    if own is None and (hole is None or where in {f"N{number}" for number in range(1, len(needles) + 1)}):
        return AddSeed(needle=where, depth_mm=depth_mm)
    if own is not None:
        return AddSeed(needle=f"N{own}", depth_mm=depth_mm)
    assert hole is not None  # noqa: S101  (otherwise it was a needle)
    if hole.entry_lps_mm is None or plan.template is None:
        raise SeedEditError(f"The line of hole {where} does not meet the skin.", hole=where)
    return AddNeedle(
        hole=where,
        entry_lps_mm=hole.entry_lps_mm,
        direction_lps=plan.template.direction_lps,
        depth_mm=depth_mm,
    )


def _depth_of(placed: HandPlacedSeeds, number: int) -> float:
    depths = [depth for one in placed.loaded() for depth in one.depths_mm]
    if not 1 <= number <= len(depths):
        raise SeedEditError(f"There is no seed {number}; there are {len(depths)}.")
    return depths[number - 1]


def _words(edit: SeedEdit) -> str:
    match edit:
        case RemoveSeed(number=number):
            return f"remove {number}"
        case MoveSeed(number=number, depth_mm=depth, needle=needle):
            return f"move {number} to {needle} {depth:.6f}" if needle else f"move {number} to {depth:.6f}"
        case AddSeed(needle=needle, depth_mm=depth):
            return f"add {needle} {depth:.6f}"
        case AddNeedle(hole=hole, depth_mm=depth):
            return f"add {hole} {depth:.6f}"


def history_bytes(history: EditHistory, plan: SeedPlan) -> bytes:
    """The changes of a plan as a file, those that were taken back among them."""
    told = {
        "plan_sha256": seed_plan_sha256(plan),
        "edits": [_words(edit) for edit in history.edits],
        "applied": history.applied,
    }
    return (json.dumps(told, indent=2, sort_keys=True) + "\n").encode()


def read_history(content: bytes, plan: SeedPlan, *, tip_beyond_mm: float) -> EditHistory:
    """The changes in a file.

    Raises
    ------
    SeedEditError
        If the file cannot be read, belongs to another plan, or holds what cannot be done.
    """
    try:
        data: Any = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError) as reason:
        raise SeedEditError(f"The file of changes is not JSON: {reason}.") from None
    if problem := check_schema(data, _SCHEMA):
        raise SeedEditError(f"The file of changes: {': '.join(problem)}.")
    if data["plan_sha256"] != seed_plan_sha256(plan):
        raise SeedEditError("These changes belong to another plan.")
    placed, edits = seeds_of_plan(plan), []
    for text in data["edits"]:
        edits.append(edit_of(text, placed, plan))
        placed = edited(placed, edits[-1], tip_beyond_mm=tip_beyond_mm)
    return EditHistory(edits=tuple(edits), applied=data["applied"])
