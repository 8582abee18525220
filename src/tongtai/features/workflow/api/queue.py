"""HTTP: the queue of cases, and saved views of it."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Path, Query, status
from pydantic import BaseModel, Field

from tongtai.core.intake.completeness import Completeness
from tongtai.core.intake.form import Gate
from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission, permissions_of
from tongtai.features.audit.api import AuditDep
from tongtai.features.audit.model import AuditAction
from tongtai.features.cases.model import Side, Technique, patient_seen
from tongtai.features.cases.schemas import PatientOut
from tongtai.features.institutions.api import InstitutionsDep
from tongtai.features.institutions.schemas import InstitutionOut
from tongtai.features.intake.service import judged
from tongtai.features.intake.sql import SqlIntake
from tongtai.features.policies.model import Values
from tongtai.features.policies.sql import SqlPolicies
from tongtai.features.workflow.errors import ViewNotFoundError
from tongtai.features.workflow.model import ClinicalState, QueuedCase, QueueOrder, QueueQuery, next_due
from tongtai.features.workflow.sql import SqlQueue
from tongtai.formats.intake_form import packaged_form
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/workflow", tags=["workflow"])
_ViewName = Annotated[str, Path(min_length=1, max_length=100)]


class QueuedOut(BaseModel):
    """A case in the queue: how complete it is, and when which timer runs out."""

    case_id: str
    number: str
    technique: Technique
    lesion: str
    patient: PatientOut
    inviting: InstitutionOut
    state: ClinicalState
    urgent: bool
    entered_at: datetime
    scheduled_at: datetime
    returns: int
    version: int
    present: int
    total: int
    missing: list[str]
    due_at: datetime | None
    timer: str

    @classmethod
    def of(
        cls,
        queued: QueuedCase,
        *,
        patient: PatientOut,
        inviting: InstitutionOut,
        material: Completeness,
        rules: Values,
    ) -> Self:
        """From the model."""
        case, dossier = queued.case, queued.dossier
        due = next_due(dossier, case.scheduled_at, rules)
        return cls(
            case_id=case.id,
            number=case.number,
            technique=case.technique,
            lesion=case.lesion,
            patient=patient,
            inviting=inviting,
            state=dossier.state,
            urgent=dossier.urgent,
            entered_at=dossier.entered_at,
            scheduled_at=case.scheduled_at,
            returns=dossier.returns,
            version=dossier.version,
            present=material.present,
            total=material.total,
            missing=[str(found.values.get("item", "")) for found in material.blocking(Gate.ACCEPT)],
            due_at=due[1] if due else None,
            timer=due[0] if due else "",
        )


class QueueOut(BaseModel):
    """One page of the queue."""

    cases: list[QueuedOut]
    total: int


class ViewIn(BaseModel):
    """A filter of the queue: the parameters of ``GET /api/workflow/queue``."""

    query: Annotated[dict[str, str | bool | list[str]], Field(max_length=20)]


async def _query(
    state: Annotated[list[ClinicalState], Query(max_length=30)] = [],  # noqa: B006  (FastAPI copies it)
    urgent: bool | None = None,
    technique: Technique | None = None,
    institution_id: Annotated[str, Query(max_length=64)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    order: QueueOrder = QueueOrder.WAITING,
    descending: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> QueueQuery:
    """Which cases, in which order, which page."""
    return QueueQuery(
        states=frozenset(state),
        urgent=urgent,
        technique=technique,
        institution_id=institution_id,
        text=q.strip(),
        order=order,
        descending=descending,
        offset=offset,
        limit=limit,
    )


@router.get("/queue")
async def list_queue(
    principal: Current,
    session: DbSession,
    institutions: InstitutionsDep,
    audit: AuditDep,
    container: ContainerDep,
    query: Annotated[QueueQuery, Depends(_query)],
) -> QueueOut:
    """The cases that the caller knows, urgent ones first: filtered, sorted and paged on the server."""
    queued, total = await SqlQueue(session).page(principal, query)
    ids = [one.case.id for one in queued]
    intake = SqlIntake(session)
    materials, files = await intake.materials(ids), await intake.attachments_of(ids)
    names = {one.id: one for one in await institutions.visible_to(principal.institution_id)}
    rules = await SqlPolicies(session).for_cases([one.case for one in queued])
    today = container.clock.now().date()
    rows = []
    for one in queued:
        case, roles = one.case, one.case.roles_of(principal)
        if Permission.CASE_READ not in permissions_of(roles):
            continue
        side = case.side_of(principal.institution_id) or Side.CENTRE
        seen = judged(packaged_form(), materials[case.id], files[case.id], case, today)
        rows.append(
            QueuedOut.of(
                one,
                patient=PatientOut.of(patient_seen(case, side, roles)),
                inviting=InstitutionOut.model_validate(names[case.inviting_institution_id]),
                material=seen.today,
                rules=rules[case.id],
            )
        )
        audit.record(principal.actor, AuditAction.QUEUE_LISTED, case=case.reference)
    return QueueOut(cases=rows, total=total)


@router.get("/views")
async def list_views(principal: Current, session: DbSession) -> dict[str, dict[str, Any]]:
    """The caller's saved views, by name."""
    return {name: dict(query) for name, query in (await SqlQueue(session).views(principal.user_id)).items()}


@router.put("/views/{view}", status_code=status.HTTP_204_NO_CONTENT)
async def save_view(view: _ViewName, body: ViewIn, principal: Current, session: DbSession) -> None:
    """Save a view, in place of one of the same name."""
    await SqlQueue(session).save_view(principal.user_id, view, body.query)


@router.delete("/views/{view}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_view(view: _ViewName, principal: Current, session: DbSession) -> None:
    """Remove a view."""
    if not await SqlQueue(session).remove_view(principal.user_id, view):
        raise ViewNotFoundError(view=view)
