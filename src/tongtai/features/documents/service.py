"""Use cases: make documents of a case, sign, withdraw, read and check them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from tongtai.core.case_document import CaseDocument, SignatureLine
from tongtai.core.clock import Clock
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.accounts.ports import UserStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView, Disclosure, Side, disclosed
from tongtai.features.cases.service import CaseAccess
from tongtai.features.documents.errors import (
    DocumentNotFoundError,
    DocumentNotYoursError,
    DocumentStateError,
)
from tongtai.features.documents.model import (
    KIND_RULES,
    Audience,
    CheckedFile,
    Document,
    DocumentAct,
    DocumentState,
    Signer,
    moved,
)
from tongtai.features.documents.ports import (
    Composer,
    Composition,
    DocumentOrder,
    DocumentStore,
    Press,
    Signatures,
)


@dataclass(frozen=True, slots=True)
class _Files:
    record_sha256: str
    draft_sha256: str
    pdf_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentService:
    """Documents of cases; ``zone`` is that of the times on them."""

    documents: DocumentStore
    composer: Composer
    press: Press
    signatures: Signatures
    access: CaseAccess
    users: UserStore
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]
    zone: tzinfo = UTC

    async def listed(self, principal: Principal, case_id: str) -> list[Document]:
        """The case's documents that this person may read, newest first."""
        view = await self.access.require(
            principal, case_id, Permission.DOCUMENT_READ, action=AuditAction.DOCUMENT_LISTED
        )
        return [each for each in await self.documents.of_case(case_id) if _readable(each, view)]

    async def waiting(self, principal: Principal) -> list[Document]:
        """Drafts that this person still has to sign, in cases that they know."""
        found = await self.documents.waiting_for(principal.user_id)
        among = {each.case_id for each in found}
        known = await self.access.ids(principal, Permission.DOCUMENT_READ, among)
        return [each for each in found if each.case_id in known]

    async def make(self, principal: Principal, case_id: str, order: DocumentOrder) -> Document:
        """Make a draft from what the product knows and what is asked.

        Raises
        ------
        DocumentNotYoursError
            If others make this kind.
        DocumentIncompleteError
            If something is missing for it.
        """
        view = await self.access.require(principal, case_id, Permission.DOCUMENT_WRITE, audited=False)
        self._check_maker(view, order)
        composed = await self.composer.compose(principal, view, order)
        signers = await self._signers(composed, view)
        same = [each for each in await self.documents.of_case(case_id) if each.kind is order.kind]
        document_id, version = self.new_id("doc"), 1 + max((each.version for each in same), default=0)
        at = self.clock.now().astimezone(self.zone)
        paper = _paper(view, order, composed, signers, document_id, version, at)
        files = await self._files(paper, composed)
        made = Document(
            id=document_id,
            case_id=case_id,
            kind=order.kind,
            subject=order.subject,
            version=version,
            language=order.language,
            service_type=composed.service_type,
            state=DocumentState.DRAFT,
            record_sha256=files.record_sha256,
            draft_sha256=files.draft_sha256,
            pdf_sha256=files.pdf_sha256,
            signers=signers,
            made_by=principal.user_id,
            made_at=paper.written_at,
        )
        await self.documents.add(made)
        self._note(principal, view, AuditAction.DOCUMENT_MADE, made)
        return made

    async def content(self, principal: Principal, case_id: str, document_id: str) -> tuple[Document, bytes]:
        """A document's PDF, for a person who may read it."""
        view, document = await self._opened(principal, case_id, document_id)
        self._note(principal, view, AuditAction.DOCUMENT_READ, document)
        return document, await self.press.fetch(document.shown_sha256)

    async def found(self, principal: Principal, case_id: str, document_id: str) -> None:
        """Refuse, as everywhere, whoever may not know of the document; nothing is shown."""
        await self._opened(principal, case_id, document_id)

    async def sign(self, principal: Principal, case_id: str, document_id: str, *, pin: str) -> Document:
        """Sign, as a person who has just proved again who they are; the last signature issues it.

        Raises
        ------
        DocumentNotYoursError
            If this person is not named on it.
        DocumentStateError
            If it is no draft any more, or somebody signed at the same moment.
        """
        view, document = await self._opened(principal, case_id, document_id)
        signer = document.open_signature(principal.user_id)
        unsigned = await self.press.fetch(document.pdf_sha256)
        signed = await self.signatures.sign(unsigned, signer, reason=signer.role.value, pin=pin)
        after = document.signed(
            signer,
            serial=signed.serial,
            at=self.clock.now(),
            pdf_sha256=await self.press.keep(signed.pdf),
        )
        await self._replace(after)
        self._note(principal, view, AuditAction.DOCUMENT_SIGNED, after)
        if after.state is DocumentState.ISSUED:
            for other in await self.documents.of_case(case_id):
                if after.replaces(other):
                    await self._replace(replace(other, state=moved(other.state, DocumentAct.SUPERSEDE)))
        return after

    async def withdraw(self, principal: Principal, case_id: str, document_id: str) -> Document:
        """Take a draft back; what was signed on it has no effect."""
        view, document = await self._opened(principal, case_id, document_id)
        if not KIND_RULES[document.kind].makers & view.roles:
            raise DocumentNotYoursError(document_id=document_id[:64])
        after = replace(document, state=moved(document.state, DocumentAct.WITHDRAW))
        await self._replace(after)
        self._note(principal, view, AuditAction.DOCUMENT_WITHDRAWN, after)
        return after

    async def check(self, content: bytes) -> CheckedFile:
        """What a file is worth: its signatures, its record, and whether this installation knows it."""
        found = await self.signatures.check(content)
        record_sha256 = await self.press.record_of(content)
        known = await self.documents.state_of_record(record_sha256) if record_sha256 else None
        return CheckedFile(
            signatures=found,
            record_sha256=record_sha256,
            known=known[0] if known else None,
            same_bytes=known is not None and known[1] == hashlib.sha256(content).hexdigest(),
        )

    async def _files(self, paper: CaseDocument, composed: Composition) -> _Files:
        bound = composed.bound
        if bound is not None:
            return _Files(bound.record_sha256, bound.pdf_sha256, bound.pdf_sha256)
        return _Files(
            record_sha256=paper.record_sha256(),
            draft_sha256=await self.press.keep(await self.press.typeset(replace(paper, draft=True))),
            pdf_sha256=await self.press.keep(await self.press.typeset(paper)),
        )

    def _check_maker(self, view: CaseView, order: DocumentOrder) -> None:
        rule = KIND_RULES[order.kind]
        if view.side is not rule.side or not rule.makers & view.roles:
            raise DocumentNotYoursError(kind=order.kind.value)

    async def _opened(
        self, principal: Principal, case_id: str, document_id: str
    ) -> tuple[CaseView, Document]:
        view = await self.access.require(principal, case_id, Permission.DOCUMENT_READ, audited=False)
        document = await self.documents.find(case_id, document_id)
        if document is None or not _readable(document, view):
            raise DocumentNotFoundError(document_id=document_id[:64])
        return view, document

    async def _signers(self, composed: Composition, view: CaseView) -> tuple[Signer, ...]:
        people = await self.users.find_many({user_id for user_id, _ in composed.signers})
        named = []
        for user_id, role in composed.signers:
            person = people[user_id]
            side = view.inviting if person.institution_id == view.inviting.id else view.invited
            named.append(
                Signer(
                    user_id=user_id,
                    role=role,
                    name=person.display_name,
                    name_en=person.display_name_en,
                    institution_id=person.institution_id,
                    institution=side.name,
                )
            )
        return tuple(named)

    async def _replace(self, document: Document) -> None:
        if not await self.documents.replace(document):
            raise DocumentStateError(document_id=document.id)

    def _note(self, principal: Principal, view: CaseView, action: AuditAction, document: Document) -> None:
        self.audit.record(
            principal.actor,
            action,
            case=view.case.reference,
            subject=document.id,
            kind=document.kind.value,
            record_sha256=document.record_sha256,
        )


def _readable(document: Document, view: CaseView) -> bool:
    return view.side is Side.SITE or KIND_RULES[document.kind].audience is Audience.BOTH


def _paper(
    view: CaseView,
    order: DocumentOrder,
    composed: Composition,
    signers: tuple[Signer, ...],
    document_id: str,
    version: int,
    at: datetime,
) -> CaseDocument:
    rule, english = KIND_RULES[order.kind], order.language == "en"
    inviting = view.inviting.name_en if english else view.inviting.name
    invited = view.invited.name_en if english else view.invited.name
    houses = {view.inviting.id: inviting, view.invited.id: invited}
    return CaseDocument(
        kind=order.kind,
        language=order.language,
        service_type=composed.service_type,
        document_id=document_id,
        version=version,
        case_number=view.case.number,
        hospital=inviting if rule.side is Side.SITE else invited,
        inviting=inviting,
        invited=invited,
        patient=_strip(view, order),
        sections=tuple(composed.sections),
        signers=tuple(
            SignatureLine(
                role=signer.role.value,
                name=signer.name_en if english else signer.name,
                institution=houses.get(signer.institution_id, signer.institution),
            )
            for signer in signers
        ),
        written_at=at,
        title=composed.title,
        by_hand=tuple(composed.by_hand),
    )


def _strip(view: CaseView, order: DocumentOrder) -> tuple[tuple[str, str], ...]:
    full = KIND_RULES[order.kind].audience is Audience.SITE
    seen = disclosed(view.case.patient, Disclosure.FULL if full else view.case.disclosure)
    values = {
        "patient": seen.name,
        "sex": seen.sex.value if seen.sex else None,
        "birth_date": seen.birth_date,
        "hospital_number": seen.hospital_number,
    }
    return tuple((name, value) for name, value in values.items() if value is not None)
