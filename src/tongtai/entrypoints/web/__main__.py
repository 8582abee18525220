"""``python -m tongtai.entrypoints.web``: the server alone."""

import gc

# What is loaded stays: looking through it for garbage, again and again, takes a fifth of the start. `serve` enables it.
gc.disable()

from tongtai.entrypoints.web.serve import serve  # noqa: E402
from tongtai.infra.settings import Settings  # noqa: E402

if __name__ == "__main__":
    serve(Settings.load())
