"""What a step leaves for the next: read back by the installation that wrote it, and by nobody who changed it."""

from pathlib import Path

import numpy as np
import pytest

from tongtai.infra.blobs import Blobs
from tongtai.infra.jobs.place import WorkUnreadableError
from tongtai.infra.jobs.work import Work


def work_of(folder: Path, *, secret: str = "a", version: str = "1") -> Work:  # noqa: S107  (of no installation)
    return Work(Blobs(folder), secret=secret, version=version)


async def test_arrays_come_back(tmp_path: Path):
    key = await work_of(tmp_path).save("job", "segment", {"liver": np.arange(6).reshape(2, 3)})
    assert (await work_of(tmp_path).load(key))["liver"].tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("other", [{"secret": "b"}, {"version": "2"}])
async def test_another_installation_or_version_does_not_look_into_it(tmp_path: Path, other: dict[str, str]):
    key = await work_of(tmp_path).save("job", "segment", 1)
    with pytest.raises(WorkUnreadableError):
        await work_of(tmp_path, **other).load(key)


async def test_a_changed_byte_is_found(tmp_path: Path):
    key = await work_of(tmp_path).save("job", "segment", list(range(100)))
    file = tmp_path / key
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(WorkUnreadableError):
        await work_of(tmp_path).load(key)


async def test_one_work_does_not_stand_for_another(tmp_path: Path):
    first, second = [await work_of(tmp_path).save("job", name, name) for name in ("read", "segment")]
    (tmp_path / second).write_bytes((tmp_path / first).read_bytes())
    with pytest.raises(WorkUnreadableError):
        await work_of(tmp_path).load(second)
