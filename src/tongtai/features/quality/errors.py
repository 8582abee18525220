"""What can be wrong about indicators."""

from tongtai.core.errors import TongtaiError


class IndicatorNotFoundError(TongtaiError):
    """There is no such indicator; the list of all names them."""

    code = "indicator_not_found"
