"""What the audit log needs from a store."""

from typing import Protocol

from tongtai.features.audit.model import AuditEntry, AuditHead, AuditQuery, AuditRecord


class AuditStore(Protocol):
    """An append-only store of audit entries."""

    def append(self, record: AuditRecord) -> None:
        """Write the record with the transaction under way: it is kept if and only if that is."""
        ...

    async def append_now(self, record: AuditRecord) -> None:
        """Write the record in a transaction of its own; for acts that were refused."""
        ...

    async def entries(self, *, after: int, limit: int) -> list[AuditEntry]:
        """Entries with a number above ``after``, in order."""
        ...

    async def page(self, query: AuditQuery) -> list[AuditEntry]:
        """The newest entries that concern an institution, newest first.

        They concern it when one of its people acted, or when its patient was acted upon.
        """
        ...

    async def head(self) -> AuditHead:
        """The chain's signed end."""
        ...
