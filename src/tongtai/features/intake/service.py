"""Use cases of intake: save drafts, import results, attach files, say what is missing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from tongtai.core.clock import Clock
from tongtai.core.errors import TongtaiError
from tongtai.core.intake.completeness import completeness
from tongtai.core.intake.form import Answer, Form, Item, ItemKind, checked
from tongtai.core.intake.imaging import ImagingCheck, check_imaging
from tongtai.core.intake.scores import scores_of
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import Case, CaseView, Disclosure, Side
from tongtai.features.cases.service import CaseAccess
from tongtai.features.intake.errors import AttachmentNotFoundError, IntakeChangedError
from tongtai.features.intake.model import (
    FEMALE,
    Attachment,
    Entry,
    ImportedLine,
    JudgedMaterial,
    Material,
)
from tongtai.features.intake.ports import (
    AttachmentChecker,
    ContentStore,
    IntakeStore,
    SeriesReader,
)

# What ages but has no sample's or examination's date of its own is as old as its writing.
# Telephone, document and kin: the invited side sees them only where it sees the patient.
_IDENTITY = "identity"
_DATED_BY_WRITING = frozenset({ItemKind.TEXT, ItemKind.CHOICE, ItemKind.YES_NO, ItemKind.LIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """An answer as it was sent; ``value`` None takes the answer away."""

    value: object
    unit: str = ""
    observed_on: date | None = None
    confirmed: bool = False


class Result(Protocol):
    """A result that another system wrote."""

    @property
    def system(self) -> str:
        """Whose code it is."""
        ...

    @property
    def code(self) -> str:
        """The code."""
        ...

    @property
    def value(self) -> str:
        """The value as written."""
        ...

    @property
    def unit(self) -> str:
        """The unit as written."""
        ...

    @property
    def observed_on(self) -> date | None:
        """The day of the sample."""
        ...


def judged(
    form: Form, material: Material, attachments: Iterable[Attachment], case: Case, today: date
) -> JudgedMaterial:
    """The material as of today and of the operation's day; a file answers its item."""
    files = tuple(attachments)
    answers = material.answers
    for item in form.items.values():
        mine = [file for file in files if file.item == item.key]
        if item.kind is ItemKind.FILE and mine:
            known = answers.get(item.key)
            on = known.observed_on if known else max(file.added_at for file in mine).date()
            answers[item.key] = Answer(value=tuple(file.id for file in mine), observed_on=on)
    technique = case.technique.value
    operation = max(today, case.scheduled_at.date())
    return JudgedMaterial(
        material=material,
        attachments=files,
        today=completeness(form, answers, technique=technique, on=today),
        at_operation=completeness(form, answers, technique=technique, on=operation),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeService:
    """The material of a case."""

    form: Form
    store: IntakeStore
    series: SeriesReader
    content: ContentStore
    media_type: AttachmentChecker
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def look(self, principal: Principal, case_id: str) -> JudgedMaterial:
        """The material with everything that is missing."""
        view = await self.access.require(
            principal, case_id, Permission.CASE_READ, action=AuditAction.INTAKE_READ
        )
        return await self._judged(view)

    async def save(
        self, principal: Principal, case_id: str, answers: Mapping[str, GivenAnswer], *, version: int
    ) -> JudgedMaterial:
        """Save some answers: a draft may have gaps, but no wrong unit and no wrong kind.

        Raises
        ------
        IntakeError
            If an answer cannot be taken; nothing is saved then.
        IntakeChangedError
            If somebody was quicker.
        """
        view = await self.access.require(
            principal, case_id, Permission.INTAKE_WRITE, action=AuditAction.INTAKE_CHANGED, changes=True
        )
        entries = {
            key: self._entry(principal, self.form.item(key), given, "form") for key, given in answers.items()
        }
        await self._save(case_id, entries, version)
        return await self._judged(view)

    async def take_results(
        self, principal: Principal, case_id: str, results: Iterable[Result], *, version: int, origin: str
    ) -> tuple[JudgedMaterial, tuple[ImportedLine, ...]]:
        """Take laboratory results; the newest of each item counts, and each line is answered for."""
        view = await self.access.require(
            principal, case_id, Permission.INTAKE_WRITE, action=AuditAction.INTAKE_CHANGED, changes=True
        )
        known = (await self.store.material(case_id)).answers
        taken: dict[str, Entry | None] = {}
        lines = []
        for result in results:
            line, entry = self._imported(principal, result, known, origin)
            lines.append(line)
            if entry is not None:
                taken[line.item] = entry
                known[line.item] = entry.answer
        if taken:
            await self._save(case_id, taken, version)
        return await self._judged(view), tuple(lines)

    async def attach(
        self, principal: Principal, case_id: str, *, item: str, name: str, content: bytes
    ) -> JudgedMaterial:
        """Add a file to an item of the form, once its content has been looked at."""
        view = await self.access.require(
            principal, case_id, Permission.INTAKE_WRITE, action=AuditAction.INTAKE_CHANGED, changes=True
        )
        self.form.item(item)
        media_type = self.media_type(content)
        attachment = Attachment(
            id=self.new_id("att"),
            case_id=case_id,
            item=item,
            name=name,
            media_type=media_type,
            sha256=await self.content.put(content),
            size_bytes=len(content),
            added_by=principal.user_id,
            added_at=self.clock.now(),
        )
        await self.store.add_attachment(attachment)
        return await self._judged(view)

    async def attachment(self, principal: Principal, case_id: str, attachment_id: str) -> Attachment:
        """One file of a case."""
        await self.access.require(principal, case_id, Permission.CASE_READ, action=AuditAction.INTAKE_READ)
        for found in await self.store.attachments(case_id):
            if found.id == attachment_id:
                return found
        raise AttachmentNotFoundError(attachment_id=attachment_id[:64])

    async def images(self, principal: Principal, case_id: str) -> ImagingCheck:
        """Whether the images that were sent fulfil the list, as of the operation's day."""
        view = await self.access.require(principal, case_id, Permission.IMAGING_READ)
        on = max(self.clock.now(), view.case.scheduled_at).date()
        return check_imaging(await self.series.facts(case_id), on)

    async def _judged(self, view: CaseView) -> JudgedMaterial:
        case = view.case
        seen = judged(
            self.form,
            await self.store.material(case.id),
            await self.store.attachments(case.id),
            case,
            self.clock.now().date(),
        )
        answers = {key: answer.value for key, answer in seen.material.answers.items()}
        scores = scores_of(answers, female=FEMALE.get(case.patient.sex))
        seen = replace(seen, scores=scores)
        if view.side is Side.SITE or case.disclosure is Disclosure.FULL:
            return seen
        hidden = {item.key for item in self.form.items.values() if item.group == _IDENTITY}
        entries = {key: one for key, one in seen.material.entries.items() if key not in hidden}
        if case.disclosure is Disclosure.NONE:
            # MELD 3.0 says the patient's sex.
            scores = tuple(score for score in scores if score.name != "meld_3")
        return replace(seen, material=replace(seen.material, entries=entries), scores=scores)

    async def _save(self, case_id: str, entries: dict[str, Entry | None], version: int) -> None:
        if not await self.store.save(case_id, entries, version=version):
            raise IntakeChangedError(case_id=case_id)

    def _entry(self, principal: Principal, item: Item, given: GivenAnswer, origin: str) -> Entry | None:
        if given.value is None:
            return None
        on = given.observed_on
        if on is None and item.kind in _DATED_BY_WRITING:
            on = self.clock.now().date()
        answer = checked(item, given.value, unit=given.unit, observed_on=on, confirmed=given.confirmed)
        return Entry(
            answer=answer,
            entered_by=principal.user_id,
            entered_at=self.clock.now(),
            origin=origin,
        )

    def _imported(
        self, principal: Principal, result: Result, known: Mapping[str, Answer], origin: str
    ) -> tuple[ImportedLine, Entry | None]:
        item = (
            self.form.items.get(result.code)
            if result.system == "item"
            else self.form.coded(result.system, result.code)
        )
        line = {
            "system": result.system,
            "code": result.code,
            "value": result.value[:64],
            "unit": result.unit[:32],
        }
        if item is None:
            return ImportedLine(**line, outcome="unknown"), None
        before = known.get(item.key)
        dated = before is not None and before.observed_on is not None and result.observed_on is not None
        if dated and before.observed_on > result.observed_on:  # type: ignore[union-attr,operator]  # dated
            return ImportedLine(**line, outcome="older", item=item.key), None
        given = GivenAnswer(value=result.value, unit=result.unit, observed_on=result.observed_on)
        try:
            entry = self._entry(principal, item, given, origin)
        except TongtaiError as refusal:
            return ImportedLine(**line, outcome="refused", item=item.key, reason=refusal.code), None
        return ImportedLine(**line, outcome="taken", item=item.key), entry
