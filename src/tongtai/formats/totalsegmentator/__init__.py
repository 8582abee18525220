"""TotalSegmentator: run it where it is installed, and read what it wrote.

Wasserthal J and others. TotalSegmentator: robust segmentation of 104 anatomic structures in CT images.
Radiol Artif Intell 2023;5(5):e230024. The program (Apache-2.0) and its weights do not come with Tongtai.
"""

from tongtai.formats.totalsegmentator.classes import class_names, licensed_tasks, task_names
from tongtai.formats.totalsegmentator.errors import (
    TotalSegmentatorError,
    TotalSegmentatorFailedError,
    TotalSegmentatorLicenceError,
    TotalSegmentatorMissingError,
)
from tongtai.formats.totalsegmentator.running import TotalSegmentatorEngine

__all__ = [
    "TotalSegmentatorEngine",
    "TotalSegmentatorError",
    "TotalSegmentatorFailedError",
    "TotalSegmentatorLicenceError",
    "TotalSegmentatorMissingError",
    "class_names",
    "licensed_tasks",
    "task_names",
]
