"""The words of the documents in their languages."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tongtai.core.case_document import Language


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one language.

    Examples
    --------
    >>> Words("zh")("kind.opinion")
    '远程会诊意见书'
    >>> Words("en")("f.version", 2)
    'version 2'
    """

    language: Language

    def __call__(self, key: str, *values: object) -> str:
        """The words of a key, with values in the places ``{0}``, ``{1}`` and so on."""
        return _table()[key][self.language].format(*values)


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    text = files(__package__).joinpath("words.csv").read_text(encoding="utf-8")
    return {row["key"]: {"en": row["en"], "zh": row["zh"]} for row in csv.DictReader(text.splitlines())}
