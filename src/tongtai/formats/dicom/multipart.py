"""``multipart/related`` bodies (RFC 2387), as DICOMweb uses them, in pieces of any size."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from tongtai.formats.dicom.errors import MultipartError

_HEADER_LIMIT_BYTES = 8 << 10
_BOUNDARY_LIMIT = 70
_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;,]+))')


@dataclass(frozen=True, slots=True)
class PartStart:
    """A part begins; names of headers are in lower case."""

    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class PartData:
    """Bytes of the present part."""

    content: bytes


@dataclass(frozen=True, slots=True)
class PartEnd:
    """The present part is complete."""


MultipartEvent = PartStart | PartData | PartEnd


class _State(Enum):
    PREAMBLE = auto()
    DELIMITER = auto()
    HEADERS = auto()
    BODY = auto()
    END = auto()


def media_type(header: str) -> tuple[str, dict[str, str]]:
    """Split a Content-Type or one entry of Accept into type and parameters, in lower case.

    Examples
    --------
    >>> media_type('multipart/related; type="application/dicom"; boundary=X')
    ('multipart/related', {'type': 'application/dicom', 'boundary': 'X'})
    """
    # By hand: the mail parser takes the slash of an unquoted ``type=application/dicom``, which
    # many clients send, for the value's end.
    parameters = {
        match[1].lower(): match[2] if match[2] is not None else match[3]
        for match in _PARAMETER.finditer(header)
    }
    return header.partition(";")[0].strip().lower(), parameters


@dataclass(slots=True)
class MultipartReader:
    """Takes a body apart while it arrives; holds no more than one piece of it.

    Parameters
    ----------
    boundary : str
        The parameter ``boundary`` of the body's Content-Type.
    """

    boundary: str
    _buffer: bytearray = field(default_factory=lambda: bytearray(b"\r\n"), init=False)
    _state: _State = field(default=_State.PREAMBLE, init=False)

    def __post_init__(self) -> None:
        if not 0 < len(self.boundary) <= _BOUNDARY_LIMIT:
            raise MultipartError("The Content-Type has no usable boundary.")

    def feed(self, piece: bytes) -> Iterator[MultipartEvent]:
        """The events that become certain with this piece.

        Raises
        ------
        MultipartError
            If the body is malformed.
        """
        self._buffer += piece
        event: MultipartEvent | None
        moved = True
        while moved:
            moved, event = self._step()
            if event is not None:
                yield event

    def close(self) -> None:
        """Say that nothing more comes.

        Raises
        ------
        MultipartError
            If the body ended before its closing delimiter.
        """
        if self._state is not _State.END:
            raise MultipartError("The multipart body ends before its closing delimiter.")

    @property
    def _delimiter(self) -> bytes:
        return b"\r\n--" + self.boundary.encode("ascii", "replace")

    def _step(self) -> tuple[bool, MultipartEvent | None]:
        if self._state in {_State.PREAMBLE, _State.BODY}:
            return self._until_delimiter()
        if self._state is _State.DELIMITER:
            return self._after_delimiter()
        if self._state is _State.HEADERS:
            return self._headers()
        self._buffer.clear()
        return False, None

    def _until_delimiter(self) -> tuple[bool, MultipartEvent | None]:
        position = self._buffer.find(self._delimiter)
        in_body = self._state is _State.BODY
        if position == 0:
            del self._buffer[: len(self._delimiter)]
            self._state = _State.DELIMITER
            return True, PartEnd() if in_body else None
        certain = position if position > 0 else len(self._buffer) - len(self._delimiter) + 1
        if certain <= 0:
            return False, None
        content = bytes(self._buffer[:certain])
        del self._buffer[:certain]
        return True, PartData(content) if in_body else None

    def _after_delimiter(self) -> tuple[bool, MultipartEvent | None]:
        if self._buffer.startswith(b"--"):
            self._state = _State.END
            return True, None
        position = self._buffer.find(b"\r\n")
        if position < 0 or self._buffer[:position].strip():
            if len(self._buffer) > _HEADER_LIMIT_BYTES or position >= 0:
                raise MultipartError
            return False, None
        # The line break stays: it ends an empty header block.
        del self._buffer[:position]
        self._state = _State.HEADERS
        return True, None

    def _headers(self) -> tuple[bool, MultipartEvent | None]:
        position = self._buffer.find(b"\r\n\r\n")
        if position < 0 or position > _HEADER_LIMIT_BYTES:
            if len(self._buffer) > _HEADER_LIMIT_BYTES:
                raise MultipartError("A part's headers are too long.")
            return False, None
        lines = self._buffer[:position].decode("latin-1").split("\r\n")
        headers = dict(_header(line) for line in lines if line)
        del self._buffer[: position + 4]
        self._state = _State.BODY
        return True, PartStart(headers)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise MultipartError("A part has a malformed header.")
    return name.strip().lower(), value.strip()


def new_boundary() -> str:
    """A boundary that no content holds, but for a chance of 2^-128."""
    return f"tongtai-{secrets.token_hex(16)}"


def part_head(boundary: str, content_type: str, *, location: str = "") -> bytes:
    """What precedes a part's content; the content and a line break follow."""
    lines = [f"--{boundary}", f"Content-Type: {content_type}"]
    if location:
        lines.append(f"Content-Location: {location}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def closing(boundary: str) -> bytes:
    """What follows the last part."""
    return f"--{boundary}--\r\n".encode("latin-1")
