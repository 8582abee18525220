"""Use cases: making sure that everybody who must act hears of a revoked user."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import RevocationIncompleteError
from tongtai.features.accounts.events import UserRevoked
from tongtai.features.accounts.ports import PendingNotices, RevocationListener

# A server that revokes somebody tells it itself; if it dies in between, another does after this time.
TELL_GRACE = timedelta(seconds=15)
_AGAIN_AFTER = timedelta(seconds=5)


class RevocationHub:
    """Tells everyone in this process who must act when a user is revoked."""

    def __init__(self) -> None:
        self._listeners: list[RevocationListener] = []

    def subscribe(self, listener: RevocationListener) -> Callable[[], None]:
        """Call ``listener`` from now on; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def publish(self, event: UserRevoked) -> None:
        """Tell every listener, whatever the others do.

        Raises
        ------
        RevocationIncompleteError
            If a listener failed; the others have acted.
        """
        failures = []
        for listener in tuple(self._listeners):
            try:
                await listener(event)
            except Exception as error:  # noqa: BLE001  (one failure must not spare the others)
                failures.append(error)
        if failures:
            raise RevocationIncompleteError(user_id=event.user_id) from failures[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocations:
    """Notices of revoked users: written with the revocation itself, told once that is committed.

    Whoever revokes need not be a server (``tongtai user revoke`` is none), and may die before it has
    told anybody. So a notice stays in the database until everyone has acted on it.
    """

    hub: RevocationHub
    notices: PendingNotices
    clock: Clock

    async def tell(self, user_id: str) -> None:
        """Tell of a user, if there is something to tell; the caller has committed.

        Raises
        ------
        RevocationIncompleteError
            If somebody could not act; it is tried again by itself.
        """
        for notice in await self.notices.of_user(user_id):
            await self.hub.publish(UserRevoked(user_id=notice.user_id, notice_id=notice.id))
            await self.notices.settle(notice)

    async def tell_due(self) -> None:
        """Tell what nobody has told; one server process does this all the time."""
        now = self.clock.now()
        for notice in await self.notices.due(now):
            try:
                await self.hub.publish(UserRevoked(user_id=notice.user_id, notice_id=notice.id))
            except RevocationIncompleteError:
                await self.notices.postpone(notice, until=now + _AGAIN_AFTER)
            else:
                await self.notices.settle(notice)
