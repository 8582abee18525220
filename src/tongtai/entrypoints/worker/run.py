"""The process that takes up planning jobs."""

import os
import signal
import sys
import threading

from tongtai.features.plans.model import STEPS
from tongtai.infra.jobs.worker import Worker, leave
from tongtai.infra.kernel_cache import keep_kernels_in
from tongtai.infra.settings import Settings
from tongtai.infra.telemetry import configure_logging

_COMPUTE = ("-m", "tongtai.entrypoints.worker.compute")


def work(settings: Settings) -> None:
    """Take up jobs until the process is told to stop; what is under way then goes on with the next worker."""
    configure_logging(level=settings.log_level, style=settings.log_format)
    # The child that computes has the environment from here.
    keep_kernels_in(settings.data)
    worker = Worker(
        settings,
        STEPS,
        command=[sys.executable, *_COMPUTE],
        environment={"TONGTAI_DATA": str(settings.data)},
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    worker.start()
    stop.wait()
    worker.end()
    leave(os.EX_OK)
