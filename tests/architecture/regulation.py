"""Clause, feature, test: which tests carry a number of the regulation's table."""

import ast
import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "reference" / "regulation.csv"
_NUMBERS = re.compile(r"(?<=_)f(\d\d)(?=_)")


@cache
def places_of_tests() -> Mapping[str, str]:
    """Every test function, by ``path::name``."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                found[f"{path.relative_to(ROOT).as_posix()}::{node.name}"] = node.name
    return found


def shown_by() -> Mapping[str, list[str]]:
    """The tests of each number: by their names, and those that the table names."""
    tests: dict[str, list[str]] = defaultdict(list)
    for place, name in places_of_tests().items():
        for number in _NUMBERS.findall(name):
            tests[f"F{number}"].append(place)
    for row in rows():
        tests[row["number"]] += row["also_shown_by"].split()
    return tests


def rows() -> list[dict[str, str]]:
    """The table as it is written."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def clauses() -> str:
    """The page's table."""
    tests = shown_by()
    lines = ["| number | clause | feature | state | tests |", "|---|---|---|---|---|"]
    for row in rows():
        mine = tests[row["number"]]
        names = "<br>".join(f"`{place.removeprefix('tests/')}`" for place in mine)
        state = "shown" if mine else "**open**"
        lines.append(f"| {row['number']} | {row['clause']} | {row['feature']} | {state} | {names or '–'} |")
    return "\n".join(lines)
