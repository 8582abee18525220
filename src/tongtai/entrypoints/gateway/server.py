"""The gateway's talk with the Tongtai server."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import httpx2

from tongtai.core.errors import TongtaiError

_TIMEOUT = httpx2.Timeout(8.0, connect=1.5)
_CLOCK_SAMPLES = 4


class ServerUnreachableError(TongtaiError):
    """The server cannot be reached; the gateway goes on recording and tries again."""

    code = "server_unreachable"
    retryable = True


class ServerRefusedError(TongtaiError):
    """The server refused the request."""

    code = "server_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The case that this gateway's operating room has now, and whether its patient lets it be recorded."""

    case_id: str | None
    number: str
    recording: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the server answers a report: the room's case, and whether the uplinks are to be tested now."""

    assignment: Assignment
    measure_links: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Entry to the media room."""

    url: str
    token: str
    room: str


class Server:
    """HTTP calls of a gateway; every failure is one of the two errors above."""

    def __init__(self, address: str) -> None:
        self._http = httpx2.AsyncClient(base_url=f"{address.rstrip('/')}/api", timeout=_TIMEOUT)

    def authorize(self, token: str) -> None:
        """Use this token from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def enrol(self, code: str) -> str:
        """Trade the one-time code for a token."""
        return str((await self._call("POST", "/gateway/enrol", json={"code": code}))["token"])

    async def ticket(self) -> Ticket:
        """Ask for entry to the case's room."""
        answer = await self._call("POST", "/gateway/media-token")
        return Ticket(url=answer["url"], token=answer["token"], room=answer["room"])

    async def report(
        self, feeds: Sequence[dict[str, str]], *, clock_offset_ms: float, disk_free_bytes: int
    ) -> Told:
        """Say how the feeds, the clock and the disk are; returns the case that the operating room has now."""
        body = {"feeds": list(feeds), "clock_offset_ms": clock_offset_ms, "disk_free_bytes": disk_free_bytes}
        answer = await self._call("POST", "/gateway/status", json=body)
        assignment = Assignment(
            case_id=answer["case_id"],
            number=answer.get("number") or "",
            recording=bool(answer.get("recording", False)),
        )
        return Told(assignment=assignment, measure_links=bool(answer.get("measure_links", False)))

    async def report_links(self, links: Sequence[dict[str, Any]]) -> None:
        """Say what was measured of the uplinks."""
        await self._call("PUT", "/gateway/links", json={"links": list(links)})

    @property
    def headers(self) -> dict[str, str]:
        """What shows who this gateway is, for connections over a certain uplink."""
        return {"Authorization": self._http.headers["Authorization"]}

    async def announce(self, recording: dict[str, Any]) -> tuple[str, int]:
        """Begin or continue an upload; returns its id and where to go on."""
        answer = await self._call("POST", "/gateway/recordings", json=recording)
        return str(answer["id"]), int(answer["offset"])

    async def append(self, recording_id: str, content: bytes, *, offset: int) -> int:
        """Send a piece; returns where to go on."""
        path = f"/gateway/recordings/{recording_id}"
        answer = await self._call("PATCH", path, params={"offset": offset}, content=content)
        return int(answer["offset"])

    async def complete(self, recording_id: str) -> None:
        """Have the whole verified."""
        await self._call("POST", f"/gateway/recordings/{recording_id}/complete")

    async def clock_offset_ms(self) -> float:
        """What to add to this machine's clock to get the server's: from the quickest of four answers."""
        best_ms, offset_ms = float("inf"), 0.0
        for _ in range(_CLOCK_SAMPLES):
            before_ms = time.time() * 1000
            server_ms = float((await self._call("GET", "/time"))["t_ms"])
            after_ms = time.time() * 1000
            if after_ms - before_ms < best_ms:
                best_ms, offset_ms = after_ms - before_ms, server_ms - (before_ms + after_ms) / 2
        return round(offset_ms, 1)

    async def _call(
        self, method: Literal["GET", "POST", "PUT", "PATCH"], path: str, **arguments: Any
    ) -> dict[str, Any]:
        try:
            response = await self._http.request(method, path, **arguments)
        except httpx2.HTTPError as error:
            raise ServerUnreachableError(reason=type(error).__name__) from error
        if response.status_code >= 400:
            raise _refusal(response)
        answer: dict[str, Any] = response.json() if response.content else {}
        return answer


def _refusal(response: httpx2.Response) -> TongtaiError:
    try:
        error = response.json()["error"]
        code, message = str(error["code"]), str(error["message"])
        values = dict(error.get("values") or {})
    except (ValueError, KeyError, TypeError):
        code, message, values = (
            f"http_{response.status_code}",
            f"The server answered {response.status_code}.",
            {},
        )
    if response.status_code >= 500:
        return ServerUnreachableError(message, reason=code)
    return ServerRefusedError(message, status=response.status_code, reason=code, details=values)
