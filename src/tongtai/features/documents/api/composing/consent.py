"""知情同意书: what was explained, and who agreed; kept by the hospital's own side."""

from tongtai.core.case_document import Fields, Paragraph, Section, SignatureLine
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.cases.model import CaseView
from tongtai.features.consents.model import Consent, Relation
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.documents.api.composing.sources import Sources, place_of
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.institutions.sql import SqlInstitutions
from tongtai.formats.case_documents.words import Words


async def compose_consent(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The newest consent of the kind that ``subject`` names (``surgery``, ``telemedicine`` …).

    Raises
    ------
    DocumentIncompleteError
        If none was signed.
    """
    found = await SqlConsents(sources.session).of_case(view.case.id)
    mine = [each for each in found if each.kind.value == order.subject]
    if not mine:
        raise DocumentIncompleteError(kind=order.kind.value, missing=["consent_missing"])
    consent, words = max(mine, key=lambda each: each.number), sources.words(order.language)
    english = order.language == "en"
    people = await SqlUsers(sources.session).find_many({consent.explained_by})
    known = people.get(consent.explained_by)
    explained_by = known.display_name_en if english and known is not None else consent.explained_by_name
    names = {each.id: each for each in await SqlInstitutions(sources.session).all()}
    recipients = [
        names[one].name_en if english else names[one].name for one in consent.recipients if one in names
    ]
    explained = [
        Section(heading=words(f"consent.{name}"), blocks=(Paragraph(text=text),))
        for name, text in (
            ("text", consent.text),
            ("risks", consent.risks),
            ("alternatives", consent.alternatives),
        )
        if text.strip()
    ]
    facts = Section(
        heading=words("consent.facts"),
        blocks=(Fields(rows=_facts(consent, recipients, words, explained_by)),),
    )
    signer = consent.explained_by
    return Composition(
        sections=(facts, *explained),
        signers=((signer, place_of(view, signer, Role.ATTENDING)),),
        title=words(f"title.{consent.kind.value}"),
        by_hand=(_by_hand(consent, words),),
    )


def _by_hand(consent: Consent, words: Words) -> SignatureLine:
    """Room for the hand of who consents, with a pen: they have no account to sign with."""
    role = "patient" if consent.relation is Relation.PATIENT else "proxy"
    relation = words(f"relation.{consent.relation.value}")
    return SignatureLine(role=role, name=consent.signer_name, institution=relation)


def _facts(consent: Consent, recipients: list[str], words: Words, explained_by: str) -> list[tuple[str, str]]:
    rows = [
        (words("consent.kind"), words(f"consent.{consent.kind.value}")),
        (words("consent.template"), consent.template),
        (words("consent.signer"), consent.signer_name),
        (words("consent.relation"), words(f"relation.{consent.relation.value}")),
        (words("consent.at"), words.moment(consent.signed_at)),
        (words("consent.explained_by"), explained_by),
        (words("consent.fee"), consent.fee_line),
        (words("consent.recipients"), words("list").join(recipients)),
        (words("consent.proxy"), consent.proxy_reason),
    ]
    if consent.withdrawn_at is not None:
        rows.append(
            (
                words("consent.withdrawn"),
                f"{words.moment(consent.withdrawn_at)} {consent.withdrawal_reason}".strip(),
            )
        )
    return [(name, value) for name, value in rows if value]
