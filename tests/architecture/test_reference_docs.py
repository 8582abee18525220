"""The reference says what the program does: roles, errors, audit actions, and the OpenAPI document.

``python -m tests.architecture.test_reference_docs`` writes what these tests compare.
"""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from tests.architecture.regulation import clauses

import tongtai
from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.web.errors import STATUS, status_of
from tongtai.entrypoints.web.openapi import openapi_text
from tongtai.features.accounts.model import PERMISSIONS, Permission, Role
from tongtai.features.audit.model import AuditAction
from tongtai.features.workflow.model import MAY_STATE, NEEDS_WORDS, TIMERS, TRANSITIONS
from tongtai.formats.plan_json import schema_text
from tongtai.formats.seed_plan_json import seed_schema_text
from tongtai.formats.workflow_words import Section, words

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def _all_errors() -> list[type[TongtaiError]]:
    for module in pkgutil.walk_packages(tongtai.__path__, "tongtai."):
        if module.name.startswith(("tongtai.features", "tongtai.formats", "tongtai.infra")):
            importlib.import_module(module.name)
    found: list[type[TongtaiError]] = []
    waiting = list(TongtaiError.__subclasses__())
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if error.__module__.startswith(("tongtai.features", "tongtai.formats", "tongtai.infra")):
            found.append(error)
    return sorted(found, key=lambda error: (error.code, error.__name__))


def _permissions() -> str:
    lines = ["| role | permissions |", "|---|---|"]
    for role in Role:
        names = ", ".join(f"`{p.value}`" for p in Permission if p in PERMISSIONS[role])
        lines.append(f"| `{role.value}` | {names} |")
    return "\n".join(lines)


def _actions() -> str:
    return "\n".join(["| action |", "|---|", *(f"| `{action.value}` |" for action in AuditAction)])


def _errors() -> str:
    lines = ["| code | status | meaning |", "|---|---|---|"]
    for error in _all_errors():
        doc = (error.__doc__ or "").strip().splitlines()[0]
        lines.append(f"| `{error.code}` | {status_of(error())} | {doc} |")
    return "\n".join(dict.fromkeys(lines))


def _states() -> str:
    lines = ["| state | 中文 | English |", "|---|---|---|"]
    lines += [f"| `{code}` | {word.zh} | {word.en} |" for code, word in words(Section.STATES)]
    return "\n".join(lines)


def _transitions() -> str:
    lines = ["| from | act | to | roles | guards | reason |", "|---|---|---|---|---|---|"]
    for way in TRANSITIONS:
        roles = ", ".join(f"`{role}`" for role in sorted(way.roles))
        guards = ", ".join(f"`{guard}`" for guard in way.guards) or "–"
        lines.append(f"| `{way.source}` | `{way.act}` | `{way.target}` | {roles} | {guards} | {way.reason} |")
    return "\n".join(lines)


def _statements() -> str:
    names = dict(words(Section.STATEMENTS))
    lines = ["| kind | says | roles | needs words |", "|---|---|---|---|"]
    for kind, roles in MAY_STATE.items():
        who = ", ".join(f"`{role}`" for role in sorted(roles))
        lines.append(f"| `{kind}` | {names[kind].en} | {who} | {'yes' if kind in NEEDS_WORDS else '–'} |")
    return "\n".join(lines)


def _timers() -> str:
    lines = ["| timer | in | due | urgent | calls | source |", "|---|---|---|---|---|---|"]
    for timer in TIMERS:
        states = ", ".join(f"`{state}`" for state in sorted(timer.states))
        due = f"{timer.working_days} working days" if timer.working_days else str(timer.due)
        calls = "; ".join(
            f"{call.side} {', '.join(sorted(call.roles))}"
            + (f" after {call.after} more" if call.after else "")
            for call in timer.calls
        )
        start = "before or after the operation's time" if timer.start == "scheduled" else "after entering"
        lines.append(
            f"| `{timer.key}` | {states} | {due} {start} | {timer.due_urgent} | {calls} | {timer.source} |"
        )
    return "\n".join(lines)


MADE = {
    ("regulation.md", "clauses"): clauses,
    ("workflow.md", "states"): _states,
    ("workflow.md", "transitions"): _transitions,
    ("workflow.md", "statements"): _statements,
    ("workflow.md", "timers"): _timers,
    ("roles.md", "permissions"): _permissions,
    ("audit.md", "actions"): _actions,
    ("errors.md", "errors"): _errors,
}


def _block(text: str, name: str) -> re.Match[str]:
    found = re.search(rf"(<!-- {name}:[^>]*-->\n)(.*?)(\n<!-- /{name} -->)", text, re.DOTALL)
    assert found, f"no block {name}"
    return found


@pytest.mark.parametrize(("file", "name"), sorted(MADE))
def test_reference_is_up_to_date(file: str, name: str):
    text = (REFERENCE / file).read_text(encoding="utf-8")
    assert _block(text, name)[2].strip() == MADE[file, name]().strip(), (
        "run: python -m tests.architecture.test_reference_docs"
    )


def test_every_error_has_a_status():
    missing = [
        f"{error.__module__}.{error.__name__}"
        for error in _all_errors()
        if not any(kind in STATUS for kind in error.__mro__)
    ]
    assert not missing, "give these a status in entrypoints/web/errors.py"


def test_openapi_document_is_up_to_date():
    stored = (REFERENCE / "openapi.json").read_text(encoding="utf-8")
    assert stored == openapi_text(), "run: tongtai openapi > docs/reference/openapi.json"


if __name__ == "__main__":
    for (file, name), make in MADE.items():
        path = REFERENCE / file
        text = path.read_text(encoding="utf-8")
        found = _block(text, name)
        path.write_text(text[: found.start(2)] + make() + text[found.end(2) :], encoding="utf-8")
    (REFERENCE / "openapi.json").write_text(openapi_text(), encoding="utf-8")
    (REFERENCE / "plan.schema.json").write_text(schema_text(), encoding="utf-8")
    (REFERENCE / "seed-plan.schema.json").write_text(seed_schema_text(), encoding="utf-8")
