"""Which files of a folder travel together, and that the bundle is an archive of exactly them."""

import io
import zipfile
from pathlib import Path

import pytest

from tongtai.entrypoints.cli.push_bundles import bundles, packed
from tongtai.entrypoints.cli.push_client import LocalFile, files_in
from tongtai.formats.archives.zips import ArchiveLimits, ZipReader


def _folder(tmp_path: Path, contents: dict[str, bytes]) -> list[LocalFile]:
    for name, content in contents.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return files_in(tmp_path)


def test_the_first_go_alone_and_the_rest_in_groups(tmp_path: Path) -> None:
    files = _folder(tmp_path, {f"IM{number:03d}": b"x" * number for number in range(1, 22)})
    groups = list(bundles(files, alone=4))
    assert [len(group) for group in groups] == [1, 1, 1, 1, 8, 8, 1]
    assert [file for group in groups for file in group] == files


def test_a_group_ends_at_its_size(tmp_path: Path) -> None:
    files = _folder(tmp_path, {f"IM{number}": bytes((2 << 20) - 1) for number in range(9)})
    assert [len(group) for group in bundles(files, alone=0)] == [5, 4]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("series.zip", b"PK\x03\x04 an archive"),
        ("series", b"PK\x03\x04 an archive without its ending"),
        ("slice.gz", b"packed"),
        ("D:slice", b"a drive in an archive"),
        ("large", bytes((2 << 20) + 1)),
    ],
)
def test_what_an_archive_may_not_hold_goes_alone(tmp_path: Path, name: str, content: bytes) -> None:
    files = _folder(tmp_path, {"a": b"1", name: content, "z": b"2"})
    assert sorted(len(group) for group in bundles(files, alone=0)) == [1, 2]
    assert [files[_index(files, name)]] in list(bundles(files, alone=0))


def _index(files: list[LocalFile], name: str) -> int:
    return [file.name for file in files].index(name)


def test_a_bundle_is_read_by_the_server_as_the_files_it_was_made_of(tmp_path: Path) -> None:
    contents = {"序列 1/IM 001": b"one", "b/(2).dcm": b"two", "c": b""}
    archive = packed(_folder(tmp_path / "ct", contents))
    assert zipfile.ZipFile(io.BytesIO(archive)).testzip() is None
    path = tmp_path / "bundle"
    path.write_bytes(archive)
    with ZipReader(path, ArchiveLimits()) as reader:
        assert {entry.name: entry.content for entry in reader.entries()} == contents
