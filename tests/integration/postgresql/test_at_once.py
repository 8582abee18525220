"""Where PostgreSQL differs: writers that run at once, and what it does not keep."""

import asyncio
from collections import Counter

from tests.support.server import Server
from tests.support.world import PASSWORD, World

from tongtai.features.accounts.service.authentication import FAILURES_OF_LOGIN_AT_ADDRESS


async def test_a_text_that_cannot_be_kept_is_refused_and_changes_nothing(
    server: Server, world: World
) -> None:
    case = f"/api/cases/{world.case.id}"
    async with server.sign_in(world.attending) as site:
        before = (await site.get(case)).json()
        answer = await site.patch(case, json={"version": 1, "lesion": "S6\x00, 18 mm"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "value_unstorable")
        assert (await site.get(case)).json() == before


async def test_two_who_sign_in_at_once_from_one_hospital_both_get_in(server: Server, world: World) -> None:
    async with server.browser() as one, server.browser() as two:
        answers = await asyncio.gather(
            *(
                browser.post("/api/auth/login", json={"login": person.login, "password": PASSWORD})
                for browser, person in ((one, world.operator), (two, world.attending))
            )
        )
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_of_many_wrong_passwords_at_once_none_goes_uncounted(server: Server, world: World) -> None:
    async with server.browser() as browser:
        wrong = {"login": world.operator.login, "password": "wrong"}
        answers = await asyncio.gather(*(browser.post("/api/auth/login", json=wrong) for _ in range(12)))
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {401: FAILURES_OF_LOGIN_AT_ADDRESS, 429: 12 - FAILURES_OF_LOGIN_AT_ADDRESS}
