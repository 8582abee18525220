"""Whose images are they?"""

import pytest

from tongtai.core.images import PatientIdentity
from tongtai.features.imaging.model import match_patient

CASE = PatientIdentity(names=("王小明", "Wang Xiaoming"), birth_date="19570302", patient_id="H0-0001")


def _image(*names, birth_date="", patient_id=""):
    return PatientIdentity(names=names, birth_date=birth_date, patient_id=patient_id)


@pytest.mark.parametrize(
    "image",
    [
        _image("王小明", birth_date="19570302"),
        _image("王^小明", patient_id="h0 0001"),
        _image("WANG^XIAO MING", birth_date="19570302"),
        _image("Xiaoming Wang", birth_date="19570302"),
        _image("Wang^Xiaoming", "王^小明", patient_id="H0-0001"),
        _image(birth_date="19570302", patient_id="H00001"),
    ],
)
def test_two_agreeing_parts_are_enough(image):
    assert match_patient(image, CASE).certain


@pytest.mark.parametrize(
    ("image", "differing"),
    [
        (_image("王小明", birth_date="19580302", patient_id="H0-0001"), ("birth_date",)),
        (_image("李小红", birth_date="19570302", patient_id="H0-0001"), ("name",)),
        (_image("王小明", birth_date="19570302", patient_id="H0-0002"), ("patient_id",)),
        (_image("王小明"), ()),
        (_image(), ()),
    ],
)
def test_one_differing_part_or_too_few_parts_are_not(image, differing):
    match = match_patient(image, CASE)
    assert not match.certain
    assert match.differing == differing


def test_chinese_and_pinyin_alone_say_nothing_about_each_other():
    only_chinese = PatientIdentity(names=("王小明",), birth_date="19570302", patient_id="H0-0001")
    match = match_patient(_image("WANG^XIAOMING", birth_date="19570302", patient_id="H0-0001"), only_chinese)
    assert match.name is None
    assert match.certain
