"""``--data``: the folder that a command works on."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option(help="Folder of the database, blobs and secrets.", envvar="TONGTAI_DATA")]
DATA = Path("data")
