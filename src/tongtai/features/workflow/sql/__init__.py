"""The way of cases in the database."""

from tongtai.features.workflow.sql.queue import SqlQueue
from tongtai.features.workflow.sql.records import SqlCaseReader, SqlWorkflows

__all__ = ["SqlCaseReader", "SqlQueue", "SqlWorkflows"]
