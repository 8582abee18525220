"""A pack's network as a function from arrays to arrays, run by ONNX Runtime."""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongtai.core.segmentation.network.tiles import Infer
from tongtai.formats.model_pack.errors import ModelPackError
from tongtai.formats.model_pack.reading import ModelPack


def open_network(pack: ModelPack, *, threads: int | None = None) -> Infer:
    """Load a pack's network.

    Parameters
    ----------
    pack : ModelPack
        A checked pack.
    threads : int, optional
        Threads of one window; default is every core that this process may use.

    Returns
    -------
    callable
        Takes a float32 batch ``(N, 1, k, j, i)`` and gives logits ``(N, C, k, j, i)``.

    Raises
    ------
    ModelPackError
        If the file is no network, or not the one that the card describes.
    """
    # Loaded here, so that a server that never segments does not carry it.
    import onnxruntime  # noqa: PLC0415

    runtime: Any = onnxruntime
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
    options.log_severity_level = 3
    try:
        session = runtime.InferenceSession(str(pack.model), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # ONNX Runtime's errors share no base class.
        raise ModelPackError(f"{pack.model} cannot be loaded by ONNX Runtime: {error}") from error
    _check(session, pack)
    card = pack.card

    def infer(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        logits: NDArray[np.float32] = session.run([card.output_tensor], {card.input_tensor: batch})[0]
        return logits

    return infer


def _check(session: Any, pack: ModelPack) -> None:
    card = pack.card
    wanted = {
        card.input_tensor: (1, 1, *card.patch),
        card.output_tensor: (1, len(card.labels) + 1, *card.patch),
    }
    there = {tensor.name: tensor.shape for tensor in (*session.get_inputs(), *session.get_outputs())}
    for name, shape in wanted.items():
        own = there.get(name)
        if own is None or len(own) != len(shape):
            raise ModelPackError(f"The model of “{card.name}” has no tensor “{name}” with {len(shape)} axes.")
        # Free axes have a name instead of a size.
        if any(isinstance(size, int) and size != want for size, want in zip(own, shape, strict=True)):
            raise ModelPackError(f"The tensor “{name}” has the shape {own}, the card says {shape}.")
