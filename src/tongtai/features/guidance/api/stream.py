"""WebSocket: the events of several sessions, from where the page was."""

import asyncio
import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from tongtai.core.errors import TongtaiError
from tongtai.features.accounts.api import principal_of_websocket
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.cases.api import case_access
from tongtai.features.guidance.schemas import SubscribeIn
from tongtai.features.guidance.service import StreamHub, Subscriber
from tongtai.features.guidance.service.context import GUIDE_ROLES
from tongtai.features.guidance.sql import SqlPresence
from tongtai.infra.container import Container, container_of

router = APIRouter()

CLOSE_REVOKED = 4401
CLOSE_BAD_MESSAGE = 4400
CLOSE_TOO_SLOW = 4408
_PING_S = 10.0
_PRESENCE_EVERY = timedelta(seconds=30)
_SEND_PATIENCE_S = 5.0
_MESSAGE_LIMIT = 20_000


class _TooSlowError(Exception):
    """The page does not read; it resumes where it was when it comes back."""


class _RevokedError(Exception):
    """The person may not listen any more."""


@router.websocket("/api/stream")
async def stream(websocket: WebSocket) -> None:
    """Send ``{"subscribe": {case_id: after_seq}}``; get ``{"events": […]}`` in order per session."""
    container = container_of(websocket)
    await websocket.accept()
    try:
        principal = await principal_of_websocket(websocket)
    except TongtaiError:
        await websocket.send_json({"revoked": True})
        await websocket.close(CLOSE_REVOKED)
        return
    hub = container.get(StreamHub)
    subscriber = hub.connect(principal.user_id)
    try:
        await _Stream(websocket, container, hub, subscriber, principal).run()
    finally:
        hub.disconnect(subscriber)


class _Stream:
    """One page's stream."""

    def __init__(
        self,
        websocket: WebSocket,
        container: Container,
        hub: StreamHub,
        subscriber: Subscriber,
        principal: Principal,
    ) -> None:
        self._websocket = websocket
        self._container = container
        self._hub = hub
        self._subscriber = subscriber
        self._principal = principal
        self._noted_at: datetime | None = None

    async def run(self) -> None:
        """Serve until either side ends it."""
        await self._send(json.dumps({"hello": {"server_t_ms": self._now_ms()}}))
        await self._note_presence()
        tasks = [asyncio.create_task(self._receive()), asyncio.create_task(self._deliver())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except (WebSocketDisconnect, RuntimeError):
            return
        except _TooSlowError:
            await self._close(CLOSE_TOO_SLOW)
        except _RevokedError:
            await self._send(json.dumps({"revoked": True}))
            await self._close(CLOSE_REVOKED)
        except (ValidationError, UnicodeDecodeError):
            await self._close(CLOSE_BAD_MESSAGE)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _receive(self) -> None:
        while True:
            text = await self._websocket.receive_text()
            wanted = SubscribeIn.model_validate_json(text[:_MESSAGE_LIMIT]).subscribe
            known = wanted.keys() & self._subscriber.last.keys()
            allowed = await self._viewable(wanted.keys() - known, audited=True)
            allowed |= await self._viewable(known, audited=False)
            self._hub.follow(self._subscriber, {case_id: wanted[case_id] for case_id in allowed})

    async def _viewable(self, case_ids: Collection[str], *, audited: bool) -> set[str]:
        """Those of these cases that may be followed; the page is told of the others."""
        if not case_ids:
            return set()
        async with self._container.database.transaction() as session:
            answers = await case_access(self._container, session).admit_all(
                self._principal, case_ids, Permission.SESSION_VIEW, audited=audited
            )
        for case_id, answer in answers.items():
            if isinstance(answer, TongtaiError):
                refusal = {"code": answer.code, "case_id": case_id}
                self._subscriber.notices.append(json.dumps({"error": refusal}))
                self._subscriber.wake.set()
        return {case_id for case_id, answer in answers.items() if not isinstance(answer, TongtaiError)}

    async def _deliver(self) -> None:
        subscriber = self._subscriber
        while True:
            try:
                async with asyncio.timeout(_PING_S):
                    await subscriber.wake.wait()
            except TimeoutError:
                await self._send(json.dumps({"t": self._now_ms()}))
                await self._hub.catch_up(subscriber)
                # Whatever else ended a right (log-out, another team) is noticed here.
                subscriber.check_access = True
            subscriber.wake.clear()
            if subscriber.check_access:
                subscriber.check_access = False
                await self._check_access()
            while subscriber.notices:
                await self._send(subscriber.notices.popleft())
            while subscriber.ready:
                await self._deliver_session(subscriber.ready.pop())

    async def _deliver_session(self, case_id: str) -> None:
        last = self._subscriber.last
        while case_id in last:
            before = last[case_id]
            lines: Sequence[tuple[int, str]] = await self._hub.after(case_id, before)
            if not lines or case_id not in last:
                return
            await self._send('{"events":[' + ",".join(text for _, text in lines) + "]}")
            # Meanwhile the page may have asked again, from further back.
            if last.get(case_id) == before:
                last[case_id] = lines[-1][0]

    async def _check_access(self) -> None:
        try:
            self._principal = await principal_of_websocket(self._websocket)
        except TongtaiError as error:
            raise _RevokedError from error
        await self._note_presence()
        followed = set(self._subscriber.last)
        for case_id in followed - await self._viewable(followed, audited=False):
            self._subscriber.last.pop(case_id, None)

    async def _note_presence(self) -> None:
        """A guide's page is open: readiness asks whether the backup is there."""
        now = self._container.clock.now()
        if not self._principal.roles & set(GUIDE_ROLES):
            return
        if self._noted_at is not None and now - self._noted_at < _PRESENCE_EVERY:
            return
        self._noted_at = now
        async with self._container.database.transaction() as session:
            await SqlPresence(session).note(self._principal.user_id, now)

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(_SEND_PATIENCE_S):
                await self._websocket.send_text(text)
        except TimeoutError as error:
            raise _TooSlowError from error

    async def _close(self, code: int) -> None:
        try:
            async with asyncio.timeout(_SEND_PATIENCE_S):
                await self._websocket.close(code)
        except (TimeoutError, RuntimeError, WebSocketDisconnect):
            # The page is gone already.
            return

    def _now_ms(self) -> int:
        return int(self._container.clock.now().timestamp() * 1000)
