"""Why a radiotherapy object is not taken, or cannot be written."""

from tongtai.formats.dicom.errors import DicomError


class RadiotherapyError(DicomError):
    """The radiotherapy object cannot be used."""

    code = "radiotherapy_unusable"


class NotRadiotherapyError(RadiotherapyError):
    """The file is not the radiotherapy object that was asked for."""

    code = "radiotherapy_not_found"


class NoBrachyPlanError(RadiotherapyError):
    """The plan has no brachytherapy sources, so that there is nothing to compute."""

    code = "radiotherapy_no_brachy"


class RadiotherapySourceError(RadiotherapyError):
    """The images lack what a radiotherapy object must repeat from them."""

    code = "radiotherapy_source_incomplete"
