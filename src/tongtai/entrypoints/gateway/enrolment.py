"""The gateway's own secret: traded once for a code, kept in a file for its owner alone."""

import os
from pathlib import Path

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.gateway.server import Server

_TOKEN = "gateway-token"  # noqa: S105  (a file's name)


class NotEnrolledError(TongtaiError):
    """The gateway is not enrolled; ask for a code in the administration and start with --code."""

    code = "not_enrolled"


async def enrolled_token(server: Server, *, data: Path, code: str | None) -> str:
    """The stored token, or the one that ``code`` buys.

    A code wins over a stored token, so that a revoked gateway is enrolled anew by giving it a code.

    Raises
    ------
    NotEnrolledError
        If there is neither.
    """
    if code is not None:
        token = await server.enrol(code)
        _write_secret(data / _TOKEN, token)
        return token
    return stored_token(data)


def has_token(data: Path) -> bool:
    """Whether a gateway with this folder has been enrolled."""
    return (data / _TOKEN).exists()


def stored_token(data: Path) -> str:
    """The token of a gateway that has been enrolled.

    Raises
    ------
    NotEnrolledError
        If it has not.
    """
    if not has_token(data):
        raise NotEnrolledError
    return (data / _TOKEN).read_text(encoding="ascii").strip()


def _write_secret(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
