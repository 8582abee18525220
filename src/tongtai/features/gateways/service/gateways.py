"""Use cases of gateways: enrol, follow the case, report, publish."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.features.accounts.model import Principal
from tongtai.features.cases.errors import CaseNotFoundError
from tongtai.features.gateways.errors import (
    EnrolmentRefusedError,
    GatewayNotFoundError,
    GatewayTokenError,
    NoCaseError,
)
from tongtai.features.gateways.model import (
    CODE_LIFETIME,
    MEDIA_TOKEN_LIFETIME,
    AssignedCase,
    FeedReport,
    Gateway,
    Measured,
    MediaTicket,
)
from tongtai.features.gateways.ports import Gateways, RoomCases, RoomMedia

# Letters and digits that cannot be taken for one another when read aloud at the table.
_CODE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_CODE_GROUPS = 3
_CODE_GROUP_LENGTH = 5


def digest_of(secret: str) -> str:
    """SHA-256 of a random secret; such secrets have enough chance in them to need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """A one-time enrolment code with 73 bits of chance, such as ``7KQ2M-XW9AB-4TRPC``."""
    groups = (
        "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_GROUP_LENGTH))
        for _ in range(_CODE_GROUPS)
    )
    return "-".join(groups)


@dataclass(slots=True, kw_only=True)
class GatewayService:
    """Administration of an institution's gateways, and what a gateway may do with its token."""

    gateways: Gateways
    rooms: RoomCases
    media: RoomMedia
    clock: Clock
    new_id: Callable[[str], str]

    async def list(self, principal: Principal) -> Sequence[Gateway]:
        """The gateways of the principal's institution."""
        return await self.gateways.of_institution(principal.institution_id)

    async def feeds(self, gateway_id: str) -> Sequence[FeedReport]:
        """What the gateway last said of each feed."""
        return await self.gateways.feeds(gateway_id)

    async def create(self, principal: Principal, *, name: str, operating_room_id: str) -> tuple[Gateway, str]:
        """Announce a gateway; the code in the answer is shown this once.

        Raises
        ------
        GatewayNotFoundError
            If the operating room is not one of the principal's institution.
        """
        institution = await self.rooms.institution_of(operating_room_id)
        if institution != principal.institution_id:
            raise GatewayNotFoundError(
                "There is no such operating room.", operating_room_id=operating_room_id
            )
        now = self.clock.now()
        code = new_code()
        gateway = Gateway(
            id=self.new_id("gw"),
            name=name,
            operating_room_id=operating_room_id,
            institution_id=institution,
            created_at=now,
            code_digest=digest_of(code),
            code_expires_at=now + CODE_LIFETIME,
        )
        await self.gateways.save(gateway)
        return gateway, code

    async def renew_code(self, principal: Principal, gateway_id: str) -> tuple[Gateway, str]:
        """A new one-time code; the old token stops working when the new code is used."""
        gateway = await self._own(principal, gateway_id)
        if gateway.revoked_at is not None:
            raise GatewayNotFoundError(gateway_id=gateway_id)
        code = new_code()
        gateway = replace(
            gateway, code_digest=digest_of(code), code_expires_at=self.clock.now() + CODE_LIFETIME
        )
        await self.gateways.save(gateway)
        return gateway, code

    async def revoke(self, principal: Principal, gateway_id: str) -> Gateway:
        """End a gateway's rights. The caller throws it out of the rooms once this is committed."""
        gateway = await self._own(principal, gateway_id)
        gateway = replace(
            gateway,
            revoked_at=self.clock.now(),
            code_digest=None,
            code_expires_at=None,
            token_digest=None,
        )
        await self.gateways.save(gateway)
        return gateway

    async def enrol(self, code: str) -> tuple[Gateway, str]:
        """Trade a one-time code for a token.

        Raises
        ------
        EnrolmentRefusedError
            If the code is unknown, used or expired; the three look alike on purpose.
        """
        now = self.clock.now()
        digest = digest_of(code.strip().upper())
        gateway = await self.gateways.by_code(digest)
        if gateway is None or not gateway.may_enrol(at=now):
            raise EnrolmentRefusedError
        token = secrets.token_urlsafe(32)
        enrolled = replace(
            gateway, token_digest=digest_of(token), enrolled_at=now, code_digest=None, code_expires_at=None
        )
        if not await self.gateways.consume_code(enrolled, digest):
            raise EnrolmentRefusedError
        return enrolled, token

    async def authenticate(self, token: str) -> Gateway:
        """The gateway that holds this token.

        Raises
        ------
        GatewayTokenError
            If nobody holds it, or the gateway was revoked.
        """
        gateway = await self.gateways.by_token(digest_of(token)) if token else None
        if gateway is None or not gateway.active:
            raise GatewayTokenError
        return gateway

    async def assignment(self, gateway: Gateway) -> AssignedCase | None:
        """The case that the gateway's operating room has now."""
        return await self.rooms.current(gateway.operating_room_id)

    async def case_numbered(self, gateway: Gateway, number: str) -> AssignedCase:
        """A case of the gateway's operating room, whenever it is scheduled.

        Raises
        ------
        CaseNotFoundError
            If there is none; another room's case is none.
        """
        case = await self.rooms.numbered(number, gateway.operating_room_id)
        if case is None:
            raise CaseNotFoundError(number=number[:32])
        return case

    async def media_ticket(self, gateway: Gateway) -> MediaTicket:
        """Entry to the room of the present case, for two minutes.

        Raises
        ------
        NoCaseError
            If the operating room has no case now.
        """
        case = await self.assignment(gateway)
        if case is None:
            raise NoCaseError
        room = f"or.{case.case_id}"
        identity = f"gateway.{gateway.id}.{secrets.token_hex(4)}"
        token = self.media.token(
            gateway=gateway, case_id=case.case_id, room=room, identity=identity, lifetime=MEDIA_TOKEN_LIFETIME
        )
        return MediaTicket(url=self.media.url, token=token, room=room, identity=identity)

    async def changes(
        self, gateway: Gateway, feeds: Sequence[FeedReport]
    ) -> tuple[AssignedCase | None, Sequence[FeedReport]]:
        """The present case, and the reports that its session has not heard yet."""
        case = await self.assignment(gateway)
        if case is None:
            return None, ()
        known: set[FeedReport] = set()
        if gateway.reported_case_id == case.case_id:
            known = set(await self.gateways.feeds(gateway.id))
        return case, [report for report in feeds if report not in known]

    async def note(
        self,
        gateway: Gateway,
        feeds: Sequence[FeedReport],
        *,
        case: AssignedCase | None,
        measured: Measured,
    ) -> None:
        """Remember a report once its changes have been told.

        In this order a crash in between tells a change twice, which changes nothing, and never loses one.
        """
        current = await self.gateways.get(gateway.id)
        if current is None or not current.active:
            raise GatewayTokenError
        noted = replace(
            current,
            last_seen_at=self.clock.now(),
            clock_offset_ms=measured.clock_offset_ms,
            disk_free_bytes=measured.disk_free_bytes,
            reported_case_id=case.case_id if case else None,
        )
        await self.gateways.save(noted)
        await self.gateways.save_feeds(gateway.id, feeds)

    async def _own(self, principal: Principal, gateway_id: str) -> Gateway:
        gateway = await self.gateways.get(gateway_id)
        if gateway is None or gateway.institution_id != principal.institution_id:
            raise GatewayNotFoundError(gateway_id=gateway_id)
        return gateway
