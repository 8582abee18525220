"""Identifiers and dates of the objects we write: the same content, the same file."""

import hashlib
from datetime import datetime

from pydicom.dataset import Dataset


def uid_of(seed: str) -> str:
    """An identifier under 2.25 made of a digest (PS3.5 B.2).

    Examples
    --------
    >>> uid_of("a") == uid_of("a") != uid_of("b")
    True
    """
    return "2.25." + str(int.from_bytes(hashlib.sha256(f"tongtai|{seed}".encode()).digest()[:16]))


def stamp(dataset: Dataset, written_at: datetime) -> None:
    """Write one instant into every date of a new object, in place of the clock's."""
    dataset.SeriesDate = dataset.ContentDate = dataset.InstanceCreationDate = f"{written_at:%Y%m%d}"
    dataset.SeriesTime = dataset.ContentTime = dataset.InstanceCreationTime = f"{written_at:%H%M%S}"
    for equipment in dataset.get("ContributingEquipmentSequence") or ():
        equipment.ContributionDateTime = f"{written_at:%Y%m%d%H%M%S}"
