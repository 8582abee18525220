"""How a source is, in the words that the screen at the table, the log and the experts' pages share."""

import structlog

from tongtai.entrypoints.gateway.recorder import DISK_FULL, WITHHELD, Recorder
from tongtai.entrypoints.gateway.units import now_s

# A live source that is silent for this long delivers nothing, whatever its connection says.
_SILENCE_S = 3.0
_LONGEST_DETAIL = 300


class Condition:
    """The state of one feed or of the microphone; written by its thread, read by the reports.

    Parameters
    ----------
    name : str
        The feed's name.
    delivers : str
        What the source gives: ``picture`` or ``sound``.
    recorder : Recorder or None
        Its trouble is part of the state: what is seen and not recorded is not in order.
    """

    def __init__(self, name: str, *, delivers: str, recorder: Recorder | None) -> None:
        self._name = name
        self._delivers = delivers
        self._recorder = recorder
        self._log = structlog.get_logger("tongtai.gateway.feed")
        self.state, self._detail = "no_source", "the source is being opened"
        self._last_s = now_s()

    def delivered(self, note: str = "") -> None:
        """Something came from the source; ``note`` says how it is sent."""
        self._last_s = now_s()
        if self.state != "live":
            self.say("live", note)

    def say(self, state: str, detail: str) -> None:
        """Change the state; the log hears of it once."""
        detail = detail[:_LONGEST_DETAIL]
        if (state, detail) != (self.state, self._detail):
            self.state, self._detail = state, detail
            level = self._log.info if state == "live" else self._log.warning
            level("feed_state", feed=self._name, state=state, detail=detail)

    def report(self) -> dict[str, str]:
        """Feed, state and detail, for the server and the screen."""
        state, detail = self.state, self._detail
        if state == "live" and now_s() - self._last_s > _SILENCE_S:
            state, detail = "no_source", f"the source delivers no {self._delivers}"
        problem = self._recorder.problem if self._recorder is not None else None
        if state == "live" and problem == WITHHELD:
            # As it must be, and nothing to call anybody for.
            detail = f"not recorded: {problem}"
        elif state == "live" and problem is not None:
            state = "disk_full" if problem == DISK_FULL else "error"
            detail = f"not recorded: {problem}; the live {self._delivers} goes on"
        return {"feed": self._name, "state": state, "detail": detail}
