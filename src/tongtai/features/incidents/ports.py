"""What incidents need from outside."""

from datetime import datetime
from typing import Protocol

from tongtai.features.incidents.model import Incident, IncidentEvent
from tongtai.features.workflow.model import Notice


class IncidentStore(Protocol):
    """Incidents with everything that was done about them."""

    async def of_institution(self, institution_id: str) -> list[Incident]:
        """An institution's incidents, the newest first."""
        ...

    async def find(self, institution_id: str, incident_id: str) -> Incident | None:
        """One of an institution's incidents."""
        ...

    async def open_ones(self) -> list[Incident]:
        """Every incident of the installation that is not over."""
        ...

    async def add(self, incident: Incident) -> bool:
        """Insert; ``False`` when the institution has one of this number already."""
        ...

    async def replace(self, incident: Incident, *, version: int) -> bool:
        """Replace an incident that is still at ``version``."""
        ...

    async def add_event(self, event: IncidentEvent) -> None:
        """Append what was done."""
        ...

    async def events(self, incident_id: str) -> list[IncidentEvent]:
        """What was done, in order."""
        ...


class Calls(Protocol):
    """Where people are called."""

    async def add_notice(self, notice: Notice, *, since: datetime) -> bool:
        """Insert a notice unless the same call was made already."""
        ...
