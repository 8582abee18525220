"""Tables of quality."""

from tongtai.features.quality.sql.evaluations import SqlEvaluations, work_of
from tongtai.features.quality.sql.indicators import QualityRow, SqlQuality
from tongtai.features.quality.sql.reviews import SqlReviews

__all__ = ["QualityRow", "SqlEvaluations", "SqlQuality", "SqlReviews", "work_of"]
