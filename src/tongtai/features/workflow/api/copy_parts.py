"""What a copy of a case holds: everything, or what may be told without the patient."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tongtai.core.deidentification import Disguise, age_told
from tongtai.core.intake.form import ItemKind
from tongtai.features.cases.model import Case
from tongtai.features.consents.model import age_on
from tongtai.features.documents.model import DocumentState
from tongtai.features.documents.sql import SqlDocuments
from tongtai.features.followup.sql import SqlFollowUp
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.features.imaging.model import ImageQuery
from tongtai.features.imaging.sql import SqlImages
from tongtai.features.intake.sql import SqlIntake
from tongtai.features.plans.model import Shown
from tongtai.features.plans.sql import SqlPlans
from tongtai.features.workflow.api.bundle_parts import canonical, contents
from tongtai.features.workflow.api.records import Records
from tongtai.formats.case_documents import CopyMark, marked_copy
from tongtai.formats.dicom.deidentified import deidentified
from tongtai.formats.intake_form import packaged_form

_OWN_SIDE, _FORM = "identity", "intake.json"
# Answers that are no words of a person.
_TOLD = frozenset({ItemKind.NUMBER, ItemKind.CHOICE, ItemKind.YES_NO})
_COPY = """\
本文件为病历复制件（供：{recipient}），非原件；原件由医疗机构保管。
This is a copy of a medical record (for: {recipient}), not the original, which the hospital keeps.
papers/ 与 plans/ 中的 PDF 每页印有复制件标记；papers/signed/ 是未改动的签名文件，可核验签名。
The PDFs in papers/ and plans/ are marked on every page; papers/signed/ holds the unchanged files whose signatures can be checked.
{number} · {at}
"""
_ACROSS = "复制件 COPY"
_FOOT = "复制件，非原件 · Copy, not the original · {number} · {recipient} · {at}"
_PDF = ".pdf"
_FOR: Mapping[str, str] = {
    "patient": "患者本人 the patient",
    "relative": "近亲属或代理人 a relative or representative",
    "institution": "医疗机构 a medical institution",
    "authority": "主管机关或司法机关 an authority or court",
}


async def everything(records: Records, case: Case, recipient: str) -> AsyncIterator[tuple[str, bytes]]:
    """The record as it is now, all papers of the hospital, every file that was attached, every image as it was sent."""
    blobs, session, now = records.container.blobs, records.session, records.container.clock.now()
    at = f"{now.astimezone(records.container.settings.zone):%Y-%m-%d %H:%M}"
    yield (
        "COPY.txt",
        _COPY.format(recipient=_FOR.get(recipient, recipient), number=case.number, at=at).encode(),
    )
    foot = _FOOT.format(number=case.number, recipient=_FOR.get(recipient, recipient), at=at)
    press = _CopyPress(records, CopyMark(across=_ACROSS, foot=foot, at=now))
    yield "patient.json", canonical(asdict(case.patient))
    for part in await contents(records, case.id):
        # Both sides' bundle lacks what only the hospital reads: papers and form are copied whole below.
        if not part.name.startswith("papers/") and part.name != _FORM:
            yield f"record/{part.name}", part.content
    intake = SqlIntake(session)
    entries = (await intake.material(case.id)).entries
    yield f"record/{_FORM}", canonical({key: asdict(entry) for key, entry in entries.items()})
    for file in await intake.attachments(case.id):
        yield (
            f"attachments/{file.item}-{file.id}{_ENDINGS.get(file.media_type, '')}",
            await blobs.get(file.sha256),
        )
    async for name, content in _papers(records, case.id, press):
        yield name, content
    async for name, content in _images(records, case.id):
        yield name, content


class _CopyPress:
    """Marks papers as copies, beside the loop that serves people."""

    def __init__(self, records: Records, mark: CopyMark) -> None:
        self._fonts = records.container.settings.web_dist / "fonts"
        self._mark = mark

    async def marked(self, pdf: bytes) -> bytes:
        """The paper with the mark on every page."""
        return await asyncio.to_thread(marked_copy, pdf, self._mark, fonts=self._fonts)


async def _papers(records: Records, case_id: str, press: _CopyPress) -> AsyncIterator[tuple[str, bytes]]:
    for paper in await SqlDocuments(records.session).of_case(case_id):
        if paper.state in {DocumentState.ISSUED, DocumentState.SUPERSEDED}:
            name = f"{paper.kind.value}-{paper.version}-{paper.id}{_PDF}"
            content = await records.container.blobs.get(paper.pdf_sha256)
            yield f"papers/{name}", await press.marked(content)
            yield f"papers/signed/{name}", content
    plans = SqlPlans(records.session)
    for plan in await plans.of_case(case_id):
        for made in await plans.files(plan.id):
            if made.shown in {None, Shown.FULL}:
                content = await records.container.blobs.get(made.sha256)
                shown = await press.marked(content) if made.name.endswith(_PDF) else content
                yield f"plans/{plan.version}/{made.name}", shown


_ENDINGS: Mapping[str, str] = {"application/pdf": _PDF, "image/jpeg": ".jpg", "image/png": ".png"}


async def _images(records: Records, case_id: str) -> AsyncIterator[tuple[str, bytes]]:
    found = await SqlImages(records.session).instances(ImageQuery(case_id=case_id))
    for image, stored in found:
        content = await records.container.blobs.get(stored.sha256)
        yield f"images/{image.series_uid}/{image.sop_instance_uid}.dcm", content


async def disguised_case(
    records: Records, case: Case, disguise: Disguise
) -> AsyncIterator[tuple[str, bytes]]:
    """What a case teaches: coded answers, measurements, what was done when, cross sections; never a name or a free text."""
    told = await _facts(records, case, disguise)
    left_out = 0
    for name, content in [one async for one in _images(records, case.id)]:
        image = deidentified(content, disguise)
        if image is None:
            left_out += 1
            continue
        _, series, instance = name.removesuffix(".dcm").split("/")
        yield f"images/{disguise.uid(series)}/{disguise.uid(instance)}.dcm", image
    yield "case.json", canonical({**told, "images_left_out": left_out})


async def _facts(records: Records, case: Case, disguise: Disguise) -> dict[str, Any]:
    items = packaged_form().items
    answers = (await SqlIntake(records.session).material(case.id)).answers
    follow_up = await SqlFollowUp(records.session).follow_up(case.id)
    operated = follow_up.ended_at.date() if follow_up.ended_at else case.scheduled_at.date()
    events = await SqlEventLog(records.container.database).after(case.id, 0)
    begins = events[0].t_server_ms if events else 0

    def day(on: date | None) -> str | None:
        return disguise.day(on).isoformat() if on else None

    return {
        "number": disguise.number,
        "technique": case.technique.value,
        "sex": case.patient.sex.value,
        "age": age_told(age_on(case.patient.birth_date, operated)),
        "operated_on": day(operated),
        "answers": {
            key: {"value": one.value, "unit": items[key].unit, "observed_on": day(one.observed_on)}
            for key, one in sorted(answers.items())
            if key in items and items[key].kind in _TOLD and items[key].group != _OWN_SIDE
        },
        "assessments": [
            {
                "examined_on": day(one.examined_on),
                "modality": one.modality,
                "longest_mm": dict(one.longest_mm),
                "viable_mm": dict(one.viable_mm),
                "complete_ablation": one.complete_ablation,
            }
            for one in follow_up.assessments
        ],
        "complications": [
            {"kind": one.kind, "grade": one.grade, "severe": one.severe, "began_on": day(one.began_on)}
            for one in follow_up.complications
        ],
        "events": [{"type": one.type.value, "after_s": (one.t_server_ms - begins) / 1000} for one in events],
    }
