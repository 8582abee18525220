"""Use cases of the media rooms: who may enter with which rights, and who must leave."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.cases.model import CaseAdmission, Side
from tongtai.features.guidance.model import Draft, EventType, SessionState
from tongtai.features.guidance.ports import (
    CaseFactsReader,
    FinishedIdentities,
    GatewayGate,
    Grants,
    MediaRooms,
    Occupant,
)
from tongtai.features.guidance.service.sessions import SessionService

TOKEN_LIFETIME = timedelta(minutes=2)
CASE_ROOM, EXPERT_ROOM = "or.", "experts."
_PICTURES = ("camera", "screen_share", "screen_share_audio")
_SOUND = ("microphone",)

SITE_GRANTS = Grants(subscribe=True, publish_data=True, sources=(*_PICTURES, *_SOUND))
EXPERT_GRANTS = Grants(subscribe=True, publish_data=True, sources=_SOUND)
VIEWER_GRANTS = Grants(subscribe=True, publish_data=False)


def grants_of(side: Side, permissions: frozenset[Permission]) -> Grants:
    """What somebody may do in an operating room's media room.

    Pictures come from the site alone; an expert has a voice; everybody else looks on.
    """
    if side is Side.SITE and Permission.MEDIA_PUBLISH_OR in permissions:
        return SITE_GRANTS
    if side is Side.CENTRE and Permission.MEDIA_TALK in permissions:
        return EXPERT_GRANTS
    return VIEWER_GRANTS


# Whoever left in one of these ways does not come back with the same token.
_FOR_GOOD = frozenset({"CLIENT_INITIATED", "PARTICIPANT_REMOVED", "ROOM_DELETED", "ROOM_CLOSED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Entry to one room."""

    url: str
    token: str
    room: str
    identity: str


@dataclass(slots=True, kw_only=True)
class RoomService:
    """Entry, exit and removal; the media server enforces, the log tells."""

    media: MediaRooms
    finished: FinishedIdentities
    facts: CaseFactsReader
    gateways: GatewayGate
    sessions: SessionService

    def enter_case(self, principal: Principal, admitted: CaseAdmission) -> Ticket:
        """A ticket for the room of a case that the person has been let into."""
        case_id, side = admitted.case.id, admitted.side
        attributes = {"role": admitted.role.value, "side": side.value, "case_id": case_id}
        grants = grants_of(side, admitted.permissions)
        return self._ticket(principal, f"{CASE_ROOM}{case_id}", attributes, grants)

    def enter_expert_room(self, principal: Principal) -> Ticket:
        """A ticket for the private room of the principal's expert centre."""
        roles = sorted(role.value for role in principal.roles)
        attributes = {"role": roles[0] if roles else "", "side": Side.CENTRE.value, "case_id": ""}
        talks = Permission.MEDIA_TALK in principal.permissions
        grants = EXPERT_GRANTS if talks else VIEWER_GRANTS
        room = f"{EXPERT_ROOM}{principal.institution_id}"
        return self._ticket(principal, room, attributes, grants)

    def _ticket(
        self, principal: Principal, room: str, attributes: Mapping[str, str], grants: Grants
    ) -> Ticket:
        identity = f"user.{principal.user_id}.{secrets.token_hex(4)}"
        token = self.media.token(
            room=room,
            identity=identity,
            name=principal.display_name,
            attributes={
                "user_id": principal.user_id,
                "name": principal.display_name,
                "name_en": principal.display_name_en,
                **attributes,
            },
            grants=grants,
            lifetime=TOKEN_LIFETIME,
        )
        return Ticket(url=self.media.url, token=token, room=room, identity=identity)

    async def joined(self, room: str, occupant: Occupant) -> None:
        """Somebody is in a room: let them stay and note it, or throw them out."""
        if not await self._may_stay(room, occupant):
            await self._throw_out(room, [occupant.identity])
            return
        case_id = case_of(room)
        if case_id is None:
            return
        if occupant.attributes.get("side") == Side.SITE.value:
            facts = await self.facts.of_case(case_id)
            if facts is not None:
                await self.sessions.open_planned(facts)
        payload = _participant(occupant)

        def decide(state: SessionState, _now_ms: int) -> Sequence[Draft]:
            if any(p.identity == occupant.identity for p in state.participants):
                return []
            return [Draft(type=EventType.PARTICIPANT_JOINED, payload=payload)]

        await self.sessions.append(case_id, decide)

    async def left(self, room: str, identity: str, reason: str) -> None:
        """Somebody has left a room."""
        if reason in _FOR_GOOD:
            await self.finished.add([identity])
        case_id = case_of(room)
        if case_id is not None:
            await self._note_left(case_id, [identity])

    async def remove_user(self, user_id: str) -> None:
        """Throw a person out of every room, now."""
        await self._remove(f"user.{user_id}.")

    async def remove_gateway(self, gateway_id: str) -> None:
        """Throw a gateway out of every room, now."""
        await self._remove(f"gateway.{gateway_id}.")

    async def _remove(self, prefix: str) -> None:
        for room in await self.media.rooms():
            present = await self.media.occupants(room)
            identities = [o.identity for o in present if o.identity.startswith(prefix)]
            await self._throw_out(room, identities)

    async def _throw_out(self, room: str, identities: Sequence[str]) -> None:
        # First the list, then the door: a token that is used again meanwhile finds it shut.
        await self.finished.add(identities)
        for identity in identities:
            await self.media.remove(room, identity)

    async def reconcile(self, case_ids: Sequence[str]) -> None:
        """Compare the log with the rooms: the media server may have died without a word."""
        states = await self.sessions.states_of(case_ids)
        for case_id, state in states.items():
            room = f"{CASE_ROOM}{case_id}"
            present = await self.media.occupants(room)
            known = {p.identity for p in state.participants}
            for occupant in present:
                if occupant.identity not in known or not await self._may_stay(room, occupant):
                    await self.joined(room, occupant)
            await self._note_left(case_id, sorted(known - {o.identity for o in present}))

    async def _note_left(self, case_id: str, identities: Sequence[str]) -> None:
        if not identities:
            return

        def decide(state: SessionState, _now_ms: int) -> Sequence[Draft]:
            known = {p.identity for p in state.participants}
            return [
                Draft(type=EventType.PARTICIPANT_LEFT, payload={"identity": identity})
                for identity in identities
                if identity in known
            ]

        await self.sessions.append(case_id, decide)

    async def _may_stay(self, room: str, occupant: Occupant) -> bool:
        if await self.finished.contains(occupant.identity):
            return False
        kind, _, rest = occupant.identity.partition(".")
        subject = rest.rpartition(".")[0]
        if kind == "gateway":
            return await self.gateways.active(subject)
        return kind == "user" and await self.facts.admitted(subject, case_of(room))


def case_of(room: str) -> str | None:
    """The case whose room this is.

    Examples
    --------
    >>> case_of("or.case_1"), case_of("experts.inst_1")
    ('case_1', None)
    """
    return room.removeprefix(CASE_ROOM) if room.startswith(CASE_ROOM) else None


def _participant(occupant: Occupant) -> dict[str, str | None]:
    attributes: Mapping[str, str] = MappingProxyType(dict(occupant.attributes))
    return {
        "identity": occupant.identity,
        "user_id": attributes.get("user_id") or None,
        "name": attributes.get("name", ""),
        "name_en": attributes.get("name_en", ""),
        "role": attributes.get("role", ""),
        "side": attributes.get("side") or None,
    }
