"""How many rooms one lead guides at once: real sessions over HTTP, and the number that the centre sets."""

from datetime import timedelta
from typing import Any

import pytest
from tests.integration.guidance.commands import done
from tests.support.server import Server
from tests.support.world import Person, World

from tongtai.features.accounts.model import Role
from tongtai.features.cases.api import case_service
from tongtai.features.cases.model import Case, Disclosure, Patient, Sex, TeamMember, Technique
from tongtai.features.cases.service import NewCase
from tongtai.features.workflow.tasks import TimerWatch


async def _cases(server: Server, world: World, count: int) -> list[Case]:
    """Cases of both hospitals, all led by the centre's one lead guide."""
    made = []
    async with server.container.database.transaction() as session:
        service = case_service(server.container, session)
        for number in range(count):
            index = number % 2
            people = {**world.people[("own", "other")[index]]}
            team = [
                people[Role.OPERATOR],
                *(_guide(world, role) for role in (Role.LEAD_GUIDE, Role.BACKUP_GUIDE)),
            ]
            new = NewCase(
                technique=Technique.RFA,
                lesion=f"S{number + 1}",
                patient=Patient(
                    name="王小明",
                    sex=Sex.MALE,
                    birth_date=server.container.clock.now().date(),
                    hospital_number=f"L{number}",
                ),
                disclosure=Disclosure.FULL,
                inviting_institution_id=world.hospitals[index].id,
                invited_institution_id=world.centre.id,
                operating_room_id=world.rooms[index].id,
                scheduled_at=server.container.clock.now() + timedelta(hours=number),
                team=tuple(TeamMember(user_id=one.id, role=one.role) for one in team),
            )
            made.append(await service.open(new))
    return made


def _guide(world: World, role: Role) -> Person:
    return world.person(role, "centre")


class Wing:
    """Several rooms of one lead, and what is said in them."""

    def __init__(self, server: Server, world: World, cases: list[Case]) -> None:
        self.server, self.world, self.cases = server, world, cases
        self.watch = TimerWatch(server.container)

    async def open(self, number: int) -> None:
        """The operator opens a room; sessions begin one after the other."""
        where = ("own", "other")[number % 2]
        async with self.server.sign_in(self.world.person(Role.OPERATOR, where)) as site:
            await done(site, self.cases[number].id, "session.opened")

    async def alarms(self) -> list[dict[str, Any] | None]:
        """What the page of the lead is told in each room after the next look at the clocks."""
        await self.watch.look()
        found = []
        async with self.server.sign_in(_guide(self.world, Role.LEAD_GUIDE)) as lead:
            for case in self.cases:
                state = (await lead.get(f"/api/sessions/{case.id}")).json()["state"]
                mine = [one["values"] for one in state["alarms"] if one["code"] == "lead_overloaded"]
                found.append(mine[0] if mine else None)
        return found

    async def allow(self, rooms: int, number: int) -> None:
        """The centre's administrator sets the rule."""
        async with self.server.sign_in(self.world.person(Role.ADMINISTRATOR, "centre")) as browser:
            body = {"value": rooms, "reason": "两名新专家", "number": number}
            answer = await browser.put("/api/policies/lead_rooms", json=body)
            assert answer.status_code == 200, answer.text

    async def hand_over(self, number: int) -> None:
        """The backup takes a room."""
        case, backup = self.cases[number].id, _guide(self.world, Role.BACKUP_GUIDE)
        async with (
            self.server.sign_in(_guide(self.world, Role.LEAD_GUIDE)) as lead,
            self.server.sign_in(backup) as second,
        ):
            await done(lead, case, "handover.offered", {"to_user_id": backup.id})
            await done(second, case, "handover.accepted")


@pytest.fixture
async def wing(server: Server, world: World) -> Wing:
    clock = server.stop_clock()
    wing = Wing(server, world, await _cases(server, world, 5))
    for number in range(4):
        await wing.open(number)
        clock.advance(seconds=60)
    return wing


_OVER = {"rooms": 4, "limit": 3}


async def test_the_fourth_room_of_a_lead_is_warned_of_until_it_is_handed_over(wing: Wing):
    # Three rooms unless the centre says otherwise; the one that opened last is warned, not the others.
    assert await wing.alarms() == [None, None, None, _OVER, None]
    assert await wing.alarms() == [None, None, None, _OVER, None], "and once"
    await wing.hand_over(0)
    assert await wing.alarms() == [None] * 5, "whichever room is handed over makes place"


async def test_the_number_is_the_centres_and_holds_for_rooms_that_are_open(wing: Wing):
    await wing.allow(4, 0)
    assert await wing.alarms() == [None] * 5
    await wing.open(4)
    assert await wing.alarms() == [None, None, None, None, {"rooms": 5, "limit": 4}]
    await wing.allow(2, 1)
    told = {"rooms": 5, "limit": 2}
    assert await wing.alarms() == [None, None, told, told, {"rooms": 5, "limit": 2}]


async def test_a_room_that_ends_makes_place_and_no_alarm_names_another_case(wing: Wing):
    (_, _, _, over, _) = await wing.alarms()
    assert over is not None
    assert set(over) == {"rooms", "limit"}
    async with wing.server.sign_in(wing.world.person(Role.OPERATOR)) as site:
        await done(site, wing.cases[0].id, "session.closed", {"reason": "done"})
    assert await wing.alarms() == [None] * 5
