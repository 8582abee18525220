"""What a compressed frame says about its own size, read without decoding it.

A decoder allocates what the compressed stream declares, whatever the DICOM header says. Comparing
the two before decoding finds damaged files and disarms a stream that declares gigapixels.
"""

from tongtai.formats.dicom.syntaxes import JPEG, JPEG_2000, JPEG_LS

_JPEG_START = b"\xff\xd8"
_JPEG_2000_START = b"\xff\x4f\xff\x51"
_JP2_BOX_START = b"\x00\x00\x00\x0cjP  "
# Every start-of-frame marker of JPEG (T.81) and JPEG-LS (T.87); C4, C8 and CC are not frames.
_FRAME_MARKERS = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
_MARKERS_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def declared_size(frame: bytes, transfer_syntax_uid: str) -> tuple[int, int] | None:
    """Rows and columns that the compressed frame declares.

    Returns
    -------
    tuple[int, int] or None
        None when the syntax has no such header (RLE) or when the header cannot be found.
    """
    if transfer_syntax_uid in JPEG_2000:
        return _jpeg_2000_size(frame)
    if transfer_syntax_uid in JPEG | JPEG_LS:
        return _jpeg_size(frame)
    return None


def _jpeg_2000_size(frame: bytes) -> tuple[int, int] | None:
    start = frame.find(_JPEG_2000_START) if frame.startswith(_JP2_BOX_START) else 0
    if start < 0 or frame[start : start + 4] != _JPEG_2000_START or len(frame) < start + 24:
        return None
    width, height, left, top = (
        int.from_bytes(frame[start + offset : start + offset + 4]) for offset in (8, 12, 16, 20)
    )
    return height - top, width - left


def _jpeg_size(frame: bytes) -> tuple[int, int] | None:
    if not frame.startswith(_JPEG_START):
        return None
    position = 2
    while position + 9 <= len(frame) and frame[position] == 0xFF:
        marker = frame[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _MARKERS_WITHOUT_LENGTH:
            position += 2
        elif marker in _FRAME_MARKERS:
            rows = int.from_bytes(frame[position + 5 : position + 7])
            columns = int.from_bytes(frame[position + 7 : position + 9])
            return rows, columns
        else:
            position += 2 + int.from_bytes(frame[position + 2 : position + 4])
    return None
