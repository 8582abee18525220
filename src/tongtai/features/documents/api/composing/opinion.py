"""远程会诊意见书: what the named experts found and recommend, signed by each of them."""

from tongtai.core.case_document import Fields, Paragraph, Section, ServiceType
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.sources import Sources, place_of
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.opinions.model import Opinion, Part, lacks_of_text
from tongtai.features.opinions.sql import SqlOpinions


async def latest_opinion(view: CaseView, order: DocumentOrder, sources: Sources) -> Opinion:
    """The case's newest opinion, or the one that is asked for.

    Raises
    ------
    DocumentIncompleteError
        If there is none.
    """
    found = await SqlOpinions(sources.session).opinions(view.case.id)
    wanted = next((each for each in found if order.subject in {"", each.id}), None)
    if wanted is None:
        raise DocumentIncompleteError(kind=order.kind.value, missing=["opinion_missing"])
    return wanted


async def compose_opinion(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The parts of the opinion, in the order of its form.

    Raises
    ------
    DocumentIncompleteError
        If there is no opinion, a mandatory part is empty, or a named expert has left the team.
    """
    opinion, words = await latest_opinion(view, order, sources), sources.words(order.language)
    lacks = lacks_of_text(opinion)
    if lacks:
        raise DocumentIncompleteError(kind=order.kind.value, missing=sorted({each.code for each in lacks}))
    sections = [
        Section(heading=words(f"opinion.{part.value}"), blocks=(Paragraph(text=opinion.parts[part]),))
        for part in Part
        if opinion.parts.get(part, "").strip()
    ]
    sealed = [(words("opinion.sha256"), opinion.sha256)]
    if opinion.plan_sha256:
        sealed.append((words("opinion.plan"), opinion.plan_sha256))
    sections.append(Section(heading=words("h.sealed"), blocks=(Fields(rows=sealed),)))
    signers = [(user_id, place_of(view, user_id, Role.MDT_MEMBER)) for user_id in opinion.experts]
    service = ServiceType(opinion.service_type.value)
    if service is ServiceType.DIAGNOSIS:
        # Both sides answer for a diagnosis: both sign it.
        signers += [(m.user_id, m.role) for m in view.team if m.role is Role.ATTENDING]
    return Composition(sections=tuple(sections), signers=tuple(signers), service_type=service)
