"""Passwords, forced changes, the second factor, and administering users."""

import pyotp
import pytest
from tests.support.server import Server
from tests.support.world import PASSWORD, Person, World

from tongtai.features.accounts.model import Role

LOGIN = "/api/auth/login"
NEW = "amber harbour 41"


async def test_password_change_ends_the_other_sessions(server: Server, world: World):
    async with server.sign_in(world.operator) as here, server.sign_in(world.operator) as there:
        answer = await here.post("/api/auth/password", json={"current": PASSWORD, "new": NEW})
        assert answer.status_code == 204
        assert (await here.get("/api/auth/me")).status_code == 200
        assert (await there.get("/api/auth/me")).status_code == 401
    async with server.sign_in(world.operator, password=NEW):
        pass


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("short", "too_short"),
        ("aaaaaaaaaaaaaaa", "too_few_different_characters"),
        ("own.operator.2026", "contains_login"),
        (PASSWORD, "unchanged"),
    ],
)
async def test_weak_password_is_refused(server: Server, world: World, new: str, reason: str):
    async with server.sign_in(world.operator) as browser:
        answer = await browser.post("/api/auth/password", json={"current": PASSWORD, "new": new})
    assert answer.status_code == 422
    assert answer.json()["error"]["values"] == {"reason": reason}


async def test_wrong_present_password_counts_towards_the_lock(server: Server, world: World):
    async with server.sign_in(world.operator) as browser:
        change = {"current": "wrong", "new": NEW}
        codes = [(await browser.post("/api/auth/password", json=change)).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


async def test_new_user_must_change_the_password_first(server: Server, world: World):
    async with server.sign_in(world.person(Role.ADMINISTRATOR)) as browser:
        made = await browser.post(
            "/api/users",
            json={
                "login": "own.nurse.2",
                "display_name": "护士二",
                "display_name_en": "Nurse Two",
                "roles": ["nurse"],
            },
        )
        assert made.status_code == 201
    first = made.json()["password"]
    nurse = Person(made.json()["user"]["id"], "own.nurse.2", world.hospitals[0].id, Role.NURSE)
    async with server.sign_in(nurse, password=first) as browser:
        assert (await browser.get("/api/auth/me")).json()["user"]["must_change_password"] is True
        refused = await browser.get("/api/cases")
        assert (refused.status_code, refused.json()["error"]["code"]) == (
            403,
            "password_change_required",
        )
        await browser.post("/api/auth/password", json={"current": first, "new": NEW})
        assert (await browser.get("/api/cases")).status_code == 200


async def test_reset_password_ends_sessions_and_forces_a_change(server: Server, world: World):
    async with (
        server.sign_in(world.person(Role.ADMINISTRATOR)) as administrator,
        server.sign_in(world.operator) as browser,
    ):
        answer = await administrator.post(f"/api/users/{world.operator.id}/reset-password")
        assert (await browser.get("/api/auth/me")).status_code == 401
    async with server.sign_in(world.operator, password=answer.json()["password"]) as browser:
        assert (await browser.get("/api/auth/me")).json()["user"]["must_change_password"] is True


async def _with_second_factor(server: Server, person: Person) -> pyotp.TOTP:
    async with server.sign_in(person) as browser:
        start = (await browser.post("/api/auth/totp/start")).json()
        assert start["qr_svg"].startswith("<svg")
        totp = pyotp.TOTP(start["secret"])
        now = server.container.clock.now()
        confirmed = await browser.post("/api/auth/totp/confirm", json={"code": totp.at(now)})
        assert confirmed.status_code == 204
    return totp


async def test_second_factor_is_asked_for_and_a_code_counts_once(server: Server, world: World):
    clock = server.stop_clock()
    totp = await _with_second_factor(server, world.operator)
    right = {"login": world.operator.login, "password": PASSWORD}
    async with server.browser() as browser:
        missing = await browser.post(LOGIN, json=right)
        assert (missing.status_code, missing.json()["error"]["code"]) == (401, "totp_required")
        replayed = await browser.post(LOGIN, json=right | {"totp": totp.at(clock.now())})
        assert replayed.status_code == 401, "the code that confirmed is used up"
        clock.advance(seconds=30)
        code = totp.at(clock.now())
        assert (await browser.post(LOGIN, json=right | {"totp": code})).status_code == 200
        assert (await browser.post(LOGIN, json=right | {"totp": code})).status_code == 401


async def test_codes_cannot_be_guessed_between_free_resets(server: Server, world: World):
    server.stop_clock()
    await _with_second_factor(server, world.operator)
    right = {"login": world.operator.login, "password": PASSWORD}
    async with server.browser() as browser:
        for _ in range(5):
            await browser.post(LOGIN, json=right)
            await browser.post(LOGIN, json=right | {"totp": "000000"})
        assert (await browser.post(LOGIN, json=right)).status_code == 429


async def test_second_factor_ends_with_the_password_only(server: Server, world: World):
    clock = server.stop_clock()
    totp = await _with_second_factor(server, world.operator)
    clock.advance(seconds=30)
    async with server.browser() as browser:
        signed_in = await browser.post(
            LOGIN,
            json={
                "login": world.operator.login,
                "password": PASSWORD,
                "totp": totp.at(clock.now()),
            },
        )
        browser.headers["X-CSRF-Token"] = signed_in.json()["csrf_token"]
        off = "/api/auth/totp"
        wrong = await browser.request("DELETE", off, json={"password": "wrong"})
        assert wrong.json()["error"]["code"] == "password_wrong"
        assert (await browser.request("DELETE", off, json={"password": PASSWORD})).status_code == 204
    async with server.sign_in(world.operator):
        pass


@pytest.mark.sqlite
async def test_secret_of_the_second_factor_is_encrypted_in_the_database(server: Server, world: World):
    totp = await _with_second_factor(server, world.operator)
    data = server.container.settings.data
    stored = b"".join(path.read_bytes() for path in data.glob("tongtai.sqlite3*"))
    assert totp.secret.encode() not in stored


async def test_role_of_the_other_side_is_refused(server: Server, world: World):
    async with server.sign_in(world.person(Role.ADMINISTRATOR)) as browser:
        answer = await browser.patch(f"/api/users/{world.operator.id}", json={"roles": ["lead_guide"]})
    assert answer.json()["error"]["code"] == "role_not_of_this_side"


async def test_centre_makes_the_first_administrator_of_a_hospital_and_nobody_else(
    server: Server, world: World
):
    new = {
        "login": "haibin.admin",
        "display_name": "管理员",
        "display_name_en": "Administrator",
        "institution_id": world.hospitals[1].id,
    }
    async with server.sign_in(world.person(Role.ADMINISTRATOR, "centre")) as browser:
        assert (await browser.post("/api/users", json=new | {"roles": ["operator"]})).status_code == 403
        assert (await browser.post("/api/users", json=new | {"roles": ["administrator"]})).status_code == 201
        again = await browser.post("/api/users", json=new | {"roles": ["administrator"]})
        assert again.json()["error"]["code"] == "login_taken"
