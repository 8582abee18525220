"""邀请方诊疗决定: what the inviting hospital decides, with reference to one opinion."""

from tongtai.core.case_document import Fields, Paragraph, Section, ServiceType
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.opinion import latest_opinion
from tongtai.features.documents.api.composing.sources import Sources, place_of
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.opinions.model import lacks_of_decision
from tongtai.features.opinions.sql import SqlOpinions


async def compose_decision(
    principal: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The newest decision.

    Raises
    ------
    DocumentIncompleteError
        If there is none, or the opinion that it is about reads differently now.
    """
    store, words = SqlOpinions(sources.session), sources.words(order.language)
    decision = next(iter(await store.decisions(view.case.id)), None)
    opinion = await latest_opinion(view, order, sources)
    lacks = lacks_of_decision(decision, await store.opinions(view.case.id))
    if decision is None or lacks:
        raise DocumentIncompleteError(kind=order.kind.value, missing=sorted({each.code for each in lacks}))
    rows = [
        (words("decision.outcome"), words(f"decision.{decision.outcome.value}")),
        (words("decision.operates"), words("yes" if decision.operates else "no")),
        (words("decision.at"), words.moment(decision.decided_at)),
        (words("decision.opinion"), decision.opinion_sha256),
    ]
    sections = (
        Section(heading=words("kind.decision"), blocks=(Fields(rows=rows),)),
        Section(heading=words("decision.reason"), blocks=(Paragraph(text=decision.reason),)),
    )
    signer = decision.signature.user_id if decision.signature else principal.user_id
    return Composition(
        sections=sections,
        signers=((signer, place_of(view, signer, Role.ATTENDING)),),
        service_type=ServiceType(opinion.service_type.value),
    )
