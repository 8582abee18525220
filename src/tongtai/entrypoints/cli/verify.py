"""``tongtai verify``: the solvers of this installation beside exact solutions."""

import json
import os
import platform
from dataclasses import asdict
from typing import Annotated, Any

import numba
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

import tongtai
from tongtai.core.reference_case import CaseResult, CaseSummary
from tongtai.core.thermal.reference.verification import Verification
from tongtai.core.thermal.reference.verification import verify as run
from tongtai.formats.heat_tables.reading import REFERENCE_TABLES, damage_rules, reference_tables
from tongtai.formats.seed_knowledge import seed_case_results
from tongtai.formats.seed_models.reference import SEED_TABLE

TABLES = (*REFERENCE_TABLES, SEED_TABLE)


def verify(
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this table; may be repeated: {', '.join(TABLES)}."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every value as JSON on standard output.")
    ] = False,
) -> None:
    """Run the reference cases; exit with 1 when a value is outside its tolerance."""
    unknown = set(only or ()) - set(TABLES)
    if unknown:
        raise typer.BadParameter(f"There is no table {min(unknown)!r}; there are: {', '.join(TABLES)}.")
    # Progress goes to standard error, so that --json stays JSON.
    console = Console(stderr=True, highlight=False)
    wanted = [name for name in TABLES if not only or name in only]
    found = run(
        reference_tables(),
        damage_rules().models,
        names=[name for name in wanted if name != SEED_TABLE],
        progress=lambda name, _: console.print(f"… {name}", markup=False),
    )
    if SEED_TABLE in wanted:
        console.print(f"… {SEED_TABLE}", markup=False)
        found = Verification(results=(*found.results, *seed_case_results()))
    if as_json:
        typer.echo(json.dumps(_document(found), ensure_ascii=False, indent=2))
    else:
        _print(found)
    if not found.passed:
        raise typer.Exit(1)


def _document(found: Verification) -> dict[str, Any]:
    return {
        "version": tongtai.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "passed": found.passed,
        "values": len(found.results),
        "failed": found.failed,
        "cases": [_case(one) for one in found.cases],
        "results": [_value(one) for one in found.results],
    }


def _case(one: CaseSummary) -> dict[str, Any]:
    return {
        "case": one.case,
        "passed": one.passed,
        "values": one.values,
        "failed": one.failed,
        "worst": _value(one.worst),
    }


def _value(one: CaseResult) -> dict[str, Any]:
    # JSON knows no NaN: a number that a broken solver did not give is null.
    numbers = {
        name: value if not isinstance(value, float) or np.isfinite(value) else None
        for name, value in {**asdict(one), "deviation": one.deviation}.items()
    }
    return {**numbers, "passed": one.passed}


def _print(found: Verification) -> None:
    table = Table(title=f"Tongtai {tongtai.__version__}, {platform.system()} {platform.machine()}")
    for heading in ("case", "values", "worst at", "should be", "is", "deviation", "tolerance", "passed"):
        table.add_column(heading, justify="left" if heading in {"case", "worst at"} else "right")
    for one in found.cases:
        worst = one.worst
        unit = "" if worst.unit == "1" else f" {worst.unit}"
        table.add_row(
            one.case,
            str(one.values),
            worst.place,
            f"{worst.expected:.6g}{unit}",
            f"{worst.got:.6g}{unit}",
            f"{worst.deviation:+.2g}",
            f"{worst.tolerance:.2g}",
            "✓ yes" if one.passed else f"✗ {one.failed} outside",
        )
    Console(width=None if os.isatty(1) else 160).print(table)
    within = len(found.results) - found.failed
    verdict = "✓" if found.passed else "✗"
    typer.echo(
        f"{verdict} {within} of {len(found.results)} values of {len(found.cases)} cases are within tolerance"
    )
