"""Signing in and out, lock-out, CSRF, cookies, and what each answer gives away."""

from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from tests.support.server import ORIGIN, Server
from tests.support.world import PASSWORD, World
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tongtai.entrypoints.web.serve import server as uvicorn_server
from tongtai.features.accounts.model import Role
from tongtai.infra.settings import SettingRefusedError, Settings

LOGIN = "/api/auth/login"


async def test_me_tells_person_institution_and_rights(server: Server, world: World):
    async with server.sign_in(world.operator) as browser:
        me = (await browser.get("/api/auth/me")).json()
    assert me["user"]["login"] == "own.operator"
    assert me["institution"]["name"] == "山城医院"
    assert "session_answer" in me["permissions"]
    assert "password" not in str(me["user"]).replace("must_change_password", "")


async def test_cookie_is_closed_to_scripts_and_other_sites(server: Server, world: World):
    async with server.browser() as browser:
        answer = await browser.post(LOGIN, json={"login": world.operator.login, "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie


@pytest.mark.parametrize("public_url", ["https://tongtai.example"])
async def test_cookie_is_secure_behind_tls(server: Server, world: World, public_url: str):
    server.container.settings = server.container.settings.model_copy(update={"cookie_secure": True})
    async with server.browser() as browser:
        answer = await browser.post(LOGIN, json={"login": world.operator.login, "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("login", "password"),
    [("own.operator", "wrong password"), ("nobody.at.all", PASSWORD), ("own.nurse", "")],
)
async def test_wrong_name_and_wrong_password_answer_alike(
    server: Server, world: World, login: str, password: str
):
    async with server.browser() as browser:
        answer = await browser.post(LOGIN, json={"login": login, "password": password or "x"})
    assert answer.status_code == 401
    assert answer.json()["error"] == {
        "code": "login_failed",
        "message": "The login name, the password or the one-time code is wrong.",
        "values": {},
    }


async def test_five_failures_lock_name_at_address_for_fifteen_minutes(server: Server, world: World):
    clock = server.stop_clock()
    right = {"login": world.operator.login, "password": PASSWORD}
    async with server.browser() as browser:
        for _ in range(5):
            assert (await browser.post(LOGIN, json=right | {"password": "wrong"})).status_code == 401
        locked = await browser.post(LOGIN, json=right)
        assert locked.status_code == 429
        assert locked.json()["error"]["code"] == "login_locked"
        assert int(locked.headers["Retry-After"]) == 15 * 60
        clock.advance(minutes=14, seconds=59)
        assert (await browser.post(LOGIN, json=right)).status_code == 429
        clock.advance(seconds=2)
        assert (await browser.post(LOGIN, json=right)).status_code == 200


async def test_name_that_does_not_exist_locks_alike(server: Server, world: World):
    wrong = {"login": "nobody.at.all", "password": "wrong"}
    async with server.browser() as browser:
        codes = [(await browser.post(LOGIN, json=wrong)).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]


async def test_lock_is_of_one_address_so_a_stranger_cannot_lock_a_guide_out(server: Server, world: World):
    right = {"login": world.lead_guide.login, "password": PASSWORD}
    async with server.browser("198.51.100.7") as stranger:
        for _ in range(6):
            await stranger.post(LOGIN, json=right | {"password": "wrong"})
    async with server.browser("192.0.2.1") as guide:
        assert (await guide.post(LOGIN, json=right)).status_code == 200


async def test_one_address_cannot_try_many_names(server: Server, world: World):
    async with server.browser() as browser:
        codes = [
            (await browser.post(LOGIN, json={"login": f"name{n}", "password": "x"})).status_code
            for n in range(31)
        ]
    assert codes == [401] * 30 + [429]


async def test_success_forgets_earlier_failures(server: Server, world: World):
    right = {"login": world.operator.login, "password": PASSWORD}
    async with server.browser() as browser:
        for _ in range(3):
            for _ in range(4):
                await browser.post(LOGIN, json=right | {"password": "wrong"})
            assert (await browser.post(LOGIN, json=right)).status_code == 200


async def test_inactive_user_cannot_sign_in(server: Server, world: World):
    administrator = world.person(Role.ADMINISTRATOR)
    async with server.sign_in(administrator) as browser:
        answer = await browser.patch(f"/api/users/{world.operator.id}", json={"active": False})
        assert answer.status_code == 200
    async with server.browser() as browser:
        answer = await browser.post(LOGIN, json={"login": world.operator.login, "password": PASSWORD})
    assert answer.status_code == 401


async def test_changing_request_needs_the_csrf_token(server: Server, world: World):
    async with server.sign_in(world.operator) as browser:
        for token in ("", "0" * 64):
            browser.headers["X-CSRF-Token"] = token
            answer = await browser.post("/api/auth/logout")
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf_refused")


async def test_csrf_token_of_another_session_is_refused(server: Server, world: World):
    async with server.sign_in(world.operator) as one, server.sign_in(world.operator) as two:
        two.headers["X-CSRF-Token"] = one.headers["X-CSRF-Token"]
        assert (await two.post("/api/auth/logout")).status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8001"])
async def test_other_origins_are_refused(server: Server, world: World, origin: str):
    async with server.sign_in(world.operator) as browser:
        answer = await browser.post("/api/auth/logout", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin_refused")


async def test_signing_out_ends_the_session(server: Server, world: World):
    async with server.sign_in(world.operator) as browser:
        token = browser.cookies["tongtai_session"]
        assert (await browser.post("/api/auth/logout")).status_code == 204
        browser.cookies.set("tongtai_session", token)
        assert (await browser.get("/api/auth/me")).status_code == 401


async def test_session_ends_after_twelve_hours(server: Server, world: World):
    clock = server.stop_clock()
    async with server.sign_in(world.operator) as browser:
        clock.advance(hours=12, seconds=-1)
        assert (await browser.get("/api/auth/me")).status_code == 200
        clock.advance(seconds=1)
        assert (await browser.get("/api/auth/me")).status_code == 401


async def test_invented_token_is_refused(server: Server, world: World):
    async with server.browser() as browser:
        browser.cookies.set("tongtai_session", "A" * 43)
        assert (await browser.get("/api/auth/me")).json()["error"]["code"] == "not_signed_in"


@pytest.mark.sqlite
async def test_database_keeps_no_session_token(server: Server, world: World):
    async with server.sign_in(world.operator) as browser:
        token = browser.cookies["tongtai_session"]
    data = server.container.settings.data
    stored = b"".join(path.read_bytes() for path in data.glob("tongtai.sqlite3*"))
    assert token.encode() not in stored


async def test_password_in_a_bad_request_is_not_echoed(server: Server, world: World):
    async with server.browser() as browser:
        answer = await browser.post(LOGIN, json={"login": ["x"], "password": "my own secret"})
    assert answer.status_code == 422
    assert "my own secret" not in answer.text
    assert answer.json()["error"]["values"]["fields"] == [{"field": "body.login", "reason": "string_type"}]


@pytest.mark.parametrize(
    ("proxy", "believed"), [("10.4.0.2", True), ("127.0.0.1", True), ("192.0.2.7", False)]
)
async def test_only_a_trusted_proxy_names_the_readers_address(
    server: Server, world: World, proxy: str, believed: bool
):
    settings = server.container.settings.model_copy(update={"trusted_proxies": "127.0.0.1,10.0.0.0/8"})
    config = uvicorn_server(settings).config
    # The two libraries type an ASGI application differently.
    behind_proxy_headers: Any = ProxyHeadersMiddleware(cast("Any", server.app), config.forwarded_allow_ips)
    wrong = {"login": world.operator.login, "password": "wrong password"}
    transport = httpx2.ASGITransport(app=behind_proxy_headers, client=(proxy, 40000))
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:

        async def tries(address: str, count: int) -> list[int]:
            forwarded = {"X-Forwarded-For": address}
            return [
                (await client.post(LOGIN, json=wrong, headers=forwarded)).status_code for _ in range(count)
            ]

        assert await tries("203.0.113.1", 6) == [401] * 5 + [429]
        # Another reader behind the same proxy is not locked; whoever is no proxy cannot pretend to be one.
        assert await tries("203.0.113.2", 1) == [401 if believed else 429]


@pytest.mark.parametrize("proxies", ["*", "proxy.example", "10.0.0.1/8"])
def test_trusted_proxies_are_addresses(tmp_path: Path, proxies: str):
    with pytest.raises(SettingRefusedError):
        Settings.load(tmp_path, trusted_proxies=proxies)
