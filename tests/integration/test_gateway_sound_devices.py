"""Sound from a machine's own microphones: ALSA's, and a real PulseAudio's through ALSA's plugin."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from tests.support.processes import eventually

from tongtai.entrypoints.gateway.sound_devices import open_device

_HAS_ALSA = Path("/usr/share/alsa/alsa.conf").exists()
_HAS_PLUGIN = any(Path("/usr/lib").glob("**/alsa-lib/libasound_module_pcm_pulse.so"))
_TONE_HZ = 440


@pytest.fixture
async def tone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A PulseAudio of this test's own with a source that gives a tone; its name."""
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("HOME", str(tmp_path))
    # What opening the device sets is taken back afterwards.
    monkeypatch.setenv("PULSE_SOURCE", "")

    async def answers() -> bool:
        return (runtime / "pulse" / "native").exists()

    loads = [f"module-sine-source source_name=tone frequency={_TONE_HZ}", "module-native-protocol-unix"]
    words = ["pulseaudio", "-n", "--exit-idle-time=-1", *(f"--load={load}" for load in loads)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            await eventually(answers)
            yield "tone"
        finally:
            server.terminate()


def _heard(kind: str, name: str, seconds: float) -> np.ndarray:
    """What the device gave, from -1 to 1."""
    pieces: list[np.ndarray] = []
    with open_device(kind, name) as container:
        stream = container.streams.audio[0]
        for frame in container.decode(stream):
            pieces.append(frame.to_ndarray().reshape(-1, len(stream.layout.channels))[:, 0])
            if sum(map(len, pieces)) >= seconds * stream.rate:
                return np.concatenate(pieces) / np.iinfo(np.int16).max
    raise AssertionError("the device ended")


@pytest.mark.skipif(not _HAS_ALSA, reason="no ALSA files (Debian: apt install libasound2-data)")
def test_a_device_of_alsa_is_found_by_its_name():
    # ALSA's own empty device: it is there wherever the configuration is read, without a card.
    assert len(_heard("alsa", "null", 0.01)) >= 480


@pytest.mark.skipif(
    not (_HAS_ALSA and _HAS_PLUGIN and shutil.which("pulseaudio")),
    reason="no PulseAudio with ALSA's plugin (Debian: apt install pulseaudio libasound2-plugins)",
)
async def test_a_source_of_pulseaudio_is_heard(tone: str):
    heard = _heard("pulse", tone, 1.0)
    spectrum = np.abs(np.fft.rfft(heard))
    assert np.argmax(spectrum) * 48_000 / len(heard) == pytest.approx(_TONE_HZ, abs=2.0)
    assert os.environ["PULSE_SOURCE"] == tone
