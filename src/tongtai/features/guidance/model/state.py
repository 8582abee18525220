"""The state of a session, which is nothing but its events, applied."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tongtai.features.guidance.model import reducer
from tongtai.features.guidance.model.catalogue import CRITICAL_STEPS, Phase, Step
from tongtai.features.guidance.model.event import Event
from tongtai.features.guidance.model.records import (
    Advice,
    Alarm,
    Arbitration,
    Feed,
    FrozenPicture,
    Handover,
    HelpCall,
    Mark,
    Media,
    Participant,
    Push,
    Recording,
    ShownCt,
    StepMark,
    Stroke,
)
from tongtai.features.guidance.model.records_table import (
    DeviceUsed,
    EnergyRun,
    LoadedPlan,
    NeedleDone,
    SeedCount,
    TableEntry,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """What is true of a session after its event number ``seq``.

    The page has the same reducer in TypeScript (``web/packages/session-core/src/reducer.ts``); both
    are held to ``tests/contract/session_reducer_cases.json``.
    """

    seq: int = 0
    phase: Phase = Phase.PLANNED
    opened_ms: int | None = None
    closed_ms: int | None = None
    step: Step | None = None
    step_since_ms: int | None = None
    steps: tuple[StepMark, ...] = ()
    lead_guide_id: str | None = None
    participants: tuple[Participant, ...] = ()
    advice: tuple[Advice, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    frozen: Mapping[str, FrozenPicture] = field(default_factory=dict)
    shown_ct: ShownCt | None = None
    pushes: Mapping[str, Push] = field(default_factory=dict)
    help: HelpCall | None = None
    handover: Handover | None = None
    paused: bool = False
    media: Media = field(default_factory=Media)
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()
    arbitration: Arbitration | None = None
    marks: tuple[Mark, ...] = ()
    recordings: tuple[Recording, ...] = ()
    plan: LoadedPlan | None = None
    needles: Mapping[str, NeedleDone] = field(default_factory=dict)
    energy: tuple[EnergyRun, ...] = ()
    seeds: SeedCount = field(default_factory=SeedCount)
    devices: tuple[DeviceUsed, ...] = ()
    entries: tuple[TableEntry, ...] = ()

    def apply(self, event: Event) -> "SessionState":
        """The state after ``event``, which must be the next one.

        Raises
        ------
        ValueError
            If the event's number is not the next one: a gap would make a wrong state look right.
        """
        if event.seq != self.seq + 1:
            raise ValueError(f"event {event.seq} cannot follow event {self.seq}")
        changes = reducer.REDUCERS[event.type](self, event)
        return replace(self, seq=event.seq, **changes)

    @property
    def in_critical_step(self) -> bool:
        """Whether the room needs its guide's undivided attention."""
        return self.phase is Phase.OPEN and self.step in CRITICAL_STEPS

    def find_advice(self, advice_id: str) -> Advice | None:
        """The advice of this id."""
        return next((advice for advice in self.advice if advice.advice_id == advice_id), None)

    def find_stroke(self, stroke_id: str) -> Stroke | None:
        """The drawing of this id."""
        return next((stroke for stroke in self.strokes if stroke.stroke_id == stroke_id), None)

    def find_run(self, run_id: str) -> EnergyRun | None:
        """The application of energy of this id."""
        return next((run for run in self.energy if run.run_id == run_id), None)

    def find_alarm(self, code: str) -> Alarm | None:
        """The standing alarm of this code."""
        return next((alarm for alarm in self.alarms if alarm.code == code), None)
