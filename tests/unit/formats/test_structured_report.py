from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import highdicom as hd
import numpy as np
import pydicom
import pytest
from pydicom.sr import _concepts_dict
from tests.support.plans import planned, without_needles
from tests.support.series import FRAME, ct_slices
from tests.support.validator import validated

from tongtai.formats.dicom.encapsulated import EncapsulationError, encapsulate_pdf, read_pdf
from tongtai.formats.dicom.structured_report import (
    PlanReportError,
    Signature,
    read_needles,
    write_plan_report,
)
from tongtai.formats.dicom.structured_report.concepts import concept, ellipsoid, keys, unit_of

WRITTEN = datetime(2026, 3, 4, 5, 6, 7)  # noqa: DTZ001  (DICOM dates are the hospital's own)
SHA = "ab" * 32


@pytest.fixture(scope="module")
def sources():
    return ct_slices(4)


@pytest.fixture(scope="module")
def report(sources):
    return write_plan_report(planned().plan, sources, plan_sha256=SHA, written_at=WRITTEN)


def _groups(content: bytes):
    measured: Any = hd.sr.srread(BytesIO(content)).content
    return {str(group.tracking_identifier): group for group in measured.get_image_measurement_groups()}


def _values(group) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for one in group.get_measurements():
        found.setdefault(one.name.meaning, []).append(float(one.value))
    return found


def test_another_reader_finds_every_needle_where_it_was_planned(report):
    dataset = pydicom.dcmread(BytesIO(report))
    assert dataset.SOPClassUID == pydicom.uid.Comprehensive3DSRStorage
    lines = _polylines(dataset)
    plan = planned().plan
    assert len(lines) == len(plan.needles)
    for line, needle in zip(lines, plan.needles, strict=True):
        assert np.allclose(line, [needle.entry_lps_mm, needle.tip_lps_mm], atol=1e-3)


def _polylines(dataset):
    found = []
    for item in dataset.get("ContentSequence") or ():
        if item.get("ValueType") == "SCOORD3D" and item.GraphicType == "POLYLINE":
            found.append(np.array(item.GraphicData, float).reshape(-1, 3))
        found += _polylines(item)
    return found


def test_highdicom_reads_every_number(report):
    plan, groups = planned().plan, _groups(report)
    for needle in plan.needles:
        values = _values(groups[needle.id])
        assert values["Length"] == [pytest.approx(needle.depth_mm, abs=1e-3)]
        assert values[concept("liver_pass").meaning] == [pytest.approx(needle.liver_pass_mm, abs=1e-3)]
        near = values[concept("near_distance").meaning]
        assert near == pytest.approx([one.distance_mm for one in needle.near[: len(near)]], abs=1e-3)
    for position in plan.positions:
        values = _values(groups[f"{position.needle}/{position.number}"])
        assert values["Ablation power"] == [position.power_w]
        assert values["Duration"] == [position.time_min]
        assert values["Volume"] == [pytest.approx(position.volume_ml, abs=1e-3)]
    coverage = plan.coverage
    assert coverage is not None
    values = _values(groups[plan.target.tumour])
    assert values[concept("minimum_margin").meaning] == [pytest.approx(coverage.minimum_margin_mm, abs=1e-3)]


def test_our_own_reader_gives_the_needles_back(report):
    found = read_needles(report)
    assert [one.id for one in found] == [needle.id for needle in planned().plan.needles]
    for one, needle in zip(found, planned().plan.needles, strict=True):
        assert one.needle.length_mm == pytest.approx(needle.depth_mm, abs=1e-3)
        assert one.frame_of_reference_uid == FRAME


def test_a_zone_is_an_ellipsoid_of_its_axes():
    item = ellipsoid((1.0, 2.0, 3.0), (0.0, 0.6, 0.8), 20.0, 15.0, FRAME)
    ends = np.array(item.GraphicData, float).reshape(3, 2, 3)
    assert np.allclose(ends.mean(axis=1), [1.0, 2.0, 3.0], atol=1e-5)
    axes = ends[:, 1] - ends[:, 0]
    assert np.allclose(np.linalg.norm(axes, axis=1), [40.0, 30.0, 30.0], atol=1e-4)
    assert np.allclose(axes @ axes.T, np.diag([1600.0, 900.0, 900.0]), atol=1e-2)


def test_the_same_plan_gives_the_same_bytes_and_is_a_draft_until_signed(report, sources):
    assert report == write_plan_report(planned().plan, sources, plan_sha256=SHA, written_at=WRITTEN)
    assert pydicom.dcmread(BytesIO(report)).VerificationFlag == "UNVERIFIED"
    signed = pydicom.dcmread(
        BytesIO(
            write_plan_report(
                planned().plan,
                sources,
                plan_sha256=SHA,
                written_at=WRITTEN,
                approved_by=Signature(name="王^医生", organisation="专家中心"),
            )
        )
    )
    assert signed.VerificationFlag == "VERIFIED"
    assert str(signed.VerifyingObserverSequence[0].VerifyingObserverName) == "王^医生"
    assert signed.SOPInstanceUID != pydicom.dcmread(BytesIO(report)).SOPInstanceUID


def test_nothing_is_reported_without_needles_or_space(sources):
    with pytest.raises(PlanReportError, match="needles"):
        write_plan_report(without_needles().plan, sources, plan_sha256=SHA, written_at=WRITTEN)
    plan = planned().plan
    lost = replace(plan, image=replace(plan.image, frame_of_reference_uid=""))
    with pytest.raises(PlanReportError, match="frame of reference"):
        write_plan_report(lost, sources, plan_sha256=SHA, written_at=WRITTEN)
    elsewhere = replace(plan, image=replace(plan.image, frame_of_reference_uid="1.2.3"))
    with pytest.raises(PlanReportError, match="another frame"):
        write_plan_report(elsewhere, sources, plan_sha256=SHA, written_at=WRITTEN)


def test_terms_are_those_of_the_standard():
    concepts: Any = _concepts_dict.concepts
    known = {
        (code, scheme) for scheme in ("SCT", "DCM") for entry in concepts[scheme].values() for code in entry
    }
    for key in keys():
        one = concept(key)
        assert one.scheme_designator == "99TONGTAI" or (one.value, one.scheme_designator) in known, key
        assert len(one.meaning) <= 64
        assert len(one.value) <= 16 or one.scheme_designator == "99TONGTAI"
    assert unit_of("zone_volume").value == "cm3"


def test_a_pdf_travels_in_dicom_and_comes_back(sources):
    pdf = b"%PDF-1.7\nodd length"
    content = encapsulate_pdf(pdf, sources, title="消融手术计划书", written_at=WRITTEN)
    assert read_pdf(content) == pdf
    dataset = pydicom.dcmread(BytesIO(content))
    assert dataset.StudyInstanceUID == sources[0].StudyInstanceUID
    assert dataset.PatientID == sources[0].PatientID
    assert str(dataset.DocumentTitle) == "消融手术计划书"
    assert [item.ReferencedSOPInstanceUID for item in dataset.SourceInstanceSequence] == [
        source.SOPInstanceUID for source in sources
    ]
    assert content == encapsulate_pdf(pdf, sources, title="消融手术计划书", written_at=WRITTEN)


def test_what_is_no_pdf_is_refused(sources, report):
    with pytest.raises(EncapsulationError):
        encapsulate_pdf(b"PK", sources, title="t", written_at=WRITTEN)
    with pytest.raises(EncapsulationError):
        encapsulate_pdf(b"%PDF-", [], title="t", written_at=WRITTEN)
    with pytest.raises(EncapsulationError):
        read_pdf(report)


@pytest.mark.parametrize("what", ["report", "document"])
def test_a_validator_has_no_errors(what, report, sources):
    content = report
    if what == "document":
        content = encapsulate_pdf(b"%PDF-1.7\n", sources, title="t", written_at=WRITTEN)
    told = validated(content)
    assert "Error" not in told, told
