"""``python -m tongtai.entrypoints.worker.compute``: the worker's child, which computes the steps of one job."""

from tongtai.features.plans.tasks import PlanSteps
from tongtai.infra.blobs import Blobs
from tongtai.infra.clock import SystemClock
from tongtai.infra.container import Container
from tongtai.infra.database import Database
from tongtai.infra.jobs.computing import serve_steps
from tongtai.infra.settings import Settings
from tongtai.infra.telemetry import configure_logging


def main() -> None:
    """Compute steps as they are asked for."""
    settings = Settings.load()
    configure_logging(level=settings.log_level, style=settings.log_format)
    container = Container(
        settings=settings,
        database=Database(settings.effective_database_url),
        blobs=Blobs(settings.blob_url or settings.data / "blobs"),
        clock=SystemClock(),
    )
    serve_steps(PlanSteps(container).do, nice=settings.jobs_nice)


if __name__ == "__main__":
    main()
