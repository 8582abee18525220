"""HTTP: the way of one case."""

from fastapi import APIRouter, status

from tongtai.features.accounts.api import Current
from tongtai.features.archive.api import ArchiveDep
from tongtai.features.consents.api import ConsentsDep
from tongtai.features.consents.schemas import WithdrawalIn
from tongtai.features.workflow.api.bundle_parts import bundle_completed
from tongtai.features.workflow.api.records import Records
from tongtai.features.workflow.api.wiring import WorkflowDep
from tongtai.features.workflow.schemas import BeginIn, MoveIn, StatementIn, WithdrawnOut, WorkflowOut
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}", tags=["workflow"])


@router.post("/workflow", status_code=status.HTTP_201_CREATED)
async def begin_workflow(
    case_id: str, body: BeginIn, principal: Current, workflow: WorkflowDep
) -> WorkflowOut:
    """Take a case into the workflow: a draft, which the invited side sees once the patient consents."""
    seen = await workflow.begin(principal, case_id, service_type=body.service_type, urgent=body.urgent)
    return WorkflowOut.of(seen)


@router.get("/workflow")
async def get_workflow(case_id: str, principal: Current, workflow: WorkflowDep) -> WorkflowOut:
    """Where a case stands, every way on with what it lacks, and what has moved it."""
    return WorkflowOut.of(await workflow.look(principal, case_id))


@router.post("/workflow/moves")
async def move_case(
    case_id: str,
    body: MoveIn,
    principal: Current,
    workflow: WorkflowDep,
    archive: ArchiveDep,
    container: ContainerDep,
    session: DbSession,
) -> WorkflowOut:
    """Do a step. A refusal (409) lists everything that is missing. Closing a case makes its bundle."""
    seen = await workflow.move(principal, case_id, body.model())
    records, now = Records(container, session), container.clock.now()
    if await bundle_completed(archive, records, principal, case_id, body.act, now):
        seen = await workflow.look(principal, case_id)
    return WorkflowOut.of(seen)


@router.post("/workflow/statements", status_code=status.HTTP_201_CREATED)
async def make_statement(
    case_id: str,
    body: StatementIn,
    principal: Current,
    workflow: WorkflowDep,
    archive: ArchiveDep,
    container: ContainerDep,
    session: DbSession,
) -> WorkflowOut:
    """State something for the record: it cannot be taken back. That the record is written makes the bundle."""
    seen = await workflow.state(
        principal, case_id, body.kind, subject=body.subject, sha256=body.sha256, text=body.text
    )
    records, now = Records(container, session), container.clock.now()
    if await bundle_completed(archive, records, principal, case_id, body.kind, now):
        seen = await workflow.look(principal, case_id)
    return WorkflowOut.of(seen)


@router.post("/consents/{consent_id}/withdraw")
async def withdraw_consent(
    case_id: str,
    consent_id: str,
    body: WithdrawalIn,
    principal: Current,
    consents: ConsentsDep,
    workflow: WorkflowDep,
) -> WithdrawnOut:
    """Note that the patient withdraws a consent, and do what that means where the case stands."""
    view, consent = await consents.withdraw(principal, case_id, consent_id, reason=body.reason)
    effect = await workflow.consent_withdrawn(principal, view, consent.kind)
    assert consent.withdrawn_at is not None  # noqa: S101  (for the type checker)
    return WithdrawnOut(consent_id=consent.id, withdrawn_at=consent.withdrawn_at, effect=effect)
