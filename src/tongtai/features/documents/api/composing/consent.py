"""知情同意书: what was explained, and who agreed; kept by the hospital's own side."""

from tongtai.core.case_document import Fields, Paragraph, Section
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.consents.model import Consent
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
    consent, words = max(mine, key=lambda each: each.number), Words(order.language)
    names = {each.id: each for each in await SqlInstitutions(sources.session).all()}
    recipients = [
        names[one].name_en if order.language == "en" else names[one].name
        for one in consent.recipients
        if one in names
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
    facts = Section(heading=words("consent.facts"), blocks=(Fields(rows=_facts(consent, recipients, words)),))
    signer = consent.explained_by
    return Composition(
        sections=(facts, *explained), signers=((signer, place_of(view, signer, Role.ATTENDING)),)
    )


def _facts(consent: Consent, recipients: list[str], words: Words) -> list[tuple[str, str]]:
    rows = [
        (words("consent.kind"), words(f"consent.{consent.kind.value}")),
        (words("consent.template"), consent.template),
        (words("consent.signer"), consent.signer_name),
        (words("consent.relation"), words(f"relation.{consent.relation.value}")),
        (words("consent.at"), f"{consent.signed_at:%Y-%m-%d %H:%M} UTC"),
        (words("consent.explained_by"), consent.explained_by_name),
        (words("consent.fee"), consent.fee_line),
        (words("consent.recipients"), ", ".join(recipients)),
        (words("consent.proxy"), consent.proxy_reason),
    ]
    if consent.withdrawn_at is not None:
        rows.append(
            (
                words("consent.withdrawn"),
                f"{consent.withdrawn_at:%Y-%m-%d %H:%M} UTC {consent.withdrawal_reason}".strip(),
            )
        )
    return [(name, value) for name, value in rows if value]
