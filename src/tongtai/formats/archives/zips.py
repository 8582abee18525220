"""Read a zip archive that may have been made to do harm."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from tongtai.core.errors import TongtaiError

ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"
NESTED_SUFFIXES = frozenset({".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar"})
_CHUNK_BYTES = 1 << 20
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1


class ArchiveError(TongtaiError):
    """The archive cannot be used."""

    code = "archive_unusable"


class BrokenArchiveError(ArchiveError):
    """The archive is damaged or is no zip file."""

    code = "archive_broken"


class ArchiveBombError(ArchiveError):
    """The archive unpacks to more than is allowed."""

    code = "archive_too_large"


class UnsafeEntryError(ArchiveError):
    """The archive names a file outside of itself."""

    code = "archive_entry_unsafe"


class NestedArchiveError(ArchiveError):
    """The archive holds another archive; unpack it and send its files."""

    code = "archive_nested"


class UnreadableEntryError(ArchiveError):
    """The file in the archive is encrypted, damaged or packed in an unknown way."""

    code = "archive_entry_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """How much an archive may unpack to.

    Attributes
    ----------
    entries : int
        Number of files.
    entry_bytes : int
        Size of one unpacked file.
    total_bytes : int
        Size of all unpacked files together.
    ratio : int
        Unpacked by packed size of one file. Deflate cannot exceed 1,032; a CT slice packs by 2 to
        5, a slice of nothing but air by some hundred.
    """

    entries: int = 50_000
    entry_bytes: int = 512 << 20
    total_bytes: int = 8 << 30
    ratio: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveEntry:
    """One file in an archive: its content, or why it is not read."""

    name: str
    content: bytes = b""
    refused: ArchiveError | None = None


class ZipReader:
    """The files of a zip archive, one at a time, never unpacked to disk.

    Parameters
    ----------
    path : Path
        The archive.
    limits : ArchiveLimits
        How much it may unpack to.

    Raises
    ------
    BrokenArchiveError
        If it is no zip file.
    ArchiveBombError
        If it declares too much, or if its files share bytes, which only a bomb does.
    """

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise BrokenArchiveError from error
        try:
            self._check(path.stat().st_size)
        except ArchiveError:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()

    def entries(self) -> Iterator[ArchiveEntry]:
        """Each file in the archive's order; folders are left out.

        Raises
        ------
        ArchiveBombError
            As soon as the files unpacked so far exceed the limit, whatever they had declared.
        """
        unpacked = 0
        for info in self._zip.infolist():
            if info.is_dir():
                continue
            try:
                _refuse_unsafe(info)
                content = self._read(info, unpacked)
                unpacked += len(content)
                yield ArchiveEntry(name=info.filename, content=content)
            except ArchiveBombError:
                raise
            except ArchiveError as error:
                yield ArchiveEntry(name=info.filename, refused=error)

    def names(self) -> list[str]:
        """Names of the files, in the archive's order."""
        return [info.filename for info in self._zip.infolist() if not info.is_dir()]

    def read(self, name: str) -> bytes:
        """One file by its name; safe to call from several threads.

        Raises
        ------
        ArchiveError
            One of its subclasses, if the file is missing, unsafe, damaged or too large.
        """
        try:
            info = self._zip.getinfo(name)
        except KeyError as error:
            raise UnreadableEntryError("The archive holds no such file.") from error
        _refuse_unsafe(info)
        return self._read(info)

    def _check(self, archive_bytes: int) -> None:
        infos = self._zip.infolist()
        limits = self._limits
        if len(infos) > limits.entries:
            raise ArchiveBombError(entries=len(infos), limit=limits.entries)
        declared = sum(info.file_size for info in infos)
        if declared > limits.total_bytes:
            raise ArchiveBombError(unpacked_bytes=declared, limit_bytes=limits.total_bytes)
        if sum(info.compress_size for info in infos) > archive_bytes:
            raise ArchiveBombError("The archive's files overlap each other.")

    def _read(self, info: zipfile.ZipInfo, unpacked_before: int = 0) -> bytes:
        content = bytearray()
        limit = self._limits
        packed = max(info.compress_size, 1)
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    content += chunk
                    if unpacked_before + len(content) > limit.total_bytes:
                        raise ArchiveBombError(limit_bytes=limit.total_bytes)
                    if len(content) > limit.entry_bytes or len(content) > packed * limit.ratio:
                        raise ArchiveBombError(file_limit_bytes=limit.entry_bytes, ratio=limit.ratio)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise UnreadableEntryError from error
        if content.startswith((ZIP_MAGIC, EMPTY_ZIP_MAGIC)):
            raise NestedArchiveError
        return bytes(content)


def _refuse_unsafe(info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
    path = PurePosixPath(name)
    mode = info.external_attr >> 16
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or "\x00" in name:
        raise UnsafeEntryError
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise UnsafeEntryError("The archive holds a link or a device, which is not followed.")
    if path.suffix.lower() in NESTED_SUFFIXES:
        raise NestedArchiveError
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
        raise UnreadableEntryError
