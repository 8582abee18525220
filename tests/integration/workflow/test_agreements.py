"""Agreements and qualifications through the server."""

from tests.support.papers import agreement
from tests.support.server import Server
from tests.support.world import PASSWORD, World

from tongtai.features.accounts.model import Role


def _body(world: World, server: Server) -> dict:
    draft = agreement(world.hospitals[0].id, world.centre.id, server.container.clock.now())
    return {
        "title": draft.title,
        "services": ["consultation"],
        "parties": [
            {"institution_id": party.institution_id, "role": party.role.value} for party in draft.parties
        ],
        "clauses": {clause.value: text for clause, text in draft.clauses.items()},
        "dispute_authority": draft.dispute_authority,
        "valid_from": draft.valid_from.isoformat(),
        "valid_until": draft.valid_until.isoformat(),
    }


async def test_f10_agreement_from_draft_to_force_to_end(server: Server, world: World):
    site, centre = world.person(Role.MEDICAL_AFFAIRS), world.person(Role.ADMINISTRATOR, "centre")
    async with server.sign_in(site, password=PASSWORD) as a, server.sign_in(centre, password=PASSWORD) as b:
        body = _body(world, server)
        whole = body["clauses"]
        made = await a.post("/api/agreements", json=body | {"clauses": {}})
        assert made.status_code == 201, made.text
        url = f"/api/agreements/{made.json()['id']}"
        sign = {"version": 1, "password": PASSWORD}
        refused = await a.post(f"{url}/sign", json=sign)
        assert refused.json()["error"]["code"] == "agreement_incomplete"
        assert len(refused.json()["error"]["values"]["lacks"]) == 7
        changed = await a.put(url, json=body | {"clauses": whole, "version": 1})
        assert (changed.json()["version"], changed.json()["in_force"]) == (2, False)
        wrong = await a.post(f"{url}/sign", json={"version": 2, "password": "wrong lantern 77"})
        assert wrong.json()["error"]["code"] == "password_wrong"
        stale = await a.post(f"{url}/sign", json=sign)
        assert stale.json()["error"]["code"] == "agreement_changed"
        once = await a.post(f"{url}/sign", json=sign | {"version": 2})
        assert [lack["code"] for lack in once.json()["lacks"]] == ["signature_missing"]
        late = await b.put(url, json=body | {"title": "另一份", "version": 3})
        assert late.json()["error"]["code"] == "agreement_signed"
        both = await b.post(f"{url}/sign", json=sign | {"version": 3})
        assert (both.json()["in_force"], len(both.json()["signatures"])) == (True, 2)
        ended = await b.post(f"{url}/end", json={"version": 4, "reason": "期满前终止"})
        assert [lack["code"] for lack in ended.json()["lacks"]] == ["agreement_ended"]


async def test_another_hospital_knows_nothing_of_an_agreement(server: Server, world: World):
    async with server.sign_in(world.person(Role.MEDICAL_AFFAIRS)) as browser:
        made = (await browser.post("/api/agreements", json=_body(world, server))).json()
    async with server.sign_in(world.person(Role.MEDICAL_AFFAIRS, "other")) as browser:
        assert (await browser.get("/api/agreements")).json() == []
        theirs = await browser.get(f"/api/agreements/{made['id']}")
        assert (theirs.status_code, theirs.json()["error"]["code"]) == (404, "agreement_not_found")
        foreign = await browser.post("/api/agreements", json=_body(world, server))
        assert foreign.status_code == 403


async def test_qualifications_belong_to_persons_or_to_institutions(server: Server, world: World):
    async with server.sign_in(world.person(Role.ADMINISTRATOR)) as browser:
        whole = {"kind": "independent_practice", "code": "surgery", "since": "2015-01-01"}
        refused = await browser.post("/api/qualifications", json=whole)
        assert refused.json()["error"]["values"]["holder"] == "person"
        stranger = await browser.post("/api/qualifications", json=whole | {"user_id": world.lead_guide.id})
        assert stranger.json()["error"]["code"] == "user_not_found"
        made = await browser.post("/api/qualifications", json=whole | {"user_id": world.operator.id})
        assert made.status_code == 201
        assert [one["id"] for one in (await browser.get("/api/qualifications")).json()] == [made.json()["id"]]
