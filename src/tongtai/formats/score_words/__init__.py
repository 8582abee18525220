"""The computed scores in words of both languages, read from ``words.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tongtai.core.risk.score import Score

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreWords:
    """A score's name, formula and source in both languages."""

    name_zh: str
    name_en: str
    formula_zh: str
    formula_en: str
    source_zh: str
    source_en: str


def score_words(score: Score) -> ScoreWords:
    """What a score is called, how it is computed, and where that was published.

    Examples
    --------
    >>> from tongtai.core.risk.gates import bleeding_gate
    >>> words = score_words(bleeding_gate(platelets=None, inr=None))
    >>> words.formula_zh
    '血小板 < 50 × 10⁹/L 或 INR > 1.5 时不放行'
    """
    entry = _table()[score.name]
    # The limits are a house's own: they are read off the formula that was used.
    numbers = _NUMBER.findall(score.formula)
    longer = "fibrinogen" in score.formula
    formula = entry.get("with_fibrinogen" if longer else "formula", entry["formula"])
    return ScoreWords(
        name_zh=entry["zh"],
        name_en=entry["en"],
        formula_zh=formula.format(*numbers) if "{" in formula else formula,
        formula_en=score.formula,
        source_zh=entry["source"].format(source=score.source) if "{" in entry["source"] else entry["source"],
        source_en=score.source,
    )


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files(__name__) / "words.toml").read_text(encoding="utf-8"))
