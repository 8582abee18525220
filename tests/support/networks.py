"""A small ONNX network whose answer is known: classes by density thresholds. No other library writes it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FLOAT = 1
PATCH = (8, 16, 16)
# In Hounsfield units: below 0 nothing, from 0 liver, from 100 tumour.
THRESHOLDS_HU = (0.0, 100.0)


def _varint(value: int) -> bytes:
    content = bytearray()
    while value > 0x7F:
        content.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*content, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes | str) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _tensor(name: str, values: NDArray[np.float32]) -> bytes:
    dimensions = b"".join(_number(1, size) for size in values.shape)
    return dimensions + _number(2, FLOAT) + _bytes(8, name) + _bytes(9, values.tobytes())


def _port(name: str, shape: Sequence[int]) -> bytes:
    sizes = b"".join(_bytes(1, _number(1, size)) for size in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, FLOAT) + _bytes(2, sizes)))


def threshold_network(
    *, patch: tuple[int, int, int] = PATCH, thresholds: Sequence[float] = (0.0, 0.5), tensor: str = "ct"
) -> bytes:
    """An ONNX file: a convolution of one voxel, whose channel n wins between threshold n and n + 1.

    Channel n is ``n x − (t1 + … + tn)``: lines of growing slope that cross at the thresholds.
    """
    channels = len(thresholds) + 1
    slopes = np.arange(channels, dtype=np.float32).reshape(-1, 1, 1, 1, 1)
    offsets = -np.concatenate([[0.0], np.cumsum(thresholds)]).astype(np.float32)
    node = b"".join(_bytes(1, name) for name in (tensor, "slopes", "offsets"))
    node += _bytes(2, "logits") + _bytes(4, "Conv")
    graph = _bytes(1, node) + _bytes(2, "thresholds")
    graph += _bytes(5, _tensor("slopes", 1000.0 * slopes)) + _bytes(5, _tensor("offsets", 1000.0 * offsets))
    graph += _bytes(11, _port(tensor, (1, 1, *patch))) + _bytes(12, _port("logits", (1, channels, *patch)))
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _number(2, 13))


CARD = """\
name = "thresholds"
version = "1"
task = "two thresholds"
licence = "CC0-1.0"
source = "written by the tests"
limits = "none"
sha256 = "{sha256}"
measured_on = "arithmetic"

[input]
tensor = "ct"
orientation = "LPS"
window_hu = [-200.0, 200.0]
scale_hu = 200.0
offset_hu = 0.0
patch = [8, 16, 16]
stride = [4, 8, 8]
longest_stride = [4, 8, 8]
windows = 1000
axes = [{{ spacing_mm = 2.0 }}, {{ spacing_mm = 1.0 }}, {{ spacing_mm = 1.0 }}]

[output]
tensor = "logits"

[[output.label]]
channel = 1
structure = "liver"
contains = ["liver_tumour"]
dice = 1.0

[[output.label]]
channel = 2
structure = "liver_tumour"
"""


def write_pack(folder: Path, *, model: bytes | None = None, card: str = CARD) -> Path:
    """A pack's folder; the card may have ``{sha256}`` for the model's checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    content = threshold_network() if model is None else model
    (folder / "model.onnx").write_bytes(content)
    text = card.format(sha256=hashlib.sha256(content).hexdigest())
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    (folder / "LICENSE").write_text("CC0", encoding="utf-8")
    return folder
