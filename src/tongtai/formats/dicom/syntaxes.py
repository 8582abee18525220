"""The transfer syntaxes that are stored and shown."""

EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
RLE = "1.2.840.10008.1.2.5"

JPEG = frozenset(
    {
        "1.2.840.10008.1.2.4.50",
        "1.2.840.10008.1.2.4.51",
        "1.2.840.10008.1.2.4.57",
        "1.2.840.10008.1.2.4.70",
    }
)
JPEG_LS = frozenset({"1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"})
JPEG_2000 = frozenset(
    {
        "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.4.91",
        "1.2.840.10008.1.2.4.201",
        "1.2.840.10008.1.2.4.202",
        "1.2.840.10008.1.2.4.203",
    }
)
NATIVE = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG})
# The store leaves "deflated" out on purpose: the whole data set is one compressed stream, which a
# hostile file can blow up before anything in it has been checked, and no CT scanner writes it.
# Planning reads it from a person's own folder, within bounds.
DEFLATED = "1.2.840.10008.1.2.1.99"
ALWAYS_LOSSY = frozenset({"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.81"})
# Their streams may be either; only Lossy Image Compression (0028,2110) tells.
PERHAPS_LOSSY = frozenset({"1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203"})
SUPPORTED = NATIVE | JPEG | JPEG_LS | JPEG_2000 | {RLE}

# The bulk media type of a compressed frame (DICOM PS3.18, table 8.7.3-5).
_MEDIA_TYPES = (
    (JPEG, "image/jpeg"),
    (JPEG_LS, "image/jls"),
    (frozenset({"1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"}), "image/jp2"),
    (JPEG_2000, "image/jphc"),
    (frozenset({RLE}), "image/dicom-rle"),
)


def frame_media_type(transfer_syntax_uid: str) -> str:
    """The media type of a frame stored in this transfer syntax.

    Examples
    --------
    >>> frame_media_type("1.2.840.10008.1.2.4.80")
    'image/jls'
    """
    for syntaxes, media_type in _MEDIA_TYPES:
        if transfer_syntax_uid in syntaxes:
            return media_type
    return "application/octet-stream"
