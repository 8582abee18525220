"""What the material of a case looks like on the wire."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tongtai.core.intake.completeness import Completeness, Gap
from tongtai.core.intake.form import Form, Gate, Item, ItemKind, Level
from tongtai.core.intake.imaging import ImagingCheck
from tongtai.core.lacks import Lack
from tongtai.core.risk.score import Score
from tongtai.features.agreements.schemas import LackOut
from tongtai.features.intake.model import ImportedLine, JudgedMaterial
from tongtai.features.intake.service import GivenAnswer
from tongtai.formats.score_words import score_words

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
_Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 1, 1))]
_Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class ItemOut(BaseModel):
    """One item of the form."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    group: str
    kind: ItemKind
    zh: str
    en: str
    level: Level
    gate: Gate
    unit: str
    units: dict[str, float]
    low: float | None
    high: float | None
    fresh_days: int | None
    choices: list[str]
    codes: dict[str, str]
    techniques: list[str]
    source: str

    @classmethod
    def of(cls, item: Item) -> Self:
        """From the model."""
        plain = {name: getattr(item, name) for name in cls.model_fields}
        return cls(
            **plain
            | {
                "choices": list(item.choices),
                "techniques": sorted(item.techniques),
                "units": dict(item.units),
                "codes": dict(item.codes),
            }
        )


class NamedOut(BaseModel):
    """What a group or a choice is called."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    zh: str
    en: str


class FormOut(BaseModel):
    """The form: pages are made of it. A choice that is not in ``words`` stands for itself."""

    version: str
    items: list[ItemOut]
    groups: list[NamedOut]
    words: list[NamedOut]

    @classmethod
    def of(cls, form: Form) -> Self:
        """From the model."""
        return cls(
            version=form.version,
            items=[ItemOut.of(item) for item in form.items.values()],
            groups=[NamedOut.model_validate(one) for one in form.groups],
            words=[NamedOut.model_validate(one) for one in form.words],
        )


class AnswerIn(BaseModel):
    """An answer; ``value`` null takes it away. A number may be given in any unit of its item."""

    value: float | _Text | Annotated[list[_Text], Field(max_length=100)] | None
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)] = ""
    observed_on: _Day | None = None
    confirmed: bool = False

    def model(self) -> GivenAnswer:
        """To the model."""
        return GivenAnswer(
            value=self.value, unit=self.unit, observed_on=self.observed_on, confirmed=self.confirmed
        )


class AnswersIn(BaseModel):
    """Some answers, by who has seen ``version``."""

    version: _Version
    answers: Annotated[dict[_Key, AnswerIn], Field(max_length=200)]


class AnswerOut(BaseModel):
    value: float | str | list[str]
    unit: str
    given_value: str
    given_unit: str
    observed_on: date | None
    confirmed: bool
    origin: str
    entered_by: str
    entered_at: datetime


class AttachmentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    item: str
    name: str
    media_type: str
    sha256: str
    size_bytes: int
    added_by: str
    added_at: datetime


class GapOut(LackOut):
    """An item that is not in order, and whether it keeps its gate shut."""

    item: str
    gate: Gate
    blocks: bool

    @classmethod
    def of(cls, gap: Gap) -> Self:
        """From the model."""
        return cls(
            code=gap.lack.code,
            values=dict(gap.lack.values),
            item=gap.item.key,
            gate=gap.item.gate,
            blocks=gap.blocks,
        )


class CompletenessOut(BaseModel):
    """``present`` of ``total``, and what is not in order."""

    present: int
    total: int
    gaps: list[GapOut]
    rules: list[LackOut]

    @classmethod
    def of(cls, found: Completeness) -> Self:
        """From the model."""
        return cls(
            present=found.present,
            total=found.total,
            gaps=[GapOut.of(gap) for gap in found.gaps],
            rules=_lacks(found.rules),
        )


class ScoreInputOut(BaseModel):
    """An input, as it was given and as it stands in the formula."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    given: float | str | bool
    given_unit: str
    used: float | str | bool
    used_unit: str
    points: int | None
    note: str | None


class ScoreOut(BaseModel):
    """A computed score with everything that is needed to check it by hand, in both languages."""

    name: str
    value: float | None
    grade: str | None
    inputs: list[ScoreInputOut]
    formula: str
    formula_zh: str
    source: str
    source_zh: str
    missing: list[str]
    notes: list[str]

    @classmethod
    def of(cls, score: Score) -> Self:
        """From the model."""
        words = score_words(score)
        return cls(
            name=score.name,
            value=score.value,
            grade=score.grade,
            inputs=[ScoreInputOut.model_validate(one) for one in score.inputs],
            formula=words.formula_en,
            formula_zh=words.formula_zh,
            source=words.source_en,
            source_zh=words.source_zh,
            missing=list(score.missing),
            notes=list(score.notes),
        )


class IntakeOut(BaseModel):
    """The material of a case, judged as of today and of the operation's day, and the scores of it."""

    version: int
    answers: dict[str, AnswerOut]
    attachments: list[AttachmentOut]
    today: CompletenessOut
    at_operation: CompletenessOut
    scores: list[ScoreOut]

    @classmethod
    def of(cls, seen: JudgedMaterial, form: Form) -> Self:
        """From the model."""
        answers = {}
        for key, entry in seen.material.entries.items():
            answer = entry.answer
            value = list(answer.value) if isinstance(answer.value, tuple) else answer.value
            answers[key] = AnswerOut(
                value=value,
                unit=form.items[key].unit if key in form.items else "",
                given_value=answer.given_value,
                given_unit=answer.given_unit,
                observed_on=answer.observed_on,
                confirmed=answer.confirmed,
                origin=entry.origin,
                entered_by=entry.entered_by,
                entered_at=entry.entered_at,
            )
        return cls(
            version=seen.material.version,
            answers=answers,
            attachments=[AttachmentOut.model_validate(one) for one in seen.attachments],
            today=CompletenessOut.of(seen.today),
            at_operation=CompletenessOut.of(seen.at_operation),
            scores=[ScoreOut.of(one) for one in seen.scores],
        )


class ImportedLineOut(BaseModel):
    """What became of a result: ``taken``, ``older``, ``unknown`` or ``refused``."""

    model_config = ConfigDict(from_attributes=True)

    system: str
    code: str
    value: str
    unit: str
    outcome: str
    item: str
    reason: str

    @classmethod
    def of(cls, line: ImportedLine) -> Self:
        """From the model."""
        return cls.model_validate(line)


class ImportOut(BaseModel):
    """Every line of an import, and the material after it."""

    lines: list[ImportedLineOut]
    intake: IntakeOut


class SeriesCheckOut(BaseModel):
    """A series against the list."""

    series_uid: str
    modality: str
    phase: str
    study_date: date | None
    thickness_mm: float | None
    lossy: bool
    images: int
    blocks: list[LackOut]
    warns: list[LackOut]


class ImagingCheckOut(BaseModel):
    """Whether the images fulfil the list, series by series."""

    complete: bool
    lacks: list[LackOut]
    series: list[SeriesCheckOut]

    @classmethod
    def of(cls, check: ImagingCheck) -> Self:
        """From the model."""
        return cls(
            complete=not check.lacks,
            lacks=_lacks(check.lacks),
            series=[
                SeriesCheckOut(
                    **{
                        name: getattr(one.facts, name)
                        for name in SeriesCheckOut.model_fields
                        if name not in {"blocks", "warns"}
                    },
                    blocks=_lacks(one.blocks),
                    warns=_lacks(one.warns),
                )
                for one in check.series
            ],
        )


def _lacks(found: tuple[Lack, ...]) -> list[LackOut]:
    return [LackOut.model_validate(one) for one in found]
