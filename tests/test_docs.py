"""The documents tell the truth: what they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contrib_gateway.cli import main
from contrib_gateway.settings import help_text

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text()):
        if not target.startswith(("http:", "https:")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_and_command_that_is_named_exists(document: Path) -> None:
    words = document.read_text()
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?:`|^    |PORT=8080 )make (\w+)", words, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"
    for command in re.findall(r"`vigie (\w+)", words):
        assert command in main.commands, f"vigie {command}"
    for name in re.findall(r"`((?:contrib_gateway|plugins|theme|tests|content)/[\w./-]+)`", words):
        assert (ROOT / name).exists(), f"{document.name} names {name}"


def test_the_map_of_the_code_is_the_code() -> None:
    words = (ROOT / "README.md").read_text()
    drawn = words[words.index("## Map of the code") : words.index("A content type is one YAML")]
    folder = ROOT
    for line in re.findall(r"^( {4,6})(\S+/)? ?([a-z ]*?)(?:  .*)?$", drawn, re.MULTILINE):
        indent, path, modules = line
        if path:
            folder = ROOT / path if len(indent) == 4 else folder
            inside = path if len(indent) == 4 else folder / path
            assert (ROOT / inside).is_dir(), path
        for module in modules.split() if not path else ():
            assert (folder / f"{module}.py").exists(), module


def test_decisions_are_numbered_one_by_one() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for number, file in enumerate(files, 1):
        assert file.read_text().startswith(f"# {number}. "), file.name


def test_every_setting_is_in_the_help() -> None:
    shown = help_text()
    for source in (ROOT / "contrib_gateway").rglob("*.py"):
        for name in re.findall(r"\bVIGIE_[A-Z_]+\b", source.read_text()):
            assert name in shown, f"{source.name} reads {name}"
