"""Radiotherapy objects of permanent seeds: RTSTRUCT, RTPLAN and RTDOSE, out and in."""

from tongtai.formats.dicom.radiotherapy.dose_reading import DoseFile, FileHistogram, read_dose
from tongtai.formats.dicom.radiotherapy.dose_writing import write_dose
from tongtai.formats.dicom.radiotherapy.errors import (
    NoBrachyPlanError,
    NotRadiotherapyError,
    RadiotherapyError,
    RadiotherapySourceError,
)
from tongtai.formats.dicom.radiotherapy.heads import ObjectNames
from tongtai.formats.dicom.radiotherapy.histogram_check import (
    HistogramCheck,
    HistogramChecks,
    check_histograms,
)
from tongtai.formats.dicom.radiotherapy.plan_reading import (
    BrachyPlan,
    implant_of,
    read_plan,
    target_prescription_gy,
)
from tongtai.formats.dicom.radiotherapy.plan_writing import NeedleFacts, PlanFacts, write_plan
from tongtai.formats.dicom.radiotherapy.structure_writing import DrawnStructure, write_structures

__all__ = [
    "BrachyPlan",
    "DoseFile",
    "DrawnStructure",
    "FileHistogram",
    "HistogramCheck",
    "HistogramChecks",
    "NeedleFacts",
    "NoBrachyPlanError",
    "NotRadiotherapyError",
    "ObjectNames",
    "PlanFacts",
    "RadiotherapyError",
    "RadiotherapySourceError",
    "check_histograms",
    "implant_of",
    "read_dose",
    "read_plan",
    "target_prescription_gy",
    "write_dose",
    "write_plan",
    "write_structures",
]
