"""Every setting, command and event type is documented; links lead somewhere; versions agree."""

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from tongtai.entrypoints.cli.main import app
from tongtai.entrypoints.cli.media_server import LIVEKIT_VERSION
from tongtai.features.guidance.model.catalogue import EventType
from tongtai.infra.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
_LARGEST_PICTURE_BYTES = 400_000
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def _documents() -> list[Path]:
    return [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]


def _commands(command: Any, name: str) -> list[str]:
    # typer carries its own copy of click, whose types are not click's.
    inner = getattr(command, "commands", None)
    if inner is None:
        return [name]
    return [full for key in inner for full in _commands(inner[key], f"{name} {key}")]


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_setting_is_documented(field: str):
    assert f"`TONGTAI_{field.upper()}`" in (REFERENCE / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", _commands(typer.main.get_command(app), "tongtai"))
def test_command_is_documented(command: str):
    assert f"`{command}" in (REFERENCE / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("event", [event.value for event in EventType])
def test_event_is_documented(event: str):
    assert f"`{event}" in (REFERENCE / "events.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", _documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path):
    text = document.read_text(encoding="utf-8")
    broken = [link for link in _LINK.findall(text) if not (document.parent / link).exists()]
    assert not broken


def test_pictures_are_small():
    pictures = list((DOCS / "images").iterdir())
    assert not [path.name for path in pictures if path.stat().st_size > _LARGEST_PICTURE_BYTES]


def test_readme_reaches_every_document():
    """Nobody finds a page that nothing points to."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [page.parent / link for link in _LINK.findall(page.read_text(encoding="utf-8"))]
    lost = [str(path.relative_to(ROOT)) for path in _documents() if path.resolve() not in reached]
    assert not lost


def test_set_up_builds_the_livekit_that_is_looked_for():
    sys.path.insert(0, str(ROOT / "setup"))
    try:
        import livekit_server  # noqa: PLC0415  (a script of the set-up, not a package of ours)
    finally:
        sys.path.pop(0)
    assert livekit_server.VERSION == LIVEKIT_VERSION


def test_every_decision_has_its_sections():
    for record in sorted((DOCS / "adr").glob("[0-9]*.md")):
        text = record.read_text(encoding="utf-8")
        for heading in ("Context", "Decision", "Consequences", "Patient safety and security"):
            assert f"## {heading}" in text, f"{record.name} lacks {heading}"


def test_notice_names_every_library_that_asks_for_more():
    """Copyleft licences, as the installed libraries' own metadata state them."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    locked = set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    )
    missing = []
    for distribution in importlib.metadata.distributions():
        name = re.sub(r"[-_.]+", "-", distribution.name).lower()
        fields = ("License-Expression", "License", "Classifier")
        stated = [text for field in fields for text in distribution.metadata.get_all(field, [])]
        # Not the text of a licence, which may speak of others.
        short = " ".join(text for text in stated if len(text) < 100)
        if name in locked and re.search(r"GPL|MPL|EUPL|CDDL|Mozilla", short) and name not in notice:
            missing.append(name)
    assert not missing
