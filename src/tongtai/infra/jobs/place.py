"""Where jobs are written down, and by which names they are known there."""

from typing import Final

from sqlalchemy.engine import make_url

from tongtai.core.errors import TongtaiError
from tongtai.infra.settings import Settings

QUEUE: Final = "tongtai-jobs"
WORKFLOW: Final = "tongtai-job"
PROGRESS: Final = "progress"
# Of the jobs' steps, not of the program: a worker takes up jobs of this version only. To be raised when
# what a step leaves behind can no longer be read by the step after it.
VERSION: Final = "1"


class JobsUnavailableError(TongtaiError):
    """The queue of jobs cannot be reached; try again."""

    code = "jobs_unavailable"
    retryable = True


def jobs_url(settings: Settings) -> str:
    """URL of the database of jobs: a file of its own beside SQLite, a schema of its own in PostgreSQL.

    Progress is written several times a second, which must not take the turns of the live rooms' writers.
    """
    url = make_url(settings.effective_database_url)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{settings.data / 'jobs.sqlite3'}"
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
