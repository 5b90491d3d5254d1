"""The site's search, made by Pagefind: files in which a browser finds pages by their words.

Its program works while the pages are being written, and its files are part of the site they belong
to: both go online together.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic

from markupsafe import Markup

from plugins.render.search.page import FOLDER, WORKER
from plugins.render.search.records import KIND, Record
from plugins.render.site import FIRST_LANGUAGE

try:
    import pagefind_bin
except ImportError:  # there is none for every kind of machine
    pagefind_bin = None

LONGEST = 300  # seconds
ENTRY = "pagefind-entry.json"
USED = frozenset({"pagefind.js", WORKER, ENTRY, f"wasm.{FIRST_LANGUAGE}.pagefind"})
"""Of the files that Pagefind writes beside the index: the others are for its own search box."""
ELIDED = re.compile(r"(?<=\w)([’'])(?=\w)")
"""« l’emploi » is one word to Pagefind, and « emploi » would not find it: they are parted for it,
and joined again by the script.
"""
TOLD = Markup('<i data-pagefind-{}="{}[title]" title="{}"></i>')
"""What it is to know of a page, and nobody reads there."""
PAGE = Markup('<!doctype html><html lang="{}"><body data-pagefind-body>{}<p>{}</p></body></html>')


class FinderError(Exception):
    """There is no search: why, in a sentence."""


class Finder:
    """Pagefind at work on the records of one site, from the moment it is made."""

    def __init__(self, output: Path, records: Iterable[Record]) -> None:
        """Raises `FinderError` where Pagefind is not there or does not start."""
        self._folder = output / FOLDER
        self._told = self._folder / "told"  # what is left of a killed build goes with its site
        self._until = monotonic() + LONGEST
        try:
            self._told.mkdir(parents=True)
            for number, record in enumerate(records):
                (self._told / f"{number}.html").write_text(page(record), encoding="utf-8")
            self._process = _started(self._told, self._folder)
        except (FinderError, OSError) as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise FinderError(str(error)) from error

    def __enter__(self) -> Finder:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait until its files stand, unless the site they are for could not be written. Raises
        `FinderError`, and leaves none of them, if they do not.
        """
        if kind:
            self._process.kill()
        try:
            status = self._process.wait(max(1, self._until - monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        if not status and (self._folder / ENTRY).is_file():
            self._tidy()
            return
        shutil.rmtree(self._folder, ignore_errors=True)
        if not kind:
            raise FinderError(f"Pagefind wrote nothing and ended with {status}")

    def _tidy(self) -> None:
        shutil.rmtree(self._told)
        for file in self._folder.iterdir():
            if file.is_file() and file.name not in USED and file.suffix != ".pf_meta":
                file.unlink()


def _started(told: Path, folder: Path) -> subprocess.Popen[bytes]:
    """All texts are taken for the first language's: most are, and one index has the endings of one
    language.
    """
    if pagefind_bin is None:
        raise FinderError("Pagefind is not installed (the package pagefind_bin)")
    quiet = subprocess.DEVNULL
    try:
        command = [str(pagefind_bin.get_executable()), "--site", str(told)]
        command += ["--output-path", str(folder), "--force-language", FIRST_LANGUAGE]
        return subprocess.Popen(  # noqa: S603 — a file of that package, no stranger's words
            command, cwd=told, stdin=quiet, stdout=quiet, stderr=quiet
        )
    except OSError as error:
        raise FinderError(f"Pagefind does not start: {error}") from error


def page(record: Record) -> str:
    """A record, as Pagefind reads one."""
    told = Markup("").join(TOLD.format(*one) for one in _told(record))
    return PAGE.format(FIRST_LANGUAGE, told, ELIDED.sub(r"\1 ", record.text))


def _told(record: Record) -> Iterator[tuple[str, str, str]]:
    """What a row shows, and by what it is narrowed; `lang` if it is not the first language."""
    meta = {
        "url": record.url,
        "title": ELIDED.sub(r"\1 ", record.title),
        "date": record.date,
        "within": record.within,
        "lang": "" if record.lang == FIRST_LANGUAGE else record.lang,
        "demo": "1" if record.demo else "",
    }
    yield from (("meta", name, value) for name, value in meta.items() if value)
    yield "filter", KIND, record.kind
    yield from (("filter", name, key) for name, keys in record.terms.items() for key in keys)
