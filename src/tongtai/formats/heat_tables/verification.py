"""What the reference cases say about this installation, with the packaged tables."""

from functools import cache

from tongtai.core.thermal.reference.verification import Verification, verify
from tongtai.formats.heat_tables.reading import damage_rules, reference_tables


@cache
def installation_verification() -> Verification:
    """Run every reference case once in this process; a plan book prints the result.

    Takes some seconds, and a minute more when the kernels must be compiled first.
    """
    return verify(reference_tables(), damage_rules().models)
