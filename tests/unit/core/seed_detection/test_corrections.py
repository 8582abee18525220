"""What a person changes is honoured, and what cannot be changed is refused with its line."""

import pytest

from tongtai.core.brachytherapy.errors import SeedFileError
from tongtai.core.seed_detection.corrections import Origin, corrected
from tongtai.core.seed_detection.errors import SeedCorrectionError
from tongtai.core.seed_detection.finding import FoundSeed
from tongtai.formats.seed_corrections import CORRECTION_COLUMNS, read_corrections

HEAD = ",".join(CORRECTION_COLUMNS) + "\n"


def found(x):
    return FoundSeed(
        centre_lps_mm=(x, 0.0, 0.0),
        axis_lps=(0.0, 0.0, 1.0),
        brightness=1.0,
        cluster=1,
        companions=0,
        confidence=0.9,
    )


FOUND = [found(float(x)) for x in range(4)]


def test_added_removed_and_moved():
    text = (
        HEAD
        + "remove,2,,,,,,,a clip\nmove,3,9,8,7,,,,hidden by a streak\nadd,,1,2,3,0,2,0,seen in the scout\n"
    )
    made = corrected(FOUND, read_corrections(text))
    assert [(one.number, one.origin) for one in made.seeds] == [
        (1, Origin.FOUND),
        (3, Origin.MOVED),
        (4, Origin.FOUND),
        (5, Origin.ADDED),
    ]
    assert made.seeds[1].centre_lps_mm == (9.0, 8.0, 7.0)
    assert made.seeds[1].axis_lps == (0.0, 0.0, 1.0)
    assert made.seeds[1].confidence is None
    assert made.seeds[3].axis_lps == (0.0, 1.0, 0.0)
    assert [(one.number, one.reason) for one in made.removed] == [(2, "a clip")]


def test_without_corrections_nothing_changes():
    made = corrected(FOUND, ())
    assert [one.confidence for one in made.seeds] == [0.9] * 4
    assert made.removed == ()


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ("remove,9,,,,,,,x\n", SeedCorrectionError, "Line 2 .* seed 9 is not among the 4 found"),
        ("remove,1,,,,,,,x\nmove,1,0,0,0,,,,x\n", SeedCorrectionError, "Line 3 .* seed 1 was changed before"),
        ("remove,0,,,,,,,x\n", SeedCorrectionError, "seed 0 is not among"),
        ("remove,1,1,2,3,,,,x\n", SeedCorrectionError, "remove a number and no place"),
        ("add,1,1,2,3,0,0,1,x\n", SeedCorrectionError, "add needs a place and no number"),
        ("add,,1,2,3,,,,x\n", SeedCorrectionError, "needs an axis"),
        ("add,,1,2,3,0,0,0,x\n", SeedCorrectionError, "axis is zero"),
        ("add,,1,2,3,0,0,1,\n", SeedCorrectionError, "give the reason"),
        ("move,1,,,,,,,x\n", SeedCorrectionError, "move both"),
        ("turn,1,,,,,,,x\n", SeedFileError, "none of add, remove, move"),
        ("remove,one,,,,,,,x\n", SeedFileError, "no number of a seed"),
        ("move,1,0,0,,,,,x\n", SeedFileError, "z_mm must be a finite number"),
        ("move,1,0,0\n", SeedFileError, "more or fewer cells"),
        ("", SeedFileError, "no rows"),
    ],
)
def test_what_cannot_be_applied_is_refused(rows, error, words):
    with pytest.raises(error, match=words):
        corrected(FOUND, read_corrections(HEAD + rows))
