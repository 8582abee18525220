"""RTSTRUCT files for tests: contours of known shape."""

from io import BytesIO

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RTStructureSetStorage
from tests.support.series import FRAME

from tongtai.core.volumes import Volume


def structure_set(contours, *, name="GTV", kind="CLOSED_PLANAR", frame=FRAME):
    """A file with one structure; contours are lists of (x, y, z)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = RTStructureSetStorage, ExplicitVRLittleEndian
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID("1.2.3.4")
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\x00" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = RTStructureSetStorage, "1.2.3.4"
    roi, drawn, observed = Dataset(), Dataset(), Dataset()
    roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = 7, name, frame
    roi.ROIGenerationAlgorithm = "MANUAL"
    drawn.ReferencedROINumber = observed.ReferencedROINumber = 7
    observed.RTROIInterpretedType = "GTV"
    drawn.ContourSequence = []
    for points in contours:
        contour = Dataset()
        contour.ContourGeometricType, contour.NumberOfContourPoints = kind, len(points)
        contour.ContourData = [f"{value:.6g}" for point in points for value in point]
        drawn.ContourSequence.append(contour)
    dataset.StructureSetROISequence, dataset.ROIContourSequence = [roi], [drawn]
    dataset.RTROIObservationsSequence = [observed]
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def circle(radius, z, centre=(0.0, 0.0)):
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    return [(centre[0] + radius * np.cos(a), centre[1] + radius * np.sin(a), z) for a in angles]


def contour_grid(dz=1.0):
    matrix = np.array([[0, 0, 1.0, -30], [0, 1.0, 0, -30], [dz, 0, 0, -20], [0, 0, 0, 1]])
    return Volume(np.zeros((round(40 / dz) + 1, 61, 61), np.int8), matrix, FRAME)
