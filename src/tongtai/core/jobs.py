"""How far a long computation has come: what a queue of jobs tells whoever waits for one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    """Where a step of a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStatus:
    """One step of a job.

    Attributes
    ----------
    share
        How much of it is done, from 0 to 1.
    message
        What it is at, in a few words.
    """

    name: str
    state: StepState = StepState.WAITING
    share: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailure:
    """Why a job failed: a stable code, one sentence, and the facts by name."""

    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """A job as its queue knows it.

    Attributes
    ----------
    steps
        In their order.
    output
        What the last step gave; None before the end.
    started_at_s, finished_at_s
        Seconds since 1970 (UTC); None before.
    """

    state: JobState
    steps: tuple[StepStatus, ...] = ()
    failure: JobFailure | None = None
    output: Mapping[str, object] | None = None
    started_at_s: float | None = None
    finished_at_s: float | None = None
