"""Multipart bodies in pieces of any size, and what a client is willing to take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongtai.formats.dicom.errors import MultipartError
from tongtai.formats.dicom.multipart import (
    MultipartReader,
    PartData,
    PartEnd,
    PartStart,
    closing,
    new_boundary,
    part_head,
)
from tongtai.formats.dicom.negotiation import choose_frame, choose_instance

J2K = "1.2.840.10008.1.2.4.90"
PLAIN = "1.2.840.10008.1.2.1"


def _parts(body, boundary, size):
    reader, parts, ended = MultipartReader(boundary), [], 0
    for start in range(0, len(body), size):
        for event in reader.feed(body[start : start + size]):
            if isinstance(event, PartStart):
                parts.append(b"")
            elif isinstance(event, PartData):
                parts[-1] += event.content
            elif isinstance(event, PartEnd):
                ended += 1
    reader.close()
    assert ended == len(parts)
    return parts


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 400))
def test_what_was_encoded_comes_back_whatever_the_pieces(contents, size):
    boundary = new_boundary()
    body = b"".join(part_head(boundary, "application/dicom") + c + b"\r\n" for c in contents)
    assert _parts(body + closing(boundary), boundary, size) == contents


@given(st.binary(max_size=400))
def test_any_body_is_read_or_called_malformed(body):
    reader = MultipartReader("X")
    try:
        list(reader.feed(b"--X\r\n" + body))
        reader.close()
    except MultipartError:
        return


def test_a_body_that_ends_early_and_endless_headers_are_malformed():
    reader = MultipartReader("X")
    list(reader.feed(b"--X\r\nA: b\r\n\r\nabc"))
    with pytest.raises(MultipartError):
        reader.close()
    with pytest.raises(MultipartError):
        list(MultipartReader("X").feed(b"--X\r\n" + b"A" * 20_000))


@pytest.mark.parametrize(
    ("accept", "stored", "multipart", "decoded"),
    [
        ("*/*", J2K, True, True),
        ("multipart/related; type=application/octet-stream; transfer-syntax=*", J2K, True, False),
        ('multipart/related; type="image/jp2"', J2K, True, False),
        ("image/jp2", J2K, False, False),
        ("application/octet-stream", J2K, False, True),
        (f"application/octet-stream; transfer-syntax={PLAIN}", J2K, False, True),
        ("image/jp2;q=0.1, application/octet-stream;q=0.9", J2K, False, True),
        ("multipart/related; type=application/octet-stream; transfer-syntax=*", PLAIN, True, True),
    ],
)
def test_frames_are_sent_as_they_are_wanted(accept, stored, multipart, decoded):
    choice = choose_frame(accept, stored)
    assert choice is not None
    assert (choice.multipart, choice.decoded) == (multipart, decoded)


def test_what_cannot_be_sent_is_not_promised():
    assert choose_frame("image/png", J2K) is None
    assert choose_frame("image/jls", J2K) is None
    assert choose_instance("text/html", PLAIN) is None
    assert choose_instance(f"application/dicom; transfer-syntax={J2K}", PLAIN) is None
