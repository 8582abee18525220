"""A media server that nobody is in."""


class EmptyRooms:
    """Answers like LiveKit with no room; notes who was thrown out."""

    def __init__(self) -> None:
        self.removed: list[tuple[str, str]] = []

    async def rooms(self) -> list[str]:
        """No room."""
        return []

    async def occupants(self, _room: str) -> list[object]:
        """Nobody."""
        return []

    async def remove(self, room: str, identity: str) -> None:
        """Note it."""
        self.removed.append((room, identity))
