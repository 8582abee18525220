"""SRT, which PyAV's FFmpeg does not speak: the protocol's own tool receives it, and its pictures come through a pipe."""

import os
import select
import shutil
import subprocess
from typing import Final

SCHEME: Final = "srt://"
FORMAT: Final = "mpegts"
_TOOL: Final = "srt-live-transmit"
_MISSING = (
    f"SRT needs the program {_TOOL} on this machine (Debian and Ubuntu: apt install srt-tools; "
    "others: the packages of the SRT project)"
)


class SrtToolMissingError(OSError):
    """There is no program here that receives SRT; the message says where it comes from."""


class SrtPipe:
    """What an SRT sender sends, to be read like a file.

    Parameters
    ----------
    address : str
        As the tool takes it: ``srt://HOST:PORT?mode=caller&latency=120&passphrase=…``; ``srt://:PORT?mode=listener``
        waits for the sender.
    first_s, next_s : float
        How long the first bytes, and any after them, may be away.

    Raises
    ------
    SrtToolMissingError
        If the tool is not installed.
    """

    def __init__(self, address: str, *, first_s: float, next_s: float) -> None:
        tool = shutil.which(_TOOL)
        if tool is None:
            raise SrtToolMissingError(_MISSING)
        # One packet at a time, and no second try by itself: the feed tries again, and says so meanwhile.
        self._tool = subprocess.Popen(
            [tool, "-loglevel:fatal", "-autoreconnect:no", address, "file://con"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._first_s, self._next_s, self._began = first_s, next_s, False

    def read(self, size: int) -> bytes:
        """What has come, at most ``size`` bytes; none when the sender ended.

        Raises
        ------
        TimeoutError, ConnectionRefusedError
            If nothing comes; if the connection came to an end before anything came.
        """
        assert self._tool.stdout is not None  # noqa: S101  (opened with a pipe, above)
        pipe = self._tool.stdout.fileno()
        if not select.select([pipe], [], [], self._next_s if self._began else self._first_s)[0]:
            raise TimeoutError("nothing came over SRT")
        content = os.read(pipe, size)
        if not content and not self._began:
            raise ConnectionRefusedError("nobody sends there over SRT")
        self._began = True
        return content

    def close(self) -> None:
        """End the connection."""
        self._tool.kill()
        self._tool.wait()
        assert self._tool.stdout is not None  # noqa: S101  (opened with a pipe, above)
        self._tool.stdout.close()
