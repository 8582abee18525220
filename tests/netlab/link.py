"""A network link with delay, jitter, rate, loss and outages, in user space.

Two TUN devices, one in each network namespace; what one side writes is handed to the other when the
link would have delivered it. For kernels without ``netem``; needs root. Runs until standard input ends.

    python link.py --left gw1 203.0.113.102 --right core 203.0.113.103 --name w1 \
        --there delay_ms=20,jitter_ms=4,rate_mbit=30,loss=0.002 --back delay_ms=15,rate_mbit=100
"""

import argparse
import ctypes
import fcntl
import heapq
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, fields
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_MTU = 1500
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Quality:
    """One direction of a link.

    Loss is of the Gilbert-Elliott kind when ``p_bad`` is set: ``loss`` in the good state, ``loss_bad``
    in the bad one. During an outage packets wait, as they do in a mobile handover; when ``away`` is set
    they are lost, as they are when the cable is pulled. Away begins on SIGUSR1, ends on SIGUSR2.
    """

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    rate_mbit: float = 0.0
    queue_ms: float = 200.0
    loss: float = 0.0
    loss_bad: float = 1.0
    p_bad: float = 0.0
    p_good: float = 1.0
    outage_every_s: float = 0.0
    outage_ms: float = 0.0

    @classmethod
    def parse(cls, text: str) -> "Quality":
        known = {field.name for field in fields(cls)}
        values = dict(part.split("=") for part in text.split(",") if part)
        if unknown := values.keys() - known:
            raise SystemExit(f"unknown: {', '.join(sorted(unknown))}")
        return cls(**{name: float(value) for name, value in values.items()})


class Direction:
    """Packets under way in one direction."""

    def __init__(self, quality: Quality, out: int, seed: int) -> None:
        self.quality, self._out = quality, out
        self._random = random.Random(seed)
        self._queue: list[tuple[float, int, bytes]] = []
        self._began = time.monotonic()
        self._free = self._last = 0.0
        self._number = 0
        self._bad = False
        self.away = False

    def put(self, packet: bytes, now: float) -> None:
        quality = self.quality
        if self.away or self._lost():
            return
        start = self._after_outage(max(now, self._free))
        if start - now > (quality.queue_ms + quality.outage_ms) / 1000:
            return
        self._free = start + (len(packet) * 8 / (quality.rate_mbit * 1e6) if quality.rate_mbit else 0.0)
        jitter = abs(self._random.gauss(0, quality.jitter_ms)) if quality.jitter_ms else 0.0
        # A radio bearer delays but does not overtake.
        self._last = max(self._free + (quality.delay_ms + jitter) / 1000, self._last)
        self._number += 1
        heapq.heappush(self._queue, (self._last, self._number, packet))

    def deliver(self, now: float) -> None:
        while self._queue and self._queue[0][0] <= now:
            try:
                os.write(self._out, heapq.heappop(self._queue)[2])
            except OSError:
                continue

    def due(self) -> float:
        return self._queue[0][0] if self._queue else float("inf")

    def _lost(self) -> bool:
        quality, chance = self.quality, self._random.random
        if quality.p_bad:
            self._bad = chance() >= quality.p_good if self._bad else chance() < quality.p_bad
        return chance() < (quality.loss_bad if self._bad else quality.loss)

    def _after_outage(self, start: float) -> float:
        quality = self.quality
        if not quality.outage_every_s or start - self._began < quality.outage_every_s:
            return start
        into_s = (start - self._began) % quality.outage_every_s
        return start + max(quality.outage_ms / 1000 - into_s, 0.0)


def tun(namespace: str, name: str, address: str, peer: str) -> int:
    """Make a TUN device in a namespace; returns its descriptor."""
    with Path(f"/run/netns/{namespace}").open("rb") as handle:
        if _libc.setns(handle.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {namespace}")
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    subprocess.check_call(["ip", "addr", "add", address, "peer", peer, "dev", name])
    subprocess.check_call(["ip", "link", "set", name, "up", "mtu", str(_MTU), "txqueuelen", "1000"])
    return device


def forward(devices: tuple[int, int], directions: tuple[Direction, Direction]) -> None:
    """Carry packets until standard input ends."""
    left, right = devices
    while True:
        wait_s = min(min(d.due() for d in directions) - time.monotonic(), 0.2)
        ready, _, _ = select.select([left, right, sys.stdin], [], [], max(wait_s, 0.0))
        now = time.monotonic()
        for device, direction in zip((left, right), directions, strict=True):
            if device in ready:
                for _ in range(64):
                    try:
                        direction.put(os.read(device, 2048), now)
                    except BlockingIOError:
                        break
            direction.deliver(time.monotonic())
        if sys.stdin in ready and not os.read(sys.stdin.fileno(), 100):
            return


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--left", nargs=2, required=True)
    parser.add_argument("--right", nargs=2, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--there", default="")
    parser.add_argument("--back", default="")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    (left, left_address), (right, right_address) = options.left, options.right
    devices = (
        tun(left, f"{options.name}a", left_address, right_address),
        tun(right, f"{options.name}b", right_address, left_address),
    )
    there = Direction(Quality.parse(options.there), devices[1], options.seed)
    back = Direction(Quality.parse(options.back), devices[0], options.seed + 1)

    def set_away(away: bool) -> None:
        there.away = back.away = away

    signal.signal(signal.SIGUSR1, lambda *_: set_away(True))
    signal.signal(signal.SIGUSR2, lambda *_: set_away(False))
    print("ready", flush=True)
    forward(devices, (there, back))


if __name__ == "__main__":
    main()
