"""A case that is moved at random, through the real use case, with the world's answers made up."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tongtai.core.lacks import lack
from tongtai.features.accounts.model import Role
from tongtai.features.agreements.model import ServiceType
from tongtai.features.audit.model import GENESIS
from tongtai.features.cases.model import CaseView, Sharing
from tongtai.features.consents.model import ConsentState
from tongtai.features.policies.model import values_for
from tongtai.features.workflow.errors import MoveRefusedError, ReasonMissingError, WorkflowChangedError
from tongtai.features.workflow.model import (
    FINAL,
    Act,
    ClinicalState,
    Dossier,
    Guard,
    MediaState,
    Move,
    MoveRequest,
    ReasonRule,
    leaving,
    move_hash,
    transition_of,
)
from tongtai.features.workflow.service import WorkflowService

_START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class _Clock:
    def __init__(self):
        self.at = _START

    def now(self):
        self.at += timedelta(minutes=1)
        return self.at


@dataclass
class _Store:
    dossier: Dossier
    kept: list[Move] = field(default_factory=list)

    async def find(self, case_id):
        return self.dossier

    async def replace(self, dossier, *, version):
        if self.dossier.version != version:
            return False
        self.dossier = dossier
        return True

    async def moves(self, case_id):
        return self.kept

    async def add_move(self, move):
        self.kept.append(move)

    async def statements(self, case_id):
        return []


class _Guards:
    """Which guards do not hold, for now."""

    def __init__(self):
        self.missing: set[Guard] = set()

    async def lacks(self, guard, scene):
        if guard is Guard.SUSPENDED_HERE:
            return () if scene.dossier.suspended_from else (lack("not_suspended"),)
        return (lack("made_up", guard=guard.value),) if guard in self.missing else ()

    async def consent(self, scene):
        return ConsentState.VALID

    async def recorded_with(self, act, scene):
        return {}

    async def media(self, scene):
        return MediaState.LIVE

    async def rules(self, scene):
        return values_for(inviting={}, invited={})

    async def dispute_authority(self, scene):
        return ""


class _Case:
    id = "case_1"
    reference = None
    scheduled_at = datetime(2026, 3, 2, 9, tzinfo=UTC)


class _View:
    case = _Case()
    roles = frozenset(Role)


class _Access:
    async def require(self, *_args, **_named) -> CaseView:
        return _View()  # type: ignore[return-value]


class _Audit:
    def record(self, *_args, **_named):
        pass

    async def record_denied(self, *_args, **_named):
        pass


class _Cases:
    async def share(self, case_id, sharing: Sharing):
        pass

    async def lock(self, case_id, record):
        pass


class _Somebody:
    user_id, display_name, display_name_en, institution_id, actor = "u", "甲", "A", "inst", None


class Walk:
    """Moves a case by chance and compares each answer with the table."""

    def __init__(self, chance, share_lacking):
        self.chance, self.share_lacking = chance, share_lacking
        dossier = Dossier(
            case_id="case_1",
            state=ClinicalState.DRAFT,
            entered_at=_START,
            began_at=_START,
            service_type=ServiceType.CONSULTATION,
            urgent=False,
        )
        self.store, self.guards = _Store(dossier), _Guards()
        self.service = WorkflowService(
            store=self.store,  # type: ignore[arg-type]
            guards=self.guards,
            access=_Access(),  # type: ignore[arg-type]
            cases=_Cases(),  # type: ignore[arg-type]
            audit=_Audit(),  # type: ignore[arg-type]
            clock=_Clock(),
            new_id=lambda prefix: f"{prefix}_1",
        )

    def step(self):
        """One attempt: of any act, with any guards missing, with or without a reason."""
        before = self.store.dossier
        if before.state in FINAL:
            # From the archive nothing leads out; the walk begins anew.
            self.store.dossier = replace(before, state=ClinicalState.DRAFT, version=before.version + 1)
            before = self.store.dossier
        self.guards.missing = {
            guard
            for guard in Guard
            if guard is not Guard.SUSPENDED_HERE and self.chance.random() < self.share_lacking
        }
        open_acts = [way.act for way in leaving(before.state)]
        assert open_acts, f"{before.state} is a dead end"
        act = self.chance.choice([*Act, *open_acts, *open_acts])
        reason = self.chance.choice(["", "because"])
        stale = self.chance.random() < 0.05
        request = MoveRequest(act=act, version=before.version - stale, reason=reason)
        way = transition_of(before.state, act, suspended_from=before.suspended_from)
        try:
            asyncio.run(self.service.move(_Somebody(), "case_1", request))  # type: ignore[arg-type]
        except (MoveRefusedError, ReasonMissingError, WorkflowChangedError):
            assert self.store.dossier == before
            repeated = way is not None and way.reason is ReasonRule.WHEN_REPEATED and before.returns > 0
            silent = way is not None and not reason and (way.reason is ReasonRule.ALWAYS or repeated)
            assert stale or way is None or silent or set(way.guards) & self.guards.missing
            return
        assert way is not None
        assert not stale
        assert not set(way.guards) & self.guards.missing, "a guard was skipped"
        assert self.store.dossier.state is way.target
        if act is Act.RESUME:
            assert way.target is before.suspended_from

    def check_chain(self):
        """Every move is kept, in order, and a changed one would show."""
        previous = GENESIS
        for number, move in enumerate(self.store.kept, start=1):
            assert (move.seq, move.prev_hash) == (number, previous)
            assert move_hash(move) == move.hash
            assert move_hash(replace(move, reason=move.reason + "x")) != move.hash
            previous = move.hash
