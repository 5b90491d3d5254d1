"""Pictures: what people may send, what a page gets of it, and what everybody else is told."""

from __future__ import annotations

import io
import os
import random
import re
import struct
import subprocess
import sys
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from contrib_gateway.errors import BadPicture
from contrib_gateway.pictures import HEAVIEST, LARGEST, NAME, Picture, prepare
from plugins.render import sentence
from plugins.render.sentences import SENTENCES
from plugins.schema import Problem
from plugins.schema.kinds.composed import IMAGE_FILE
from tests.contrib_gateway.strangers import bounded

TAKEN = ("JPEG", "PNG", "WEBP")
EACH = pytest.mark.parametrize("format", TAKEN)
WHITE, RED, GREEN, BLUE = (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255)
PROJECT = Path(__file__).parents[2]


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def scene(width: int = 48, height: int = 32, corner: tuple[int, int, int] = RED) -> Image.Image:
    """Blue, its upper left quarter of another colour."""
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(corner, (0, 0, width // 2, height // 2))
    return image


def shown(picture: Picture) -> list[Image.Image]:
    """What a browser shows: the WebP and the JPEG, which must be two pictures of the same thing."""
    assert IMAGE_FILE.fullmatch(picture.name)
    assert NAME.fullmatch(picture.name)
    files = ((picture.webp, "WEBP"), (picture.fallback, "JPEG"))
    images = [Image.open(io.BytesIO(data), formats=[format]) for data, format in files]
    for image in images:
        image.load()
        assert image.mode == "RGB"
        assert image.size == (picture.width, picture.height)
        assert max(image.size) <= 1600
    return images


def near(color: object, wanted: tuple[int, ...]) -> bool:
    assert isinstance(color, tuple)
    return all(abs(one - other) < 40 for one, other in zip(color, wanted, strict=True))


def corners(picture: Picture, colors: dict[tuple[float, float], tuple[int, ...]]) -> bool:
    """Whether both files have these colours there (0 is left or up, 1 right or down)."""
    places = {
        (round(x * (picture.width - 1)), round(y * (picture.height - 1))): color
        for (x, y), color in colors.items()
    }
    images = shown(picture)
    return all(near(i.getpixel(at), color) for i in images for at, color in places.items())


SCENE = {(0.1, 0.1): RED, (0.9, 0.1): BLUE, (0.1, 0.9): BLUE, (0.9, 0.9): BLUE}


@EACH
def test_a_picture_becomes_a_webp_and_a_jpeg_of_the_same_name_each_time(format: str) -> None:
    sent = saved(scene(), format)
    picture = prepare(sent)
    assert picture == prepare(sent)
    assert corners(picture, SCENE)
    assert (picture.width, picture.height) == (48, 32)
    assert shown(picture)[1].info["progressive"]
    assert prepare(saved(scene(corner=GREEN), format)).name != picture.name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        *(((4000, 3000), (1600, 1200)), ((3000, 4000), (1200, 1600)), ((1600, 9), (1600, 9))),
        *(((1, 1), (1, 1)), ((9000, 1), (1600, 1)), ((1601, 1601), (1600, 1600))),
    ],
)
@EACH
def test_a_large_picture_is_made_as_small_as_a_page_needs(
    format: str, sent: tuple[int, int], kept: tuple[int, int]
) -> None:
    picture = prepare(saved(scene(*sent), format))
    assert (picture.width, picture.height) == kept
    assert min(kept) < 9 or corners(picture, SCENE)


STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that is held in each way stores what stands upright."""


@pytest.mark.parametrize("held", STORED)
@EACH
def test_a_photo_stands_upright_however_the_phone_was_held(format: str, held: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = held
    turn = STORED[held]
    stored = scene() if turn is None else scene().transpose(turn)
    picture = prepare(saved(stored, format, exif=exif))
    assert (picture.width, picture.height) == (48, 32)
    assert corners(picture, SCENE)


def entry(kind: int, count: int, value: bytes) -> bytes:
    """EXIF of nothing but an orientation, so written."""
    directory = struct.pack("<HHHI", 1, 0x0112, kind, count) + value.ljust(4, b"\0") + bytes(4)
    return b"Exif\0\0II*\0\x08\0\0\0" + directory


SENSELESS = {
    "zero": entry(3, 1, b"\0"),
    "nine": entry(3, 1, b"\x09"),
    "a word": entry(2, 2, b"6"),
    "outside": entry(7, 9, b"\xff\xff\xff"),
    "of no kind": entry(99, 1, b"\x06"),
    "nowhere": b"Exif\0\0MM\0*\xff\xff\xff\xff",
    "nothing": b"Exif\0\0",
    "no EXIF": b"nothing of the kind",
}


@pytest.mark.parametrize("exif", SENSELESS.values(), ids=SENSELESS.keys())
@EACH
def test_an_orientation_that_makes_no_sense_turns_nothing(format: str, exif: bytes) -> None:
    assert corners(prepare(saved(scene(), format, exif=exif)), SCENE)


def see_through(mode: str) -> tuple[Image.Image, dict[str, Any]]:
    """A scene whose red quarter is transparent, and how to save it."""
    gray = scene().convert("L")
    alpha = Image.new("L", gray.size, 255)
    alpha.paste(0, (0, 0, 24, 16))
    if mode in ("LA", "RGBA"):
        image = (gray if mode == "LA" else scene()).convert(mode)
        image.putalpha(alpha)
        return image, {}
    image = gray if mode == "L" else scene() if mode == "RGB" else scene().quantize(4)
    first = image.getpixel((0, 0))
    return image, {"transparency": bytes([0] * (int(first) + 1)) if mode == "P" else first}


@pytest.mark.parametrize(
    ("format", "mode"), [*(("PNG", m) for m in ("L", "LA", "P", "RGB", "RGBA")), ("WEBP", "RGBA")]
)
def test_what_is_transparent_is_white(format: str, mode: str) -> None:
    image, options = see_through(mode)
    dark = (29, 29, 29) if mode in ("L", "LA") else BLUE
    assert corners(prepare(saved(image, format, **options)), {(0.2, 0.2): WHITE, (0.9, 0.9): dark})


@pytest.mark.parametrize(
    ("format", "mode"),
    [*(("PNG", m) for m in ("1", "L", "I;16")), ("JPEG", "L"), ("JPEG", "CMYK"), ("MPO", "RGB")],
)
def test_every_way_to_store_light_and_dark_shows_as_it_was_taken(format: str, mode: str) -> None:
    image = Image.new("L", (48, 32), 0)
    image.paste(255, (0, 0, 24, 16))
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 257).convert("I;16")
    picture = prepare(saved(image.convert(mode), format))
    assert corners(picture, {(0.1, 0.1): WHITE, (0.9, 0.9): (0, 0, 0)})


def test_of_a_phone_photo_of_several_pictures_the_first_is_shown() -> None:
    options = {"save_all": True, "append_images": [scene(corner=GREEN)]}
    assert corners(prepare(saved(scene(), "MPO", **options)), SCENE)


def profile(space: str = "sRGB") -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()  # type: ignore[arg-type]


def swapped() -> bytes:
    """A profile in which what is called red is green, and the other way round."""
    renamed = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}
    return re.sub(rb"[rg]XYZ", lambda tag: renamed[tag[0]], profile())


@EACH
def test_colours_are_those_of_the_pictures_own_profile(format: str) -> None:
    picture = prepare(saved(scene(), format, icc_profile=swapped()))
    assert corners(picture, {(0.1, 0.1): GREEN, (0.9, 0.9): BLUE})


@pytest.mark.parametrize("broken", [b"x", b"\0" * 500, profile()[:200], profile("LAB")])
@EACH
def test_a_broken_profile_is_no_reason_to_refuse_a_picture(format: str, broken: bytes) -> None:
    assert corners(prepare(saved(scene(), format, icc_profile=broken)), SCENE)


# What must not come through

SECRET = "SECRET-47.3941-0.6848-Nadia"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{SECRET}</rdf:RDF></x:xmpmeta>'.encode()
MARKS = (
    *(SECRET.encode(), b"SECRET", b"Exif", b"EXIF", b"eXIf", b"XMP", b"xmp", b"ns.adobe.com"),
    *(b"ICC_PROFILE", b"ICCP", b"acsp", b"Photoshop", b"tEXt", b"iTXt", b"zTXt", b"VP8X", b"MPF"),
    *(b"<script", b"<html", b"PK\x03\x04", b"%PDF", b"<?php", b"Pillow", b"PIL"),
)


def loaded(format: str) -> bytes:
    """A picture with everything in it that tells who took it, where and with what."""
    exif = Image.Exif()
    exif[0x010E], exif[0x010F], exif[0x013B] = SECRET, SECRET, SECRET
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (47.0, 23.0, 39.0), "E", (0.0, 41.0, 5.0)
    gps[29] = SECRET
    options: dict[str, Any] = {"exif": exif, "icc_profile": profile()}
    if format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", SECRET)
        text.add_text("Comment", SECRET * 9, zip=True)
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options["pnginfo"] = text
    else:
        options["xmp"] = XMP
    if format == "JPEG":
        options["comment"] = SECRET
    return saved(scene(), format, **options)


def hidden_behind(sent: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("x.php", f"<?php {SECRET}")
    return b"%s<html><script>alert(1)</script>%s" % (sent, archive.getvalue())


@EACH
def test_nothing_tells_who_took_a_picture_or_where_and_nothing_hides_in_it(format: str) -> None:
    sent = hidden_behind(loaded(format))
    assert SECRET.encode() in sent
    assert zipfile.is_zipfile(io.BytesIO(sent))
    picture = prepare(sent)
    for kept in (picture.webp, picture.fallback):
        assert [mark for mark in MARKS if mark in kept] == []
        assert not zipfile.is_zipfile(io.BytesIO(kept))
    assert picture.webp[12:16] == b"VP8 "
    assert len(picture.webp) == 8 + int.from_bytes(picture.webp[4:8], "little")
    segments = {code for code in range(0xE1, 0xFF) if bytes([0xFF, code]) in picture.fallback}
    assert segments == set()  # neither APP1 to APP15 nor a comment
    assert picture.fallback.endswith(b"\xff\xd9")
    webp, jpeg = shown(picture)
    assert not webp.getexif()
    assert not jpeg.getexif()
    assert set(jpeg.info) <= {
        *("jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression")
    }


@pytest.mark.parametrize("format", ["JPEG", "WEBP"])
def test_a_program_in_a_comment_or_an_unknown_part_does_not_come_through(format: str) -> None:
    sent = saved(scene(), format)
    attack = b"<html><script>alert(1)</script>" + b" " * 97
    if format == "JPEG":
        sent = sent[:2] + b"\xff\xfe" + struct.pack(">H", len(attack) + 2) + attack + sent[2:]
    else:
        sent += b"abcd" + struct.pack("<I", len(attack)) + attack
        sent = sent[:4] + struct.pack("<I", len(sent) - 8) + sent[8:]
    picture = prepare(sent)
    assert b"script" not in picture.webp + picture.fallback
    assert corners(picture, SCENE)


# What is refused


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def mended(png: bytes) -> bytes:
    """The checksums made right again: what is wrong inside is read."""
    whole, at = png[:8], 8
    while at + 12 <= len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        whole += chunk(png[at + 4 : at + 8], png[at + 8 : at + 8 + length])
        at += 12 + length
    return whole


def huge(format: str, side: int = 16_000) -> bytes:
    """A small file that claims to be a picture of 256 million pixels; it could not be decoded."""
    sent = saved(scene(), format)
    if format == "PNG":
        return mended(sent[:16] + struct.pack(">II", side, side) + sent[24:60])
    if format == "JPEG":
        at = sent.index(b"\xff\xc0") + 5
        return sent[:at] + struct.pack(">HH", side, side) + sent[at + 4 : -20]
    canvas = struct.pack("<I", side - 1)[:3] * 2
    return b"RIFF\x00\x10\x00\x00WEBPVP8X\x0a\0\0\0\0\0\0\0" + canvas + sent[12:]


def moving(format: str) -> bytes:
    return saved(scene(), format, save_all=True, append_images=[scene(corner=GREEN)], duration=99)


def in_parts(parts: int, side: int) -> bytes:
    """A JPEG whose colours come apart: its decoder keeps the whole of it."""
    start, scan, _ = huge("JPEG", side).partition(b"\xff\xda")
    one = scan + b"\x00\x08\x01\x01\x00\x00\x3f\x00"
    return start + one * parts + b"\xff\xd9"


def in_scans(more: int, side: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again, each a true one."""
    whole = saved(Image.new("L", (side, side), 90), "JPEG", progressive=True, quality=50)
    last = b"\xff\xda" + whole.rpartition(b"\xff\xda")[2].removesuffix(b"\xff\xd9")
    return whole.removesuffix(b"\xff\xd9") + last * more + b"\xff\xd9"


def phone(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + b"\0\0\1\xaameta" + bytes(400)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED: dict[str, list[Callable[[], bytes]]] = {
    "empty": [lambda: b""],
    "too_large": [lambda: saved(scene(), "JPEG") + bytes(LARGEST)],
    "too_many_pixels": [
        *(lambda: huge("PNG"), lambda: huge("JPEG"), lambda: huge("WEBP")),
        *(lambda: huge("JPEG", 65_535), lambda: huge("PNG", 1 << 30), lambda: in_parts(1, 9000)),
        lambda: in_scans(300, 7000),
    ],
    "animated": [lambda: moving("PNG"), lambda: moving("WEBP")],
    "damaged": [
        *(lambda: saved(scene(), "JPEG")[:400], lambda: saved(scene(), "PNG")[:100]),
        *(lambda: saved(scene(), "WEBP")[:60], lambda: b"\xff\xd8\xff", lambda: huge("PNG", 0)),
        *(lambda: in_parts(9999, 100), lambda: b"\xff\xd8" + b"\xff\xe0\0\2" * 9999),
        *(lambda: b"\x89PNG\r\n\x1a\n", lambda: b"RIFF\x40\0\0\0WEBPVP8 "),
    ],
    "heic": [lambda: phone(b"heic"), lambda: phone(b"mif1"), lambda: phone(b"avif")],
    "gif": [lambda: saved(scene(), "GIF"), lambda: moving("GIF"), lambda: b"GIF89a/*<script>"],
    "tiff": [lambda: saved(scene(), "TIFF")],
    "bmp": [lambda: saved(scene(), "BMP")],
    "pdf": [lambda: saved(scene(), "PDF"), lambda: b"\n%PDF-1.7\n" + saved(scene(), "JPEG")],
    "svg": [
        *(lambda: SVG, lambda: b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- x -->" + SVG),
        lambda: b"<!DOCTYPE svg [<!ENTITY a 'a'>]>" + SVG,
    ],
    "html": [
        *(lambda: b"\n<!DOCTYPE html><title>x</title>" + SVG, lambda: b"<script>alert(1)</script>"),
        lambda: b"<html><!--" + saved(scene(), "JPEG"),
    ],
    "unknown": [
        *(lambda: b"Bonjour", lambda: saved(scene(), "ICO"), lambda: saved(scene(), "JPEG2000")),
        *(lambda: bytes(500), lambda: b" " + saved(scene(), "PNG"), lambda: phone(b"isom")),
    ],
}


@pytest.mark.parametrize(
    ("code", "make"), [(code, make) for code, makes in REFUSED.items() for make in makes]
)
def test_what_is_no_picture_for_a_page_is_refused_for_its_reason(
    code: str, make: Callable[[], bytes]
) -> None:
    with pytest.raises(BadPicture) as refused:
        prepare(make())
    assert refused.value.code == code
    assert refused.value.status == 422


@EACH
def test_a_picture_that_did_not_arrive_whole_is_refused(format: str) -> None:
    noise = Image.frombytes("RGB", (64, 48), bytes(n * n % 251 for n in range(64 * 48 * 3)))
    sent = saved(noise, format)
    for tenths in range(1, 10):
        with pytest.raises(BadPicture) as refused:
            prepare(sent[: len(sent) * tenths // 10])
        assert refused.value.code == "damaged"


def test_every_reason_is_said_in_plain_words_in_both_languages() -> None:
    codes = {code.removeprefix("picture_") for code in SENTENCES if code.startswith("picture_")}
    assert codes == {*REFUSED, "gone", "busy", "often", "unasked"}
    for code in codes:
        problem = Problem("", "image.file", f"picture_{code}")
        said = [sentence(problem, None, lang) for lang in ("fr", "en")]
        assert said[0].split(":")[1] != said[1].split(":")[1]
        assert not any("picture_" in words for words in said)
    heic = sentence(Problem("", "", "picture_heic"), None, "fr")
    assert "Réglages, Appareil photo, Formats, «\u202fLe plus compatible\u202f»" in heic


# What strangers do


@cache
def every_kind() -> dict[str, list[bytes]]:
    """A small picture in each format and mode that Pillow can write."""
    Image.init()
    modes = ("RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16")
    made: dict[str, list[bytes]] = {}
    for format in sorted(Image.SAVE):
        for mode in modes:
            image = scene().convert("L").convert("I").convert(mode) if mode == "I;16" else None
            try:
                sent = saved(image or scene().convert(mode), format)
            except (OSError, ValueError, KeyError, AttributeError):
                continue  # not a mode of this format, or no encoder for it here
            made.setdefault(format, []).append(sent)
    return made


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_of_all_kinds_that_pillow_writes_three_are_taken() -> None:
    kinds = every_kind()
    assert {"JPEG", "MPO", "PNG", "WEBP", "GIF", "TIFF", "BMP", "ICO", "PDF", "EPS"} <= set(kinds)
    for format, files in kinds.items():
        for sent in files:
            if format in (*TAKEN, "MPO"):
                assert shown(prepare(sent))
                continue
            with pytest.raises(BadPicture) as refused:
                prepare(sent)
            assert refused.value.code not in ("damaged", "too_many_pixels"), format


@cache
def samples() -> list[bytes]:
    """Those of every kind, and those of ours with all that may be in them, several times."""
    ours = [loaded(format) for format in TAKEN] + [moving("PNG"), moving("WEBP")]
    ours += [saved(scene(), "JPEG", progressive=True), saved(scene(), "WEBP", lossless=True)]
    ours += [saved(image, "PNG", **options) for image, options in map(see_through, ("P", "L"))]
    return [sent for kinds in every_kind().values() for sent in kinds] + ours * 8


def assert_answered(data: bytes) -> None:
    """Either a sound picture or a reason that has a sentence; not a word on the console."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            picture = prepare(data)
        except BadPicture as refused:
            assert refused.code in REFUSED
        else:
            assert shown(picture)
            assert [mark for mark in MARKS if mark in picture.webp + picture.fallback] == []
    assert said == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(bounded, max_examples=1000)
@given(data=st.data())
def test_a_damaged_picture_of_any_kind_is_shown_or_refused_with_words(data: st.DataObject) -> None:
    sent = bytearray(data.draw(st.sampled_from(samples())))
    anywhere = st.integers(0, len(sent) - 1)
    ahead = st.integers(0, min(len(sent), 700) - 1)  # where what describes a picture stands
    changes = data.draw(st.lists(st.tuples(anywhere | ahead, st.integers(0, 255)), max_size=6))
    for at, value in changes:
        sent[at] = value
    if data.draw(st.booleans()):
        del sent[data.draw(anywhere) :]
    whole = bytes(sent)
    if whole.startswith(b"\x89PNG") and data.draw(st.booleans()):
        whole = mended(whole)
    assert_answered(whole)


@bounded
@example(b"\xff\xd8" + b"\xff" * 100_000)
@example(b"\xff\xd8\xff" + b"\0" * 100_000)
@given(
    st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBPVP8X", b"<"]
    ).flatmap(lambda start: st.binary(max_size=400).map(start.__add__))
)
def test_bytes_that_mean_nothing_are_refused_with_words(data: bytes) -> None:
    assert_answered(data)


def test_what_pillow_would_warn_of_stays_between_us() -> None:
    exif = saved(scene(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\0" + bytes(range(200)))
    control = chunk(b"acTL", struct.pack(">II", 0, 0))
    png = saved(scene(), "PNG")
    for sent in (exif, png[:33] + control + png[33:], huge("PNG", 9_900)):
        assert_answered(sent)


# What it costs


def test_the_scans_of_a_photo_are_bounded_by_what_each_costs() -> None:
    """A small one may have many; a large one as many as cameras' and editors' programs make."""
    assert shown(prepare(in_scans(300, 1000)))
    assert shown(prepare(photo(50, progressive=True, subsampling=0)))
    began = time.process_time()
    for more in (10, 60, 300):
        with pytest.raises(BadPicture):
            prepare(in_scans(more, 7000))
    assert time.process_time() - began < 3, "they are told by their markers"


def test_what_no_encoder_makes_small_is_made_rougher_and_then_smaller() -> None:
    chance = random.Random(4)
    noise = Image.frombytes("RGB", (1600, 1600), chance.randbytes(1600 * 1600 * 3))
    picture = prepare(saved(noise, "JPEG", quality=95))
    assert shown(picture)
    assert max(len(picture.webp), len(picture.fallback)) <= HEAVIEST
    assert picture.width == picture.height < 1600
    assert prepare(saved(noise, "JPEG", quality=95)) == picture
    softer = noise.resize((3200, 3200)).reduce(2)
    softer = prepare(saved(Image.blend(softer, scene(1600, 1600), 0.6), "JPEG", quality=90))
    assert softer.width == 1600, "sides are the last to go"
    assert max(len(softer.webp), len(softer.fallback)) <= HEAVIEST


MEASURE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from contrib_gateway.darkroom import Darkroom

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024

assert "PIL" not in sys.modules
data = Path(sys.argv[1]).read_bytes()
before = peak()
with ThreadPoolExecutor(4) as threads:
    list(threads.map(Darkroom(places=4).develop, [data] * int(sys.argv[2])))
print(peak() - before)
"""


def photo(pixels: int, **options: Any) -> bytes:
    """A JPEG of so many million pixels, four by three."""
    gray = Image.linear_gradient("L").resize((4 * round((pixels * 1e6 / 12) ** 0.5),) * 2)
    gray = gray.crop((0, 0, gray.width, gray.height * 3 // 4))
    return saved(Image.merge("RGB", (gray,) * 3), "JPEG", **options)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(
    ("make", "times", "most"),
    [
        (lambda: photo(50), 1, 120),
        (lambda: photo(50), 4, 160),
        (lambda: photo(49, progressive=True, subsampling=0), 1, 360),
        (
            lambda: saved(Image.frombytes("RGB", (2236, 2236), os.urandom(14_999_088)), "PNG"),
            1,
            150,
        ),
    ],
    ids=["a photo of 50 megapixels", "four at once", "a progressive one", "a PNG of 15 MB"],
)
def test_memory_stays_within_bounds(
    make: Callable[[], bytes], times: int, most: int, tmp_path: Path
) -> None:
    """`most` is in MB, above that of a process that has not yet seen a picture."""
    (tmp_path / "sent").write_bytes(make())
    taken = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "sent"), str(times)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert taken.returncode == 0, taken.stderr
    assert int(taken.stdout) < most
