"""The routes of checklists, and of PINs for a shared tablet."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.checklists import Sheet
from tongtai.features.accounts.api import Current, prove_again
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.accounts.sql import SqlAttempts, SqlUsers
from tongtai.features.audit.api import audit_log
from tongtai.features.cases.api import case_access
from tongtai.features.checklists.api.measuring import RecordedMeasurements
from tongtai.features.checklists.schemas import (
    MarksIn,
    MeasuredIn,
    PartyConfirmationIn,
    PinIn,
    ReopenIn,
    SheetOut,
)
from tongtai.features.checklists.service import ChecklistService
from tongtai.features.checklists.sql import SqlPins, SqlSheets
from tongtai.formats.checklist_sheets import packaged_sheets
from tongtai.infra.container import Container
from tongtai.infra.credentials import Passwords
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api", tags=["checklists"])


def checklist_service(container: Container, session: AsyncSession) -> ChecklistService:
    """The use cases of checklists within this transaction."""
    return ChecklistService(
        sheets=packaged_sheets(),
        store=SqlSheets(session),
        measurements=RecordedMeasurements(container, session),
        pins=SqlPins(session),
        people=SqlUsers(session),
        attempts=SqlAttempts(container.database),
        hasher=container.get(Passwords),
        access=case_access(container, session),
        audit=audit_log(container, session),
        clock=container.clock,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> ChecklistService:
    return checklist_service(container, session)


ChecklistsDep = Annotated[ChecklistService, Depends(_request_service)]


@router.get("/cases/{case_id}/checklists")
async def list_checklists(case_id: str, principal: Current, checklists: ChecklistsDep) -> list[SheetOut]:
    """The four sheets of a case, in their order."""
    return await _sheets(principal, case_id, checklists)


@router.patch("/cases/{case_id}/checklists/{sheet}")
async def mark_lines(
    case_id: str, sheet: Sheet, body: MarksIn, principal: Current, checklists: ChecklistsDep
) -> list[SheetOut]:
    """Answer lines of a sheet; the sheet before it must be complete."""
    await checklists.mark(principal, case_id, sheet, body.values, version=body.version, reasons=body.reasons)
    return await _sheets(principal, case_id, checklists)


@router.post("/cases/{case_id}/checklists/{sheet}/measured")
async def take_measured(
    case_id: str, sheet: Sheet, body: MeasuredIn, principal: Current, checklists: ChecklistsDep
) -> list[SheetOut]:
    """Answer lines with what the installation has measured of them."""
    await checklists.take_over(
        principal, case_id, sheet, body.lines, reasons=body.reasons, version=body.version
    )
    return await _sheets(principal, case_id, checklists)


@router.post("/cases/{case_id}/checklists/measurements", status_code=status.HTTP_204_NO_CONTENT)
async def want_measurements(case_id: str, principal: Current, checklists: ChecklistsDep) -> None:
    """Ask the gateways of the case's room to test their lines now."""
    await checklists.want_measurements(principal, case_id)


@router.post("/cases/{case_id}/checklists/{sheet}/confirm")
async def confirm_sheet(
    case_id: str,
    sheet: Sheet,
    body: PartyConfirmationIn,
    principal: Current,
    checklists: ChecklistsDep,
) -> list[SheetOut]:
    """Confirm for a party: as who is signed in, or by login name and PIN at a shared tablet."""
    # Who is signed in must know the case, before anybody's PIN is tried.
    await checklists.access.require(principal, case_id, Permission.CASE_READ, audited=False)
    who, means = principal, "login"
    if body.login is not None:
        means = "pin"
        who = await checklists.person_with_pin(principal, login=body.login, pin=body.pin or "")
    await checklists.confirm(who, case_id, sheet, body.party, means=means)
    return await _sheets(principal, case_id, checklists)


@router.post("/cases/{case_id}/checklists/{sheet}/reopen")
async def reopen_sheet(
    case_id: str, sheet: Sheet, body: ReopenIn, principal: Current, checklists: ChecklistsDep
) -> list[SheetOut]:
    """Begin a sheet anew, with a reason; the earlier round is kept."""
    await checklists.reopen(principal, case_id, sheet, reason=body.reason)
    return await _sheets(principal, case_id, checklists)


@router.put("/checklists/pin", status_code=status.HTTP_204_NO_CONTENT)
async def set_pin(
    body: PinIn,
    request: Request,
    principal: Current,
    checklists: ChecklistsDep,
    container: ContainerDep,
    session: DbSession,
) -> None:
    """Set one's own PIN for shared tablets."""
    await prove_again(request, container, session, principal, body.password)
    await checklists.set_pin(principal, body.pin)


async def _sheets(principal: Principal, case_id: str, checklists: ChecklistService) -> list[SheetOut]:
    view, filled = await checklists.look(principal, case_id)
    technique = view.case.technique.value
    return [
        SheetOut.of(checklists.sheets[sheet], found, technique, await checklists.readings(view.case, found))
        for sheet, found in filled.items()
    ]
