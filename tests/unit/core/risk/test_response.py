"""RECIST 1.1 and mRECIST at each limit, over baseline and nadir, with new and other tumours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongtai.core.risk.errors import ResponseInputError
from tongtai.core.risk.response import Criteria, Examination, Response, Target, assess

LIVER = (Target(lesion_id="L1", organ="liver"), Target(lesion_id="L2", organ="liver"))
RECIST, MRECIST = Criteria.RECIST_1_1, Criteria.MRECIST


def _course(criteria, *sums, targets=LIVER, **last):
    """Sums are split over two targets; ``last`` belongs to the last examination."""
    examinations = [
        Examination(
            day=30 * number,
            diameters_mm={"L1": total / 2.0, "L2": total / 2.0},
            **(last if number == len(sums) - 1 else {}),
        )
        for number, total in enumerate(sums)
    ]
    return assess(criteria, targets, examinations)


@pytest.mark.parametrize("criteria", list(Criteria))
@pytest.mark.parametrize(
    ("sums", "response"),
    [
        ((100.0, 0.0), Response.COMPLETE),
        ((100.0, 70.0), Response.PARTIAL),
        ((100.0, 70.1), Response.STABLE),
        ((100.0, 119.9), Response.STABLE),
        ((100.0, 120.0), Response.PROGRESSIVE),
        # Against the nadir of 50, not against the baseline of 100.
        ((100.0, 50.0, 59.9), Response.PARTIAL),
        ((100.0, 50.0, 60.0), Response.PROGRESSIVE),
        # The nadir may be the baseline itself.
        ((100.0, 110.0, 121.0), Response.PROGRESSIVE),
        # After complete response, what comes back is progression.
        ((100.0, 0.0, 12.0), Response.PROGRESSIVE),
    ],
)
def test_targets_over_time(criteria, sums, response):
    assert _course(criteria, *sums)[-1].target is response


def test_five_millimetres_are_needed_in_recist_only():
    grown = (20.0, 24.5)
    assert _course(RECIST, *grown)[-1].overall is Response.STABLE
    assert _course(MRECIST, *grown)[-1].overall is Response.PROGRESSIVE
    assert _course(RECIST, 20.0, 25.0)[-1].overall is Response.PROGRESSIVE


# Table 1 of RECIST 1.1: targets, other tumours, new tumours, the whole.
_LAST = {
    Response.COMPLETE: 0.0,
    Response.PARTIAL: 60.0,
    Response.STABLE: 100.0,
    Response.PROGRESSIVE: 130.0,
}


@pytest.mark.parametrize(
    ("target", "others", "new_lesion", "overall"),
    [
        (Response.COMPLETE, None, False, Response.COMPLETE),
        (Response.COMPLETE, Response.COMPLETE, False, Response.COMPLETE),
        (Response.COMPLETE, Response.NEITHER, False, Response.PARTIAL),
        (Response.COMPLETE, Response.NOT_EVALUABLE, False, Response.PARTIAL),
        (Response.PARTIAL, Response.NEITHER, False, Response.PARTIAL),
        (Response.PARTIAL, Response.NOT_EVALUABLE, False, Response.PARTIAL),
        (Response.STABLE, Response.NEITHER, False, Response.STABLE),
        (Response.STABLE, Response.NOT_EVALUABLE, False, Response.STABLE),
        (Response.PROGRESSIVE, Response.COMPLETE, False, Response.PROGRESSIVE),
        (Response.COMPLETE, Response.PROGRESSIVE, False, Response.PROGRESSIVE),
        (Response.COMPLETE, Response.COMPLETE, True, Response.PROGRESSIVE),
    ],
)
def test_the_whole_from_its_parts(target, others, new_lesion, overall):
    found = _course(RECIST, 100.0, _LAST[target], others=others, new_lesion=new_lesion)[-1]
    assert (found.target, found.overall) == (target, overall)


def test_a_target_that_was_not_measured():
    before = Examination(day=0, diameters_mm={"L1": 30.0, "L2": 30.0})
    half = Examination(day=30, diameters_mm={"L1": 10.0})
    found = assess(RECIST, LIVER, [before, half])[0]
    assert (found.overall, found.sum_mm, found.from_baseline) == (Response.NOT_EVALUABLE, None, None)
    assert found.reasons == ("not measured: L2",)
    # What was measured is already progression, whatever the other has become.
    large = Examination(day=30, diameters_mm={"L1": 73.0})
    assert assess(RECIST, LIVER, [before, large])[0].overall is Response.PROGRESSIVE
    # A sum that is not known is no nadir.
    third = Examination(day=60, diameters_mm={"L1": 30.0, "L2": 29.0})
    assert assess(RECIST, LIVER, [before, half, third])[-1].nadir_mm == 60.0


def test_a_node_of_normal_size_has_gone():
    node = (Target(lesion_id="N1", organ="lymph node", lymph_node=True),)
    before = Examination(day=0, diameters_mm={"N1": 20.0})
    for size, response in [(9.9, Response.COMPLETE), (10.0, Response.PARTIAL)]:
        after = Examination(day=30, diameters_mm={"N1": size})
        assert assess(RECIST, node, [before, after])[0].overall is response


def test_sums_and_sources_are_said():
    found = _course(MRECIST, 100.0, 50.0, 55.0)[-1]
    assert (found.baseline_mm, found.nadir_mm, found.sum_mm) == (100.0, 50.0, 55.0)
    assert found.from_baseline == pytest.approx(-0.45)
    assert found.from_nadir == pytest.approx(0.10)
    assert "Lencioni" in found.source
    assert "arterial" in found.formula


@pytest.mark.parametrize(
    ("targets", "baseline"),
    [
        ((), {}),
        (
            tuple(Target(lesion_id=f"L{n}", organ=f"o{n}") for n in range(6)),
            {f"L{n}": 20.0 for n in range(6)},
        ),
        (
            tuple(Target(lesion_id=f"L{n}", organ="liver") for n in range(3)),
            {f"L{n}": 20.0 for n in range(3)},
        ),
        (LIVER, {"L1": 20.0}),
        (LIVER, {"L1": 20.0, "L2": 9.9}),
        ((Target(lesion_id="N1", organ="node", lymph_node=True),), {"N1": 14.9}),
        (LIVER, {"L1": 20.0, "L2": 20.0, "L3": 20.0}),
        (LIVER, {"L1": 20.0, "L2": -1.0}),
    ],
)
def test_a_baseline_that_does_not_count(targets, baseline):
    with pytest.raises(ResponseInputError):
        assess(RECIST, targets, [Examination(day=0, diameters_mm=baseline)])


def test_examinations_stand_in_order():
    first = Examination(day=5, diameters_mm={"L1": 20.0, "L2": 20.0})
    with pytest.raises(ResponseInputError):
        assess(RECIST, LIVER, [first, first])
    with pytest.raises(ResponseInputError):
        assess(RECIST, LIVER, [])


@given(st.lists(st.floats(20.0, 200.0), min_size=2, max_size=6), st.floats(0.5, 2.0))
def test_the_scale_of_the_picture_does_not_matter_to_mrecist(sums, scale):
    first = [one.overall for one in _course(MRECIST, *sums)]
    larger = [one.overall for one in _course(MRECIST, *(total * scale * 2.0 for total in sums))]
    # Values on a limit may fall to either side by the last bit of the scaling.
    near = any(
        abs(later - share * earlier) < 1e-6 for later in sums for earlier in sums for share in (0.7, 1.2)
    )
    assert near or first == larger


@given(st.lists(st.floats(20.0, 200.0), min_size=2, max_size=6))
def test_recist_progression_is_never_missed_by_mrecist(sums):
    """With the same lengths the rule without the five millimetres is the stricter one."""
    for strict, loose in zip(_course(MRECIST, *sums), _course(RECIST, *sums), strict=True):
        assert loose.overall is not Response.PROGRESSIVE or strict.overall is Response.PROGRESSIVE
