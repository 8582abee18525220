"""Ports of this machine that are free."""

import socket
from collections.abc import Sequence

LOOPBACK = "127.0.0.1"
_FIRST_MEDIA_PORT = 7880
_STEP = 10
_TRIES = 50


def is_free(port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether a server could listen on this loopback port.

    Parameters
    ----------
    port : int
        The port.
    kind : socket.SocketKind
        ``SOCK_STREAM`` for TCP, ``SOCK_DGRAM`` for UDP.
    """
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            # As servers do: a port whose last connections only linger is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def media_ports(first: int | None) -> Sequence[int] | None:
    """Four neighbouring ports for LiveKit: signalling, ICE over TCP, media over UDP, metrics.

    Parameters
    ----------
    first : int or None
        The first of the four; ``None`` takes the first free four from 7880 on.

    Returns
    -------
    sequence of int or None
        ``None`` when one of the wanted ports is taken.
    """
    starts = [first] if first else range(_FIRST_MEDIA_PORT, _FIRST_MEDIA_PORT + _TRIES * _STEP, _STEP)
    for start in starts:
        four = range(start, start + 4)
        if all(is_free(port) for port in four) and is_free(start + 2, socket.SOCK_DGRAM):
            return four
    return None
