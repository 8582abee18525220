"""Plans as documents: the copies of the book and of DICOM objects, one for each disclosure of a case."""

import asyncio
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from tongtai.core.clock import Clock
from tongtai.features.cases.model import Disclosure, PatientView, Sex, disclosed
from tongtai.features.plans.model import BookedCase, PlanFile, PlanPerson, PlanRecord, Shown
from tongtai.formats.dicom.sending import instance_as
from tongtai.formats.plan_book import Approval, BookRequest, CaseFacts, Language, Standing, book_fonts
from tongtai.formats.plan_folder import PlanFile as WrittenFile
from tongtai.formats.plan_folder import book_files, read_pages
from tongtai.formats.seed_plan_json import read_plan_of
from tongtai.infra.blobs import Blobs

_MEDIA_TYPES: Final = MappingProxyType(
    {
        ".json": "application/json",
        ".pdf": "application/pdf",
        ".dcm": "application/dicom",
        ".glb": "model/gltf-binary",
        ".stl": "model/stl",
        ".gz": "application/gzip",
        ".txt": "text/plain; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
    }
)
# What a book calls a patient's second identifiers, in its two languages.
_IDENTIFIERS: Final = MappingProxyType(
    {
        Language.ZH: {"hospital_number": "住院号", "birth_date": "出生日期", "sex": "性别"},
        Language.EN: {"hospital_number": "Hospital number", "birth_date": "Date of birth", "sex": "Sex"},
    }
)
_SEXES: Final = MappingProxyType(
    {
        Language.ZH: {Sex.MALE: "男", Sex.FEMALE: "女", Sex.OTHER: "其他"},
        Language.EN: {Sex.MALE: "male", Sex.FEMALE: "female", Sex.OTHER: "other"},
    }
)


class DicomBookbinder:
    """Binds books out of the pages that were drawn when the plan was made.

    Parameters
    ----------
    blobs : Blobs
        Where pages and books are.
    clock : Clock
        Gives the time that stands in the book.
    web_dist : Path
        Folder of the built web application, which brings the font along.
    zone : tzinfo
        Of the times in the book.
    """

    def __init__(self, blobs: Blobs, clock: Clock, web_dist: Path, zone: tzinfo) -> None:
        self._blobs = blobs
        self._clock = clock
        self._web_dist = web_dist
        self._zone = zone

    async def bind(self, plan: PlanRecord, case: BookedCase) -> Sequence[PlanFile]:
        """Every copy of the book for the plan as it now stands, stored."""
        pages = await self._blobs.get(plan.pages_sha256)
        content = await self._blobs.get(plan.plan_sha256)
        made = await asyncio.to_thread(self._bound, plan, case, content, pages)
        return [await stored(self._blobs, file, shown) for shown, files in made for file in files]

    def _bound(
        self, plan: PlanRecord, case: BookedCase, content: bytes, pages: bytes
    ) -> list[tuple[Shown, tuple[WrittenFile, ...]]]:
        whole = read_plan_of(plan.numbers.technique, content)
        drawn, fonts = read_pages(pages), book_fonts(self._web_dist)
        found = []
        for shown in Shown:
            patient = disclosed(case.patient, Disclosure(shown.value))
            request = BookRequest(
                plan_sha256=plan.plan_sha256,
                written_at=self._clock.now().astimezone(self._zone),
                language=Language(plan.language),
                standing=Standing(plan.state.value),
                approval=_approval(plan, self._zone),
                case=_facts(case, patient, Language(plan.language)),
            )
            name = None if shown is Shown.FULL else patient.name or ""
            found.append((shown, book_files(whole, drawn, request, fonts=fonts, name_shown=name)))
        return found


async def stored(blobs: Blobs, file: WrittenFile, shown: Shown | None) -> PlanFile:
    """A file in the store of blobs."""
    suffix = PurePosixPath(file.name).suffix
    return PlanFile(
        name=file.name,
        media_type=_MEDIA_TYPES.get(suffix, "application/octet-stream"),
        sha256=await blobs.put(file.content),
        size_bytes=len(file.content),
        shown=shown,
    )


async def stored_copies(blobs: Blobs, file: WrittenFile, case: BookedCase) -> list[PlanFile]:
    """A file, or where it names the patient of the images, a copy for each disclosure."""
    if not file.name.endswith(".dcm"):
        return [await stored(blobs, file, None)]
    copies = []
    for shown in Shown:
        name = None if shown is Shown.FULL else disclosed(case.patient, Disclosure(shown.value)).name or ""
        content = await instance_as(file.content, decoded=False, name=name)
        copies.append(await stored(blobs, WrittenFile(file.name, content), shown))
    return copies


def _approval(plan: PlanRecord, zone: tzinfo) -> Approval | None:
    if plan.approved_by is None or plan.approved_at is None or plan.state.value != Standing.APPROVED.value:
        return None
    at = plan.approved_at.astimezone(zone)
    return Approval(_named(plan.approved_by, Language(plan.language)), f"{at:%Y-%m-%d %H:%M}")


def _named(person: PlanPerson, language: Language) -> str:
    return person.name if language is Language.ZH else person.name_en


def _facts(case: BookedCase, patient: PatientView, language: Language) -> CaseFacts:
    chinese = language is Language.ZH
    identifiers = tuple(
        (label, _SEXES[language][value] if isinstance(value, Sex) else str(value))
        for field, label in _IDENTIFIERS[language].items()
        if (value := getattr(patient, field)) is not None
    )
    return CaseFacts(
        case_number=case.number,
        patient=patient.name or "",
        identifiers=identifiers,
        inviting_hospital=case.inviting.name if chinese else case.inviting.name_en,
        expert_centre=case.invited.name if chinese else case.invited.name_en,
    )
