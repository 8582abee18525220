"""What the microphones of a measurement hear again and again, known to both ends."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tongtai.core.sound.speech_like import speech_like

SPOKEN_RATE_HZ = 16_000
_SECONDS, _SEED = 12.0, 3


def spoken() -> NDArray[np.float64]:
    """(N,) samples between -1 and 1 at ``SPOKEN_RATE_HZ``."""
    return speech_like(np.random.default_rng(_SEED), seconds=_SECONDS, rate_hz=SPOKEN_RATE_HZ)


def write_spoken(path: Path) -> None:
    """Write it as a WAV file, for ``--mic``."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SPOKEN_RATE_HZ)
        file.writeframes((spoken() * 32_767).astype(np.int16).tobytes())
