"""Forms that are data: what a field takes, and what each step needs."""

import pytest

from tongtai.core.record_form import Choice, Field, FieldKind, RecordForm, RecordFormError
from tongtai.formats.record_forms import FORMS, packaged_record_form


def _form(kind: FieldKind, **more: object) -> RecordForm:
    choices = tuple(Choice(key=key, zh=key, en=key) for key in ("a", "b"))
    field = Field(key="x", kind=kind, zh="", en="", source_zh="", source_en="", choices=choices, **more)  # type: ignore[arg-type]  # low and high
    return RecordForm(key="f", zh="", en="", fields=(field,))


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (FieldKind.TEXT, "  words ", "words"),
        (FieldKind.NUMBER, "3", 3.0),
        (FieldKind.NUMBER, 5, 5.0),
        (FieldKind.CHECK, False, False),
        (FieldKind.CHOICE, "a", "a"),
        (FieldKind.CHOICES, ["b", "a"], ("a", "b")),
        (FieldKind.INSTANT, "2031-05-04T08:00:00Z", "2031-05-04T08:00:00Z"),
        (FieldKind.DAY, "2031-05-04", "2031-05-04"),
    ],
)
def test_a_value_of_its_kind_is_kept(kind: FieldKind, given: object, kept: object):
    assert _form(kind, low=1, high=5).checked({"x": given}) == {"x": kept}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (FieldKind.TEXT, 3),
        (FieldKind.TEXT, "x" * 10_001),
        (FieldKind.NUMBER, "three"),
        (FieldKind.NUMBER, True),
        (FieldKind.NUMBER, 6),
        (FieldKind.NUMBER, 0.5),
        (FieldKind.NUMBER, float("nan")),
        (FieldKind.CHECK, "yes"),
        (FieldKind.CHOICE, "c"),
        (FieldKind.CHOICES, ["a", "c"]),
        (FieldKind.CHOICES, "a"),
        (FieldKind.INSTANT, "2031-05-04T08:00:00"),
        (FieldKind.INSTANT, "yesterday"),
        (FieldKind.DAY, "2031-02-30"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: FieldKind, given: object):
    with pytest.raises(RecordFormError):
        _form(kind, low=1, high=5).checked({"x": given})


def test_empty_values_are_left_out_and_unknown_fields_refused():
    assert _form(FieldKind.TEXT).checked({"x": " "}) == {}
    assert _form(FieldKind.CHOICES).checked({"x": []}) == {}
    with pytest.raises(RecordFormError):
        _form(FieldKind.TEXT).checked({"y": "z"})


@pytest.mark.parametrize("key", FORMS)
def test_each_form_is_whole(key: str):
    form = packaged_record_form(key)
    assert len({field.key for field in form.fields}) == len(form.fields)
    for field in form.fields:
        assert all((field.zh, field.en, field.source_zh, field.source_en)), field.key
        assert bool(field.choices) == (field.kind in (FieldKind.CHOICE, FieldKind.CHOICES)), field.key
