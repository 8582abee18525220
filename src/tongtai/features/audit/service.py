"""Record acts, and prove that the record was not touched."""

from dataclasses import replace

from tongtai.core.clock import Clock
from tongtai.features.audit.model import (
    GENESIS,
    Actor,
    AuditAction,
    AuditChain,
    AuditEntry,
    AuditQuery,
    AuditRecord,
    CaseReference,
    Finding,
    FindingKind,
    Verification,
)
from tongtai.features.audit.ports import AuditStore

_BATCH = 1000
# Each changed entry is tried at the places of the other changed ones, to tell a re-ordering from a
# change; beyond this many the log is a wreck and the distinction does not help anybody.
_REORDER_CANDIDATES = 200


class AuditLog:
    """The log of who did what with whose data.

    Parameters
    ----------
    store : AuditStore
        Where entries are kept.
    clock : Clock
        Gives each entry's time.
    """

    def __init__(self, store: AuditStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def record(
        self,
        actor: Actor,
        action: AuditAction,
        *,
        case: CaseReference | None = None,
        subject: str = "",
        **values: object,
    ) -> None:
        """Record an act in the transaction under way."""
        self._store.append(
            AuditRecord(
                at=self._clock.now(), actor=actor, action=action, case=case, subject=subject, values=values
            )
        )

    async def record_denied(
        self,
        actor: Actor,
        action: AuditAction,
        *,
        case: CaseReference | None = None,
        subject: str = "",
        **values: object,
    ) -> None:
        """Record a refused act at once: the transaction under way is going to be rolled back.

        Refuse before anything is written: SQLite has one writer at a time.
        """
        await self._store.append_now(
            AuditRecord(
                at=self._clock.now(),
                actor=actor,
                action=action,
                outcome="denied",
                case=case,
                subject=subject,
                values=values,
            )
        )

    async def page(self, query: AuditQuery) -> list[AuditEntry]:
        """The newest entries that concern an institution, newest first."""
        return await self._store.page(query)


class AuditVerifier:
    """Reads the whole chain and names each entry that is not as it was written.

    Parameters
    ----------
    store : AuditStore
        Where entries are kept.
    chain : AuditChain
        The keyed hash that they were written with.
    """

    def __init__(self, store: AuditStore, chain: AuditChain) -> None:
        self._store = store
        self._chain = chain
        self._findings: list[Finding] = []
        self._changed: list[AuditEntry] = []
        self._previous: AuditEntry | None = None
        self._count = 0

    async def verify(self) -> Verification:
        """Read every entry, then the signed head. Memory does not grow with the log."""
        # The head first: entries that are appended while this runs lie beyond it.
        head = await self._store.head()
        after = 0
        while batch := await self._store.entries(after=after, limit=_BATCH):
            for entry in batch:
                self._check(entry)
            after = batch[-1].seq
        self._name_changed()
        last = self._previous.seq if self._previous else 0
        self._missing(last + 1, head.seq + 1)
        if self._chain.head_signature(head.seq, head.hash) != head.signature:
            self._findings.append(Finding(kind=FindingKind.HEAD_CHANGED, seq=head.seq))
        findings = tuple(sorted(self._findings, key=lambda finding: finding.seq))
        return Verification(entries=self._count, head=head, findings=findings)

    def _check(self, entry: AuditEntry) -> None:
        self._count += 1
        expected = (self._previous.seq if self._previous else 0) + 1
        self._missing(expected, entry.seq)
        if self._chain.entry_hash(entry) != entry.hash:
            self._changed.append(entry)
        elif entry.seq == expected:
            before = self._previous
            link = before.hash if before else GENESIS
            # A changed predecessor is named itself; only an unexplained break is a finding.
            explained = before is not None and before in self._changed[-1:]
            if entry.prev_hash != link and not explained:
                self._findings.append(Finding(kind=FindingKind.UNLINKED, seq=entry.seq))
        self._previous = entry

    def _missing(self, first: int, stop: int) -> None:
        self._findings += [Finding(kind=FindingKind.DELETED, seq=seq) for seq in range(first, stop)]

    def _name_changed(self) -> None:
        places = [entry.seq for entry in self._changed[:_REORDER_CANDIDATES]]
        places += [finding.seq for finding in self._findings][:_REORDER_CANDIDATES]
        for entry in self._changed:
            origin = next(
                (seq for seq in places if self._chain.entry_hash(replace(entry, seq=seq)) == entry.hash),
                None,
            )
            kind = FindingKind.CHANGED if origin is None else FindingKind.REORDERED
            self._findings.append(Finding(kind=kind, seq=entry.seq, original_seq=origin))
