"""Each computed score has its formula and its source in both languages, with the same numbers."""

import re

import pytest

from tongtai.core.intake.scores import scores_of
from tongtai.core.risk.score import Score
from tongtai.formats.score_words import score_words

SCORES = scores_of({}, female=True)
# Published limits and coefficients; a sign before a number is the text's own (a range is written with it).
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.parametrize("score", SCORES, ids=[score.name for score in SCORES])
def test_the_chinese_formula_has_the_numbers_of_the_english_one(score: Score):
    words = score_words(score)
    assert re.search("[\u4e00-\u9fff]", words.formula_zh), words
    english, chinese = (_said(text) for text in (words.formula_en, words.formula_zh))
    assert english <= chinese, english - chinese
    assert chinese - english <= {"0", "9"}, "the power of ten of platelets, and nothing else"


def _said(text: str) -> set[str]:
    plain = text.replace("10^9", "").replace("10⁹", "").replace("log10", "")
    return set(_NUMBERS.findall(plain))


def test_every_score_of_the_form_has_its_words():
    assert {score.name for score in SCORES} >= {
        "child_pugh", "albi", "malbi", "meld", "meld_na", "meld_3", "bclc", "cnlc",
    }  # fmt: skip
    for score in SCORES:
        words = score_words(score)
        assert words.source_zh
        # Year and pages of the paper are the same in both.
        for number in re.findall(r"\d{4}(?=;)", words.source_en):
            assert number in words.source_zh
