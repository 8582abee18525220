"""Hands the recordings over when the operation is over: in pieces, from where it stopped."""

import asyncio
from pathlib import Path

import structlog

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.gateway.recordings import Sidecar, sidecars
from tongtai.entrypoints.gateway.server import Server, ServerRefusedError

_PIECE_BYTES = 1 << 20
_log = structlog.get_logger("tongtai.gateway.uploads")


async def upload_pending(server: Server, root: Path, *, live_case: str | None) -> int:
    """Upload every complete segment whose case is known and not the one under way.

    Parameters
    ----------
    server : Server
        An authorized connection.
    root : Path
        Folder of the recordings.
    live_case : str | None
        The case under way: its recordings wait, because its live pictures need the link.

    Returns
    -------
    int
        How many segments the server has verified.
    """
    count = 0
    for folder, sidecar in await asyncio.to_thread(lambda: list(sidecars(root))):
        if sidecar.state != "complete" or sidecar.case_id is None or sidecar.case_id == live_case:
            continue
        try:
            await upload(server, folder, sidecar)
        except ServerRefusedError as error:
            # Kept on disk and tried again later; one refused segment must not hold up the others.
            _log.warning("recording_refused", segment=sidecar.segment, reason=error.values.get("reason"))
            continue
        count += 1
    return count


async def upload(server: Server, folder: Path, sidecar: Sidecar) -> None:
    """Upload one segment, beginning where an earlier attempt stopped, then delete it here.

    Raises
    ------
    ServerUnreachableError, ServerRefusedError
        If it could not be finished; the local file stays.
    """
    recording_id, offset = await server.announce(
        {
            "case_id": sidecar.case_id,
            "feed": sidecar.feed,
            "segment": sidecar.segment,
            "size": sidecar.size,
            "sha256": sidecar.sha256,
            "started_at": sidecar.started_at.isoformat(),
            "duration_s": sidecar.duration_s,
            "clock_offset_ms": sidecar.clock_offset_ms,
        }
    )
    path = folder / sidecar.file_name
    while offset < sidecar.size:
        piece = await asyncio.to_thread(_read, path, offset)
        if not piece:
            raise TongtaiError(
                "The recorded file is shorter than its description says.", segment=sidecar.segment
            )
        offset = await server.append(recording_id, piece, offset=offset)
    await server.complete(recording_id)
    # Only a copy that the server has verified allows to delete the original.
    sidecar.uploaded().save(folder)
    path.unlink()
    _log.info("recording_uploaded", feed=sidecar.feed, segment=sidecar.segment, size=sidecar.size)


def _read(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(_PIECE_BYTES)
