"""Small files in one request: what a request costs is then paid once for some slices of a CT."""

import io
import zipfile
from collections.abc import Iterator, Sequence

from tongtai.entrypoints.cli.push_client import LocalFile
from tongtai.formats.archives.zips import EMPTY_ZIP_MAGIC, NESTED_SUFFIXES, ZIP_MAGIC

# Large enough that the request hardly counts, small enough that slices are seen to arrive and a cut loses little.
_FILES = 8
_BUNDLE_BYTES = 8 << 20
_FILE_BYTES = 2 << 20


def bundles(files: Sequence[LocalFile], *, alone: int) -> Iterator[list[LocalFile]]:
    """The files in the order in which they came, in groups that are sent together.

    Parameters
    ----------
    alone : int
        So many of the first files go by themselves: the first slice is to be seen at once.

    Examples
    --------
    >>> from pathlib import Path
    >>> list(bundles([LocalFile(Path("missing"), "a")], alone=1))
    [[LocalFile(path=PosixPath('missing'), name='a')]]
    """
    for file in files[:alone]:
        yield [file]
    waiting: list[LocalFile] = []
    size_bytes = 0
    for file in files[alone:]:
        if not _fits(file):
            yield [file]
            continue
        waiting.append(file)
        size_bytes += file.path.stat().st_size
        if len(waiting) == _FILES or size_bytes >= _BUNDLE_BYTES:
            yield waiting
            waiting, size_bytes = [], 0
    if waiting:
        yield waiting


def packed(files: Sequence[LocalFile]) -> bytes:
    """A zip archive of these files under their own names; nothing is compressed: the network is not the limit."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for file in files:
            bundle.writestr(zipfile.ZipInfo(file.name), file.path.read_bytes())
    return archive.getvalue()


def _fits(file: LocalFile) -> bool:
    # An archive within an archive, and names that mean something else in one, are refused by every server.
    if not all(character.isalnum() or character in "/._- ()+=,@#" for character in file.name):
        return False
    if file.path.suffix.lower() in NESTED_SUFFIXES or file.path.stat().st_size > _FILE_BYTES:
        return False
    with file.path.open("rb") as stream:
        return stream.read(len(ZIP_MAGIC)) not in {ZIP_MAGIC, EMPTY_ZIP_MAGIC}
