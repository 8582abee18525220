"""One feed from its source to disk and network, in a thread of its own."""

import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from tongtai.entrypoints.gateway.condition import Condition
from tongtai.entrypoints.gateway.options import GatewayOptions
from tongtai.entrypoints.gateway.recorder import make_recorder
from tongtai.entrypoints.gateway.sender import Sender
from tongtai.entrypoints.gateway.slots import Slot
from tongtai.entrypoints.gateway.sources import Source, SourceEndedError, SourceError, open_source

_RETRY_S = 2.0
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
    withheld : callable
        Whether its patient has not consented to a recording.
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
        withheld: Callable[[], bool] = lambda: False,
        clock_offset_ms: Callable[[], float],
        cache: Path,
    ) -> None:
        self.name = name
        self.slots = (Slot(name, "high"), Slot(name, "low"))
        self._source_name = source
        self._options = options
        self._cache = cache
        self._stop = threading.Event()
        self._recorder = make_recorder(
            options, name, case_id=case_id, withheld=withheld, clock_offset_ms=clock_offset_ms
        )
        self._condition = Condition(name, delivers="picture", recorder=self._recorder)
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
        return self._condition.report()

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
                self._condition.say("ended", "the source came to its end")
                self._stop.wait(_RETRY_S)
            except SourceError as error:
                if self._condition.state != "ended" or not self._source_name.startswith("once:"):
                    self._condition.say("no_source", str(error))
                self._stop.wait(_RETRY_S)
            except Exception as error:  # noqa: BLE001  (isolation of feeds is the point)
                # Whatever it is, the other feeds go on, and so does this one after a while.
                _log.exception("feed_failed", feed=self.name)
                self._condition.say("error", f"{type(error).__name__}; the feed starts again")
                self._stop.wait(_RETRY_S)
            if self._condition.state == "ended" and self._source_name.startswith("once:"):
                return

    def _play(self, source: Source) -> None:
        high, low = self.slots
        info = source.info
        sender = Sender(info, encode=self._options.encode, codec=self._options.encoder, high=high, low=low)
        for picture in source.pictures(self._stop):
            if self._recorder is not None and picture.layer == "high":
                self._recorder.put(info, picture)
            self._condition.delivered(sender.note)
            sender.take(picture)
