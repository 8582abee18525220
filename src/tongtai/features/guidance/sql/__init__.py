"""Guidance in the database: the sessions' logs, who finished, who leads, what it asks of cases."""

from tongtai.features.guidance.sql.facts import SqlCaseFacts
from tongtai.features.guidance.sql.leadership import SqlLeadership
from tongtai.features.guidance.sql.log import SqlEventLog, SqlFinishedIdentities
from tongtai.features.guidance.sql.presence import SqlPresence

__all__ = ["SqlCaseFacts", "SqlEventLog", "SqlFinishedIdentities", "SqlLeadership", "SqlPresence"]
