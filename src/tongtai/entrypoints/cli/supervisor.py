"""Child processes that are started, watched, started again when they die, and ended together."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0
_STEADY_AFTER_S = 30.0
_PATIENCE_AT_END_S = 8.0
_LARGEST_LOG_BYTES = 20_000_000
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(slots=True, kw_only=True)
class Child:
    """A process to keep alive.

    Parameters
    ----------
    name : str
        What a person calls it.
    command : sequence of str
        Program and arguments.
    log : Path
        The file that its output is appended to.
    environment : mapping
        What its environment has beside ours.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    restarts: int = 0


class Supervisor:
    """Keeps children alive until it is told to stop.

    Parameters
    ----------
    say : callable
        Tells a person, one line at a time.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._watches: dict[asyncio.Task[None], Child] = {}
        self._stopping = False

    async def start(self, child: Child) -> None:
        """Start a child and watch it from now on."""
        await _spawn(child)
        self._watches[asyncio.create_task(self._watch(child), name=f"watch {child.name}")] = child

    async def stop(self) -> None:
        """End every child, the last started first: politely, then with force."""
        self._stopping = True
        for task in self._watches:
            task.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        for child in reversed(list(self._watches.values())):
            await _end(child)

    async def _watch(self, child: Child) -> None:
        pause_s = _FIRST_PAUSE_S
        while child.process is not None:
            since = time.monotonic()
            status = await child.process.wait()
            # Whatever it left behind in its process group must not hold ports or devices.
            _signal_group(child, signal.SIGKILL)
            lived_s = time.monotonic() - since
            pause_s = _FIRST_PAUSE_S if lived_s > _STEADY_AFTER_S else min(pause_s * 2, _LONGEST_PAUSE_S)
            self._say(f"{child.name} {_how(status)}; starting it again in {pause_s:.1f} s (log: {child.log})")
            await asyncio.sleep(pause_s)
            child.restarts += 1
            await _spawn(child)


async def _spawn(child: Child) -> None:
    child.log.parent.mkdir(parents=True, exist_ok=True)
    if child.log.exists() and child.log.stat().st_size > _LARGEST_LOG_BYTES:
        child.log.replace(child.log.with_suffix(".old.log"))
    with child.log.open("ab") as log:
        child.process = await asyncio.create_subprocess_exec(
            *child.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **child.environment},
            # A group of its own: Ctrl-C in the terminal reaches us alone, and we end them in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )


def _die_with_parent() -> None:
    """Between fork and exec: be ended by the kernel if we are killed in a way we cannot answer."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _end(child: Child) -> None:
    process = child.process
    if process is None or process.returncode is not None:
        return
    _signal_group(child, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE_AT_END_S)
    except TimeoutError:
        _signal_group(child, signal.SIGKILL)
        await process.wait()


def _signal_group(child: Child, number: signal.Signals) -> None:
    if child.process is None:
        return
    try:
        os.killpg(child.process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _how(status: int) -> str:
    """The end of a process in words.

    Examples
    --------
    >>> _how(-9)
    'was killed (SIGKILL)'
    >>> _how(3)
    'ended with status 3'
    """
    if status < 0:
        return f"was killed ({signal.Signals(-status).name})"
    return f"ended with status {status}"
