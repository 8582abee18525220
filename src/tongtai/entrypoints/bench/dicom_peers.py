"""The same CT into DICOM servers of others on this machine: DCMTK's ``storescp`` and Orthanc, sent by ``storescu``."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongtai.entrypoints.bench.media_bench import free_ports

_READY_WITHIN_S = 20.0
_LOOK_EVERY_S = 0.05
# Else DCMTK waits 40 ms after each file for an acknowledgement that TCP delays, and reaches a fifth of this.
_AT_ITS_BEST = {**os.environ, "TCP_NODELAY": "1"}


def stored_elsewhere(ct: Path, megabytes: float) -> str | None:
    """How fast others store the files of a folder, in MB/s; ``None`` where none is installed.

    Each gets all files in one association, as a scanner sends them. Neither looks whose images they are, waits for
    the disk, or shows them to anybody meanwhile.
    """
    if shutil.which("storescu") is None:
        return None
    found = []
    for name, program in (("DCMTK storescp", "storescp"), ("Orthanc", "Orthanc")):
        if shutil.which(program) is None:
            continue
        place = ct.with_name(program)
        place.mkdir()
        dicom_port, http_port, *_ = free_ports()
        command = (
            ["storescp", "--output-directory", str(place), "--accept-all", str(dicom_port)]
            if program == "storescp"
            else ["Orthanc", str(_orthanc_settings(place, dicom_port, http_port))]
        )
        with _running(command, dicom_port) as ready:
            if not ready:
                found.append(f"{name} did not start")
                continue
            began = time.perf_counter()
            send = ["storescu", "--scan-directories", "--aetitle", "BENCH", "--call", "PEER"]
            subprocess.run(
                [*send, "127.0.0.1", str(dicom_port), str(ct)],
                check=True,
                capture_output=True,
                env=_AT_ITS_BEST,
            )
            found.append(f"{name} {megabytes / (time.perf_counter() - began):.0f} MB/s")
    return ", ".join(found) or None


def _orthanc_settings(place: Path, dicom_port: int, http_port: int) -> Path:
    settings = {
        "StorageDirectory": str(place / "storage"),
        "IndexDirectory": str(place / "storage"),
        "DicomPort": dicom_port,
        "DicomAet": "PEER",
        "DicomAlwaysAllowStore": True,
        "HttpPort": http_port,
        "RemoteAccessAllowed": False,
        "Plugins": [],
    }
    path = place / "orthanc.json"
    path.write_text(json.dumps(settings), encoding="utf-8")
    return path


@contextmanager
def _running(command: list[str], port: int) -> Iterator[bool]:
    """A server for as long as the block lasts; whether it has begun to listen."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_AT_ITS_BEST
    )
    try:
        deadline = time.monotonic() + _READY_WITHIN_S
        while not (ready := _listens(port)) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_S)
        yield ready
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
