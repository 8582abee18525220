"""``python -m tongtai.entrypoints.worker``: the worker alone."""

from tongtai.entrypoints.worker.run import work
from tongtai.infra.settings import Settings

if __name__ == "__main__":
    work(Settings.load())
