"""What ISO 19005-2 (PDF/A-2b) asks of a file, as far as it can be seen without rendering it.

Written from the standard's clauses, not from the typesetter: 6.1.2 header, 6.1.3 trailer, 6.2.3 output intent,
6.2.11.4 embedded fonts, 6.5 and 6.9 actions and files, 6.6.2 and 6.6.4 metadata.
"""

import re

_OBJECT = re.compile(rb"\d+ 0 obj\n(.*?)\nendobj", re.DOTALL)
_FORBIDDEN = (
    b"/Encrypt",
    b"/JavaScript",
    b"/JS",
    b"/Launch",
    b"/Movie",
    b"/Sound",
    b"/XFA",
    b"/AA",
    b"/LZWDecode",
)


def archive_faults(content: bytes) -> list[str]:
    """The clauses that a file does not follow; none for an archive's PDF."""
    objects = [found[1] for found in _OBJECT.finditer(content)]
    plain = [body.partition(b"stream")[0] for body in objects]
    faults = []
    if not re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", content):
        faults.append("6.1.2: header or the comment of four high bytes")
    if not re.search(rb"/ID ?\[ ?[(<]", content):
        faults.append("6.1.3: no identifier of the file")
    faults += [f"6.1, 6.5: {word.decode()}" for word in _FORBIDDEN if any(_names(one, word) for one in plain)]
    if not any(b"/GTS_PDFA1" in one and b"/DestOutputProfile" in one for one in plain):
        faults.append("6.2.3: no output intent with a profile")
    fonts = [one for one in plain if b"/FontDescriptor" in one and b"/FontName" in one]
    if not fonts or not all(re.search(rb"/FontFile[23]?\b", one) for one in fonts):
        faults.append("6.2.11.4: a font that is not embedded")
    metadata = [body for body in objects if b"/Subtype/XML" in body.replace(b" ", b"")]
    if not metadata or any(b"/Filter" in one.partition(b"stream")[0] for one in metadata):
        return [*faults, "6.6.2: no metadata, or filtered"]
    told = metadata[0].decode("utf-8", "replace")
    if not re.search(r"pdfaid:part[>=]\"?2", told) or not re.search(r"pdfaid:conformance[>=]\"?B", told):
        faults.append("6.6.4: does not say PDF/A-2b")
    return faults


def _names(dictionary: bytes, word: bytes) -> bool:
    return re.search(re.escape(word) + rb"(?![A-Za-z])", dictionary) is not None


def without_fonts(content: bytes) -> bytes:
    """The same file with fonts that are named and not embedded."""
    return re.sub(rb"/FontFile[23]? ", b"/FontGone ", content)
