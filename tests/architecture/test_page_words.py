"""What the server may name, the pages have words for in every language."""

import json
from pathlib import Path

import pytest

from tongtai.features.accounts.model import Role
from tongtai.features.audit.model import AuditAction
from tongtai.features.guidance.model.catalogue import EventType

TEXTS = Path(__file__).resolve().parents[2] / "web/apps/console/src/i18n"
# Too many during a transfer to be listed one by one.
_NOT_LISTED = {EventType.CT_SERIES_PROGRESS}


def _words(language: str, namespace: str, *path: str) -> set[str]:
    tree = json.loads((TEXTS / language / f"{namespace}.json").read_text(encoding="utf-8"))
    for name in path:
        tree = tree[name]
    return set(tree)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_audit_action_has_words(language: str):
    wanted = {action.value.replace(":", "_") for action in AuditAction}
    assert not wanted - _words(language, "shell", "auditAction"), "add these to auditAction in shell.json"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_event_of_the_timeline_has_words(language: str):
    wanted = {event.value.replace(".", "_") for event in EventType if event not in _NOT_LISTED}
    assert not wanted - _words(language, "expert", "event"), "add these to event in expert.json"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_role_has_words(language: str):
    wanted = {role.value for role in Role}
    assert not wanted - _words(language, "shell", "role"), "add these to role in shell.json"
