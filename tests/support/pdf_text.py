"""The words of a PDF that typst made: enough of a reader to see what a person can search for.

It takes fonts with a ToUnicode map, Flate streams and text shown by ``TJ``; no more.
"""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_TOKEN = re.compile(
    rb"<<|>>|BDC|EMC|/ActualText|/(f\d+) [\d.]+ Tf|\(((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*)\)|<([0-9A-Fa-f]+)>|\b(ET)\b",
    re.DOTALL,
)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_text(content: bytes) -> str:
    """Words in the order in which they were set, a space between runs, a form feed between pages."""
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(content)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    forms = [body for body in objects.values() if b"/Subtype/Form" in body and b"stream" in body]
    contents = [re.search(rb"/Contents (\d+) 0 R", page) for page in pages]
    shown = [(page, objects[int(found[1])]) for page, found in zip(pages, contents, strict=True) if found]
    return "\f".join(
        _words(_stream(body), _fonts(owner, objects))
        for owner, body in [*shown, *zip(forms, forms, strict=True)]
    )


def _fonts(owner: bytes, objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """The fonts that a page or a form names: the same name is another font elsewhere."""
    elsewhere = re.search(rb"/Resources (\d+) 0 R", owner)
    found = {}
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", objects[int(elsewhere[1])] if elsewhere else owner):
        unicode_map = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        assert unicode_map is not None
        found[name] = _letters(_stream(objects[int(unicode_map[1])]))
    return found


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
    assert found is not None
    return zlib.decompress(found[1]) if b"FlateDecode" in body[: found.start()] else found[1]


def _letters(unicode_map: bytes) -> dict[int, str]:
    found = {}
    for glyph, letters in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", unicode_map):
        found[int(glyph, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    return found


def _words(body: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    words, letters, nested = [], fonts.get(b"f0", {}), 0
    # Text that stands in a mark for the glyphs inside it: None outside of such marks.
    marks: list[str | None] = []
    actual: str | None = None
    for token in _TOKEN.finditer(body):
        font, literal, hexadecimal, end = token.groups()
        kind = token[0]
        if kind in {b"<<", b">>"}:
            nested += 1 if kind == b"<<" else -1
        elif kind == b"BDC":
            marks.append(actual)
            words.append(actual or "")
            actual = None
        elif kind == b"EMC":
            marks = marks[:-1]
        elif font:
            letters = fonts[font]
        elif end:
            words.append(" ")
        elif kind == b"/ActualText":
            actual = ""
        else:
            raw = bytes.fromhex(hexadecimal.decode()) if hexadecimal else _unescaped(literal)
            if nested:
                actual = _plain(raw) if actual == "" else actual
            elif not any(marks):
                glyphs = [int.from_bytes(raw[n : n + 2]) for n in range(0, len(raw), 2)]
                words += [letters.get(glyph, "�") for glyph in glyphs]
    return "".join(words)


def _plain(raw: bytes) -> str:
    """A text string of a dictionary."""
    return raw[2:].decode("utf-16-be") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")


def _unescaped(literal: bytes) -> bytes:
    def replaced(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8)]) if code.isdigit() else _ESCAPES.get(code, code)

    return _ESCAPED.sub(replaced, literal)
