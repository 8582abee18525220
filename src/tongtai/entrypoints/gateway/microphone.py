"""The room's sound, from a device or a file."""

import asyncio
import threading

import av
import numpy as np
import structlog
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from livekit import rtc
from numpy.typing import NDArray

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.gateway.condition import Condition
from tongtai.entrypoints.gateway.options import MICROPHONE
from tongtai.entrypoints.gateway.recorder import Recorder
from tongtai.entrypoints.gateway.sound_devices import KINDS, open_device
from tongtai.entrypoints.gateway.units import SOUND_RATE_HZ, Sound, SoundInfo, now_s

_PIECE = SOUND_RATE_HZ // 100
# Pieces of the network are put together for the recording: thirty a second, as pictures.
_RECORDED_PIECES = 4
_RETRY_S = 2.0
_log = structlog.get_logger("tongtai.gateway.microphone")


class NoSoundError(TongtaiError):
    """The microphone's source gives no sound; check its cable, or name another with --mic."""

    code = "no_sound"


class Microphone:
    """Reads sound in a thread of its own and puts it into the room while there is one.

    Parameters
    ----------
    source : str
        A file (played in a loop), or a device of ALSA or PulseAudio as ``alsa:NAME`` or ``pulse:NAME``.
    loop : asyncio.AbstractEventLoop
        Where the room lives.
    recorder : Recorder or None
        Writes the sound to disk before, and independently of, the network.
    """

    def __init__(
        self, source: str, loop: asyncio.AbstractEventLoop, recorder: Recorder | None = None
    ) -> None:
        self._recorder = recorder
        self._source_name = source
        self._loop = loop
        self._stop = threading.Event()
        self._target: rtc.AudioSource | None = None
        self._condition = Condition(MICROPHONE, delivers="sound", recorder=recorder)
        self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and the recording."""
        self._stop.set()
        self._thread.join(timeout=5)
        if self._recorder is not None:
            self._recorder.finish()

    def report(self) -> dict[str, str]:
        """State and detail as of a feed, for the server and the screen."""
        return self._condition.report()

    def attach(self) -> rtc.AudioSource:
        """A new source for a new publication."""
        self._target = rtc.AudioSource(SOUND_RATE_HZ, 1, queue_size_ms=100, loop=self._loop)
        return self._target

    def detach(self) -> None:
        """The room is gone."""
        self._target = None

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._play()
            except NoSoundError as error:
                self._pause("no_source", str(error))
            except (OSError, ValueError, av.error.FFmpegError) as error:
                self._pause("no_source", f"the microphone does not open: {error}")
            except Exception as error:  # noqa: BLE001  (whatever it is, the pictures go on)
                _log.exception("microphone_failed")
                self._pause("error", f"{type(error).__name__}; the microphone starts again")

    def _pause(self, state: str, detail: str) -> None:
        self._condition.say(state, detail)
        if self._recorder is not None:
            # What comes next is not the continuation of this.
            self._recorder.cut()
        self._stop.wait(_RETRY_S)

    def _play(self) -> None:
        kind, _, device = self._source_name.partition(":")
        live = kind in KINDS
        with open_device(kind, device) if live else av.open(self._source_name) as container:
            if not container.streams.audio:
                raise NoSoundError
            sent = self._pass_on(container, live=live)
        # A file begins anew; a device that ends was pulled out, and an empty file has nothing to repeat.
        if (live or sent == 0) and not self._stop.is_set():
            raise NoSoundError

    def _pass_on(self, container: InputContainer, *, live: bool) -> int:
        """Record and send to the container's end; returns the samples that came."""
        resampler = AudioResampler(format="s16", layout="mono", rate=SOUND_RATE_HZ, frame_size=_PIECE)
        began, sent = now_s(), 0
        heard: list[NDArray[np.int16]] = []
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                self._condition.delivered()
                heard.append(np.asarray(piece.to_ndarray(), dtype=np.int16))
                sent += piece.samples
                if len(heard) == _RECORDED_PIECES:
                    self._record(np.concatenate(heard, axis=1), ended_s=began + sent / SOUND_RATE_HZ)
                    heard.clear()
                late_s = began + sent / SOUND_RATE_HZ - now_s()
                if self._stop.wait(0 if live else max(late_s, 0)):
                    return sent
                self._send(piece)
        return sent

    def _record(self, samples: NDArray[np.int16], *, ended_s: float) -> None:
        if self._recorder is not None:
            began_s = ended_s - samples.shape[1] / SOUND_RATE_HZ
            self._recorder.put(SoundInfo(), Sound(time_s=began_s, samples=samples))

    def _send(self, piece: AudioFrame) -> None:
        target = self._target
        if target is None or target.queued_duration > 0.08:
            return
        samples = piece.to_ndarray().tobytes()
        frame = rtc.AudioFrame(samples, SOUND_RATE_HZ, 1, piece.samples)
        asyncio.run_coroutine_threadsafe(target.capture_frame(frame), self._loop)
