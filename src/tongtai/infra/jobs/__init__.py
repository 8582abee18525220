"""Long computations that survive the processes they run in: DBOS behind ports of our own.

A job is a sequence of named steps. The outcome of each step is written down before the next one
begins, so a job that was cut off, by ``kill -9`` or a power cut, goes on at the step that it did not finish.
"""

from tongtai.infra.jobs.client import JobClient
from tongtai.infra.jobs.place import JobsUnavailableError

__all__ = ["JobClient", "JobsUnavailableError"]
