"""What every step of the set-up shares: where it works, how it shows progress, how it fails."""

import fcntl
import hashlib
import os
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"

_NO_NETWORK = (
    "name resolution", "could not resolve", "couldn't resolve", "enotfound", "eai_again", "etimedout",
    "econnrefused", "network is unreachable", "no such host", "dial tcp", "dns error", "connection refused",
    "failed to establish a new connection", "error sending request", "i/o timeout",
    # What pip is left with when no index answers: every package that we name exists.
    "(from versions: none)",
)  # fmt: skip
_NO_SPACE = ("no space left on device", "enospc")


class SetupError(Exception):
    """A step failed; the text is one sentence with the way to mend it."""


def say(text: str) -> None:
    """One line for the person who waits."""
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show that something starts, and how many seconds it took."""
    say(f"… {title}")
    start = time.monotonic()
    yield
    say(f"✓ {title}: {time.monotonic() - start:.1f} s")


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Let two set-ups of one clone wait for each other."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("… waiting for another set-up of this clone")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    mend: str,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a command quietly and return what it printed.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    mend : str
        What to do when it fails for a reason that is not recognised.
    cwd : Path
        Where to run it.
    environment : mapping, optional
        Its environment; default is ours.

    Raises
    ------
    SetupError
        If it cannot be started or fails.
    """
    line = shlex.join(os.fspath(part) for part in command)
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", check=False,
        )  # fmt: skip
    except OSError as error:
        raise SetupError(f"{line} could not be started ({error.strerror}). {mend}") from error
    if done.returncode == 0:
        return done.stdout
    output = (done.stdout + done.stderr).strip()
    end = "\n".join(f"    {text}" for text in output.splitlines()[-15:])
    raise SetupError(f"{_reason(output) or mend}\n  It happened in: {line}\n{end}")


def _reason(output: str) -> str:
    lower = output.lower()
    if any(word in lower for word in _NO_SPACE):
        return "The disk is full: free some space (about 3 GB are needed) and start again."
    if any(word in lower for word in _NO_NETWORK):
        return (
            "A package registry could not be reached: check the network, or the proxy (HTTPS_PROXY), "
            "and start again."
        )
    return ""


def digest(*paths: Path) -> str:
    """Hash of files and folders: their names and contents, without what was built or installed.

    Parameters
    ----------
    *paths : Path
        Files, or folders that are walked.
    """
    state = hashlib.sha256()
    for path in paths:
        for file in _files(path):
            state.update(str(file.relative_to(ROOT)).encode())
            state.update(file.read_bytes())
    return state.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in {"node_modules", "dist"})
        yield from (Path(folder, name) for name in sorted(files) if not name.endswith(".tsbuildinfo"))


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether a step was done for exactly this input."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == wanted


def mark_current(stamp: Path, done_for: str) -> None:
    """Remember for which input a step was done."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(done_for, encoding="ascii")
