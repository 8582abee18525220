"""The OpenAPI document as a file: docs/reference/openapi.json is made of it."""

import json
import tempfile
from pathlib import Path

from tongtai.entrypoints.web.app import create_app
from tongtai.infra.settings import Settings


def openapi_text() -> str:
    """The document as JSON, the same on every machine and for every installation."""
    with tempfile.TemporaryDirectory() as folder:
        document = create_app(Settings.load(Path(folder))).openapi()
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
