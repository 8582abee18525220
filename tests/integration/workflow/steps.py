"""What the tests of the workflow do again and again."""

import httpx2
from tests.support.papers import consent_body, furnish
from tests.support.server import Server
from tests.support.world import Person, World

from tongtai.features.accounts.model import Role

# What an invitation must hold.
REQUEST = {
    "reason": "请求远程指导",
    "purpose": "制定消融方案",
    "history": "体检发现肝占位",
    "specialty_wanted": "介入",
    "title_wanted": "chief",
}


def case_url(world: World, part: str = "") -> str:
    """The address of the first hospital's case."""
    return f"/api/cases/{world.case.id}{part}"


async def seen(browser: httpx2.AsyncClient, world: World) -> dict:
    """Where the case stands."""
    answer = await browser.get(case_url(world, "/workflow"))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def begun(server: Server, world: World, *, papers: bool = True, **body: object) -> dict:
    """Take the case into the workflow."""
    if papers:
        await furnish(server.container, world)
    async with server.sign_in(world.attending) as browser:
        answer = await browser.post(case_url(world, "/workflow"), json=body)
        assert answer.status_code == 201, answer.text
        known = (await browser.get(case_url(world, "/intake"))).json()
        asked = {
            "version": known["version"],
            "answers": {key: {"value": value} for key, value in REQUEST.items()},
        }
        saved = await browser.patch(case_url(world, "/intake"), json=asked)
        assert saved.status_code == 200, saved.text
        return answer.json()


async def consented(server: Server, world: World, *kinds: str) -> dict[str, str]:
    """The patient signs these; returns the consents' ids by kind."""
    now = server.container.clock.now()
    ids: dict[str, str] = {}
    async with server.sign_in(world.attending) as browser:
        for kind in kinds:
            recipients = [world.centre.id] if kind == "data_sharing" else []
            body = consent_body(kind, now, recipients=recipients)
            answer = await browser.post(case_url(world, "/consents"), json=body)
            assert answer.status_code == 201, answer.text
            ids |= {one["kind"]: one["id"] for one in answer.json()["consents"]}
    return ids


async def stated(server: Server, world: World, who: Person, kind: str, **body: object) -> httpx2.Response:
    """Somebody states something."""
    async with server.sign_in(who) as browser:
        return await browser.post(case_url(world, "/workflow/statements"), json={"kind": kind, **body})


async def moved(
    server: Server, world: World, who: Person, act: str, *, reason: str = "", version: int | None = None
) -> httpx2.Response:
    """Somebody does a step, having seen the present version unless another is given."""
    async with server.sign_in(who) as browser:
        if version is None:
            now = await browser.get(case_url(world, "/workflow"))
            version = now.json().get("version", 1)
        return await browser.post(
            case_url(world, "/workflow/moves"), json={"act": act, "version": version, "reason": reason}
        )


def lacks(answer: httpx2.Response) -> set[str]:
    """The codes of what is missing."""
    assert answer.status_code == 409, answer.text
    return {lack["code"] for lack in answer.json()["error"]["values"]["lacks"]}


async def submitted(server: Server, world: World) -> None:
    """Bring the case to where the centre must answer."""
    await begun(server, world)
    await consented(server, world, "telemedicine", "data_sharing")
    assert (
        await stated(server, world, world.person(Role.MEDICAL_AFFAIRS), "request_approved")
    ).status_code == 201
    answer = await moved(server, world, world.attending, "submit")
    assert answer.status_code == 200, answer.text
