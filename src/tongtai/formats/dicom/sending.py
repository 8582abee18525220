"""Objects and frames in the form that somebody asked for, made beside the event loop."""

import asyncio
from collections.abc import Sequence
from io import BytesIO

from tongtai.formats.dicom.disclosure import mask_dataset
from tongtai.formats.dicom.pixels import Frame, decode_frame, decompress, extract_frame
from tongtai.formats.dicom.reading import open_dataset


async def frames_as(content: bytes, numbers: Sequence[int], *, decoded: bool) -> list[Frame]:
    """Frames of a stored object.

    Parameters
    ----------
    content : bytes
        The stored file.
    numbers : sequence of int
        From 1.
    decoded : bool
        As plain pixels, or as stored.
    """
    return await asyncio.to_thread(_frames, content, numbers, decoded)


async def instance_as(content: bytes, *, decoded: bool, name: str | None) -> bytes:
    """A stored object.

    Parameters
    ----------
    content : bytes
        The stored file.
    decoded : bool
        With plain pixels, or as stored.
    name : str or None
        What stands for the patient's name when the patient is withheld; None leaves everything.
    """
    if not decoded and name is None:
        return content
    return await asyncio.to_thread(_rewritten, content, decoded, name)


def _frames(content: bytes, numbers: Sequence[int], decoded: bool) -> list[Frame]:
    dataset = open_dataset(content)
    take = decode_frame if decoded else extract_frame
    return [take(dataset, number) for number in numbers]


def _rewritten(content: bytes, decoded: bool, name: str | None) -> bytes:
    dataset = open_dataset(content)
    if decoded:
        dataset = decompress(dataset)
    if name is not None:
        mask_dataset(dataset, name)
    stream = BytesIO()
    dataset.save_as(stream)
    return stream.getvalue()
