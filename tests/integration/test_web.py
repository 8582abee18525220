"""What every answer keeps to: headers, sizes, errors, health, and the web application's files."""

from pathlib import Path

import httpx2
import pytest
from tests.support.server import Server
from tests.support.world import World


async def test_security_headers(server: Server):
    async with server.browser() as browser:
        for path in ("/", "/healthz", "/api/nothing"):
            headers = (await browser.get(path)).headers
            policy = headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "script-src 'self' 'wasm-unsafe-eval'" in policy
            assert "ws://127.0.0.1:9" in policy, "LiveKit's address"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"


async def test_answers_with_data_are_not_kept_by_browsers(server: Server, world: World):
    async with server.sign_in(world.operator) as browser:
        assert (await browser.get("/api/cases")).headers["cache-control"] == "no-store"


async def test_large_json_is_refused_by_its_declared_size(server: Server):
    async with server.browser() as browser:
        answer = await browser.post(
            "/api/auth/login",
            content=b"{}" + b" " * 3_000_000,
            headers={"content-type": "application/json"},
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


async def test_large_json_is_refused_while_it_arrives(server: Server):
    async def body():
        for _ in range(40):
            yield b" " * 100_000

    async with server.browser() as browser:
        answer = await browser.post(
            "/api/auth/login", content=body(), headers={"content-type": "application/json"}
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


async def test_unknown_api_address_answers_in_the_form_of_errors(server: Server):
    async with server.browser() as browser:
        answer = await browser.get("/api/nothing/here")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


async def test_page_says_what_to_do_when_it_is_not_built(server: Server):
    async with server.browser() as browser:
        answer = await browser.get("/")
    assert "<title>" in answer.text
    assert "make build" in answer.text


@pytest.fixture
def built(server: Server) -> Path:
    dist = server.container.settings.web_dist
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html><title>同台</title>", encoding="utf-8")
    (dist / "assets" / "index-abc123.js").write_text("export {}", encoding="utf-8")
    (dist.parent / "secret.txt").write_text("secret", encoding="utf-8")
    return dist


async def test_built_files_and_the_page_for_its_own_addresses(server: Server, built: Path):
    async with server.browser() as browser:
        asset = await browser.get("/assets/index-abc123.js")
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        for path in ("/", "/wall/case_1", "/login"):
            page = await browser.get(path)
            assert "<title>同台</title>" in page.text
            assert page.headers["cache-control"] == "no-cache"
        assert (await browser.get("/assets/old-000.js")).status_code == 404


@pytest.mark.parametrize("path", ["/../secret.txt", "/assets/..%2f..%2fsecret.txt", "/%2e%2e/secret.txt"])
async def test_no_path_leads_out_of_the_built_files(server: Server, built: Path, path: str):
    async with server.browser() as browser:
        answer = await browser.get(httpx2.URL("http://127.0.0.1:8000", raw_path=path.encode()))
    assert "secret" not in answer.text


async def test_ready_tells_what_is_missing(server: Server):
    async with server.browser() as browser:
        answer = await browser.get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["database"]["ok"] is True
    assert checks["livekit"] == {"ok": False, "detail": "the LiveKit server does not answer"}


async def test_metrics_are_for_this_machine_only_and_name_routes_not_addresses(server: Server, world: World):
    async with server.sign_in(world.operator) as browser:
        await browser.get(f"/api/cases/{world.case.id}")
        assert (await browser.get("/metrics")).status_code == 404
    async with server.browser("127.0.0.1") as local:
        text = (await local.get("/metrics")).text
        proxied = await local.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"})
    assert 'route="/api/cases/{case_id}"' in text
    assert world.case.id not in text
    assert proxied.status_code == 404


async def test_time_is_told_to_everybody(server: Server):
    clock = server.stop_clock()
    async with server.browser() as browser:
        answer = await browser.get("/api/time")
    assert answer.json() == {"t_ms": round(clock.now().timestamp() * 1000)}
