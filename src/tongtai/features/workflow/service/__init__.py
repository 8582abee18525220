"""Use cases of the way of a case."""

from tongtai.features.workflow.service.moving import WorkflowService
from tongtai.features.workflow.service.rooms import RoomWatch, call, settle
from tongtai.features.workflow.service.timing import NoticeService, WorkflowTimers

__all__ = ["NoticeService", "RoomWatch", "WorkflowService", "WorkflowTimers", "call", "settle"]
