"""Pictures that strangers send, made anew: of what they sent, only pixels reach a page.

Metadata, places, profiles, second pictures and whatever hides behind a picture stay out because
they are never copied, not because they are looked for.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from contrib_gateway.errors import BadPicture

if TYPE_CHECKING:
    from PIL import Image, ImageFile

LARGEST = 15 * 1024 * 1024  # bytes
SIDE = 1600
"""The longer side of what is kept, in pixels. A figure is 38rem of 18 px wide at most, 684 px
(theme/static/css/reading.css): a screen of twice that density shows 1368, and what is left over
is for those who enlarge the page.
"""
PIXELS = 100_000_000
MEMORY = 300_000_000
"""Bytes a decoder may take. Only a JPEG that has all in one scan is decoded as small as we need it;
what is held whole may have fewer pixels than PIXELS: a progressive JPEG 50 million, a PNG 75, a
WebP 18.
"""
BYTES_PER_PIXEL: Mapping[str, int] = MappingProxyType({"jpeg": 1, "png": 4, "webp": 16})
BYTES_PER_SAMPLE = 2  # of a JPEG that is held whole
STRIP = 2_000_000  # pixels
MARKERS = 500
"""How many a JPEG may have: a photograph has twenty, one with a large profile three hundred. Each
may open a scan of ten bytes, for which all its pixels are gone through again.
"""
PASSES = 650_000_000
"""Pixels that the scans of a JPEG may go through, all together. A progressive photo has ten scans,
of some cameras' programs twelve: enough for 50 million pixels, a second and a half of work.
"""
WEBP_QUALITY, JPEG_QUALITY = 80, 82
HEAVIEST = 600_000  # bytes of each of the two; a photo of SIDE has half of that
ROUGHER, ROUGHEST = 20, 40  # what is heavier loses so much quality at a time, and may lose so much
SMALLER = 3, 4  # and then so much of its sides

NAME = re.compile(r"[a-z2-7]{26}\.webp")

KINDS: Mapping[str, re.Pattern[bytes]] = MappingProxyType(
    {
        "jpeg": re.compile(rb"\xff\xd8\xff"),
        "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
        "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
        "gif": re.compile(rb"GIF8[79]a"),
        "heic": re.compile(rb"....ftyp(?:hei[cmsx]|hev[cmsx]|mif[12]|msf1|avi[fs])", re.DOTALL),
        "tiff": re.compile(rb"II[*+]\0|MM\0[*+]"),
        "bmp": re.compile(rb"BM"),
        "pdf": re.compile(rb".{0,1024}%PDF-", re.DOTALL),
        "html": re.compile(rb"[^<\0]{0,99}<(?:!doctype html|html|head|body|script)", re.IGNORECASE),
        "svg": re.compile(rb"[^<\0]{0,99}<[^\0]{0,4096}\bsvg\b", re.IGNORECASE),
    }
)
"""How the files we know begin, the three we take first; names and declared types are hearsay."""
TURNS: Mapping[int, str] = MappingProxyType(
    {
        2: "FLIP_LEFT_RIGHT",
        3: "ROTATE_180",
        4: "FLIP_TOP_BOTTOM",
        5: "TRANSPOSE",
        6: "ROTATE_270",
        7: "TRANSVERSE",
        8: "ROTATE_90",
    }
)
"""By EXIF orientation (CIPA DC-008), the transposition that turns a picture upright."""
ORIENTATION = 0x0112
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")  # none that stands alone, but the end
_END, _SCAN = b"\xd9", b"\xda"


@dataclass(frozen=True, slots=True)
class Picture:
    """The same picture twice, `name` (x.webp) and a JPEG for old browsers, x.jpg; in pixels."""

    name: str
    webp: bytes
    fallback: bytes
    width: int
    height: int


def prepare(data: bytes) -> Picture:
    """What a page may show of a file that somebody sent: upright, in sRGB, at most SIDE wide or
    high, on white where it was transparent.

    Raises `BadPicture` and nothing else.
    """
    kind = _kind(data)
    warnings.filterwarnings("ignore", module="PIL")  # for whoever can mend the file
    try:
        return _developed(data, kind)
    except BadPicture:
        raise
    except Exception as error:  # a damaged file can make a decoder raise anything
        raise BadPicture("damaged") from error


def _kind(data: bytes) -> str:
    """ "jpeg", "png" or "webp"; raises `BadPicture` for the rest."""
    if not data:
        raise BadPicture("empty")
    if len(data) > LARGEST:
        raise BadPicture("too_large")
    kind = next((kind for kind, start in KINDS.items() if start.match(data)), "unknown")
    if kind not in BYTES_PER_PIXEL:
        raise BadPicture(kind)
    return kind


def _developed(data: bytes, kind: str) -> Picture:
    sent = _opened(data, kind)
    if kind == "jpeg":
        sent.draft(None, _fit(sent.size))
    sent.load()
    small = _shrunk(sent)
    return _printed(_in_srgb(_upright(small, sent), sent.info.get("icc_profile")))


def _opened(data: bytes, kind: str) -> ImageFile.ImageFile:
    """Its header read, and found to be of a picture that can be decoded."""
    # Pillow takes memory that a gateway to which nobody has sent a picture does without.
    from PIL import (  # noqa: PLC0415
        Image,
        JpegImagePlugin,
        PngImagePlugin,
        WebPImagePlugin,
    )

    # One decoder of our choice. `Image.open` would import all others to look for that of WebP,
    # take a JPEG of several pictures for another format, and warn on standard error.
    decoders: Mapping[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
        "jpeg": JpegImagePlugin.JpegImageFile,
        "png": PngImagePlugin.PngImageFile,
        "webp": WebPImagePlugin.WebPImageFile,
    }
    scans = _scans(data) if kind == "jpeg" else []
    try:
        image = decoders[kind](io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise BadPicture("too_many_pixels") from error
    cost = BYTES_PER_PIXEL[kind]
    bands = len(image.getbands())
    if kind == "jpeg" and (scans != [bands] or "progressive" in image.info):
        cost = BYTES_PER_SAMPLE * bands
    pixels = image.width * image.height
    if pixels > PIXELS or pixels * cost > MEMORY or pixels * len(scans) > PASSES:
        raise BadPicture("too_many_pixels")
    if getattr(image, "is_animated", False):
        raise BadPicture("animated")
    return image


def _scans(data: bytes) -> list[int]:
    """How many bands each scan of the first picture in a JPEG file has."""
    at = 0
    scans: list[int] = []
    for _ in range(MARKERS):
        marker = _MARKER.search(data, at)
        if marker is None or marker[1] == _END:
            return scans
        at = marker.end()
        if marker[1] == _SCAN:
            scans.append(int.from_bytes(data[at + 2 : at + 3], "big"))
        at += int.from_bytes(data[at : at + 2], "big")
    raise BadPicture("damaged")


def _fit(size: tuple[int, int]) -> tuple[int, int]:
    longer = max(*size, SIDE)
    return max(1, size[0] * SIDE // longer), max(1, size[1] * SIDE // longer)


def _shrunk(image: Image.Image) -> Image.Image:
    """At most SIDE wide or high; in strips, so that no large picture is held twice."""
    from PIL import Image  # noqa: PLC0415 — see _opened

    times = max(1, max(image.size) // SIDE)
    width, height = image.size
    rows = times * max(1, STRIP // (width * times))
    strips = (
        _averageable(image.crop((0, top, width, min(top + rows, height)))).reduce(times)
        for top in range(0, height, rows)
    )
    first = next(strips)
    small = Image.new(first.mode, (first.width, -(-height // times)))
    small.paste(first)
    for number, strip in enumerate(strips, 1):
        small.paste(strip, (0, number * rows // times))
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return small


def _averageable(image: Image.Image) -> Image.Image:
    """In a mode whose pixels can be mixed: not by their number in a palette, and of 8 bits."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    elif "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):
        image = image.convert("RGB")
    return image


def _upright(image: Image.Image, sent: Image.Image) -> Image.Image:
    from PIL import Image  # noqa: PLC0415 — see _opened

    turn = None
    with suppress(Exception):  # an EXIF block that cannot be read turns nothing
        turn = TURNS.get(sent.getexif().get(ORIENTATION, 1))
    return image.transpose(Image.Transpose[turn]) if turn else image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """As seen by the picture's own profile; one that is broken or of other colours is ignored."""
    if image.mode == "LA":
        image = image.convert("RGBA")
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        from PIL import ImageCms  # noqa: PLC0415 — see _opened

        with suppress(Exception):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            seen = ImageCms.profileToProfile(image, own, srgb, outputMode=mode)
            image = seen or image
    return image.convert(mode)


def _printed(image: Image.Image) -> Picture:
    """On a new sheet of white, which knows nothing of where the picture comes from."""
    from PIL import Image  # noqa: PLC0415 — see _opened

    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(image, mask=image if image.mode == "RGBA" else None)
    loss = 0
    while (files := _encoded(sheet, loss)) is None:
        if loss < ROUGHEST:
            loss += ROUGHER
        else:
            width, height = (max(1, side * SMALLER[0] // SMALLER[1]) for side in sheet.size)
            sheet = sheet.resize((width, height), Image.Resampling.LANCZOS)
    return Picture(_name(files[0]), *files, *sheet.size)


def _encoded(sheet: Image.Image, loss: int) -> tuple[bytes, bytes] | None:
    """As WebP and as JPEG, of so much less quality than is usual; None if one is too heavy."""
    webp, fallback = io.BytesIO(), io.BytesIO()
    # The one that is made faster first: noise, which no encoder likes, is soon told.
    sheet.save(fallback, "JPEG", quality=JPEG_QUALITY - loss, progressive=True, optimize=True)
    if fallback.tell() > HEAVIEST:
        return None
    sheet.save(webp, "WEBP", quality=WEBP_QUALITY - loss)
    return (webp.getvalue(), fallback.getvalue()) if webp.tell() <= HEAVIEST else None


def _name(webp: bytes) -> str:
    """130 bits of its digest: the same picture has the same name, two never share one."""
    digest = base64.b32encode(hashlib.sha256(webp).digest()).decode()
    return f"{digest[:26].lower()}.webp"
