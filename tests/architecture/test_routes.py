"""What every route is made of."""

import inspect
from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tongtai.entrypoints.web import health
from tongtai.entrypoints.web.features import FEATURES


def _routes(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner)


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


ROUTES = [route for router in (health.router, *(f.router for f in FEATURES)) for route in _routes(router)]


def test_the_routes_are_found():
    paths = {route.path for route in ROUTES}
    assert {"/healthz", "/api/sessions/{case_id}/commands"} <= paths
    assert any(path.endswith("/frames/{numbers}") for path in paths)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{min(route.methods)} {route.path}")
def test_nothing_of_a_route_waits_for_a_thread(route: APIRoute):
    """What is no coroutine runs in a thread of a pool: each costs a busy server milliseconds, a slice had six."""
    waiting = [
        call
        for call in _calls(route.dependant)
        if not (inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call))
    ]
    assert waiting == []
