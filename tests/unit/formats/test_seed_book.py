"""The book of a plan of seeds: what a physicist and the ward read of it, in both languages."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from tests.support.pdf_archive import archive_faults
from tests.support.pdf_text import pdf_text
from tests.support.seed_plans import seeded

from tongtai.core.planning.plan import Warned
from tongtai.core.seed_planning.found import Hindrance
from tongtai.core.seed_planning.goals import GoalJudged, Quantity
from tongtai.core.seed_planning.hindrances import _told
from tongtai.core.seed_planning.plan import SeedOutcome
from tongtai.formats.plan_book import BookRequest, Language, typeset
from tongtai.formats.plan_book import pictures as pictures_module
from tongtai.formats.plan_book.drawn import drawn_bytes, read_drawn
from tongtai.formats.plan_book.scene import plan_parts
from tongtai.formats.plan_book.seed_book import compose_seed_book
from tongtai.formats.plan_book.seed_drawing import draw_seed_book
from tongtai.formats.plan_book.seed_figures import seed_scene, slice_figure, slice_offsets_mm
from tongtai.formats.plan_book.words import Words, number, percent, plain, words_for
from tongtai.formats.seed_knowledge import seed_cases_checked

FONTS = Path(__file__).parents[3] / "web/node_modules/@expo-google-fonts/noto-sans-sc"
WRITTEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SHA = "c0ffee" + "0" * 58
needs_fonts = pytest.mark.skipif(
    not FONTS.exists(), reason="no Noto Sans SC: web/node_modules is not installed (make build)"
)


def _no_graphics(_parts, _needles, _view, _seeds=()):
    raise RuntimeError("no graphics here")


@pytest.fixture(params=list(Language), ids=[one.value for one in Language])
def language(request):
    return request.param


def composed(monkeypatch, language, result=None):
    """A book without the 3-D picture, put away and read back."""
    monkeypatch.setattr(pictures_module, "scene_picture", _no_graphics)
    found = result or seeded()
    drawn = read_drawn(drawn_bytes(draw_seed_book(found, language, parts=())))
    request = BookRequest(plan_sha256=SHA, written_at=WRITTEN, language=language)
    return compose_seed_book(found.plan, drawn, request)


@needs_fonts
def test_the_pdf_holds_what_is_implanted_ordered_and_told(monkeypatch, language):
    plan = seeded().plan
    content = typeset(composed(monkeypatch, language), fonts=FONTS)
    text = pdf_text(content)
    assert archive_faults(content) == []
    for needle in plan.needles:
        assert ", ".join(number(value) for value in needle.entry_lps_mm) in text
        assert " – ".join(plain(round(step, 1)) for step in needle.steps_mm) in text
    for seed in plan.seeds:
        assert ", ".join(number(value) for value in seed.centre_lps_mm) in text
    assert plan.doses is not None
    target = plan.doses.target
    for value in (target.v100, target.v150, target.v200):
        assert percent(value) in text
    for goal in plan.goals:
        if goal.reached is not None and goal.unit == "Gy":
            assert f"{number(goal.reached)} Gy" in text
    assert plan.order is not None
    for one in plan.order.ordered:
        assert number(one.activity_mci, 3) in text
    assert plan.radiation is not None
    for rate in plan.radiation.rates:
        assert number(rate.attenuated_ugy_h, 2) in text
    for rule in plan.radiation.rules:
        assert f"{number(rule.estimated, 2)} {rule.unit}" in " ".join(text.split())
    joined = "".join(text.split())
    for part in (plan.identity.plan_id, SHA, "Σ", "g_L(t)"):
        assert part in joined.replace("\u200b", "")


def test_the_chinese_book_has_no_english_warning_or_limit():
    plan = seeded().plan
    words = words_for(plan, Language.ZH)
    for one in (*plan.warnings, *plan.limits):
        assert words.sentence(one) != one.text, one


def test_sources_rules_and_the_way_of_the_search_are_said_in_chinese():
    plan, words = seeded().plan, words_for(seeded().plan, Language.ZH)
    assert plan.order is not None
    assert plan.radiation is not None
    assert plan.band is not None
    told = [
        *(goal.source for goal in plan.goals),
        *(rule.text for rule in plan.seed.rules),
        *(one.source for one in plan.biological),
        *(one.source for one in (*plan.radiation.rules, *plan.radiation.advice)),
        plan.order.spares_rule,
        plan.optimisation.method,
        plan.band.error_source,
    ]
    assert [text for text in told if words.reason(text) == text] == []


def test_the_surface_of_the_dose_is_called_what_it_is_in_both_languages():
    parts = {one.name for one in plan_parts(seeded())}
    assert "prescription_isodose" in parts
    assert "zones" not in parts
    names = [words_for(seeded().plan, one).structure("prescription_isodose") for one in Language]
    assert sorted(names) == ["prescription isodose", "处方等剂量面"]


@pytest.mark.parametrize("kind", list(Hindrance))
@pytest.mark.parametrize("without", [None, 97.25])
@pytest.mark.parametrize("quantity", [Quantity.D90, Quantity.D2CC])
def test_every_reason_for_a_missed_goal_has_chinese_words(kind, without, quantity):
    structure = "target" if quantity is Quantity.D90 else "bowel"
    goal = GoalJudged(
        structure=structure, quantity=quantity, at_least=quantity.at_least, value=110.0, unit="Gy", reached=90.125,
        met=False, source="test",
    )  # fmt: skip
    if without is None and kind in {Hindrance.ORGAN_LIMIT, Hindrance.BLOCKED_NEEDLES, Hindrance.ACTIVITY}:
        without = 111.0
    told = _told(goal, kind, "bowel", ("F5", "G5"), without)
    said = words_for(seeded().plan, Language.ZH).sentence(Warned(code="goal_missed", text=told.text))
    assert said != told.text
    assert "90.1 Gy" in said


def test_a_missed_goal_is_on_the_first_page(monkeypatch, language):
    result = seeded()
    first = replace(result.plan.goals[0], met=False)
    plan = replace(result.plan, outcome=SeedOutcome.GOALS_NOT_MET, goals=(first, *result.plan.goals[1:]))
    book = composed(monkeypatch, language, replace(result, plan=plan))
    banners = [block["text"] for block in book.content["blocks"] if block["kind"] == "banner"]
    assert words_for(plan, language)("sd.missed", 1) in banners


def test_without_a_safe_path_the_book_says_so_and_shows_no_dose(monkeypatch, language):
    result = seeded()
    plan = replace(
        result.plan, outcome=SeedOutcome.NO_SAFE_PATH, needles=(), seeds=(), doses=None, order=None, radiation=None,
        band=None, biological=(), goals=(), gaps=(),
    )  # fmt: skip
    book = composed(monkeypatch, language, replace(result, plan=plan, live=None))
    words = words_for(plan, language)
    assert words("no_path") in [block.get("text") for block in book.content["blocks"]]
    assert not [name for name in book.pictures if name.startswith(("slice", "dvh"))]


def test_each_seed_is_in_exactly_the_slices_that_it_lies_in():
    scene = seed_scene(seeded())
    assert scene is not None
    offsets = slice_offsets_mm(scene)
    shown = sum(slice_figure(scene, offset).count('fill="#ffffff"/>') for offset in offsets)
    # Holes are white dots too: those of a plan without seeds are taken off.
    bare = replace(scene, plan=replace(scene.plan, seeds=()))
    holes = sum(slice_figure(bare, offset).count('fill="#ffffff"/>') for offset in offsets)
    along = (np.array([seed.centre_lps_mm for seed in scene.plan.seeds]) - scene.middle_lps_mm) @ scene.away
    expected = sum(int(np.sum(np.abs(along - offset) <= 2.5)) for offset in offsets)
    assert shown - holes == expected
    assert expected >= len(scene.plan.seeds) - int(np.sum(np.abs(along) > max(offsets) + 2.5))


def test_every_reference_case_of_seeds_has_a_chinese_name():
    names = [case.name for case in seed_cases_checked()]
    assert len(names) == 5
    assert all(re.search(r"[\u4e00-\u9fff]", Words(Language.ZH, {}).reference_case(name)) for name in names)
