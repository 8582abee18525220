"""HTTP: the material of a case."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Depends, Query, status
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current
from tongtai.features.audit.api import audit_log
from tongtai.features.cases.api import case_access
from tongtai.features.imaging.sql import SqlImages
from tongtai.features.intake.dicom import HeaderFacts
from tongtai.features.intake.schemas import (
    AnswersIn,
    FormOut,
    ImagingCheckOut,
    ImportedLineOut,
    ImportOut,
    IntakeOut,
)
from tongtai.features.intake.service import IntakeService
from tongtai.features.intake.sql import SqlIntake
from tongtai.formats.attachments import checked_media_type
from tongtai.formats.intake_form import packaged_form
from tongtai.formats.lab_import import read_bundle, read_table
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api", tags=["intake"])
_READERS = {"csv": read_table, "fhir": read_bundle}
_Octets = Annotated[bytes, Body(media_type="application/octet-stream", max_length=20_000_001)]


def intake_service(container: Container, session: AsyncSession) -> IntakeService:
    """The use cases of intake within this transaction."""
    return IntakeService(
        form=packaged_form(),
        store=SqlIntake(session),
        series=HeaderFacts(SqlImages(session)),
        content=container.blobs,
        media_type=checked_media_type,
        access=case_access(container, session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> IntakeService:
    return intake_service(container, session)


IntakeDep = Annotated[IntakeService, Depends(_request_service)]


@router.get("/intake/form")
async def get_form(_principal: Current) -> FormOut:
    """The form: groups, items, units, freshness, gates, codes, sources."""
    return FormOut.of(packaged_form())


@router.get("/cases/{case_id}/intake")
async def get_intake(case_id: str, principal: Current, intake: IntakeDep) -> IntakeOut:
    """What was answered, and everything that is missing."""
    return IntakeOut.of(await intake.look(principal, case_id), intake.form)


@router.patch("/cases/{case_id}/intake")
async def save_intake(case_id: str, body: AnswersIn, principal: Current, intake: IntakeDep) -> IntakeOut:
    """Save some answers; the others stay. A draft may have gaps."""
    answers = {key: given.model() for key, given in body.answers.items()}
    seen = await intake.save(principal, case_id, answers, version=body.version)
    return IntakeOut.of(seen, intake.form)


@router.post("/cases/{case_id}/intake/results")
async def import_results(
    case_id: str,
    principal: Current,
    intake: IntakeDep,
    content: _Octets,
    kind: Annotated[Literal["csv", "fhir"], Query()],
    version: Annotated[int, Query(ge=0, le=2**31 - 1)],
) -> ImportOut:
    """Take laboratory results from a CSV table or a FHIR Bundle; each line is answered for."""
    results = _READERS[kind](content)
    seen, lines = await intake.take_results(principal, case_id, results, version=version, origin=kind)
    return ImportOut(
        lines=[ImportedLineOut.of(line) for line in lines], intake=IntakeOut.of(seen, intake.form)
    )


@router.post("/cases/{case_id}/intake/attachments", status_code=status.HTTP_201_CREATED)
async def add_attachment(
    case_id: str,
    principal: Current,
    intake: IntakeDep,
    content: _Octets,
    item: Annotated[str, Query(pattern=r"^[a-z0-9_]{1,64}$")],
    name: Annotated[str, Query(min_length=1, max_length=200)],
) -> IntakeOut:
    """Add a PDF, JPEG or PNG to an item; what it is, its content says."""
    seen = await intake.attach(principal, case_id, item=item, name=name, content=content)
    return IntakeOut.of(seen, intake.form)


@router.get("/cases/{case_id}/intake/attachments/{attachment_id}", response_class=Response)
async def get_attachment(
    case_id: str, attachment_id: str, principal: Current, intake: IntakeDep, container: ContainerDep
) -> Response:
    """One file, to be looked at and never run."""
    found = await intake.attachment(principal, case_id, attachment_id)
    return Response(
        await container.blobs.get(found.sha256),
        media_type=found.media_type,
        headers={
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(found.id)}",
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@router.get("/cases/{case_id}/intake/imaging")
async def check_images(case_id: str, principal: Current, intake: IntakeDep) -> ImagingCheckOut:
    """Whether the images that were sent fulfil the list, series by series."""
    return ImagingCheckOut.of(await intake.images(principal, case_id))
