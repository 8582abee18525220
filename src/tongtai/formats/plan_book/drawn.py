"""The pages of a book that show pictures, drawn once: the words around them change with the plan's state."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from tongtai.formats.plan_book.blocks import Block
from tongtai.formats.plan_book.case import PrintPart
from tongtai.formats.plan_book.errors import PlanBookError
from tongtai.formats.plan_book.words import Language

_PAGES = "pages.json"
_FORMAT = 1
_DAMAGED = "The stored pages of the plan book are damaged."
# Nothing of a zip archive depends on when it was made.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnBook:
    """Pictures of a plan and the pages that show them.

    Attributes
    ----------
    language
        Of the captions.
    scene, margin, skin
        Pages of the plan in three dimensions, of the tumour's surface, of the skin.
    needles
        Pages of each needle by its identifier.
    pictures
        Content of the picture files by name.
    printed
        Surface files that belong to the book.
    dose
        Pages of the dose of seeds.
    """

    language: Language
    scene: Sequence[Block]
    margin: Sequence[Block]
    skin: Sequence[Block]
    needles: Mapping[str, Sequence[Block]]
    pictures: Mapping[str, bytes]
    printed: Sequence[PrintPart] = ()
    dose: Sequence[Block] = ()


def drawn_bytes(drawn: DrawnBook) -> bytes:
    """Drawn pages as one file, from which the book of the same plan is composed again."""
    pages = {
        "format": _FORMAT,
        "language": drawn.language.value,
        "scene": list(drawn.scene),
        "margin": list(drawn.margin),
        "skin": list(drawn.skin),
        "needles": {name: list(blocks) for name, blocks in drawn.needles.items()},
        "dose": list(drawn.dose),
        "printed": [asdict(part) for part in drawn.printed],
    }
    files = {_PAGES: json.dumps(pages, ensure_ascii=False).encode(), **drawn.pictures}
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def read_stored(content: bytes, index: str, *needed: str) -> tuple[Any, dict[str, bytes]]:
    """The JSON of one file and the other files, of a zip archive that this program has stored.

    Raises
    ------
    PlanBookError
        If it is none, or a needed file is missing.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        told = json.loads(files.pop(index))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise PlanBookError(_DAMAGED) from error
    if not files.keys() >= set(needed):
        raise PlanBookError(_DAMAGED)
    return told, files


def read_drawn(content: bytes) -> DrawnBook:
    """The pages in a file that ``drawn_bytes`` has made.

    Raises
    ------
    PlanBookError
        If it is none.
    """
    pages, files = read_stored(content, _PAGES)
    if pages["format"] != _FORMAT:
        raise PlanBookError("The stored pages of the plan book are of another version; plan again.")
    printed = [PrintPart(**{**part, "box_mm": tuple(part["box_mm"])}) for part in pages["printed"]]
    return DrawnBook(
        language=Language(pages["language"]),
        scene=pages["scene"],
        margin=pages["margin"],
        skin=pages["skin"],
        needles=pages["needles"],
        pictures=files,
        printed=printed,
        # Pages that were stored before seeds were planned have none.
        dose=pages.get("dose", ()),
    )
