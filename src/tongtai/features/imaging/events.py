"""What happens while images arrive, for the pages that are open."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PushStarted:
    """Somebody began to send images."""

    case_id: str
    push_id: str
    source: str
    declared_files: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesProgress:
    """Images of a series can be seen: ``received`` of them by now."""

    case_id: str
    push_id: str
    study_uid: str
    series_uid: str
    description: str
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PushFinished:
    """A push has ended; ``seconds`` since it began."""

    case_id: str
    push_id: str
    received: int
    rejected: int
    duplicates: int
    seconds: float
