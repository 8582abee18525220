"""Tests of the lines out of the hospital: the time there and back, what goes through, what is lost.

Each runs over one uplink, to the server that the gateway works with; the media take the same way to the same house.
"""

import asyncio
import fcntl
import ipaddress
import secrets
import socket
import statistics
import struct
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any, NamedTuple

import httpx2

from tongtai.entrypoints.gateway.options import Uplink

_TIMEOUT = httpx2.Timeout(10.0, connect=3.0)
_REQUESTS, _REQUEST_EVERY_S = 20, 0.05
# A rate is what goes through in two seconds, or what 16 MiB, the most that the server takes, need.
_RATE_S, _RATE_BYTES, _PIECE_BYTES = 2.0, 16 << 20, 1 << 16
# Loss is measured at a steady 5 Mbit/s, below every limit: a test at full speed loses by its own doing.
_STEADY_S, _STEADY_EVERY_S, _STEADY_BYTES = 2.0, 0.01, 6250
_SIOCGIFADDR = 0x8915
# struct tcp_info of Linux ≥4.2: `total_retrans` and `segs_out`.
_TOTAL_RETRANS, _SEGS_OUT = 100, 136


class _Segments(NamedTuple):
    """What a connection has sent since it was opened, and what of it again."""

    sent: int
    again: int


async def tested(uplink: Uplink, server: str, headers: dict[str, str]) -> dict[str, Any]:
    """What one uplink does, as the server wants to be told; zeros and ``None`` when nothing goes through."""
    result: dict[str, Any] = {
        "name": uplink.name,
        "rtt_ms": None,
        "jitter_ms": None,
        "loss_percent": None,
        "up_mbit_s": 0.0,
        "down_mbit_s": 0.0,
    }
    address = f"{server.rstrip('/')}/api"
    try:
        async with httpx2.AsyncClient(
            base_url=address, transport=_transport(uplink), timeout=_TIMEOUT, headers=headers
        ) as http:
            result["rtt_ms"], result["jitter_ms"] = await _delays_ms(http)
            result["loss_percent"] = await _loss_percent(http)
            result["up_mbit_s"] = await _up_mbit_s(http)
            result["down_mbit_s"] = await _down_mbit_s(http)
    except (httpx2.HTTPError, OSError):
        # What was measured before the line broke stands beside zeros, which miss every limit.
        return result
    return result


def _transport(uplink: Uplink) -> httpx2.AsyncHTTPTransport:
    # Bound to an address before it connects; which line that takes is for the system's routes to say.
    return httpx2.AsyncHTTPTransport(local_address=_address_of(uplink.way) if uplink.way else None)


def _address_of(way: str) -> str:
    """The address itself, or the first IPv4 address of an interface of Linux."""
    try:
        return str(ipaddress.ip_address(way))
    except ValueError:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            found = fcntl.ioctl(asked, _SIOCGIFADDR, struct.pack("256s", way.encode()[:15]))
        return socket.inet_ntoa(found[20:24])


async def _delays_ms(http: httpx2.AsyncClient) -> tuple[float, float]:
    """Median time there and back, and the mean change from one to the next."""
    _answered(await http.get("/time"))  # opens the connection
    delays = []
    for _ in range(_REQUESTS):
        before = time.perf_counter()
        _answered(await http.get("/time"))
        delays.append((time.perf_counter() - before) * 1000)
        await asyncio.sleep(_REQUEST_EVERY_S)
    return round(statistics.median(delays), 1), round(jitter_ms(delays), 1)


def jitter_ms(delays: list[float]) -> float:
    """Mean change from one delay to the next.

    Examples
    --------
    >>> jitter_ms([20.0, 24.0, 22.0])
    3.0
    """
    return statistics.fmean(abs(later - earlier) for earlier, later in pairwise(delays))


async def _loss_percent(http: httpx2.AsyncClient) -> float | None:
    """Share of segments that TCP had to send again at a steady rate; ``None`` where the system does not tell."""
    before = _segments(await http.get("/time"))
    after = _segments(await http.post("/gateway/link-test", content=_steadily()))
    if before is None or after is None or after.sent <= before.sent:
        return None
    return round(100 * (after.again - before.again) / (after.sent - before.sent), 2)


async def _steadily() -> AsyncIterator[bytes]:
    piece, started = secrets.token_bytes(_STEADY_BYTES), time.perf_counter()
    for number in range(round(_STEADY_S / _STEADY_EVERY_S)):
        # Against the clock, not after one another: what was late does not make everything later.
        await asyncio.sleep(max(0.0, started + number * _STEADY_EVERY_S - time.perf_counter()))
        yield piece


async def _up_mbit_s(http: httpx2.AsyncClient) -> float:
    started = time.perf_counter()
    answer = _answered(await http.post("/gateway/link-test", content=_at_once(started)))
    return _mbit_s(int(answer.json()["received"]), time.perf_counter() - started)


async def _at_once(started: float) -> AsyncIterator[bytes]:
    piece = secrets.token_bytes(_PIECE_BYTES)
    for _ in range(_RATE_BYTES // _PIECE_BYTES):
        if time.perf_counter() - started > _RATE_S:
            return
        yield piece


async def _down_mbit_s(http: httpx2.AsyncClient) -> float:
    received, started = 0, time.perf_counter()
    async with http.stream("GET", "/gateway/link-test", params={"size": _RATE_BYTES}) as answer:
        _answered(answer)
        async for piece in answer.aiter_raw():
            received += len(piece)
            if time.perf_counter() - started > _RATE_S:
                break
    return _mbit_s(received, time.perf_counter() - started)


def _answered(answer: httpx2.Response) -> httpx2.Response:
    answer.raise_for_status()
    return answer


def _mbit_s(size_bytes: int, seconds: float) -> float:
    return round(size_bytes * 8 / 1e6 / max(seconds, 1e-6), 2)


def _segments(answer: httpx2.Response) -> _Segments | None:
    stream = answer.extensions.get("network_stream")
    found = stream.get_extra_info("socket") if stream is not None else None
    # asyncio lends out the part of a socket that may be asked.
    if found is None or not hasattr(found, "getsockopt") or not hasattr(socket, "TCP_INFO"):
        return None
    try:
        info = found.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        (again,) = struct.unpack_from("=I", info, _TOTAL_RETRANS)
        (sent,) = struct.unpack_from("=I", info, _SEGS_OUT)
    except (OSError, struct.error):
        return None
    return _Segments(sent=sent, again=again)
