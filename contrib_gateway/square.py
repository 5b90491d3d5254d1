"""A QR code (ISO/IEC 18004) of an address, drawn as SVG to stand in a page."""

from __future__ import annotations

import segno
from markupsafe import Markup


def square(address: str) -> Markup:
    """Dark on white whatever the page's colours: cameras need it so; as large as its frame."""
    drawn = segno.make_qr(address, error="m").svg_inline(
        border=2, light="#fff", dark="#000", omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 — drawn by the library from modules alone
