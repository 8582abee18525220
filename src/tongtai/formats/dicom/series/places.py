"""Where files lie: a single file, a folder with all its folders, or a zip archive."""

import os
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from tongtai.formats.archives.zips import EMPTY_ZIP_MAGIC, ZIP_MAGIC, ArchiveLimits, ZipReader
from tongtai.formats.dicom.series.errors import NoImagesError


class Place(Protocol):
    """Files by name; reading is safe from several threads at once."""

    def names(self) -> list[str]:
        """Every file, in a fixed order."""
        ...

    def open(self, name: str) -> BinaryIO:
        """A stream over one file, which the caller closes."""
        ...

    def read(self, name: str) -> bytes:
        """The whole of one file."""
        ...


class FolderPlace:
    """A folder and the folders in it, but for hidden files; links to folders are not followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Paths below the folder, sorted."""
        found = []
        for folder, _, files in os.walk(self._folder):
            inner = Path(folder).relative_to(self._folder)
            found += [(inner / name).as_posix() for name in files if _is_plain(Path(folder, name))]
        return sorted(found)

    def open(self, name: str) -> BinaryIO:
        """The file, opened."""
        return (self._folder / name).open("rb")

    def read(self, name: str) -> bytes:
        """The file's bytes."""
        return (self._folder / name).read_bytes()


def _is_plain(path: Path) -> bool:
    return not path.name.startswith(".") and path.is_file()


class FilePlace:
    """One file, known by its own name."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """The file's name."""
        return [self._path.name]

    def open(self, name: str) -> BinaryIO:  # noqa: ARG002  (there is only one)
        """The file, opened."""
        return self._path.open("rb")

    def read(self, name: str) -> bytes:  # noqa: ARG002  (there is only one)
        """The file's bytes."""
        return self._path.read_bytes()


class ZipPlace:
    """A zip archive, never unpacked to disk."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        self._reader = ZipReader(path, limits)

    def names(self) -> list[str]:
        """Names in the archive, sorted."""
        return sorted(self._reader.names())

    def open(self, name: str) -> BinaryIO:
        """The unpacked file."""
        return BytesIO(self.read(name))

    def read(self, name: str) -> bytes:
        """The unpacked file's bytes."""
        return self._reader.read(name)


def place_of(path: Path, *, limits: ArchiveLimits | None = None) -> Place:
    """What a path leads to.

    Raises
    ------
    NoImagesError
        If nothing is there.
    ArchiveError
        If it is an archive that cannot be used.
    """
    if path.is_dir():
        return FolderPlace(path)
    if not path.is_file():
        raise NoImagesError(f"There is no file or folder {path.name}.")
    with path.open("rb") as stream:
        magic = stream.read(len(ZIP_MAGIC))
    if magic in {ZIP_MAGIC, EMPTY_ZIP_MAGIC}:
        return ZipPlace(path, limits or ArchiveLimits())
    return FilePlace(path)
