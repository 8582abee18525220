"""A plan as DICOM Comprehensive 3D SR (TID 1500): needles and zones in space, every number coded."""

from tongtai.formats.dicom.structured_report.reading import ReportedNeedle, read_needles
from tongtai.formats.dicom.structured_report.writing import PlanReportError, Signature, write_plan_report

__all__ = ["PlanReportError", "ReportedNeedle", "Signature", "read_needles", "write_plan_report"]
