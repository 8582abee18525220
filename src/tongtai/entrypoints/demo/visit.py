"""Somebody of the demonstration at their screen: signed in, and everything they send must be taken."""

from types import TracebackType
from typing import Any, Self

import httpx2

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.demo.seed import Account

_TIMEOUT_S = 60.0


class DemonstrationRefusedError(TongtaiError):
    """The server refused what the demonstration's people did; the values say what."""

    code = "demonstration_refused"


def _taken(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_error:
        request = f"{answer.request.method} {answer.request.url.path}"
        message = f"The server refused {request}: {answer.status_code} {answer.text[:2000]}"
        raise DemonstrationRefusedError(message, request=request, status=answer.status_code)
    return answer


class Visit:
    """An asynchronous context in which a person is signed in.

    Parameters
    ----------
    url : str
        The server.
    account : Account
        Who.
    """

    def __init__(self, url: str, account: Account) -> None:
        self._account = account
        self._http = httpx2.AsyncClient(base_url=url, headers={"Origin": url}, timeout=_TIMEOUT_S)

    async def __aenter__(self) -> Self:
        """Sign in."""
        who = {"login": self._account.login, "password": self._account.password}
        answer = await self._http.post("/api/auth/login", json=who)
        self._http.headers["X-CSRF-Token"] = _taken(answer).json()["csrf_token"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign out."""
        try:
            if error is None:
                _taken(await self._http.post("/api/auth/logout"))
        finally:
            await self._http.aclose()

    async def get(self, path: str) -> Any:
        """What the server has."""
        return _taken(await self._http.get(path)).json()

    async def post(self, path: str, body: object) -> Any:
        """Send something new."""
        return await self.send("POST", path, body)

    async def send(self, method: str, path: str, body: object) -> Any:
        """Send something."""
        return _taken(await self._http.request(method, path, json=body)).json()

    async def attach(self, path: str, name: str, item: str, content: bytes) -> None:
        """Send a file to an item of the intake form."""
        answer = await self._http.post(
            path,
            params={"item": item, "name": name},
            content=content,
            headers={"content-type": "application/octet-stream"},
        )
        _taken(answer)
