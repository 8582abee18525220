"""The tables of needle rules: complete, sourced, and refused when they are not."""

import pytest

from tongtai.core.trajectory.errors import RulesError
from tongtai.core.trajectory.rules import LimitName
from tongtai.formats.trajectory_rules import TECHNIQUES, packaged_rules, read_rules

SMALL = """
technique = "rfa"
[[obstacle]]
name = "bone"
structures = ["bone"]
margin_mm = 2.0
source = "a paper"
[[criterion]]
name = "distance_mm:bone"
good = 8.0
bad = 2.0
weight = 1.0
source = "a paper"
[[relief]]
kind = "crossing"
obstacle = "bone"
source = "a paper"
""" + "".join(f'[limit.{name}]\nvalue = 1.0\nsource = "a paper"\n' for name in LimitName)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_packaged_rules_name_what_the_design_asks_for(technique):
    rules = packaged_rules(technique)
    assert rules.technique == technique
    assert {"bone", "vessel", "lung", "bowel", "stomach", "gallbladder", "heart", "kidney"} <= {
        obstacle.name for obstacle in rules.obstacles
    }
    vessel = next(obstacle for obstacle in rules.obstacles if obstacle.name == "vessel")
    assert vessel.minimum_diameter_mm == 3.0
    assert rules.limit(LimitName.LIVER_BEFORE_TUMOUR_MM) == 10.0
    assert {relief.kind.value for relief in rules.reliefs} == {
        "hydrodissection", "crossing", "gantry_tilt", "breath",
    }  # fmt: skip


def test_a_small_table_is_read():
    rules = read_rules(SMALL)
    assert rules.obstacles[0].structures == ("bone",)
    assert rules.criteria[0].penalty(5.0) == pytest.approx(0.5)
    assert rules.reliefs[0].name == "crossing:bone"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('margin_mm = 2.0\nsource = "a paper"', "margin_mm = 2.0", "bone gives no source"),
        ("margin_mm = 2.0", "margin = 2.0", "cannot be read"),
        ("[limit.needle_gap_mm]", "[limit.needle_gap]", "cannot be read"),
        ('[limit.needle_gap_mm]\nvalue = 1.0\nsource = "a paper"\n', "", "needle_gap_mm"),
        ("distance_mm:bone", "distance_mm:skull", "names no obstacle"),
        ("good = 8.0", "good = 2.0", "good equals bad"),
        ("weight = 1.0", "weight = 0.0", "above zero"),
        ('kind = "crossing"', 'kind = "magic"', "cannot be read"),
        ('obstacle = "bone"', 'obstacle = "skull"', "names no obstacle"),
        ("[[obstacle]]", "[[obstacle", "not a TOML file"),
    ],
)
def test_a_wrong_table_is_refused_with_the_entry(old, new, said):
    with pytest.raises(RulesError, match=said):
        read_rules(SMALL.replace(old, new, 1))


def test_another_technique_is_refused():
    with pytest.raises(RulesError, match="cryo"):
        packaged_rules("cryo")
