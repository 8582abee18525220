"""The child process that computes a job's steps: both ends of its pipes.

Lines of JSON. To the child: a step to do. From it: how far it is, at the end what came of it. What the
child keeps in memory between two steps of a job spares reading it again; whoever does not find it
there, after a restart, reads what the step before has stored.
"""

import ctypes
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from tongtai.core.errors import TongtaiError

_PR_SET_PDEATHSIG = 1
_PARENT = "TONGTAI_JOB_PARENT"

Progress = Callable[[float, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAsked:
    """A step to do.

    Attributes
    ----------
    payload
        What the job was put into the queue with.
    before
        What each step before has given, by name.
    """

    job_id: str
    step: str
    payload: Mapping[str, Any]
    before: Mapping[str, Any]


# Does a step; what it gives is written down and handed to the steps after it, so it holds keys, not arrays.
DoStep = Callable[[StepAsked, Progress], Mapping[str, Any]]


class ComputingProcess:
    """A child as the worker sees it.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    environment : mapping
        What its environment has beside ours.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **environment, _PARENT: str(os.getpid())},
        )
        self._told: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def ask(self, step: StepAsked) -> None:
        """Have a step done."""
        try:
            print(json.dumps(asdict(step)), file=self._process.stdin, flush=True)
        except OSError:
            # It is dead; `next` says so.
            return

    def next(self, patience_s: float) -> dict[str, Any] | None:
        """What the child says next; None when it says nothing for this long.

        Raises
        ------
        EOFError
            When the child has ended.
        """
        try:
            told = self._told.get(timeout=patience_s)
        except queue.Empty:
            return None
        if told is None:
            raise EOFError
        return told

    def kill(self) -> None:
        """End it, now."""
        self._process.kill()
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101  (it was asked for)
        with self._process.stdout as lines:
            for line in lines:
                self._told.put(json.loads(line))
        self._told.put(None)


def serve_steps(do: DoStep, *, nice: int = 0) -> None:
    """Be the child: do the steps that come in until the worker closes the pipe or dies.

    Parameters
    ----------
    do
        Does a step; a ``TongtaiError`` is a failure of the job with its sentence, anything else ends
        the child with a trace in the log.
    nice
        How far it stands back for whatever else wants the processor, such as a live room's video.
    """
    answers = _apart()
    _die_with_parent()
    os.nice(nice)
    for line in sys.stdin:
        _say(answers, _answer(do, StepAsked(**json.loads(line)), answers))


def _answer(do: DoStep, asked: StepAsked, answers: IO[str]) -> Mapping[str, Any]:
    def progress(share: float, message: str) -> bool:
        _say(answers, {"share": share, "message": message})
        return True

    try:
        return {"output": do(asked, progress)}
    except TongtaiError as error:
        return {"failure": {"code": error.code, "message": str(error), "values": _plain(error.values)}}


def _plain(values: Mapping[str, object]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(values), default=str))
    return plain


def _say(answers: IO[str], message: Mapping[str, Any]) -> None:
    print(json.dumps(message), file=answers, flush=True)


def _apart() -> IO[str]:
    """A stream for answers alone: whatever a library prints goes to the log."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _die_with_parent() -> None:
    """Be ended by the kernel when the worker is: nobody would read what comes of the work."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.environ.get(_PARENT) not in {None, str(os.getppid())}:
        sys.exit("the worker has ended already")
