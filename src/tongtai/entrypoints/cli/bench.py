"""``tongtai bench``: measure this machine against the targets."""

import asyncio
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.bench.registry import available, measure, parts_of
from tongtai.entrypoints.bench.row import Row
from tongtai.formats.whole_folder import write_whole


def bench(
    which: Annotated[
        str,
        typer.Argument(
            help="all, or one of: events, imaging, segmentation, gateway, needles, planning, heat, seeds, live, thirty, netlab."
        ),
    ] = "all",
    part: Annotated[
        list[str] | None, typer.Option(help="Only this part of the benchmark; can be given more than once.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the rows as JSON on standard output.")
    ] = False,
    save: Annotated[
        Path | None, typer.Option(help="Write the rows as JSON into this file, anew after each of them.")
    ] = None,
) -> None:
    """Measure, and compare with target and peer; exit with 1 when a target is missed."""
    known = available()
    if which != "all" and which not in known:
        raise typer.BadParameter(f"There is no benchmark {which!r}; there are: all, {', '.join(known)}.")
    if part and (which == "all" or set(part) - set(parts_of(which))):
        offered = "" if which == "all" else f" {which} has: {', '.join(parts_of(which)) or 'none'}."
        raise typer.BadParameter(f"--part names parts of one benchmark.{offered}")
    # Progress and reasons go to standard error, so that --json stays JSON.
    noted = _Noted(Console(stderr=True, highlight=False), save)
    failed = False
    for name in known if which == "all" else [which]:
        noted.progress.print(f"… {name}: {known[name]}")
        try:
            asyncio.run(noted.follow(name, part or ()))
        except TongtaiError as error:
            # One that is impossible here, such as the network lab without root, does not stop the rest.
            noted.progress.print(f"✗ {name}: {error}")
            failed = failed or which != "all"
    if as_json:
        typer.echo(_json(noted.rows))
    else:
        _print(noted.rows)
    if failed or any(row.met is False for row in noted.rows):
        raise typer.Exit(1)


@dataclass(slots=True)
class _Noted:
    """The rows so far: each is told, and kept in a file, as soon as it is known."""

    progress: Console
    file: Path | None
    rows: list[Row] = field(default_factory=list)

    async def follow(self, name: str, parts: Sequence[str]) -> None:
        async for row in measure(name, parts):
            self.rows.append(row)
            self.progress.print(f"  {_said(row)}")
            if self.file is not None:
                write_whole(self.file, f"{_json(self.rows)}\n".encode())


def _json(rows: list[Row]) -> str:
    return json.dumps([row.json() for row in rows], ensure_ascii=False, indent=2)


def _said(row: Row) -> str:
    sign = {None: "·", True: "✓", False: "✗"}[row.met]
    p95 = "" if row.p95 is None else f" (p95 {row.p95:g})"
    peer = "" if row.peer is None else f"; {row.peer}"
    return f"{sign} {row.name}: {row.value:g} {row.unit}{p95}{peer}"


def _print(rows: list[Row]) -> None:
    table = Table(title=f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    for heading in ("measured", "value", "p95", "target", "met", "peer"):
        table.add_column(heading, justify="left" if heading in {"measured", "peer"} else "right")
    for row in rows:
        sign = "≤" if row.better == "lower" else "≥"
        table.add_row(
            row.name,
            f"{row.value:g} {row.unit}",
            "" if row.p95 is None else f"{row.p95:g} {row.unit}",
            "" if row.target is None else f"{sign} {row.target:g} {row.unit}",
            {None: "", True: "✓ yes", False: "✗ no"}[row.met],
            row.peer or "",
        )
    Console(width=None if os.isatty(1) else 160).print(table)
