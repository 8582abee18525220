"""Laboratory results from a CSV table or a FHIR R4 Bundle."""

from tongtai.formats.lab_import.bundle import read_bundle
from tongtai.formats.lab_import.result import LabFileError, LabResult
from tongtai.formats.lab_import.table import read_table

__all__ = ["LabFileError", "LabResult", "read_bundle", "read_table"]
