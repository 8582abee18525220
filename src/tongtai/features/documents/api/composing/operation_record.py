"""手术记录: what was done at the table, from the log, beside what had been planned; signed by the operator."""

from collections.abc import Iterable, Mapping, Sequence

from tongtai.core.case_document import Block, Fields, Listing, Paragraph, Section
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.sources import Sources, team_signers
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.guidance.api.export import exported, operation_of
from tongtai.features.guidance.model.operation import EnergyRow, NeedleRow, OperationRecord
from tongtai.features.guidance.schemas.report import english_names, report_of
from tongtai.formats.case_documents.words import Words

_STEP_WIDTHS = (0.7, 1.0, 1.0, 1.7)
_NEEDLE_WIDTHS = (0.8, 1.0, 1.0, 1.0, 0.7, 1.2, 0.7)
_ENERGY_WIDTHS = (0.8, 0.6, 1.2, 1.2, 0.9, 1.4)
_DEVICE_WIDTHS = (1.2, 1.2, 2.2, 0.9, 1.1)
_PEOPLE_WIDTHS = (1.2, 1.0, 1.0)
_TABLE_WIDTHS = (0.9, 1.0, 3.2, 1.0)
_AT_THE_TABLE = (
    Role.OPERATOR,
    Role.ATTENDING,
    Role.ANAESTHETIST,
    Role.NURSE,
    Role.TECHNICIAN,
    Role.LEAD_GUIDE,
    Role.BACKUP_GUIDE,
)


async def compose_operation_record(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The record of an operation whose session has ended.

    Raises
    ------
    DocumentIncompleteError
        If there was no session or it has not ended.
    """
    export = await exported(view, sources.container)
    if export.state.opened_ms is None or export.state.closed_ms is None:
        raise DocumentIncompleteError(kind=order.kind.value, missing=["session_ended"])
    record, intact = await operation_of(view.case.id, sources.container, sources.session)
    words = sources.words(order.language)
    report = report_of(export, order.language, words.zone)
    labels = report["labels"]
    names = english_names(export) if order.language == "en" else {}
    steps = Listing(
        header=labels["steps_header"].split("|"),
        rows=[list(row) for row in report["steps"]],
        widths=_STEP_WIDTHS,
    )
    seal = "operation.intact" if intact else "operation.broken"
    sections = (
        Section(
            heading=words("operation.summary"), blocks=(Fields(rows=[(n, v) for n, v in report["session"]]),)
        ),
        Section(heading=labels["people"], blocks=(_people(view, words),)),
        Section(heading=labels["steps"], blocks=(steps,)),
        Section(heading=words("operation.needles"), blocks=(_needles(record.needles, words, names),)),
        Section(heading=words("operation.energy"), blocks=(_energy(record.energy, words),)),
        Section(heading=words("operation.table"), blocks=(_table(report["table"], words),)),
        Section(heading=words("operation.result"), blocks=(_result(record, words),)),
        Section(heading=words("operation.devices"), blocks=(_devices(record, words),)),
        Section(heading=labels["seal"], blocks=(Paragraph(text=words(seal)),)),
    )
    return Composition(sections=sections, signers=team_signers(view, Role.OPERATOR))


def _told(value: float | str | bool | None, words: Words, unit: str = "") -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return words("yes" if value else "no")
    # A tenth of the unit is what is measured; more digits would only seem so.
    return f"{round(value, 1):g} {unit}".rstrip() if isinstance(value, float | int) else value


def _listing(words: Words, header: str, rows: Iterable[Sequence[str]], widths: Sequence[float]) -> Block:
    listed = [list(row) for row in rows]
    if not listed:
        return Paragraph(text=words("t.empty"))
    return Listing(header=words(header).split("|"), rows=listed, widths=widths)


def _people(view: CaseView, words: Words) -> Block:
    """Who was at the table and who guided; the record's other readers have no part in the operation."""
    members = sorted(
        (one for one in view.team if one.role in _AT_THE_TABLE), key=lambda one: _AT_THE_TABLE.index(one.role)
    )
    english = words.language == "en"
    rows = (
        (
            one.display_name_en if english else one.display_name,
            words(f"role.{one.role.value}"),
            words(f"side.{one.side.value}"),
        )
        for one in members
    )
    return _listing(words, "operation.people_header", rows, _PEOPLE_WIDTHS)


def _table(rows: Sequence[Sequence[str]], words: Words) -> Block:
    told = ((time, what, particulars, who) for _, time, what, who, particulars in rows)
    return _listing(words, "operation.table_header", told, _TABLE_WIDTHS)


def _needles(rows: Sequence[NeedleRow], words: Words, names: Mapping[str, str]) -> Block:
    cells = (
        (
            row.needle_id,
            _told(row.planned_depth_mm, words, "mm"),
            _told(row.done_depth_mm, words, "mm"),
            _told(row.deviation_mm, words, "mm"),
            str(row.punctures),
            " / ".join(names.get(name, name) for name in (row.confirmed_by, row.guide) if name) or "–",
            _told(row.intact, words),
        )
        for row in rows
    )
    return _listing(words, "operation.needles_header", cells, _NEEDLE_WIDTHS)


def _energy(rows: Sequence[EnergyRow], words: Words) -> Block:
    def pair(watt: float | None, seconds: float | None) -> str:
        if watt is None and seconds is None:
            return "–"
        return f"{_told(watt, words, 'W')} · {_told(seconds, words, 's')}"

    cells = (
        (
            row.needle_id,
            "–" if row.position is None else str(row.position),
            pair(row.planned_power_w, row.planned_s),
            pair(row.power_w, row.time_s),
            _told(row.energy_kj, words, "kJ"),
            words.told("stop", row.stop_reason) if row.stop_reason else "–",
        )
        for row in rows
    )
    return _listing(words, "operation.energy_header", cells, _ENERGY_WIDTHS)


def _result(record: OperationRecord, words: Words) -> Fields:
    margin, seeds = record.margin, record.seeds
    rows = [
        (words("operation.margin_planned"), _told(margin.planned_mm, words, "mm")),
        (words("operation.margin_done"), _told(margin.done_mm, words, "mm")),
        (words("operation.residual"), _told(margin.residual, words)),
        (words("operation.advice"), str(record.advice_sum.given)),
    ]
    if seeds.issued or seeds.dropped:
        left = "–" if seeds.left is None else str(seeds.left)
        rows.append((words("operation.seeds"), f"{seeds.issued} / {seeds.dropped} / {left}"))
        rows.append((words("operation.seeds_agree"), _told(record.seeds_agree, words)))
    if record.plan is not None:
        rows.append((words("operation.plan"), record.plan.sha256))
        rows.append((words("operation.plan_differs"), words("yes" if record.plan_differs else "no")))
    return Fields(rows=rows)


def _devices(record: OperationRecord, words: Words) -> Block:
    cells = ((one.name, one.model, one.udi, one.lot, one.expires_on or "–") for one in record.devices)
    return _listing(words, "operation.devices_header", cells, _DEVICE_WIDTHS)
