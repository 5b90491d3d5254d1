"""Pelican's generator of the whole site: every type, from its YAML, when its content is sound."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from plugins.check import Content, check, describe, misplaced
from plugins.finder import Finder, FinderError
from plugins.press import run, workers
from plugins.publication import works
from plugins.render import Site, Theme
from plugins.render.search.page import FOLDER, NO_SEARCH
from plugins.render.search.records import records
from plugins.schema import Document, Index, Problem, SchemaError, load_schema


def found(metadata: dict[str, Any], **_: object) -> Document | Problem:
    """What the reader handed on; stands where Pelican expects a class of its own."""
    result: Document | Problem = metadata["found"]
    return result


class SiteGenerator(Generator):  # type: ignore[misc]  # Pelican has no types
    """Reads all documents, reports all their faults at once; writes the site if there is none."""

    def generate_context(self) -> None:
        try:
            self._content = self._read()
        except SchemaError as error:
            stop([str(error)])
        problems = check(self._content)
        if problems:
            schema = self._content.index.schema
            stop([describe(problem, schema, "fr") for problem in problems])

    def _read(self) -> Content:
        folder = Path(self.path)
        schema = load_schema(folder)
        paths = sorted(self.get_files([""], extensions=["md"]))
        read = [self.readers.read_file(self.path, path, content_class=found) for path in paths]
        documents = [entry for entry in read if isinstance(entry, Document)]
        problems = [entry for entry in read if isinstance(entry, Problem)]
        images = frozenset(file.name for file in (folder / "images").glob("*") if file.is_file())
        return Content(Index(schema, documents), images, (*problems, *misplaced(folder)))

    def generate_output(self, writer: Writer) -> None:
        index = self._content.index
        output = Path(self.output_path).resolve()
        site = Site(self.settings["SITEURL"] + "/", self.settings["GATEWAY_URL"] + "/", build_day())
        todo = list(works(Theme(site, index.schema), index))
        finder = self._finder(output)
        with unsearched(), finder or nullcontext():
            run(todo, output, workers(len(index.documents)))

    def _finder(self, output: Path) -> Finder | None:
        """What makes the site's search meanwhile, if it is wanted and can be made."""
        shutil.rmtree(output / FOLDER, ignore_errors=True)  # it would find what is not there now
        if self.settings.get("SEARCH"):
            with unsearched():
                return Finder(output, records(self._content.index))
        return None


@contextmanager
def unsearched() -> Iterator[None]:
    """A site without its search is still whole: only say so."""
    try:
        yield
    except FinderError as error:
        sys.stderr.write(f"{NO_SEARCH}{error}\n")


def stop(lines: list[str]) -> NoReturn:
    """Say everything that is wrong and exit with status 1.

    Not by Pelican's log: it would end the build at the first error, in a narrow column.
    """
    words = [*lines, f"{len(lines)} défaut(s) : rien n’est publié."]
    sys.stderr.write("\n".join(words) + "\n")
    raise SystemExit(1)


def build_day() -> datetime.date:
    """Today, or the day of SOURCE_DATE_EPOCH (reproducible-builds.org), to repeat a build."""
    stamp = os.environ.get("SOURCE_DATE_EPOCH")
    if stamp:
        return datetime.datetime.fromtimestamp(int(stamp), datetime.UTC).date()
    return datetime.datetime.now(datetime.UTC).date()


def get_generators(_: object) -> type[SiteGenerator]:
    return SiteGenerator


def register() -> None:
    signals.get_generators.connect(get_generators)
