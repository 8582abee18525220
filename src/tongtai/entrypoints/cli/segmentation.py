"""``tongtai segment``: masks of a CT."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from tongtai.core.errors import TongtaiError
from tongtai.core.segmentation.masks import Segmentation, Severity
from tongtai.core.segmentation.progress import Progress
from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.models import Json, pack_store
from tongtai.formats.engine_names import AUTO
from tongtai.formats.image_reading import read_image
from tongtai.formats.segmentation_engines import engine_named
from tongtai.formats.segmentation_folder import described, write_segmentation_folder
from tongtai.formats.whole_folder import check_free


class ExitCode(IntEnum):
    """How the command ended."""

    DONE = 0
    REFUSED = 2


def segment(
    place: Annotated[
        Path, typer.Argument(metavar="INPUT", help="DICOM folder, file or zip; NIfTI or NRRD.", exists=True)
    ],
    out: Annotated[
        Path, typer.Option(help="Folder to make; must not exist or be empty.", show_default=False)
    ],
    engine: Annotated[
        str, typer.Option(help="auto, classical, totalsegmentator[:TASK], a pack's name or folder, or masks.")
    ] = AUTO,
    series: Annotated[str, typer.Option(help="Number or UID of the series; default is the best.")] = "",
    as_json: Json = False,
    data: Data = DATA,
) -> None:
    """Find liver, lesions and what needles must avoid in a CT; exit with 2 when the input is refused."""
    console = Console(stderr=True, highlight=False)
    try:
        check_free(out)
        image = read_image(place, series)
        segmenter = engine_named(engine, pack_store(data))
        with progress_bar(console) as progress:
            result = segmenter.segment(image.volume, progress)
        now = datetime.now().astimezone()
        notes = write_segmentation_folder(
            result, out, sources=image.sources, written_at=now, notes=image.notes
        )
    except TongtaiError as error:
        console.print(f"tongtai: {error}", markup=False)
        raise typer.Exit(ExitCode.REFUSED) from None
    if as_json:
        typer.echo(json.dumps(described(result, notes=notes), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join([_table(result), *(f"note: {note}" for note in notes)]))
    written = ", ".join(sorted(path.name for path in out.iterdir()))
    console.print(f"{out}: {written}", markup=False)


@contextmanager
def progress_bar(console: Console) -> Iterator[Progress]:
    """A bar on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with ProgressBar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def tell(fraction: float, step: str) -> bool:
            bar.update(task, completed=fraction, description=step)
            return True

        yield tell


def _table(result: Segmentation) -> str:
    lines = [
        f"{mask.name:<22}{result.volume_ml(mask):>10.1f} ml  {mask.grade.quality.value:<9} {mask.engine}"
        for mask in result.masks
    ]
    lines += [f"{key:<22} not found: {reason}" for key, reason in sorted(result.not_found.items())]
    marks = {Severity.NOTE: "note", Severity.WARNING: "WARNING", Severity.REFUSAL: "REFUSED"}
    lines += [f"{marks[one.severity]}: {one.text}" for one in result.findings]
    return "\n".join(lines)
