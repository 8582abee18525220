"""What seeing a session again needs from outside."""

from collections.abc import Collection, Sequence
from typing import Protocol

from tongtai.features.consents.model import Consent
from tongtai.features.gateways.model import Recording
from tongtai.features.guidance.model import Event
from tongtai.features.replays.model import Play, TeachingApproval


class Plays(Protocol):
    """Who has seen what again."""

    async def add(self, play: Play) -> None:
        """Insert one."""
        ...

    async def get(self, play_id: str) -> Play | None:
        """One of them."""
        ...

    async def has_looked(self, case_id: str, user_id: str) -> bool:
        """Whether this person has seen everything of this case again."""
        ...


class Approvals(Protocol):
    """Approvals of teaching. None is ever removed."""

    async def of_case(self, case_id: str) -> Sequence[TeachingApproval]:
        """The approvals of a case, the newest first."""
        ...

    async def of_cases(self, case_ids: Collection[str]) -> Sequence[TeachingApproval]:
        """The approvals of these cases."""
        ...

    async def add(self, approval: TeachingApproval) -> bool:
        """Insert one; ``False`` when there is one of this number already."""
        ...

    async def end(self, approval: TeachingApproval) -> bool:
        """Note its end; ``False`` when it has ended already."""
        ...


class CaseConsents(Protocol):
    """The consents of cases."""

    async def of_case(self, case_id: str) -> Sequence[Consent]:
        """The consents of a case."""
        ...


class CaseRecordings(Protocol):
    """What the server has whole of a case."""

    async def of_case(self, case_id: str) -> Sequence[Recording]:
        """The case's recordings by feed and time."""
        ...


class SessionLog(Protocol):
    """The log of a session."""

    async def of_case(self, case_id: str) -> Sequence[Event]:
        """Every event so far, in order."""
        ...
