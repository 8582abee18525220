"""The gateway process: recording first, then the network."""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import structlog
from rich.live import Live

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.gateway.enrolment import NotEnrolledError, enrolled_token
from tongtai.entrypoints.gateway.feed import Feed
from tongtai.entrypoints.gateway.links import tested
from tongtai.entrypoints.gateway.microphone import Microphone
from tongtai.entrypoints.gateway.options import MICROPHONE, GatewayOptions
from tongtai.entrypoints.gateway.publisher import Publisher
from tongtai.entrypoints.gateway.recorder import make_recorder
from tongtai.entrypoints.gateway.recordings import recover, sidecars
from tongtai.entrypoints.gateway.server import (
    Assignment,
    Server,
    ServerRefusedError,
    ServerUnreachableError,
    Told,
)
from tongtai.entrypoints.gateway.status import disk_free_bytes, screen
from tongtai.entrypoints.gateway.uploads import upload_pending

_LOOK_S, _ASK_S, _REPORT_S, _CLOCK_S, _UPLOAD_S, _REFUSED_S = 0.5, 2.0, 5.0, 60.0, 10.0, 5.0
_GOODBYE_S = 1.0
_log = structlog.get_logger("tongtai.gateway")


class Gateway:
    """The parts of one process and what they know together.

    Parameters
    ----------
    options : GatewayOptions
        What the process was told.
    """

    def __init__(self, options: GatewayOptions) -> None:
        self._options = options
        options.data.mkdir(parents=True, exist_ok=True)
        self._memory = options.data / "assignment.json"
        # The case of the last run: recording begins before, and without, the network.
        self._assignment = self._remembered()
        self._clock_offset_ms = 0.0
        self._server_state = "connecting"
        self._links_wanted = asyncio.Event()
        self._server = Server(options.server)
        self._feeds = self._make_feeds()
        self._microphone = self._make_microphone()
        self._publisher = Publisher(
            self._server,
            [slot for feed in self._feeds for slot in feed.slots],
            microphone=self._microphone,
            case_id=self.case_id,
        )

    def case_id(self) -> str | None:
        """The present case, as far as it is known."""
        return self._assignment.case_id

    def withheld(self) -> bool:
        """Whether the present case must not be recorded; what no server has said is recorded, and stays here."""
        return self._assignment.case_id is not None and not self._assignment.recording

    def reports(self) -> list[dict[str, str]]:
        """How every feed is, and the microphone as one of them."""
        sources: list[Feed | Microphone] = [*self._feeds]
        if self._microphone is not None:
            sources.append(self._microphone)
        return [source.report() for source in sources]

    async def run(self, stop: asyncio.Event) -> None:
        """Record and publish until ``stop``."""
        for sidecar in await asyncio.to_thread(recover, self._options.data / "recordings"):
            _log.info("recording_recovered", feed=sidecar.feed, segment=sidecar.segment)
        for feed in self._feeds:
            feed.start()
        if self._microphone is not None:
            self._microphone.start()
        work = asyncio.create_task(self._work(), name="gateway.work")
        stopping = asyncio.create_task(stop.wait(), name="gateway.stop")
        try:
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            for task in (work, stopping):
                task.cancel()
            await asyncio.gather(work, stopping, return_exceptions=True)
            await asyncio.gather(*(asyncio.to_thread(feed.stop) for feed in self._feeds))
            if self._microphone is not None:
                await asyncio.to_thread(self._microphone.stop)
            await self._say_off()
            await self._server.close()

    async def _say_off(self) -> None:
        """Switched off is not lost: the experts' pages need not warn of it."""
        off = [
            {"feed": report["feed"], "state": "off", "detail": "the gateway was stopped"}
            for report in self.reports()
        ]
        with suppress(ServerUnreachableError, ServerRefusedError, TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await self._tell(off)

    async def _work(self) -> None:
        self._server.authorize(await self._token())
        async with asyncio.TaskGroup() as group:
            group.create_task(self._publisher.run())
            group.create_task(self._report())
            group.create_task(self._measure_clock())
            group.create_task(self._measure_links())
            group.create_task(self._upload())
            if self._options.screen:
                group.create_task(self._show())

    async def _token(self) -> str:
        while True:
            try:
                return await enrolled_token(self._server, data=self._options.data, code=self._options.code)
            except ServerUnreachableError:
                self._server_state = "away"
                await asyncio.sleep(_ASK_S)
            except ServerRefusedError as error:
                raise NotEnrolledError(str(error)) from error

    async def _report(self) -> None:
        """Tell how the sources are, and hear in the answer which case the operating room has."""
        told: list[dict[str, str]] = []
        waited_s = _REPORT_S
        while True:
            reports = self.reports()
            # Who waits for a case hears of it at once; who has one keeps it for an hour.
            every_s = _ASK_S if self.case_id() is None else _REPORT_S
            if reports != told or waited_s >= every_s:
                pause_s = await self._exchange(reports)
                told, waited_s = (reports, 0.0) if pause_s == 0 else (told, _REPORT_S)
                await asyncio.sleep(pause_s)
            await asyncio.sleep(_LOOK_S)
            waited_s += _LOOK_S

    async def _exchange(self, reports: Sequence[dict[str, str]]) -> float:
        """One report; returns how long to wait (s) before the next try, 0 when the server has it."""
        try:
            told = await self._tell(reports)
        except ServerUnreachableError:
            self._say("away; recording goes on")
            return _ASK_S
        except ServerRefusedError as error:
            self._say(f"refused: {error}")
            return _REFUSED_S
        self._say("connected")
        if told.measure_links:
            self._links_wanted.set()
        found = told.assignment
        if found != self._assignment:
            _log.info("case", case_id=found.case_id)
            self._assignment = found
            self._remember(found)
        return 0.0

    async def _tell(self, reports: Sequence[dict[str, str]]) -> Told:
        return await self._server.report(
            reports,
            clock_offset_ms=self._clock_offset_ms,
            disk_free_bytes=disk_free_bytes(self._options.data),
        )

    async def _measure_clock(self) -> None:
        while True:
            try:
                self._clock_offset_ms = await self._server.clock_offset_ms()
                await asyncio.sleep(_CLOCK_S)
            except TongtaiError:
                await asyncio.sleep(_ASK_S)

    async def _measure_links(self) -> None:
        """Test every uplink when the server asks: one after the other, each with the line to itself."""
        while True:
            await self._links_wanted.wait()
            results = [
                await tested(uplink, self._options.server, self._server.headers)
                for uplink in self._options.uplinks
            ]
            for result in results:
                _log.info("uplink_tested", **result)
            with suppress(ServerUnreachableError, ServerRefusedError):
                await self._server.report_links(results)
            # Asked anew with a later report, if still wanted.
            self._links_wanted.clear()
            await asyncio.sleep(_REFUSED_S)

    async def _upload(self) -> None:
        root = self._options.data / "recordings"
        while True:
            await asyncio.sleep(_UPLOAD_S)
            live = None if self._options.upload_during_case else self.case_id()
            try:
                await upload_pending(self._server, root, live_case=live)
            except (TongtaiError, OSError) as error:
                # Tried again; what the server has acknowledged is not sent twice.
                _log.warning("upload_interrupted", reason=str(error))

    async def _show(self) -> None:
        with Live(refresh_per_second=2) as live:
            while True:
                waiting = await asyncio.to_thread(self._waiting_uploads)
                live.update(
                    screen(
                        case_number=self._assignment.number,
                        room_state=self._publisher.state,
                        server_state=self._server_state,
                        feeds=self.reports(),
                        clock_offset_ms=self._clock_offset_ms,
                        disk_free_bytes=disk_free_bytes(self._options.data),
                        waiting_uploads=waiting,
                    )
                )
                await asyncio.sleep(1.0)

    def _waiting_uploads(self) -> int:
        return sum(sidecar.state == "complete" for _, sidecar in sidecars(self._options.data / "recordings"))

    def _say(self, state: str) -> None:
        if state != self._server_state:
            self._server_state = state
            _log.info("server", state=state)

    def _make_feeds(self) -> list[Feed]:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tongtai" / "pictures"
        return [
            Feed(
                name,
                source,
                options=self._options,
                case_id=self.case_id,
                withheld=self.withheld,
                clock_offset_ms=lambda: self._clock_offset_ms,
                cache=cache,
            )
            for name, source in self._options.feeds.items()
        ]

    def _make_microphone(self) -> Microphone | None:
        if self._options.mic is None:
            return None
        recorder = make_recorder(
            self._options,
            MICROPHONE,
            case_id=self.case_id,
            withheld=self.withheld,
            clock_offset_ms=lambda: self._clock_offset_ms,
        )
        return Microphone(self._options.mic, asyncio.get_running_loop(), recorder)

    def _remembered(self) -> Assignment:
        try:
            values = json.loads(self._memory.read_text(encoding="utf-8"))
            return Assignment(
                case_id=values["case_id"], number=values["number"], recording=values.get("recording", False)
            )
        except (OSError, ValueError, KeyError):
            return Assignment(case_id=None, number="", recording=False)

    def _remember(self, assignment: Assignment) -> None:
        draft = self._memory.with_suffix(".part")
        draft.write_text(json.dumps(asdict(assignment)), encoding="utf-8")
        draft.replace(self._memory)


async def run_gateway(options: GatewayOptions) -> None:
    """Run a gateway until SIGINT or SIGTERM.

    Raises
    ------
    NotEnrolledError
        If it has no token and the code is missing or refused.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await Gateway(options).run(stop)
