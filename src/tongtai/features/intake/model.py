"""The material of a case: answers to the form, attachments, and what an import has done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from tongtai.core.intake.completeness import Completeness
from tongtai.core.intake.form import Answer
from tongtai.core.risk.score import Score
from tongtai.features.cases.model import Sex

# What scores ask of a patient's sex; unknown for any other.
FEMALE: Mapping[Sex, bool] = MappingProxyType({Sex.FEMALE: True, Sex.MALE: False})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An answer, by whom and from where: typed in, a CSV file, a FHIR Bundle."""

    answer: Answer
    entered_by: str
    entered_at: datetime
    origin: str = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a case."""

    id: str
    case_id: str
    item: str
    name: str
    media_type: str
    sha256: str
    size_bytes: int
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything that was answered for a case. ``version`` 0: nobody has saved anything."""

    case_id: str
    version: int = 0
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers alone."""
        return {key: entry.answer for key, entry in self.entries.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMaterial:
    """The material, judged as of today and as of the operation's day."""

    material: Material
    attachments: tuple[Attachment, ...]
    today: Completeness
    at_operation: Completeness
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    """What became of a result: ``taken``, ``older`` than what is there, ``unknown`` or ``refused``."""

    system: str
    code: str
    value: str
    unit: str
    outcome: str
    item: str = ""
    reason: str = ""
