"""Use cases: institutions and operating rooms."""

from collections.abc import Callable
from dataclasses import replace

from tongtai.features.institutions.errors import (
    InstitutionNotFoundError,
    NameTakenError,
    NotAnInvitingInstitutionError,
    OperatingRoomNotFoundError,
)
from tongtai.features.institutions.model import HOME_COUNTRY, Institution, InstitutionKind, OperatingRoom
from tongtai.features.institutions.ports import InstitutionStore


class InstitutionService:
    """Institutions and operating rooms. Who may call what is decided by the caller.

    Parameters
    ----------
    store : InstitutionStore
        Where they are kept.
    new_id : callable
        Makes an identifier from a prefix.
    """

    def __init__(self, store: InstitutionStore, new_id: Callable[[str], str]) -> None:
        self._store = store
        self._new_id = new_id

    async def get(self, institution_id: str) -> Institution:
        """One institution.

        Raises
        ------
        InstitutionNotFoundError
            If there is none.
        """
        institution = await self._store.find(institution_id)
        if institution is None:
            raise InstitutionNotFoundError(institution_id=institution_id)
        return institution

    async def visible_to(self, institution_id: str) -> list[Institution]:
        """What a person of an institution may know of.

        A hospital knows itself and the centres that it may invite, and no other hospital; a centre
        knows all.
        """
        own = await self.get(institution_id)
        return [
            institution
            for institution in await self._store.all()
            if own.kind is InstitutionKind.INVITED
            or institution.kind is InstitutionKind.INVITED
            or institution.id == own.id
        ]

    async def create(
        self, *, name: str, name_en: str, kind: InstitutionKind, country: str = HOME_COUNTRY
    ) -> Institution:
        """Add an institution.

        Raises
        ------
        NameTakenError
            If another has this name.
        """
        await self._refuse_taken(name, None)
        institution = Institution(
            id=self._new_id("inst"), name=name, name_en=name_en, kind=kind, country=country
        )
        await self._store.save(institution)
        return institution

    async def rename(
        self, institution_id: str, *, name: str | None = None, name_en: str | None = None
    ) -> Institution:
        """Change an institution's names; ``None`` leaves one as it is."""
        institution = await self.get(institution_id)
        changed = replace(institution, name=name or institution.name, name_en=name_en or institution.name_en)
        await self._refuse_taken(changed.name, institution_id)
        await self._store.save(changed)
        return changed

    async def get_room(self, room_id: str) -> OperatingRoom:
        """One operating room.

        Raises
        ------
        OperatingRoomNotFoundError
            If there is none.
        """
        room = await self._store.find_room(room_id)
        if room is None:
            raise OperatingRoomNotFoundError(operating_room_id=room_id)
        return room

    async def rooms_visible_to(self, institution_id: str) -> list[OperatingRoom]:
        """A hospital sees its own operating rooms, a centre sees all."""
        own = await self.get(institution_id)
        only = None if own.kind is InstitutionKind.INVITED else own.id
        return await self._store.list_rooms(only)

    async def create_room(self, *, institution_id: str, name: str, name_en: str) -> OperatingRoom:
        """Add an operating room to a hospital.

        Raises
        ------
        NotAnInvitingInstitutionError
            If the institution is an expert centre.
        NameTakenError
            If the hospital has a room of this name.
        """
        institution = await self.get(institution_id)
        if institution.kind is not InstitutionKind.INVITING:
            raise NotAnInvitingInstitutionError(institution_id=institution_id)
        if any(room.name == name for room in await self._store.list_rooms(institution_id)):
            raise NameTakenError(name=name)
        room = OperatingRoom(
            id=self._new_id("room"), institution_id=institution_id, name=name, name_en=name_en
        )
        await self._store.save_room(room)
        return room

    async def _refuse_taken(self, name: str, except_id: str | None) -> None:
        if await self._store.name_taken(name, except_id=except_id):
            raise NameTakenError(name=name)
