"""What warnings and follow-up need from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from tongtai.core.complications.facts import Known
from tongtai.core.complications.rules import RuleSet, RuleTask
from tongtai.core.planning.plan import Plan
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.features.followup.model import (
    Assessment,
    CareTask,
    Complication,
    FollowUp,
    Judgement,
    PatientStatus,
    TaskState,
)

Record = Assessment | Complication | PatientStatus


class FollowUpStore(Protocol):
    """Where judgements, tasks and records are kept."""

    async def judgement(self, case_id: str) -> Judgement | None:
        """The latest judgement of a case."""
        ...

    async def add_judgement(self, judgement: Judgement) -> None:
        """Insert a judgement of the next version."""
        ...

    async def acknowledge(self, before: Judgement, after: Judgement) -> bool:
        """Replace a judgement that is still as ``before``; ``False`` when it no longer is."""
        ...

    async def follow_up(self, case_id: str) -> FollowUp:
        """Everything of a case, in the order of its dates."""
        ...

    async def set_ended(self, case_id: str, ended_at: datetime) -> None:
        """Write down when the procedure ended; once."""
        ...

    async def put_task(self, task: CareTask) -> None:
        """Insert a task unless the case has one of this code and origin."""
        ...

    async def move_task(self, task_id: str, due: datetime) -> None:
        """Give an open task another date."""
        ...

    async def finish_task(self, task: CareTask, *, state: TaskState) -> bool:
        """Replace a task that is still in ``state``."""
        ...

    async def open_tasks(self, case_ids: frozenset[str], *, due_before: datetime) -> list[CareTask]:
        """Open tasks of these cases, the earliest due first."""
        ...

    async def add_record(self, case_id: str, record: Record) -> None:
        """Append an assessment, a complication or a status."""
        ...


class PlanReader(Protocol):
    """The plans of a case."""

    async def current(self, case_id: str) -> tuple[str, str, Plan | SeedPlan] | None:
        """Identifier, SHA-256 and content of the approved plan, or else of the newest that is in use."""
        ...


class HistoryReader(Protocol):
    """What the intake knows of a case's patient."""

    async def facts(self, case_id: str) -> Mapping[str, Known]:
        """Facts by name; what was not answered is not among them."""
        ...


class HouseRules(Protocol):
    """The rules and orders of this installation."""

    def complications(self) -> RuleSet:
        """R1 to R12, or a hospital's own."""
        ...

    def orders(self, technique: str) -> tuple[RuleTask, ...]:
        """What is ordered after every procedure of a technique."""
        ...
