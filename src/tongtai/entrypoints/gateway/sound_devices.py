"""Microphones of the machine: ALSA's by name, PulseAudio's and PipeWire's through ALSA's plugin for them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer

KINDS: Final = frozenset({"alsa", "pulse"})
_CONFIGURATION: Final = Path("/usr/share/alsa")
_PLUGINS: Final = ("/usr/lib/*/alsa-lib", "/usr/lib64/alsa-lib", "/usr/lib/alsa-lib")


def open_device(kind: str, name: str) -> InputContainer:
    """A microphone to read from, as ``alsa:NAME`` or ``pulse:NAME`` name it.

    Raises
    ------
    OSError, ValueError, av.error.FFmpegError
        If there is none of that name, or the system's part of ALSA is not installed.
    """
    os.environ.update(_system_places(os.environ))
    if kind == "pulse":
        os.environ["PULSE_SOURCE"] = name
    return av.open(name if kind == "alsa" else "pulse", "r", format="alsa")


def _system_places(set_already: Mapping[str, str]) -> dict[str, str]:
    """Where the system keeps ALSA's files: the library within PyAV looks where it was built, unless told."""
    places = {}
    if _CONFIGURATION.is_dir() and "ALSA_CONFIG_DIR" not in set_already:
        places["ALSA_CONFIG_DIR"] = str(_CONFIGURATION)
    plugins = [found for pattern in _PLUGINS for found in sorted(Path("/").glob(pattern.lstrip("/")))]
    if plugins and "ALSA_PLUGIN_DIR" not in set_already:
        places["ALSA_PLUGIN_DIR"] = str(plugins[0])
    return places
