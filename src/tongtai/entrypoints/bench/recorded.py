"""What a gateway has on its disk after a measurement."""

from itertools import pairwise
from pathlib import Path

import av

from tongtai.entrypoints.gateway.recordings import sidecars


def longest_gap_s(recordings: Path) -> float:
    """Longest time between two pictures of the recorded feeds, in seconds; within and between their files."""
    times: dict[str, list[float]] = {}
    for folder, sidecar in sidecars(recordings):
        if sidecar.codec == "opus":
            continue
        began_s = sidecar.started_at.timestamp()
        with av.open(str(folder / sidecar.file_name)) as container:
            stream = container.streams.video[0]
            times.setdefault(sidecar.feed, []).extend(
                began_s + float(packet.pts * packet.time_base)
                for packet in container.demux(stream)
                if packet.pts is not None and packet.time_base is not None
            )
    gaps = [after - before for one in times.values() for before, after in pairwise(sorted(one))]
    return max(gaps, default=float("inf"))
