"""From files to a volume for planning, or the reason why not.

>>> from tongtai.formats.dicom.series import choose_series, list_series, read_series  # doctest: +SKIP
>>> choice = choose_series(list_series(Path("disc")))  # doctest: +SKIP
>>> volume = read_series(choice.series).volume  # doctest: +SKIP
"""

from tongtai.formats.dicom.series.choosing import Choice, choose_series
from tongtai.formats.dicom.series.listing import MIN_SLICES, Catalogue, ImageSeries, list_series
from tongtai.formats.dicom.series.phases import Phase, PhaseGuess
from tongtai.formats.dicom.series.reading import SeriesReading, read_series, read_volume
from tongtai.formats.dicom.series.sources import source_headers

__all__ = [
    "MIN_SLICES",
    "Catalogue",
    "Choice",
    "ImageSeries",
    "Phase",
    "PhaseGuess",
    "SeriesReading",
    "choose_series",
    "list_series",
    "read_series",
    "read_volume",
    "source_headers",
]
