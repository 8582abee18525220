"""Archives that mean harm."""

import stat
import zipfile
from io import BytesIO

import pytest
from tests.support.images import zipped

from tongtai.formats.archives.zips import (
    ArchiveBombError,
    ArchiveLimits,
    BrokenArchiveError,
    NestedArchiveError,
    UnreadableEntryError,
    UnsafeEntryError,
    ZipReader,
)


def _entries(tmp_path, content, limits=None):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with ZipReader(path, limits or ArchiveLimits()) as archive:
        return list(archive.entries())


def test_files_come_out_as_they_went_in(tmp_path):
    found = _entries(tmp_path, zipped([("d/", b""), ("d/a", b"1"), ("b", b"22")]))
    assert [(entry.name, entry.content) for entry in found] == [("d/a", b"1"), ("b", b"22")]


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:/windows/x", "..\\evil"])
def test_a_path_out_of_the_archive_is_refused_and_the_rest_is_kept(tmp_path, name):
    bad, good = _entries(tmp_path, zipped([(name, b"x"), ("good", b"y")]))
    assert isinstance(bad.refused, UnsafeEntryError)
    assert good.content == b"y"


def test_a_link_is_not_followed(tmp_path):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    (entry,) = _entries(tmp_path, stream.getvalue())
    assert isinstance(entry.refused, UnsafeEntryError)


def test_nested_archives_are_named_by_suffix_and_by_content(tmp_path):
    inner = zipped([("a", b"1")])
    for entry in _entries(tmp_path, zipped([("inner.zip", inner), ("IM0001", inner)])):
        assert isinstance(entry.refused, NestedArchiveError)


def test_a_bomb_is_refused_by_ratio_total_and_number(tmp_path):
    zeros = bytes(30 << 20)
    with pytest.raises(ArchiveBombError):
        _entries(tmp_path, zipped([("zeros", zeros)]))
    with pytest.raises(ArchiveBombError):
        _entries(tmp_path, zipped([("zeros", zeros)]), ArchiveLimits(total_bytes=1 << 20))
    with pytest.raises(ArchiveBombError):
        _entries(tmp_path, zipped([(str(n), b"") for n in range(20)]), ArchiveLimits(entries=10))


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks(tmp_path):
    honest = zipped([("zeros", bytes(4 << 20))])
    lying = honest.replace((4 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    try:
        (entry,) = _entries(tmp_path, lying, ArchiveLimits(total_bytes=1 << 20))
    except ArchiveBombError:
        return
    assert isinstance(entry.refused, UnreadableEntryError)


def test_files_that_share_bytes_are_a_bomb(tmp_path):
    # The same stored entry listed many times over in the directory.
    content = zipped([("a", bytes(range(256)) * 40)], zipfile.ZIP_STORED)
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    directory = content[start:end] * 30
    tail = bytearray(content[end:])
    tail[8:10] = tail[10:12] = (30).to_bytes(2, "little")
    tail[12:16] = len(directory).to_bytes(4, "little")
    with pytest.raises((ArchiveBombError, BrokenArchiveError)):
        _entries(tmp_path, content[:start] + directory + bytes(tail))


@pytest.mark.parametrize("cut", [10, 60, -10])
def test_a_damaged_archive_is_called_broken(tmp_path, cut):
    with pytest.raises(BrokenArchiveError):
        _entries(tmp_path, zipped([("a", b"hello" * 100)])[:cut])
