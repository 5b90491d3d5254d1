"""Builds the site, verifies its files, says all that is wrong; see the package."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.territory import CONTENT, seed
from tests.site.built import Built, built
from tests.site.language import foreign
from tests.site.links import broken, elsewhere
from tests.site.outline import disordered
from tests.site.page import Fault
from tests.site.validity import invalid
from tests.site.weight import weights

SHOWN = 60  # faults that are printed, each once: one often stands on hundreds of pages


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.site", description=__doc__)
    parser.add_argument("--profiles", type=int, help="of a made-up territory, instead of content/")
    asked = parser.parse_args()
    with ExitStack() as stack:
        content = CONTENT
        if asked.profiles:
            content = Path(stack.enter_context(TemporaryDirectory())) / "content"
            seed(content, asked.profiles)
        site = stack.enter_context(built(content))
        print(f"{len(site.pages)} pages, {len(site.files)} files")
        faults = list(verified(site))
    alike: dict[str, list[Fault]] = {}
    for fault in faults:
        alike.setdefault(fault.words, []).append(fault)
    for first, *others in list(alike.values())[:SHOWN]:
        more = f" (and {len(others)} times more)" if others else ""
        print(f"{first}{more}", file=sys.stderr)
    print(f"{len(faults)} faults" if faults else "The site is whole, valid, in order and light.")
    return bool(faults)


def verified(site: Built) -> Iterator[Fault]:
    """Every fault; what is measured is printed beside."""
    yield from broken(site)
    yield from elsewhere(site)
    yield from disordered(site)
    yield from foreign(site)
    for weight in weights(site):
        print(weight)
        if fault := weight.fault():
            yield fault
    try:
        yield from invalid(site)
    except FileNotFoundError as error:
        print(f"HTML is not validated: {error}", file=sys.stderr)
        if os.environ.get("CI"):
            raise


if __name__ == "__main__":
    sys.exit(main())
