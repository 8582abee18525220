"""HTTP: what moves or reads the whole record: bundles, seals, opinions with the case's service type."""

from fastapi import APIRouter, Request, status

from tongtai.features.accounts.api import Current, prove_again
from tongtai.features.accounts.model import Permission
from tongtai.features.archive.api import ArchiveDep
from tongtai.features.archive.schemas import BundleIn, BundleOut, SealIn, SealOut, UnsealIn
from tongtai.features.archive.service import Content
from tongtai.features.opinions.api import OpinionsDep
from tongtai.features.opinions.schemas import OpinionIn, OpinionOut
from tongtai.features.workflow.api.bundle_parts import contents
from tongtai.features.workflow.api.records import Records
from tongtai.features.workflow.api.wiring import WorkflowDep
from tongtai.features.workflow.model import LegalState
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}", tags=["workflow"])


@router.post("/archive", status_code=status.HTTP_201_CREATED)
async def make_bundle(
    case_id: str,
    body: BundleIn,
    principal: Current,
    archive: ArchiveDep,
    container: ContainerDep,
    session: DbSession,
) -> BundleOut:
    """Put the record together as it is now; a later version is linked to the one before by its hash."""
    await archive.access.require(principal, case_id, Permission.CASE_READ, audited=False)
    parts = await contents(Records(container, session), case_id)
    if body.addendum:
        parts.append(Content("addendum.txt", "text/plain; charset=utf-8", body.addendum.encode()))
    made = await archive.make(
        principal,
        case_id,
        parts,
        retention=body.retention,
        last_day=body.last_day or container.clock.now().date(),
        reason=body.reason,
    )
    return BundleOut.of(made)


@router.post("/archive/seal", status_code=status.HTTP_201_CREATED)
async def seal_record(
    case_id: str,
    body: SealIn,
    request: Request,
    principal: Current,
    archive: ArchiveDep,
    workflow: WorkflowDep,
    container: ContainerDep,
    session: DbSession,
) -> SealOut:
    """Seal the newest bundle with both sides present: the record cannot be changed until it is unsealed."""
    await archive.access.require(principal, case_id, Permission.CASE_READ, audited=False)
    await prove_again(request, container, session, principal, body.password)
    seal = await archive.seal(
        principal,
        case_id,
        patient_side=body.patient_side,
        relation=body.relation,
        finished=body.finished,
    )
    await workflow.set_legal(case_id, LegalState.SEALED)
    return SealOut.of(seal)


@router.post("/archive/unseal")
async def unseal_record(
    case_id: str, body: UnsealIn, principal: Current, archive: ArchiveDep, workflow: WorkflowDep
) -> SealOut:
    """Unseal after the dispute is settled, or three years later."""
    seal = await archive.unseal(principal, case_id, settled=body.settled, reason=body.reason)
    await workflow.set_legal(case_id, LegalState.NORMAL)
    return SealOut.of(seal)


@router.post("/opinions", status_code=status.HTTP_201_CREATED)
async def write_opinion(
    case_id: str, body: OpinionIn, principal: Current, opinions: OpinionsDep, workflow: WorkflowDep
) -> OpinionOut:
    """Write an opinion down; who answers for it follows from the case's service type."""
    view = await opinions.access.require(principal, case_id, Permission.CASE_READ, audited=False)
    opinion = await opinions.write(
        principal,
        case_id,
        service_type=await workflow.service_type(case_id),
        parts=body.parts,
        experts=body.experts,
        plan_sha256=body.plan_sha256,
    )
    return OpinionOut.of(opinion, view.case.inviting_institution_id)
