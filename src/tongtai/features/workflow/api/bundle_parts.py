"""The parts of a case's bundle, each read from the slice that keeps it, and the bundles that are made by themselves."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime

from tongtai.features.accounts.model import Permission, Principal, Role
from tongtai.features.archive.model import Bundle, RetentionClass
from tongtai.features.archive.service import ArchiveService, Content
from tongtai.features.cases.model import Side
from tongtai.features.checklists.sql import SqlSheets
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.documents.model import KIND_RULES, Audience, DocumentState
from tongtai.features.documents.sql import SqlDocuments
from tongtai.features.followup.sql import SqlFollowUp
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.features.imaging.model import ImageQuery
from tongtai.features.imaging.sql import SqlImages
from tongtai.features.intake.sql import SqlIntake
from tongtai.features.mdt.sql import SqlMeetings
from tongtai.features.opinions.sql import SqlOpinions
from tongtai.features.plans.sql import SqlPlans
from tongtai.features.workflow.api.records import Records
from tongtai.features.workflow.model import BUNDLE_WAITS, Act, Notice, StatementKind
from tongtai.features.workflow.sql import SqlWorkflows
from tongtai.formats.intake_form import packaged_form
from tongtai.infra.identifiers import new_id

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


async def _care(records: Records, case_id: str) -> object:
    store = SqlFollowUp(records.session)
    judgement = await store.judgement(case_id)
    return {
        "warnings": asdict(judgement) if judgement else None,
        "follow_up": asdict(await store.follow_up(case_id)),
    }


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
    ("care.json", _care),
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


def canonical(value: object) -> bytes:
    """A value as JSON: the same value gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return text.encode()


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)


async def contents(records: Records, case_id: str) -> list[Content]:
    """The record as it is now, file by file."""
    found = [
        Content(name, "application/json", canonical(await reader(records, case_id))) for name, reader in PARTS
    ]
    return found + await _papers(records, case_id)


# What ends a part of the record: the operation's by the words that it is written, the whole by the case's closing.
COMPLETING: frozenset[str] = frozenset({StatementKind.RECORD_WRITTEN, Act.CLOSE, Act.CLOSE_UNTREATED})
# Whoever of either side may confirm that the bundle has arrived.
_CALLED = frozenset({Role.ATTENDING, Role.MEDICAL_AFFAIRS, Role.COORDINATOR, Role.LEAD_GUIDE})


async def bundle_completed(
    archive: ArchiveService, records: Records, principal: Principal, case_id: str, done: str, now: datetime
) -> Bundle | None:
    """Put the record together when a part of it was completed, and call both sides to confirm its receipt.

    Parameters
    ----------
    done : str
        The statement or act that was just written down; others than `COMPLETING` make nothing.
    """
    if done not in COMPLETING:
        return None
    made = await archive.make(
        principal,
        case_id,
        await contents(records, case_id),
        retention=RetentionClass.INPATIENT,
        last_day=now.date(),
        reason=done,
    )
    view = await archive.access.require(principal, case_id, Permission.CASE_READ, audited=False)
    sides = {
        Side.SITE: view.case.inviting_institution_id,
        Side.CENTRE: view.case.invited_institution_id,
    }
    for side, institution_id in sides.items():
        notice = Notice(
            id=new_id("note"),
            case_id=case_id,
            institution_id=institution_id,
            roles=frozenset(role.value for role in _CALLED),
            code=BUNDLE_WAITS[side],
            level=0,
            due_at=now,
            made_at=now,
        )
        await SqlWorkflows(records.session).add_notice(notice, since=now)
    return made
