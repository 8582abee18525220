"""``tongtai seeds edit``: move, add and remove single seeds of a plan, and take it back."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from tongtai.core.seed_planning.desk import SeedDesk, changed, judged, opened
from tongtai.core.seed_planning.edited import EditJudged
from tongtai.core.seed_planning.edits import EditHistory
from tongtai.core.seed_planning.errors import SeedEditError
from tongtai.core.seed_planning.hand_placed import HandPlacedSeeds
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.seed_planning.warnings import SEED_LIMITS
from tongtai.entrypoints.cli.models import Json
from tongtai.entrypoints.cli.seed_planning import GOALS_NOT_MET
from tongtai.entrypoints.cli.seeds_input import or_refused, print_facts
from tongtai.formats.seed_edits import FORMS, edit_of, history_bytes, read_history
from tongtai.formats.seed_plan_folder import DESK_FILE
from tongtai.formats.seed_plan_folder.desk_file import read_desk
from tongtai.formats.seed_plan_json import SEED_PLAN_FILE, seed_plan_sha256
from tongtai.formats.seed_plan_json.hand_placed import hand_placed_seeds_json, seeds_of_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edited:
    desk: SeedDesk
    history: EditHistory
    placed: HandPlacedSeeds
    before: EditJudged
    after: EditJudged
    computed_ms: float


def edit(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="What `tongtai seeds plan` made.")
    ],
    change: Annotated[
        list[str] | None, typer.Option("--change", help=f"{FORMS}; may be repeated, in order.")
    ] = None,
    undo: Annotated[int, typer.Option(min=0, help="Take back so many changes, before new ones.")] = 0,
    redo: Annotated[int, typer.Option(min=0, help="Do so many taken back again, before new ones.")] = 0,
    history: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            show_default=False,
            help="File that remembers the changes from call to call; made when absent.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            show_default=False,
            help="Changed seeds to write, for `tongtai seeds plan --seeds`.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Change seeds of a plan and judge its doses at once; exit with 2 when refused, 3 when a goal is missed."""

    def work() -> _Edited:
        made = _edited(folder, change or [], undo, redo, history)
        if history is not None:
            _write(history, history_bytes(made.history, made.desk.plan))
        if out is not None:
            _write(out, (json.dumps(hand_placed_seeds_json(made.placed), indent=2) + "\n").encode())
        return made

    made = or_refused(work)
    if as_json:
        print_facts(_facts(made))
    else:
        typer.echo("\n".join(_lines(made)))
    if any(goal.met is False for goal in made.after.goals):
        raise typer.Exit(GOALS_NOT_MET)


def _edited(folder: Path, changes: list[str], undo: int, redo: int, file: Path | None) -> _Edited:
    try:
        desk = read_desk((folder / DESK_FILE).read_bytes(), (folder / SEED_PLAN_FILE).read_bytes())
    except FileNotFoundError as missing:
        raise SeedEditError(f"{folder} has no {Path(str(missing.filename)).name}: plan anew.") from None
    beyond = desk.rule(SeedNumber.TIP_BEYOND_SEED_MM)
    known = EditHistory()
    if file is not None and file.exists():
        known = read_history(file.read_bytes(), desk.plan, tip_beyond_mm=beyond)
    for _ in range(undo):
        known = known.undone()
    for _ in range(redo):
        known = known.redone()
    planned = seeds_of_plan(desk.plan)
    live = opened(desk, planned)
    before = judged(desk, live, planned)
    for text in changes:
        known = known.made(edit_of(text, known.after(planned, tip_beyond_mm=beyond), desk.plan))
    placed = known.after(planned, tip_beyond_mm=beyond)
    began = time.perf_counter()
    after = judged(desk, changed(desk, placed, live), placed)
    return _Edited(
        desk=desk, history=known, placed=placed, before=before, after=after,
        computed_ms=(time.perf_counter() - began) * 1000.0,
    )  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    # A rename is atomic: a cut-off run leaves no half file behind.
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)


def _facts(made: _Edited) -> dict[str, object]:
    return {
        "plan_sha256": seed_plan_sha256(made.desk.plan),
        "in_force": made.history.applied,
        "taken_back": len(made.history.edits) - made.history.applied,
        "computed_ms": made.computed_ms,
        **asdict(made.after),
        "limits": [limit.text for limit in SEED_LIMITS],
    }


def _lines(made: _Edited) -> list[str]:
    before, after = made.before, made.after
    target, was = after.doses.target, before.doses.target
    lines = [
        (
            f"changes in force: {made.history.applied}, taken back: {len(made.history.edits) - made.history.applied}; "
            f"{len(after.needles)} needles, {len(after.seeds)} seeds (plan: {len(before.needles)}, {len(before.seeds)}); "
            f"judged in {made.computed_ms:.0f} ms"
        ),
        (
            f"D90 {target.d90_gy:.1f} Gy ({was.d90_gy:.1f}), V100 {target.v100:.1%} ({was.v100:.1%}), "
            f"V150 {target.v150:.1%} ({was.v150:.1%}), V200 {target.v200:.1%} ({was.v200:.1%})"
        ),
    ]
    for goal in after.goals:
        if goal.reached is not None:
            mark = {True: "✓", False: "✗", None: "?"}[goal.met]
            shown = f"{goal.reached:.1%}" if goal.unit == "share" else f"{goal.reached:.1f} Gy"
            lines.append(f"{mark} {goal.structure} {goal.quantity.value} {shown}")
    broken = [(one.id, one.broken_rules) for one in after.needles]
    broken += [(f"seed {one.number}", one.broken_rules) for one in after.seeds]
    lines += [
        f"! {who}: {rule.constraint} {rule.value:.1f} mm ({rule.allowed:.1f})"
        for who, rules in broken
        for rule in rules
    ]
    lines += [
        f"! {one.id}: its way to {one.depth_mm:.1f} mm is measured by `tongtai seeds plan --seeds`"
        for one in after.needles
        if not one.measured
    ]
    return [*lines, *(f"! {limit.text}" for limit in SEED_LIMITS)]
