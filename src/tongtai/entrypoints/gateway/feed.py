"""One feed from its source to disk and network, in a thread of its own."""

import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from tongtai.entrypoints.gateway.options import GatewayOptions
from tongtai.entrypoints.gateway.recorder import make_recorder
from tongtai.entrypoints.gateway.sender import Sender
from tongtai.entrypoints.gateway.slots import Slot
from tongtai.entrypoints.gateway.sources import Source, SourceEndedError, SourceError, open_source
from tongtai.entrypoints.gateway.units import now_s

_RETRY_S = 2.0
# A live source that is silent for this long has no picture, whatever its connection says.
_SILENCE_S = 3.0
_log = structlog.get_logger("tongtai.gateway.feed")


class Feed:
    """A source, its recording and its two layers. What goes wrong here stays here.

    Parameters
    ----------
    name, source : str
        As in ``--feed NAME=SOURCE``.
    options : GatewayOptions
        How to record and to encode.
    case_id : callable
        The present case, or None when there is none or it is unknown.
    clock_offset_ms : callable
        What to add to this machine's clock to get the server's.
    cache : Path
        Folder for simulated pictures.
    """

    def __init__(
        self,
        name: str,
        source: str,
        *,
        options: GatewayOptions,
        case_id: Callable[[], str | None],
        clock_offset_ms: Callable[[], float],
        cache: Path,
    ) -> None:
        self.name = name
        self.slots = (Slot(name, "high"), Slot(name, "low"))
        self._source_name = source
        self._options = options
        self._cache = cache
        self._stop = threading.Event()
        self._state, self._detail = "no_source", "the source is being opened"
        self._last_picture_s = now_s()
        self._recorder = make_recorder(options, name, case_id=case_id, clock_offset_ms=clock_offset_ms)
        self._thread = threading.Thread(target=self._run, name=f"feed-{name}", daemon=True)

    def start(self) -> None:
        """Begin to record and to send."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the recording."""
        self._stop.set()
        self._thread.join(timeout=10)
        if self._recorder is not None:
            self._recorder.finish()

    def report(self) -> dict[str, str]:
        """Feed, state and detail, for the server and the screen."""
        state, detail = self._state, self._detail
        if state == "live" and now_s() - self._last_picture_s > _SILENCE_S:
            state, detail = "no_source", "the source delivers no pictures"
        problem = self._recorder.problem if self._recorder is not None else None
        if state == "live" and problem is not None:
            state = "disk_full" if problem == "the disk is full" else "error"
            detail = f"not recorded: {problem}; the live picture goes on"
        return {"feed": self.name, "state": state, "detail": detail}

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                source = open_source(self._source_name, cache=self._cache)
                try:
                    self._play(source)
                finally:
                    if self._recorder is not None:
                        # The recording ends before its source does: it was made from the source's format.
                        self._recorder.cut()
                    source.close()
            except SourceEndedError:
                self._say("ended", "the source came to its end")
                self._stop.wait(_RETRY_S)
            except SourceError as error:
                if self._state != "ended" or not self._source_name.startswith("once:"):
                    self._say("no_source", str(error))
                self._stop.wait(_RETRY_S)
            except Exception as error:  # noqa: BLE001  (isolation of feeds is the point)
                # Whatever it is, the other feeds go on, and so does this one after a while.
                _log.exception("feed_failed", feed=self.name)
                self._say("error", f"{type(error).__name__}; the feed starts again")
                self._stop.wait(_RETRY_S)
            if self._state == "ended" and self._source_name.startswith("once:"):
                return

    def _play(self, source: Source) -> None:
        high, low = self.slots
        info = source.info
        sender = Sender(info, encode=self._options.encode, codec=self._options.encoder, high=high, low=low)
        for picture in source.pictures(self._stop):
            if self._recorder is not None and picture.layer == "high":
                self._recorder.put(info, picture)
            self._last_picture_s = now_s()
            if self._state != "live":
                self._say("live", sender.note)
            sender.take(picture)

    def _say(self, state: str, detail: str) -> None:
        if (state, detail) != (self._state, self._detail):
            self._state, self._detail = state, detail
            level = _log.info if state == "live" else _log.warning
            level("feed_state", feed=self.name, state=state, detail=detail)
