"""How long the masks of a whole CT take: without weights, and with the network that is installed."""

import asyncio
import time

import numpy as np

from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.core.segmentation.combination import CombinedSegmenter
from tongtai.core.volumes import Volume
from tongtai.entrypoints.bench.row import Row
from tongtai.formats.engine_names import AUTO, CLASSICAL
from tongtai.formats.model_pack import PackStore
from tongtai.formats.segmentation_engines import engine_named
from tongtai.infra.settings import Settings

_SLICES = 99
_TARGET_S = 20.0


async def rows() -> list[Row]:
    """Segment a simulated CT of 99 slices of 512 × 512 pixels, with each engine once.

    The row of the network is there when a pack is installed in the data folder.
    """
    return await asyncio.to_thread(_rows)


def _rows() -> list[Row]:
    image = abdomen_phantom(np.random.default_rng(1), slices=_SLICES, size=512, slice_mm=1.6).image
    store = PackStore(Settings.load().data / "models")
    measured = [_row(engine_named(CLASSICAL, store), image)]
    automatic = engine_named(AUTO, store)
    if automatic.first is not None:
        measured.append(_row(automatic, image))
    return measured


def _row(engine: CombinedSegmenter, image: Volume) -> Row:
    began = time.perf_counter()
    engine.segment(image)
    seconds = time.perf_counter() - began
    name = f"masks of a CT, {_SLICES} slices of 512 × 512: {engine.engine}"
    return Row(name=name, unit="s", value=round(seconds, 1), target=_TARGET_S)
