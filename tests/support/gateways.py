"""Gateways of the world's operating rooms."""

from tests.support.server import Server

from tongtai.features.accounts.model import Principal, Role
from tongtai.features.gateways.api import gateway_service
from tongtai.features.institutions.model import OperatingRoom


async def enrolled(server: Server, room: OperatingRoom) -> str:
    """Announce a gateway for a room and enrol it; return its token."""
    engineer = Principal(
        user_id="engineer",
        institution_id=room.institution_id,
        roles=frozenset({Role.ENGINEER}),
        display_name="",
        display_name_en="",
        session_id="",
    )
    async with server.container.database.transaction() as session:
        service = gateway_service(server.container, session)
        _, code = await service.create(engineer, name="Table", operating_room_id=room.id)
        _, token = await service.enrol(code)
    return token
