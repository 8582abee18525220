"""The way of cases in the database."""

from tongtai.features.workflow.sql.queue import SqlQueue
from tongtai.features.workflow.sql.records import MoveRow, SqlCaseReader, SqlWorkflows, WorkflowRow

__all__ = ["MoveRow", "SqlCaseReader", "SqlQueue", "SqlWorkflows", "WorkflowRow"]
