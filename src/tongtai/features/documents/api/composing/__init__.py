"""What each kind of document says: one composer a kind, each asking the part of the product that knows."""

from collections.abc import Awaitable, Callable, Mapping

from tongtai.core.case_document import DocumentKind
from tongtai.features.accounts.model import Principal
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.consent import compose_consent
from tongtai.features.documents.api.composing.decision import compose_decision
from tongtai.features.documents.api.composing.follow_up import compose_follow_up
from tongtai.features.documents.api.composing.guidance_record import compose_guidance_record
from tongtai.features.documents.api.composing.mdt_record import compose_mdt_record
from tongtai.features.documents.api.composing.operation_record import compose_operation_record
from tongtai.features.documents.api.composing.opinion import compose_opinion
from tongtai.features.documents.api.composing.plan_book import compose_plan_book
from tongtai.features.documents.api.composing.referral import compose_referral
from tongtai.features.documents.api.composing.safety_checklist import compose_safety_checklist
from tongtai.features.documents.api.composing.sources import Sources
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder

ComposeOne = Callable[[Principal, CaseView, DocumentOrder, Sources], Awaitable[Composition]]
COMPOSERS: Mapping[DocumentKind, ComposeOne] = {
    DocumentKind.CONSENT: compose_consent,
    DocumentKind.MDT_RECORD: compose_mdt_record,
    DocumentKind.OPINION: compose_opinion,
    DocumentKind.DECISION: compose_decision,
    DocumentKind.SAFETY_CHECKLIST: compose_safety_checklist,
    DocumentKind.GUIDANCE_RECORD: compose_guidance_record,
    DocumentKind.PLAN_BOOK: compose_plan_book,
    DocumentKind.REFERRAL: compose_referral,
    DocumentKind.OPERATION_RECORD: compose_operation_record,
    DocumentKind.FOLLOW_UP: compose_follow_up,
}


class ComposerTable:
    """The composers of all kinds, within one request."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def compose(self, principal: Principal, view: CaseView, order: DocumentOrder) -> Composition:
        """What a document says and who signs it.

        Raises
        ------
        DocumentIncompleteError
            If something is missing for it.
        """
        compose = COMPOSERS.get(order.kind)
        if compose is None:
            raise DocumentIncompleteError(kind=order.kind.value, missing=["composer"])
        return await compose(principal, view, order, self._sources)


__all__ = ["COMPOSERS", "ComposerTable", "Sources"]
