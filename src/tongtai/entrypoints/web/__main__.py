"""``python -m tongtai.entrypoints.web``: the server alone."""

from tongtai.entrypoints.web.serve import serve
from tongtai.infra.settings import Settings

if __name__ == "__main__":
    serve(Settings.load())
