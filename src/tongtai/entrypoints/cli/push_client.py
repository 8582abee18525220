"""A client that sends files of a case and goes on after a cut."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx2

from tongtai.core.errors import TongtaiError

_TRIES = 6
_FIRST_WAIT_S = 0.5
_KEPT = frozenset({"accepted", "duplicate", "quarantined"})


class ServerUnreachableError(TongtaiError):
    """The server does not answer."""

    code = "server_unreachable"


class ServerRefusedError(TongtaiError):
    """The server refused."""

    code = "server_refused"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file to be sent under a name that is the same at every try."""

    path: Path
    name: str

    def sha256(self) -> str:
        """The content's digest."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def files_in(place: Path) -> list[LocalFile]:
    """The files of a folder and its folders, hidden ones left out, or the file itself."""
    if place.is_file():
        return [LocalFile(place, place.name)]
    found = []
    for path in sorted(place.rglob("*")):
        relative = path.relative_to(place)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            found.append(LocalFile(path, relative.as_posix()))
    return found


class PushClient:
    """One person's, or one gateway's, connection to a server; its methods may be called from several threads.

    Parameters
    ----------
    server : str
        The server's address.
    transport : httpx2.BaseTransport, optional
        For tests.
    """

    def __init__(self, server: str, *, transport: httpx2.BaseTransport | None = None) -> None:
        timeout = httpx2.Timeout(30.0, write=300.0, read=300.0)
        self._is_gateway = False
        self._http = httpx2.Client(base_url=server.rstrip("/"), timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def sign_in(self, login: str, password: str, *, one_time_code: str | None = None) -> None:
        """Sign in for the life of this object."""
        body = {"login": login, "password": password}
        if one_time_code:
            body["totp"] = one_time_code
        me = self._call("POST", "/api/auth/login", json=body)
        self._http.headers["X-CSRF-Token"] = me["csrf_token"]

    def use_token(self, token: str) -> None:
        """Be the gateway that this token belongs to."""
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._is_gateway = True

    def find_case(self, number: str) -> str:
        """The identifier of the case with this number (or, for a person, this identifier)."""
        if self._is_gateway:
            found = self._call("GET", f"/api/gateway/cases/{quote(number, safe='')}")
            return str(found["case_id"])
        for case in self._call("GET", "/api/cases"):
            if number in {case["number"], case["id"]}:
                return str(case["id"])
        raise ServerRefusedError(f"There is no case {number} that you may see.", case=number)

    def start(self, case_id: str, *, source: str, files: int, test: bool = False) -> dict[str, Any]:
        """Begin a push, or go on with one that was cut; of a ``test`` series nothing is kept."""
        body = {"source": source[-200:], "declared_files": files, "test": test}
        push: dict[str, Any] = self._call("POST", f"/api/cases/{case_id}/imaging/pushes", json=body)
        return push

    def send(self, push: dict[str, Any], file: LocalFile, digest: str) -> dict[str, Any]:
        """Send one file."""
        path = f"{_path(push)}/files/{quote(file.name, safe='')}"
        answer: dict[str, Any] = self._call("PUT", path, params={"sha256": digest}, body=file.path)
        return answer

    def send_bundle(self, push: dict[str, Any], name: str, archive: bytes) -> dict[str, Any]:
        """Send a zip archive of some files; each is answered for under its own name."""
        path = f"{_path(push)}/files/{quote(name, safe='')}"
        digest = hashlib.sha256(archive).hexdigest()
        answer: dict[str, Any] = self._call("PUT", path, params={"sha256": digest}, body=archive)
        return answer

    def act(self, push: dict[str, Any], action: str, **body: str) -> dict[str, Any]:
        """``finish`` or ``confirm-patient``."""
        answer: dict[str, Any] = self._call("POST", f"{_path(push)}/{action}", json=body)
        return answer

    def _call(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: dict[str, str] | None = None,
        body: Path | bytes | None = None,
    ) -> Any:
        wait_s = _FIRST_WAIT_S
        for attempt in range(1, _TRIES + 1):
            try:
                content = _pieces(body) if isinstance(body, Path) else body
                headers = {"Content-Length": str(body.stat().st_size)} if isinstance(body, Path) else {}
                answer = self._http.request(
                    method, path, json=json, params=params, content=content, headers=headers
                )
            except httpx2.TransportError as error:
                if attempt == _TRIES:
                    raise ServerUnreachableError from error
            else:
                if answer.status_code < 400:
                    return answer.json()
                fault = _fault(answer)
                again = answer.status_code in {502, 503, 504} or fault.get("code") == "checksum_mismatch"
                if not again or attempt == _TRIES:
                    raise ServerRefusedError(
                        fault.get("message", f"The server answered {answer.status_code}."),
                        reason=fault.get("code", ""),
                    )
            time.sleep(wait_s)
            wait_s *= 2
        raise ServerUnreachableError


def already_there(push: dict[str, Any]) -> set[tuple[str, str]]:
    """Name and digest of each file that the server has kept in this push."""
    return {(file["name"], file["sha256"]) for file in push["files"] if file["outcome"] in _KEPT}


def _path(push: dict[str, Any]) -> str:
    return f"/api/cases/{push['case_id']}/imaging/pushes/{push['push_id']}"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece


def _fault(answer: httpx2.Response) -> dict[str, Any]:
    try:
        fault: dict[str, Any] = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return fault
