"""What the use cases of institutions need from a store."""

from typing import Protocol

from tongtai.features.institutions.model import Institution, OperatingRoom


class InstitutionStore(Protocol):
    """Institutions and their operating rooms."""

    async def find(self, institution_id: str) -> Institution | None:
        """One institution."""
        ...

    async def all(self) -> list[Institution]:
        """Every institution, by name."""
        ...

    async def name_taken(self, name: str, *, except_id: str | None) -> bool:
        """Whether another institution has this Chinese name."""
        ...

    async def save(self, institution: Institution) -> None:
        """Insert or replace."""
        ...

    async def find_room(self, room_id: str) -> OperatingRoom | None:
        """One operating room."""
        ...

    async def list_rooms(self, institution_id: str | None) -> list[OperatingRoom]:
        """The rooms of one institution, or of all, by institution and name."""
        ...

    async def save_room(self, room: OperatingRoom) -> None:
        """Insert or replace."""
        ...
