"""Letters that the papers' font lacks: shown by their number, so that no paper fails for one and none drops it."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import typst
from fontTools.ttLib import TTFont

_Content = TypeVar("_Content")
# Scripts that the typesetter's own fonts have where the papers' font lacks a letter.
_LATIN_GREEK_CYRILLIC = range(0x20, 0x530), range(0x1E00, 0x2000)
# Neither seen nor missed: dropped.
_SILENT = frozenset({"Cc", "Cf", "Cs"})


def typeset_printable(content: _Content, compile_it: Callable[[_Content], bytes], fonts: Path) -> bytes:
    """Typeset, with letters that no font has as ``〔U+2C386〕``.

    PDF/A has no place for a letter without a shape, and a name without one of its letters is another name.

    Parameters
    ----------
    content
        What the template reads: mappings and sequences with text in them.
    compile_it
        Typesets it; TypstError when a letter has no shape.
    fonts : Path
        Folder of the papers' font.
    """
    covered = _covered(fonts)
    try:
        return compile_it(_marked(content, lambda letter: _is_shown(letter, covered)))
    except typst.TypstError:
        # The typesetter's own fonts are not ours to know: without them.
        return compile_it(_marked(content, lambda letter: ord(letter) in covered))


def _is_shown(letter: str, covered: frozenset[int]) -> bool:
    return ord(letter) in covered or any(ord(letter) in script for script in _LATIN_GREEK_CYRILLIC)


def _marked(content: _Content, shown: Callable[[str], bool]) -> _Content:
    def of(part: object) -> object:
        if isinstance(part, str):
            return "".join(_letter(letter, shown) for letter in part)
        if isinstance(part, Mapping):
            return {name: of(each) for name, each in part.items()}
        if isinstance(part, list | tuple):
            return [of(each) for each in part]
        return part

    return of(content)  # type: ignore[return-value]  # as before, but for the letters


def _letter(letter: str, shown: Callable[[str], bool]) -> str:
    if letter in "\n\t\u200b" or (letter >= " " and shown(letter)):
        return letter
    return "" if unicodedata.category(letter) in _SILENT else f"〔U+{ord(letter):04X}〕"


@cache
def _covered(fonts: Path) -> frozenset[int]:
    """The letters that every face of the folder has."""
    maps = []
    for face in sorted(fonts.rglob("*.ttf")):
        with TTFont(face, lazy=True) as opened:
            maps.append(frozenset(opened.getBestCmap() or ()))
    return frozenset.intersection(*maps) if maps else frozenset()
