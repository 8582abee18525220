"""多学科讨论记录: panel, lesions, options, votes with their reasons, and what was decided."""

from collections.abc import Sequence

from tongtai.core.case_document import Block, Fields, Listing, Section
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.sources import Sources, place_of
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.mdt.model import Conclusion, Lesion, Meeting
from tongtai.features.mdt.sql import SqlMeetings
from tongtai.formats.case_documents.words import Words


async def compose_mdt_record(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The minutes of the newest meeting that was concluded.

    Raises
    ------
    DocumentIncompleteError
        If none was.
    """
    meetings = await SqlMeetings(sources.session).of_case(view.case.id)
    held = [each for each in meetings if each.conclusion is not None and order.subject in {"", each.id}]
    if not held:
        raise DocumentIncompleteError(kind=order.kind.value, missing=["mdt_not_concluded"])
    meeting, words = max(held, key=lambda each: each.number), sources.words(order.language)
    voters = [vote.user_id for vote in meeting.votes]
    return Composition(
        sections=_sections(meeting, words, english=order.language == "en"),
        signers=tuple((user_id, place_of(view, user_id, Role.MDT_MEMBER)) for user_id in voters),
    )


def _sections(meeting: Meeting, words: Words, *, english: bool) -> tuple[Section, ...]:
    names = {one.user_id: one.name_en if english else one.name for one in meeting.panel}

    def listing(name: str, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Section:
        header = words(f"mdt.{name}_header").split("|")
        return Section(
            heading=words(f"mdt.{name}"), blocks=(Listing(header=header, rows=rows, widths=widths),)
        )

    panel = [
        (names[one.user_id], words(f"specialty.{one.specialty.value}"), one.title) for one in meeting.panel
    ]
    lesions = [_lesion(one, words) for one in meeting.lesions]
    options = [(words(f"treatment.{one.treatment.value}"), one.note) for one in meeting.options]
    votes = [
        (
            names.get(one.user_id, one.user_id),
            words(f"verdict.{one.verdict.value}"),
            one.reason,
            words.clock(one.at),
        )
        for one in meeting.votes
    ]
    return (
        listing("panel", panel, (1, 1, 1)),
        listing("lesions", lesions, (0.8, 0.6, 0.6, 2)),
        listing("options", options, (1, 3)),
        listing("votes", votes, (1, 1, 2.2, 0.5)),
        Section(heading=words("mdt.conclusion"), blocks=_concluded(meeting.conclusion, meeting, words)),
    )


def _lesion(one: Lesion, words: Words) -> tuple[str, str, str, str]:
    away = (f"{words.told('structure', name)} {mm:g} mm" for name, mm in one.distances_mm.items())
    return one.label, one.segment, f"{one.size_mm:g}", words("list").join(away) or "–"


def _concluded(done: Conclusion | None, meeting: Meeting, words: Words) -> tuple[Block, ...]:
    rows = [
        (words("mdt.material"), meeting.material_sha256),
        (words("mdt.dissent"), str(len(meeting.dissent))),
    ]
    if done is not None:
        rows = [
            (words("mdt.verdict"), words(f"verdict.{done.verdict.value}")),
            (words("mdt.at"), words.moment(done.decided_at)),
            *((words.told("detail", name), text) for name, text in done.details.items()),
            *rows,
        ]
    return (Fields(rows=rows),)
