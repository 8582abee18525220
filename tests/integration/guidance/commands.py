"""Sending commands as the tests of guidance do."""

from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import uuid4

import httpx2
from tests.support.server import Server
from tests.support.world import Person, World

from tongtai.features.accounts.model import Role

Browser = httpx2.AsyncClient


async def send(
    browser: Browser, case_id: str, kind: str, payload: dict[str, Any] | None = None, **more: Any
) -> httpx2.Response:
    """Send a command with a new id."""
    body = {"id": str(uuid4()), "type": kind, "payload": payload or {}, **more}
    return await browser.post(f"/api/sessions/{case_id}/commands", json=body)


async def done(
    browser: Browser, case_id: str, kind: str, payload: dict[str, Any] | None = None, **more: Any
) -> list[dict[str, Any]]:
    """Send a command that must succeed; return its events."""
    answer = await send(browser, case_id, kind, payload, **more)
    assert answer.status_code == 200, answer.text
    events: list[dict[str, Any]] = answer.json()
    return events


def refused(answer: httpx2.Response, status: int, code: str) -> None:
    """Check how a command was refused."""
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text


def as_operator(server: Server, world: World) -> AbstractAsyncContextManager[Browser]:
    """The operator's browser."""
    return server.sign_in(world.operator)


def guide(world: World, role: Role = Role.LEAD_GUIDE) -> Person:
    """A guide of the centre."""
    return world.person(role, "centre")


def advice(advice_id: str = "advice_1", level: str = "suggest", text: str = "退 5 mm") -> dict[str, Any]:
    """An advice's payload."""
    return {"advice_id": advice_id, "level": level, "text": text}


def stroke(stroke_id: str = "stroke_1", feed: str = "ultrasound") -> dict[str, Any]:
    """A drawing's payload."""
    return {
        "stroke_id": stroke_id,
        "surface": {"kind": "feed", "feed": feed},
        "tool": "pen",
        "points": [[0.25, 0.5], [0.5, 0.75]],
        "colour": "#38bdf8",
        "width": 0.004,
    }
