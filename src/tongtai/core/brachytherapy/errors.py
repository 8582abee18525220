"""What a seed dosimetry refuses."""

from typing import ClassVar

from tongtai.core.errors import TongtaiError


class BrachytherapyError(TongtaiError):
    """The dose of these seeds cannot be computed as asked."""

    code: ClassVar[str] = "brachytherapy"


class SeedModelError(BrachytherapyError):
    """The data of a seed model are incomplete or contradict themselves."""

    code: ClassVar[str] = "seed_model"


class UnknownSeedModelError(BrachytherapyError):
    """A seed model without dosimetric data; `tongtai seeds models` lists those that have some."""

    code: ClassVar[str] = "seed_model_unknown"


class FormalismMissingError(BrachytherapyError):
    """The seed model lacks the table that this formalism needs."""

    code: ClassVar[str] = "seed_formalism_missing"


class InsideSeedError(BrachytherapyError):
    """A point lies inside a seed, where TG-43 gives no dose; move it or the seed."""

    code: ClassVar[str] = "point_inside_seed"


class ImplantError(BrachytherapyError):
    """The seeds cannot be used: each needs a finite place, an axis and a strength above zero."""

    code: ClassVar[str] = "implant"


class SeedFileError(BrachytherapyError):
    """A file of seeds or points that cannot be read; the line and the column are named."""

    code: ClassVar[str] = "seed_file"


class DoseVolumeError(BrachytherapyError):
    """A dose-volume histogram needs finite doses and volumes above zero."""

    code: ClassVar[str] = "dose_volume"
