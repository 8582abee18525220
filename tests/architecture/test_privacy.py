"""Patient data never goes into a log message, and no machine's paths go into the repository."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGGERS = {"log", "logger", "_log", "LOG"}
# Names under which a patient's data, a secret or a person's free text travels in this program.
PRIVATE = re.compile(
    r"patient|birth|hospital_number|display_name|password|secret|token|lesion|^text$|^note$|payload"
)


def _log_calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LOG_METHODS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in LOGGERS
            ):
                yield str(path.relative_to(ROOT)), node


def _names_in(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            yield inner.attr
        elif isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.keyword) and inner.arg:
            yield inner.arg


def test_log_calls_carry_no_patient_data():
    found = [
        f"{path}:{call.lineno} {name}"
        for path, call in _log_calls()
        for part in [*call.args, *call.keywords]
        for name in _names_in(part)
        if PRIVATE.search(name)
    ]
    assert not found, "log identifiers, codes and numbers only"


def test_log_messages_are_fixed_texts():
    """A message built with f-strings hides what is in it from the test above and from searching."""
    built = [
        f"{path}:{call.lineno}"
        for path, call in _log_calls()
        if call.args and not isinstance(call.args[0], ast.Constant)
    ]
    assert not built, "a fixed message, with the values as keywords"


def test_no_machine_paths():
    # Put together, so that this file does not find itself.
    homes = re.compile("|".join((r"/ro" + r"ot/", r"/wo" + r"rk/", r"/ho" + r"me/(?!user\b)[a-z]+/")))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file() or path.suffix in {".png", ".lock", ".woff2", ".ttf"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {match[0]}" for match in homes.finditer(text)]
    assert not found
