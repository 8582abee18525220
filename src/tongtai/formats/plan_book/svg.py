"""Drawings in millimetres of paper: just the SVG that a plan book's figures need."""

import base64
from collections.abc import Sequence
from html import escape
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FONT = "Noto Sans SC"
Points = NDArray[np.float64]
DASHED = "1.6 1.0"
DOTTED = "0.4 0.8"


class Drawing:
    """A picture of a size in millimetres, origin at its upper left corner.

    Examples
    --------
    >>> drawing = Drawing(20.0, 10.0)
    >>> drawing.text(1.0, 5.0, "肝")
    >>> "肝" in drawing.content()
    True
    """

    def __init__(self, width_mm: float, height_mm: float, *, background: str = "") -> None:
        self.width_mm, self.height_mm = width_mm, height_mm
        self._items: list[str] = []
        if background:
            self.rectangle(0.0, 0.0, width_mm, height_mm, fill=background)

    def raster(
        self, pixels: NDArray[np.uint8], x: float, y: float, width_mm: float, height_mm: float
    ) -> None:
        """Grey ``(rows, columns)`` or colour ``(rows, columns, 3)`` pixels."""
        stream = BytesIO()
        Image.fromarray(pixels).save(stream, "PNG")
        data = base64.b64encode(stream.getvalue()).decode()
        self._items.append(
            f'<image x="{x:.3f}" y="{y:.3f}" width="{width_mm:.3f}" height="{height_mm:.3f}" '
            f'preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
        )

    def curve(
        self,
        lines: Sequence[Points],
        *,
        stroke: str,
        width_mm: float = 0.3,
        dash: str = "",
        fill: str = "none",
        closed: bool = False,
    ) -> None:
        """Lines through ``(x, y)`` points in millimetres of paper."""
        end = "Z" if closed else ""
        data = "".join(
            "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in line) + end for line in lines if len(line) > 1
        )
        if data:
            self._items.append(
                f'<path d="{data}" stroke="{stroke}" stroke-width="{width_mm}" fill="{fill}" '
                f'fill-rule="evenodd" stroke-linejoin="round" stroke-linecap="round"{_dashes(dash)}/>'
            )

    def circle(
        self, x: float, y: float, radius_mm: float, *, stroke: str = "none", fill: str = "none"
    ) -> None:
        """A circle with a thin border."""
        self._items.append(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius_mm}" stroke="{stroke}" stroke-width="0.3" '
            f'fill="{fill}"/>'
        )

    def rectangle(
        self, x: float, y: float, width_mm: float, height_mm: float, *, fill: str, stroke: str = "none"
    ) -> None:
        """A filled rectangle."""
        self._items.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{width_mm:.2f}" height="{height_mm:.2f}" '
            f'fill="{fill}" stroke="{stroke}" stroke-width="0.2"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size_mm: float = 2.6,
        fill: str = "#ffffff",
        anchor: str = "start",
        halo: str = "",
        bold: bool = False,
    ) -> None:
        """Words whose base line begins, ends or has its middle at a place."""
        body = (
            f'x="{x:.2f}" y="{y:.2f}" font-family="{FONT}" font-size="{size_mm}" '
            f'text-anchor="{anchor}" font-weight="{700 if bold else 400}"'
        )
        if halo:
            self._items.append(
                f'<text {body} fill="{halo}" stroke="{halo}" stroke-width="0.7" '
                f'stroke-linejoin="round">{escape(words)}</text>'
            )
        self._items.append(f'<text {body} fill="{fill}">{escape(words)}</text>')

    def content(self) -> str:
        """The whole drawing; nothing reaches beyond its border."""
        size = f'width="{self.width_mm}mm" height="{self.height_mm}mm"'
        box = f"0 0 {self.width_mm} {self.height_mm}"
        clip = (
            f'<clipPath id="c"><rect width="{self.width_mm}" height="{self.height_mm}"/></clipPath>'
            '<g clip-path="url(#c)">'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}">{clip}'
            + "".join(self._items)
            + "</g></svg>"
        )


def _dashes(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def colour(rgb: tuple[int, int, int]) -> str:
    """A colour as SVG writes it.

    Examples
    --------
    >>> colour((255, 0, 16))
    '#ff0010'
    """
    return "#{:02x}{:02x}{:02x}".format(*rgb)
