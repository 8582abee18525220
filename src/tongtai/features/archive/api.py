"""HTTP: the archive of a case. Making a bundle and sealing are in ``features.workflow.api``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current
from tongtai.features.archive.schemas import BundleOut, HoldIn, HoldOut, LegalOut, ReceiptIn, SealOut
from tongtai.features.archive.service import ArchiveService
from tongtai.features.archive.sql import SqlArchive
from tongtai.features.audit.api import audit_log
from tongtai.features.cases.api import case_access
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}/archive", tags=["archive"])


def archive_service(container: Container, session: AsyncSession) -> ArchiveService:
    """The use cases of the archive within this transaction."""
    return ArchiveService(
        store=SqlArchive(session),
        content=container.blobs,
        access=case_access(container, session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> ArchiveService:
    return archive_service(container, session)


ArchiveDep = Annotated[ArchiveService, Depends(_request_service)]


@router.get("")
async def list_bundles(case_id: str, principal: Current, archive: ArchiveDep) -> list[BundleOut]:
    """The bundles of a case, the newest first."""
    return [BundleOut.of(one) for one in await archive.listed(principal, case_id)]


@router.get("/bundles/{bundle_id}/parts/{name:path}", response_class=Response)
async def get_part(
    case_id: str,
    bundle_id: str,
    name: Annotated[str, Path(max_length=200)],
    principal: Current,
    archive: ArchiveDep,
    container: ContainerDep,
) -> Response:
    """One part of a bundle; its ETag is its SHA-256."""
    part = await archive.part(principal, case_id, bundle_id, name)
    return Response(
        await container.blobs.get(part.sha256),
        media_type=part.media_type,
        headers={"ETag": f'"{part.sha256}"', "Cache-Control": "private, no-store"},
    )


@router.post("/bundles/{bundle_id}/receipts")
async def receive_bundle(
    case_id: str, bundle_id: str, body: ReceiptIn, principal: Current, archive: ArchiveDep
) -> BundleOut:
    """Confirm for one's side that the bundle arrived, by the hash of what arrived."""
    return BundleOut.of(await archive.receive(principal, case_id, bundle_id, sha256=body.sha256))


@router.get("/legal")
async def get_legal(case_id: str, principal: Current, archive: ArchiveDep) -> LegalOut:
    """Legal holds and seals."""
    holds, seals = await archive.holds(principal, case_id)
    return LegalOut(holds=[HoldOut.of(one) for one in holds], seals=[SealOut.of(one) for one in seals])


@router.post("/holds")
async def place_hold(case_id: str, body: HoldIn, principal: Current, archive: ArchiveDep) -> list[HoldOut]:
    """Place a legal hold: nothing of the case is deleted while it stands."""
    return [HoldOut.of(one) for one in await archive.hold(principal, case_id, reason=body.reason)]


@router.post("/holds/{hold_id}/release")
async def release_hold(case_id: str, hold_id: str, principal: Current, archive: ArchiveDep) -> list[HoldOut]:
    """Release a legal hold."""
    return [HoldOut.of(one) for one in await archive.release(principal, case_id, hold_id)]
