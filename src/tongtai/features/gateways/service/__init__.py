"""Use cases of gateways."""

from tongtai.features.gateways.service.gateways import GatewayService
from tongtai.features.gateways.service.links import LinkService
from tongtai.features.gateways.service.recordings import RecordingService

__all__ = ["GatewayService", "LinkService", "RecordingService"]
