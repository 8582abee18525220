"""The table of structures: codes as in the standard, names as other programs write them."""

from typing import Any

import pytest
from pydicom.sr._concepts_dict import concepts
from pydicom.sr.codedict import codes

from tongtai.core.segmentation.structures import (
    STRUCTURES,
    Role,
    UnknownStructureError,
    structure,
    structure_coded,
    structure_named,
)
from tongtai.formats.totalsegmentator import class_names
from tongtai.formats.trajectory_rules import TECHNIQUES, packaged_rules

# In the standard (CID 4031), but not among pydicom's keywords.
_NOT_IN_PYDICOM = {"113276009"}
_SNOMED: Any = concepts["SCT"]
# CID 7150, Segmentation Property Categories.
_CATEGORIES = {concept.value for concept in codes.cid7150.concepts.values()}
_KNOWN = {code for found in _SNOMED.values() for code in found}


@pytest.mark.parametrize("key", sorted(STRUCTURES))
def test_codes_are_of_the_standard(key):
    row = STRUCTURES[key]
    own = {code.value for code in (row.category, row.code, row.side, row.region) if code is not None}
    assert own - _NOT_IN_PYDICOM <= _KNOWN
    assert row.category.value in _CATEGORIES


@pytest.mark.parametrize("key", sorted(STRUCTURES))
def test_a_structure_is_found_by_its_own_words_and_code(key):
    row = STRUCTURES[key]
    assert structure(key) is row
    assert structure_named(row.name_en) is row
    assert structure_named(row.name_zh) is row
    side = row.side.value if row.side else ""
    region = row.region.value if row.region else ""
    assert structure_coded(row.code.value, side=side, region=region) is row


def test_no_name_stands_for_two_structures():
    names = [name for row in STRUCTURES.values() for name in (row.key, *row.foreign_names)]
    assert len(names) == len(set(names))


def test_every_obstacle_is_one_that_the_needle_rules_name():
    """A vessel called otherwise than in the rules would be no obstacle at all."""
    for technique in TECHNIQUES:
        named = {name for obstacle in packaged_rules(technique).obstacles for name in obstacle.structures}
        avoided = {key for key, row in STRUCTURES.items() if row.role in (Role.ORGAN_AT_RISK, Role.OBSTACLE)}
        assert avoided <= named


def test_totalsegmentator_ribs_vertebrae_and_lobes_are_joined():
    keys: dict[str, set[str]] = {}
    for name in class_names().values():
        row = structure_named(name)
        if row is not None:
            keys.setdefault(row.key, set()).add(name)
    assert {"rib_left_1", "rib_right_12", "vertebrae_L1", "sternum", "hip_left"} <= keys["bone"]
    assert len(keys["lung"]) == 5
    assert keys["bowel"] == {"duodenum", "small_bowel", "colon"}
    assert structure_named("costal_cartilages") is None


@pytest.mark.parametrize("name", ["Liver", "LIVER ", "liver_1", "肝脏"])
def test_names_are_compared_without_case_blanks_and_numbers(name):
    found = structure_named(name)
    assert found is not None
    assert found.key == "liver"


def test_a_kidney_without_a_side_is_neither():
    assert structure_coded("64033007") is None


def test_unknown_keys_are_refused():
    with pytest.raises(UnknownStructureError, match="spleen_of_a_cat"):
        structure("spleen_of_a_cat")
