"""The face of titles: one file, cut from its package to what French and English need."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile

PACKAGE = "fontpkg_literata"  # SIL Open Font License 1.1: its notice stays in the file
SOURCE = "files/Literata[opsz,wght].ttf"
NAME = "fonts/literata.woff2"
WEIGHTS = (400, 700)
OPTICAL_SIZE = 24  # points: between the title of a row and the title of a page
THIN, NARROW = 0x2009, 0x202F
WRITTEN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ŒœŸ–—‘’‚“”„†•…‹›€←→"),
    THIN,
    NARROW,
)
"""Code points; a name written with others shows in the next face of `--serif`."""
FEATURES = ("kern", "liga", "ccmp", "locl", "lnum", "pnum", "tnum")
NOTICES = (
    0,
    1,
    2,
    13,
    14,
)  # of the file's names: copyright, family, style, licence and its address


def cut(static: Path) -> Path:
    """The face's file in the theme's static folder, made (in 2 s) where it is not there yet or was
    cut before this module or the package became what they are.

    Raises OSError where it cannot be written: it is made when the project is set up.
    """
    file = static / NAME
    if not file.exists() or file.stat().st_mtime < _changed():
        file.parent.mkdir(exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as made:
            part = Path(made.name)
        try:
            _write(part)
            part.chmod(0o644)
            part.replace(file)  # several builds may be at it: each finds a whole one
        finally:
            part.unlink(missing_ok=True)
    return file


def _changed() -> float:
    """When this module or its package last changed, in seconds since 1970."""
    package = files(PACKAGE).joinpath(SOURCE)
    made_of = [Path(__file__), *([package] if isinstance(package, Path) else [])]
    return max(one.stat().st_mtime for one in made_of)


def _write(file: Path) -> None:
    # Half a second of imports, that only the first start needs.
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 — see above
    from fontTools.ttLib import TTFont  # noqa: PLC0415 — see above
    from fontTools.varLib.instancer import (  # noqa: PLC0415 — see above
        instantiateVariableFont,
    )

    with files(PACKAGE).joinpath(SOURCE).open("rb") as source:
        font = TTFont(source, lazy=False, recalcTimestamp=False)
        for table in font["cmap"].tables:  # the face has no narrow space, French needs it
            if THIN in table.cmap:
                table.cmap[NARROW] = table.cmap[THIN]
        options = Options(hinting=False, layout_features=[*FEATURES], name_IDs=[*NOTICES])
        cutter = Subsetter(options)
        cutter.populate(unicodes=WRITTEN)
        cutter.subset(font)
        instantiateVariableFont(font, {"wght": WEIGHTS, "opsz": OPTICAL_SIZE}, inplace=True)
        font.flavor = "woff2"
        font.save(file)


if __name__ == "__main__":
    cut(Path(__file__).parents[1] / "theme" / "static")
