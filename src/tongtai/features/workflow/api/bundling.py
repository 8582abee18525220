"""HTTP: what moves or reads the whole record: bundles, seals, opinions with the case's service type."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from fastapi import APIRouter, Request, status

from tongtai.features.accounts.api import Current, prove_again
from tongtai.features.accounts.model import Permission
from tongtai.features.archive.api import ArchiveDep
from tongtai.features.archive.schemas import BundleIn, BundleOut, SealIn, SealOut, UnsealIn
from tongtai.features.archive.service import Content
from tongtai.features.checklists.sql import SqlSheets
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.documents.model import KIND_RULES, Audience, DocumentState
from tongtai.features.documents.sql import SqlDocuments
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.features.imaging.model import ImageQuery
from tongtai.features.imaging.sql import SqlImages
from tongtai.features.intake.sql import SqlIntake
from tongtai.features.mdt.sql import SqlMeetings
from tongtai.features.opinions.api import OpinionsDep
from tongtai.features.opinions.schemas import OpinionIn, OpinionOut
from tongtai.features.opinions.sql import SqlOpinions
from tongtai.features.plans.sql import SqlPlans
from tongtai.features.workflow.api.records import Records
from tongtai.features.workflow.api.wiring import WorkflowDep
from tongtai.features.workflow.model import LegalState
from tongtai.features.workflow.sql import SqlWorkflows
from tongtai.formats.intake_form import packaged_form
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}", tags=["workflow"])
# The group of the form that only the patient's own hospital reads.
_OWN_SIDE = "identity"
Reader = Callable[[Records, str], Awaitable[object]]


async def _moves(records: Records, case_id: str) -> object:
    store = SqlWorkflows(records.session)
    return {
        "moves": [asdict(one) for one in await store.moves(case_id)],
        "statements": [asdict(one) for one in await store.statements(case_id)],
    }


async def _consents(records: Records, case_id: str) -> object:
    # Who signed is the hospital's to know; the bundle is what both sides hold.
    found = [asdict(one) for one in await SqlConsents(records.session).of_case(case_id)]
    return [{name: value for name, value in one.items() if name != "signer_name"} for one in found]


async def _intake(records: Records, case_id: str) -> object:
    intake = SqlIntake(records.session)
    material, items = await intake.material(case_id), packaged_form().items
    return {
        "answers": {
            key: asdict(entry)
            for key, entry in material.entries.items()
            if key in items and items[key].group != _OWN_SIDE
        },
        "attachments": [asdict(one) for one in await intake.attachments(case_id)],
    }


async def _meetings(records: Records, case_id: str) -> object:
    found = await SqlMeetings(records.session).of_case(case_id)
    return [{**asdict(one), "quorum": sorted(one.quorum), "sha256": one.sha256} for one in found]


async def _opinions(records: Records, case_id: str) -> object:
    store = SqlOpinions(records.session)
    return {
        "opinions": [{**asdict(one), "sha256": one.sha256} for one in await store.opinions(case_id)],
        "decisions": [{**asdict(one), "sha256": one.sha256} for one in await store.decisions(case_id)],
    }


async def _checklists(records: Records, case_id: str) -> object:
    found = await SqlSheets(records.session).of_case(case_id)
    return {sheet.value: {**asdict(one), "sha256": one.sha256} for sheet, one in found.items()}


async def _plans(records: Records, case_id: str) -> object:
    return [
        {"id": one.id, "version": one.version, "state": one.state, "plan_sha256": one.plan_sha256}
        for one in await SqlPlans(records.session).of_case(case_id)
    ]


async def _images(records: Records, case_id: str) -> object:
    found = await SqlImages(records.session).instances(ImageQuery(case_id=case_id))
    return [
        {"series": image.series_uid, "instance": image.sop_instance_uid, "sha256": stored.sha256}
        for image, stored in found
    ]


async def _events(records: Records, case_id: str) -> object:
    log = SqlEventLog(records.container.database)
    return [asdict(one) for one in await log.after(case_id, 0)]


# Each file of the bundle, and what it is read from. References stand for images and plans by hash.
PARTS: tuple[tuple[str, Reader], ...] = (
    ("workflow.json", _moves),
    ("consents.json", _consents),
    ("intake.json", _intake),
    ("mdt.json", _meetings),
    ("opinions.json", _opinions),
    ("checklists.json", _checklists),
    ("plans.json", _plans),
    ("images.json", _images),
    ("events.json", _events),
)


async def _papers(records: Records, case_id: str) -> list[Content]:
    """The issued papers that both sides may read, as they were signed."""
    found = await SqlDocuments(records.session).of_case(case_id)
    return [
        Content(
            f"papers/{one.kind.value}-{one.id}.pdf",
            "application/pdf",
            await records.container.blobs.get(one.shown_sha256),
        )
        for one in sorted(found, key=lambda each: each.id)
        if one.state is DocumentState.ISSUED and KIND_RULES[one.kind].audience is Audience.BOTH
    ]


def _canonical(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return text.encode()


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)


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
    records = Records(container, session)
    contents = [
        Content(name, "application/json", _canonical(await reader(records, case_id)))
        for name, reader in PARTS
    ]
    contents += await _papers(records, case_id)
    if body.addendum:
        contents.append(Content("addendum.txt", "text/plain; charset=utf-8", body.addendum.encode()))
    made = await archive.make(
        principal,
        case_id,
        contents,
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
