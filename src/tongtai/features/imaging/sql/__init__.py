"""Images and pushes in the database: their tables, and what is asked of them."""

from tongtai.features.imaging.sql.images import SqlImages, SqlImageStores
from tongtai.features.imaging.sql.tables import InstanceRow, PushRow, SeriesRow

__all__ = ["InstanceRow", "PushRow", "SeriesRow", "SqlImageStores", "SqlImages"]
