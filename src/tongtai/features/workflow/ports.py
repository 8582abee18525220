"""What the way of a case needs from outside."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tongtai.core.lacks import Lack
from tongtai.features.cases.model import Case
from tongtai.features.guidance.model import Draft, Event, SessionState
from tongtai.features.policies.model import Values
from tongtai.features.workflow.model import (
    Act,
    ConsentState,
    Dossier,
    Guard,
    MediaState,
    Move,
    Notice,
    Statement,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a guard may look at: the case, where it stands, what was stated, and the present instant."""

    case: Case
    dossier: Dossier
    statements: tuple[Statement, ...]
    now: datetime


class GuardReader(Protocol):
    """Asks the parts of the product what is missing."""

    async def lacks(self, guard: Guard, scene: Scene) -> tuple[Lack, ...]:
        """What is missing for this guard; nothing when it holds."""
        ...

    async def consent(self, scene: Scene) -> ConsentState:
        """The patient's consents, taken together."""
        ...

    async def recorded_with(self, act: Act, scene: Scene) -> dict[str, object]:
        """What is written down with a move: the list of gaps, hashes of what it rests on."""
        ...

    async def media(self, scene: Scene) -> MediaState:
        """The live pictures and sound."""
        ...

    async def rules(self, scene: Scene) -> Values:
        """The house rules that hold for the case."""
        ...

    async def dispute_authority(self, scene: Scene) -> str:
        """The health authority of the inviting hospital's place, as the agreement names it."""
        ...


class WorkflowStore(Protocol):
    """Dossiers with their moves, statements and notices."""

    async def find(self, case_id: str) -> Dossier | None:
        """Where a case stands."""
        ...

    async def running(self) -> list[Dossier]:
        """Every case that some timer may run for."""
        ...

    async def add(self, dossier: Dossier) -> None:
        """Insert a dossier."""
        ...

    async def replace(self, dossier: Dossier, *, version: int) -> bool:
        """Replace a dossier that is still at ``version``; ``False`` when it no longer is."""
        ...

    async def moves(self, case_id: str) -> list[Move]:
        """The moves of a case, in order."""
        ...

    async def add_move(self, move: Move) -> None:
        """Append a move."""
        ...

    async def statements(self, case_id: str) -> list[Statement]:
        """The statements about a case, in order."""
        ...

    async def add_statement(self, statement: Statement) -> None:
        """Append a statement."""
        ...

    async def add_notice(self, notice: Notice, *, since: datetime) -> bool:
        """Insert a notice unless the same call was made since the case came to where it stands."""
        ...

    async def notices(
        self, institution_id: str, user_id: str, roles: Collection[str], *, limit: int
    ) -> list[Notice]:
        """The newest unread notices for somebody, or for these roles."""
        ...

    async def find_notice(self, notice_id: str) -> Notice | None:
        """One notice."""
        ...

    async def mark_read(self, notice_id: str, user_id: str, at: datetime) -> None:
        """Note who has read it."""
        ...


class LiveRooms(Protocol):
    """The open live sessions."""

    async def open_states(self) -> dict[str, SessionState]:
        """Every open session as it stands, by its case."""
        ...

    async def append(
        self, case_id: str, decide: Callable[[SessionState, int], Sequence[Draft]]
    ) -> list[Event]:
        """Append what the server itself brings about."""
        ...


class RulesReader(Protocol):
    """House rules, for the server's own work."""

    async def for_cases(self, cases: Iterable[Case]) -> Mapping[str, Values]:
        """The rules that hold for each of these cases, by its id."""
        ...


class CaseReader(Protocol):
    """Cases, for the server's own work."""

    async def of_ids(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """These cases by their ids."""
        ...
