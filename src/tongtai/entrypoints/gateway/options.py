"""What a gateway is told when it starts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tongtai.core.errors import TongtaiError

Encode = Literal["auto", "follow", "pass"]
# The name of the sound, of its track and of its recordings.
MICROPHONE = "mic"
_UPLINKS, _UPLINK_NAME = 8, 40
_FEED_NAME = re.compile(r"[a-z0-9-]{1,20}")


class UplinkOptionError(TongtaiError):
    """Write an uplink as NAME=INTERFACE or NAME=ADDRESS, its name with at most 40 characters, each once, at most 8."""

    code = "uplink_option"


class FeedOptionError(TongtaiError):
    """Write a feed as NAME=SOURCE, its name with small letters, digits and hyphens, each once, none "mic"."""

    code = "feed_option"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplink:
    """One of the lines out of the hospital, and how this machine reaches it.

    ``way`` is a network interface or an address of this machine; empty: whatever the system chooses.
    """

    name: str
    way: str = ""


# Without any said, the one that the system chooses.
ONE_UPLINK = (Uplink(name="default"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayOptions:
    """Everything that a gateway process needs.

    ``segment_s`` is the length of one recorded file; ``keep_free_bytes`` is what recording leaves
    free on the disk, so that a full disk never takes the machine down with it.
    """

    server: str
    feeds: Mapping[str, str]
    data: Path
    mic: str | None = None
    uplinks: Sequence[Uplink] = ONE_UPLINK
    encode: Encode = "auto"
    encoder: str = "libx264"
    code: str | None = None
    record: bool = True
    upload_during_case: bool = False
    screen: bool = False
    segment_s: float = 60.0
    keep_free_bytes: int = 500_000_000


def parse_feeds(values: Sequence[str]) -> dict[str, str]:
    """Read ``NAME=SOURCE`` options.

    Raises
    ------
    FeedOptionError
        If one is written otherwise or a name comes twice.

    Examples
    --------
    >>> parse_feeds(["ultrasound=rtsp://10.0.0.9/live", "room=/dev/video0"])
    {'ultrasound': 'rtsp://10.0.0.9/live', 'room': '/dev/video0'}
    """
    feeds: dict[str, str] = {}
    for value in values:
        name, separator, source = value.partition("=")
        if not separator or not source or not _FEED_NAME.fullmatch(name) or name in {*feeds, MICROPHONE}:
            raise FeedOptionError(option=value)
        feeds[name] = source
    return feeds


def parse_uplinks(values: Sequence[str]) -> Sequence[Uplink]:
    """Read ``NAME=WAY`` options; none: the one that the system chooses.

    Raises
    ------
    UplinkOptionError
        If one is written otherwise or a name comes twice.

    Examples
    --------
    >>> [uplink.way for uplink in parse_uplinks(["telecom=eth1", "unicom=192.0.2.7"])]
    ['eth1', '192.0.2.7']
    """
    uplinks: dict[str, Uplink] = {}
    for value in values:
        name, separator, way = (part.strip() for part in value.partition("="))
        if not separator or not way or not 0 < len(name) <= _UPLINK_NAME or name in uplinks:
            raise UplinkOptionError(option=value)
        uplinks[name] = Uplink(name=name, way=way)
    if len(uplinks) > _UPLINKS:
        raise UplinkOptionError(option=values[_UPLINKS])
    return tuple(uplinks.values()) or ONE_UPLINK
