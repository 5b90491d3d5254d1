"""`vigie check` and `pelican content` tell every fault of a content tree, and where it is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.check import Content, check_document, load
from plugins.check import check as check_content
from plugins.schema import Index, SchemaError, read
from tests.plugins.building import PROJECT, build, check
from tests.plugins.schema import strategies

CONTENT = PROJECT / "content"
SCHEMA_FILES = ("types", "vocabularies", "site.yaml")
GOOD = """---
title: Un besoin
viewpoint: usager
themes: [cooperer]
id: {id}
lang: fr
created: 2026-11-23
updated: 2026-11-23
{more}---
"""


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """The real types and vocabularies, without any document."""
    folder = tmp_path / "content"
    folder.mkdir()
    for name in SCHEMA_FILES:
        copy = shutil.copytree if (CONTENT / name).is_dir() else shutil.copy
        copy(CONTENT / name, folder / name)
    for name in ("needs", "groups", "nulle-part", "images", "needs/un-dossier.md"):
        (folder / name).mkdir()
    return folder


def need(id: str, more: str = "") -> str:
    return GOOD.format(id=id, more=more)


BROKEN: dict[str, tuple[str | bytes, list[str]]] = {
    "needs/juste.md": (need("a1"), []),
    "needs/sans-rien.md": (
        "---\nid: a2\n---\n",
        ["title", "viewpoint", "themes", "lang", "created", "updated"],
    ),
    "needs/faux.md": (
        need("a3", "frequency: jamais\nplace: {territory: atlantide}\ninconnu: oui\n"),
        ["frequency", "place.territory", "inconnu"],
    ),
    "needs/prive.md": (need("a4", "contact: moi@exemple.fr\n"), ["contact"]),
    "needs/lignes.md": (
        need("a5", "answers_text: [{text: Bon}, {url: pas une adresse, autre: x}]\n"),
        ["answers_text.1.text", "answers_text.1.url", "answers_text.1.autre"],
    ),
    "needs/liens.md": (
        need("a6", "answers: [actor/personne, need/juste]\n") + "\n[ici](need/nulle-part)\n",
        ["answers", "body"],
    ),
    "needs/double.md": (need("b1"), ["id"]),
    "needs/copie.md": (need("b1"), ["id"]),
    "needs/ailleurs.md": (
        need("a7", "aliases: [{name: ../../../../tmp/x}, {name: juste}, {name: ancien}]\n"),
        ["aliases.0.name", "aliases.1.name", "aliases.2.name"],
    ),
    "needs/encore.md": (need("a8", "aliases: [{name: ancien}]\n"), ["aliases.0.name"]),
    "needs/forme.md": (need("a9", "aliases: ancien\nthemes2: {a: [b]}\n"), ["aliases", "themes2"]),
    "needs/Mauvais_Nom.md": (need("c1"), [""]),
    "needs/aux.md": (need("c2"), [""]),
    "needs/yaml.md": ("---\ntitle: [\n---\n", [""]),
    "needs/deux-fois.md": ("---\ntitle: Un\ntitle: Deux\n---\n", [""]),
    "needs/profond.md": (f"---\ntitle: {'[' * 300_000}{']' * 300_000}\n---\n", [""]),
    "needs/rien.md": ("", [""]),
    "needs/octets.md": (b"---\ntitle: \xff\xfe\n---\n", [""]),
    "needs/notes.txt": ("un brouillon", [""]),
    "types/need.yml": ("folder: besoins", [""]),
    "nulle-part/x.md": (need("c3"), [""]),
}


def spoil(folder: Path) -> set[str]:
    """Write all the broken files; the beginnings of the lines that must tell of them."""
    expected = set()
    for path, (text, fields) in BROKEN.items():
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        expected |= {f"content/{path}{f' — {field}' if field else ''} : " for field in fields}
    return expected


Command = Callable[[Path, Path], subprocess.CompletedProcess[str]]
COMMANDS: dict[str, Command] = {
    "vigie check": lambda content, _: check(content),
    "pelican content": build,
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_fault_of_every_file_is_told_at_once(
    command: str, empty: Path, tmp_path: Path
) -> None:
    expected = spoil(empty)
    result = COMMANDS[command](empty, tmp_path / "output")
    assert "Traceback" not in result.stderr, result.stderr
    said = (result.stdout + result.stderr).splitlines()
    found = [line for line in said if line.startswith("content/")]
    missing = {start for start in expected if not any(line.startswith(start) for line in found)}
    assert not missing
    assert not [line for line in found if not line.startswith(tuple(expected))]
    assert result.returncode == 1
    assert not (tmp_path / "output" / "index.html").exists()


def test_a_key_that_looks_like_a_number_is_a_fault_like_another(empty: Path) -> None:
    lines = "answers_text: [{text: Bon, '²': x}]\n"
    (empty / "needs" / "lignes.md").write_text(need("a5", lines))
    result = check(empty)
    assert "content/needs/lignes.md — answers_text.0.² : " in result.stdout
    assert result.returncode == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_broken_type_file_is_told_with_its_line(
    command: str, empty: Path, tmp_path: Path
) -> None:
    file = empty / "types" / "need.yaml"
    lines = file.read_text().splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "kind: paragraph" in line)
    lines[number - 1] = lines[number - 1].replace("paragraph", "paragraphe")
    file.write_text("\n".join(lines))
    result = COMMANDS[command](empty, tmp_path / "output")
    assert f"content/types/need.yaml:{number}: " in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert result.returncode == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_the_real_content_has_no_fault(command: str, tmp_path: Path) -> None:
    result = COMMANDS[command](CONTENT, tmp_path / "output")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_site_without_any_document_is_a_good_site(
    command: str, empty: Path, tmp_path: Path
) -> None:
    result = COMMANDS[command](empty, tmp_path / "output")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kind: text, max: 80", "kind: text, max: beaucoup"),
        ("kind: text, max: 80", 'kind: text, pattern: "(", max: 80'),
        ("kind: date, label", "kind: date, precision: week, label"),
        ("count:", "page:"),
        ("folder: things", "folder: ../things"),
        ("url: choses/{slug}/", "url: ../{slug}/"),
        ("url: choses/{slug}/", "url: //ailleurs.example/{slug}/"),
        ("from: themes", "from: rien"),
        ("to: thing", "to: chose"),
        ("theme: b", "personne: b"),
    ],
)
def test_a_mistake_in_a_type_is_told_before_it_can_do_harm(before: str, after: str) -> None:
    text = strategies.TYPE.replace("kind: text, required: true, max: 120", "kind: text, max: 80")
    assert before in text
    line = text[: text.index(before)].count("\n") + 1
    with pytest.raises(SchemaError) as caught:
        strategies.schema(thing=text.replace(before, after, 1))
    assert (caught.value.file, caught.value.line) == ("content/types/thing.yaml", line)


def test_a_type_whose_fields_stand_inside_themselves_is_told() -> None:
    endless = strategies.TYPE.replace("fields:\n", "fields: &all\n").replace(
        "fields: {name:", "fields: *all, hint: {name:"
    )
    with pytest.raises(SchemaError):
        strategies.schema(thing=endless)


def test_a_picture_that_is_not_there_is_told_inside_a_list_too() -> None:
    rows = "fields: {photo: {kind: image, label: Photo}, name: {"
    schema = strategies.schema(thing=strategies.TYPE.replace("fields: {name: {", rows))
    text = "---\ntitle: Un\nrows: [{name: a}, {name: b, photo: {file: a.png, alt: A}}]\n---\n"
    document = read(schema.types["thing"], "un", text)
    index = Index(schema, [document])
    for pictures, told in ((frozenset[str](), True), (frozenset(["a.png"]), False)):
        problems = check_document(document, index, pictures)
        fields = {problem.field for problem in problems if problem.code == "missing_image"}
        assert fields == ({"rows.1.photo.file"} if told else set())


def test_a_webp_without_its_jpeg_is_told_and_a_picture_that_nobody_names_is_not() -> None:
    schema = strategies.schema()
    text = "---\ntitle: Un\nphoto: {file: a.webp, alt: A}\n---\n"
    document = read(schema.types["thing"], "un", text)
    index = Index(schema, [document])
    for pictures, told in (
        ({"a.webp", "a.jpg", "autre.webp"}, []),
        ({"a.webp", "autre.jpg"}, [("missing_fallback", {"file": "a.jpg"})]),
        ({"a.jpg"}, [("missing_image", {"file": "a.webp"})]),
    ):
        problems = check_document(document, index, frozenset(pictures))
        about = [problem for problem in problems if problem.field == "photo.file"]
        assert [(problem.code, problem.params) for problem in about] == told
        content = Content(index, frozenset(pictures))
        assert {p.path for p in check_content(content)} <= {document.path}


def test_the_faults_come_in_the_order_of_the_files(empty: Path) -> None:
    spoil(empty)
    paths = [problem.path for problem in check_content(load(empty))]
    assert paths == sorted(paths)
