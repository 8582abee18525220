"""A folder, or a file, that appears when everything is in it, or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongtai.core.errors import TongtaiError


class FolderNotEmptyError(TongtaiError):
    """The output folder holds something; name a new one."""

    code = "folder_not_empty"


def check_free(folder: Path) -> None:
    """Refuse a folder that holds something, before any work is done for it.

    Raises
    ------
    FolderNotEmptyError
        If it is a file, or holds anything.
    """
    if folder.is_file() or (folder.exists() and any(folder.iterdir())):
        raise FolderNotEmptyError(f"{folder} is not empty; name a new folder.")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, beside its place; it is moved there at the end, and removed after an error.

    Raises
    ------
    FolderNotEmptyError
        If the place holds something.
    """
    check_free(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield making
        making.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file; what was cut off leaves no half of it behind, and an earlier file as it was."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
