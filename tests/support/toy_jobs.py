"""A worker whose steps take no computation: each writes down that it was begun, and waits until it may end.

``python -m tests.support.toy_jobs work`` is the worker, ``… step`` its child. Both read TOY_FOLDER: a step
appends ``STEP PID`` to ``JOB.begun`` and ends when ``JOB.STEP.go`` is there.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tongtai.infra.blobs import Blobs
from tongtai.infra.jobs.computing import Progress, StepAsked, serve_steps
from tongtai.infra.jobs.watching import Rhythm
from tongtai.infra.jobs.work import Work
from tongtai.infra.jobs.worker import Worker
from tongtai.infra.settings import Settings

TOY_STEPS = ("first", "second")


def toy_work(settings: Settings) -> Work:
    """Where toy steps leave their work."""
    return Work(Blobs(settings.blob_url or settings.data / "blobs"), secret="toy", version="1")


def _step(asked: StepAsked, _progress: Progress) -> Mapping[str, Any]:
    folder = Path(os.environ["TOY_FOLDER"])
    with (folder / f"{asked.job_id}.begun").open("a") as begun:
        begun.write(f"{asked.step} {os.getpid()}\n")
    go, pause = folder / f"{asked.job_id}.{asked.step}.go", threading.Event()
    while not go.exists():
        pause.wait(0.02)
    work = toy_work(Settings.load())
    return {"work": asyncio.run(work.save(asked.job_id, asked.step, asked.step))}


def _work() -> None:
    settings = Settings.load()
    worker = Worker(
        settings,
        TOY_STEPS,
        command=[sys.executable, "-m", "tests.support.toy_jobs", "step"],
        environment={"TONGTAI_DATA": str(settings.data)},
        rhythm=Rhythm(**json.loads(os.environ["TOY_RHYTHM"])),
    )
    worker.start()
    threading.Event().wait()


if __name__ == "__main__":
    if sys.argv[1] == "work":
        _work()
    else:
        serve_steps(_step)
