"""Tables of quality."""

from tongtai.features.quality.sql.indicators import QualityRow, SqlQuality
from tongtai.features.quality.sql.reviews import SqlReviews

__all__ = ["QualityRow", "SqlQuality", "SqlReviews"]
