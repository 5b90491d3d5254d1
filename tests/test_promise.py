"""One field added to one YAML file is asked, checked, kept, shown, published; for every kind."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contrib_gateway.cli import main
from contrib_gateway.gateway import Gateway
from plugins.schema import Document, read
from plugins.schema.kinds import KINDS
from tests.contrib_gateway.inprocess import Editor, Person, open_gateway
from tests.contrib_gateway.running import sample_content
from tests.pages import parse, words

LABEL = "Question ajoutée"
NAME = "added"
WITHOUT_PRINTER, ONLY_A_PHONE = (
    "imprimer-un-document-sans-rendez-vous",
    "candidater-quand-on-n-a-qu-un-telephone",
)
NEEDED = (f"need/{WITHOUT_PRINTER}", f"need/{ONLY_A_PHONE}", "resource/kikekoi", "actor/bij-37")
TITLE = "Un besoin pour éprouver la promesse"
REQUIRED = (
    ("title", TITLE),
    ("viewpoint", "usager"),
    ("themes", "cooperer"),
    ("body", "Un texte qui ne doit pas se perdre."),
)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

Inputs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Example:
    """One kind: how it is declared, a wrong and a good answer, what becomes of the good one.

    `kept` is what a wrong answer leaves in its input; `said` a part of the sentence about it, which
    stands beside the question of `at`. `shown` are words of the page. `spoilt` is a wrong value in
    a file, as YAML.
    """

    wrong: Inputs
    said: str
    good: Inputs
    value: Any
    shown: tuple[str, ...]
    spoilt: str
    options: str = ""
    kept: str = ""
    at: str = NAME


def answer(value: str, name: str = NAME) -> Inputs:
    return ((name, value),)


ASKED = {
    "text": Example(
        options="max: 40",
        wrong=answer("Un texte bien trop long pour cette question"),
        kept="Un texte bien trop long pour cette question",
        said="n’en gardez que 40",
        good=answer("Peut-être : « oui » ?"),
        value="Peut-être : « oui » ?",
        shown=("Peut-être : « oui » ?",),
        spoilt=f'"{"long " * 9}"',
    ),
    "paragraph": Example(
        options="max: 60",
        wrong=answer("Une ligne.\nUne autre, " + "longue " * 9),
        kept="Une ligne.\nUne autre, " + "longue " * 9,
        said="n’en gardez que 60",
        good=answer("Une ligne.\r\n\r\nUne autre, avec <b>ceci</b>."),
        value="Une ligne.\n\nUne autre, avec <b>ceci</b>.",
        shown=("Une ligne.", "Une autre, avec <b>ceci</b>."),
        spoilt="[une, liste]",
    ),
    "markdown": Example(
        wrong=answer("Voir [ceci](need/nulle-part)."),
        kept="Voir [ceci](need/nulle-part).",
        said="need/nulle-part",
        good=answer("Voir **vraiment** [Kikekoi](resource/kikekoi)."),
        value="Voir **vraiment** [Kikekoi](resource/kikekoi).",
        shown=("Voir vraiment Kikekoi.",),
        spoilt='"[ceci](need/nulle-part)"',
    ),
    "choice": Example(
        options="from: frequencies",
        wrong=answer("jamais-dit"),
        said="jamais-dit",
        good=answer("souvent"),
        value="souvent",
        shown=("Souvent",),
        spoilt="jamais-dit",
    ),
    "choices": Example(
        options="from: devices, max: 2",
        wrong=tuple((NAME, key) for key in ("telephone", "tablette", "ordinateur")),
        said="donnez-en au plus 2",
        good=answer("telephone"),
        value=["telephone"],
        shown=("Téléphone",),
        spoilt="[telephone, jamais-dit]",
    ),
    "date": Example(
        wrong=answer("31/02/2026"),
        kept="31/02/2026",
        said="ce n’est pas une date",
        good=answer("1/12/2026"),
        value="2026-12-01",
        shown=("1er décembre 2026",),
        spoilt="2026-02-31",
    ),
    "hours": Example(
        wrong=answer("mardu 9h-12h"),
        kept="mardu 9h-12h",
        said="nous n’avons pas compris",
        good=answer("lundi au jeudi 9h-12h30"),
        value="Mo-Th 09:00-12:30",
        shown=("Lundi au jeudi", "9 h – 12 h 30"),
        spoilt="mardu 9h-12h",
    ),
    "url": Example(
        wrong=answer("javascript:alert(1)"),
        kept="javascript:alert(1)",
        said="https://",
        good=answer("www.exemple.fr/a?b=c&d=e"),
        value="https://www.exemple.fr/a?b=c&d=e",
        shown=("exemple.fr/a",),
        spoilt="javascript:alert(1)",
    ),
    "email": Example(
        wrong=answer("moi chez exemple"),
        kept="moi chez exemple",
        said="adresse électronique",
        good=answer("accueil@exemple.fr"),
        value="accueil@exemple.fr",
        shown=("accueil@exemple.fr",),
        spoilt="moi",
    ),
    "phone": Example(
        wrong=answer("le zéro deux"),
        kept="le zéro deux",
        said="numéro de téléphone",
        good=answer("02 47 00 00 00"),
        value="02 47 00 00 00",
        shown=("02 47 00 00 00",),
        spoilt="non",
    ),
    "integer": Example(
        options="min: 1, max: 500",
        wrong=answer("deux"),
        kept="deux",
        said="en chiffres",
        good=answer("427"),
        value=427,
        shown=("427",),
        spoilt="501",
    ),
    "boolean": Example(
        wrong=answer("peut-être"),
        said="répondez par oui ou par non",
        good=answer("true"),
        value=True,
        shown=("Oui",),
        spoilt="peut-être",
    ),
    "place": Example(
        wrong=(*answer("atlantide", f"{NAME}-territory"), *answer("3 rue Basse", f"{NAME}-street")),
        kept="3 rue Basse",
        said="atlantide",
        good=(*answer("berthenay", f"{NAME}-territory"), *answer("3 rue Basse", f"{NAME}-street")),
        value={"territory": "berthenay", "street": "3 rue Basse"},
        shown=("3 rue Basse", "Berthenay"),
        spoilt="{territory: berthenay, lat: 47.3}",
    ),
    "references": Example(
        options="to: [resource, need]",
        wrong=answer("resource/nulle-part"),
        said="resource/nulle-part",
        good=answer("resource/kikekoi"),
        value=["resource/kikekoi"],
        shown=("Kikekoi",),
        spoilt="[actor/bij-37]",
    ),
    "items": Example(
        options="max: 3, fields: {what: {kind: text, required: true, max: 40, "
        "label: {fr: Quoi, en: What}}, on: {kind: date, label: {fr: Quand, en: When}}}",
        wrong=(*answer("Un atelier", f"{NAME}-1-what"), *answer("bientôt", f"{NAME}-1-on")),
        kept="bientôt",
        said="ce n’est pas une date",
        at=f"{NAME}-0-on",
        good=(*answer("Un atelier", f"{NAME}-0-what"), *answer("2026-12-01", f"{NAME}-0-on")),
        value=[{"what": "Un atelier", "on": "2026-12-01"}],
        shown=("Un atelier", "1er décembre 2026"),
        spoilt="[{on: 2026-12-01}]",
    ),
}
NOT_ASKED = {"image"}


def test_every_kind_of_field_is_covered_here() -> None:
    assert set(ASKED) | NOT_ASKED == set(KINDS)


World = Callable[[str], Gateway]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A fresh installation whose content is ours, with one more field in `need.yaml`."""

    def begin(declaration: str) -> Gateway:
        seed = sample_content(tmp_path / "content", alone=NEEDED)
        file = seed / "types" / "need.yaml"
        label = f'section: essentiel, label: {{fr: "{LABEL}", en: "Question added"}}'
        line = f"\nfields:\n  {NAME}: {{{declaration}, {label}}}\n"
        file.write_text(file.read_text().replace("\nfields:\n", line, 1))
        return open_gateway(tmp_path / "state", seed)

    return begin


def vigie_check(folder: Path) -> Result:
    return CliRunner().invoke(main, ["check", str(folder)])


def without_ids(value: Any) -> Any:
    """Items get an `id` each, which nobody typed."""
    if not isinstance(value, list):
        return value
    rows = [{k: v for k, v in row.items() if k != "id"} for row in value if isinstance(row, dict)]
    return rows or value


def proposed(gateway: Gateway, id: str) -> Document:
    """The document on the proposal's branch, read from the repository."""
    gateway.worker.work()
    opened = gateway.forge.opened(id)
    assert opened, gateway.store.find(id)
    [(path, data)] = opened.files.items()
    folder, _, name = path.removeprefix("content/").partition("/")
    content_type = gateway.library.schema.types["need"]
    assert folder == content_type.folder
    assert data
    return read(content_type, name.removesuffix(".md"), data.decode())


@pytest.mark.parametrize("kind", ASKED)
def test_a_field_added_to_the_yaml_alone_goes_all_the_way(kind: str, world: World) -> None:
    example = ASKED[kind]
    gateway = world(", ".join(filter(None, (f"kind: {kind}", example.options))))
    visitor, editor = Person(gateway), Editor(gateway)

    assert_asked(visitor, example)
    assert_refused(visitor, example)
    id = assert_accepted(visitor, example)

    document = proposed(gateway, id)
    assert without_ids(document.data[NAME]) == example.value
    assert (document.title, document.body) == (TITLE, REQUIRED[-1][1])

    editor.publish(id)
    assert_published(editor.build(), document, example)
    assert_checked(gateway, document, example)


def assert_asked(visitor: Person, example: Example) -> None:
    page = parse(visitor.get("/contribuer/need/").text)
    names = {found.attributes.get("name") for found in page}
    assert {name.replace("-1-", "-0-") for name, _ in example.good} <= names
    assert LABEL in page.one(id=f"field-{NAME}").text


def assert_refused(visitor: Person, example: Example) -> None:
    """A wrong answer: 422, a sentence beside it and in the summary, nothing typed is lost."""
    answer = visitor.read_over("need", [*REQUIRED, *example.wrong])
    assert answer.status_code == 422
    page = parse(answer.text)
    beside = page.one(id=f"{example.at}-fault").text
    assert example.said in beside.lower()
    summary = page.one(id="faults").text
    assert LABEL in summary, "where the question is not beside it, it is named"
    said = beside.removeprefix("Erreur").lstrip(" \u202f:").strip()
    assert said.lower() in summary.lower()
    assert page.one("input", name="title").attributes["value"] == TITLE
    assert page.one("textarea", name="body").text == REQUIRED[-1][1]
    if example.kept:
        inside = page.one(id=f"field-{NAME}")
        typed = [found.attributes.get("value") for found in inside.all("input")]
        typed += [found.text for found in inside.all("textarea")]
        assert example.kept in typed


def assert_accepted(visitor: Person, example: Example) -> str:
    """A good answer: the page as it will be, then the receipt."""
    review = visitor.read_over("need", [*REQUIRED, *example.good])
    assert review.status_code == 200, words(review.text)
    assert_shown(review.text, example)
    confirmed = visitor.confirm(review)
    receipt = visitor.get(confirmed.headers["Location"])
    assert (receipt.status_code, TITLE in words(receipt.text)) == (200, True)
    return visitor.id_of(confirmed)


def assert_shown(html: str, example: Example) -> None:
    text = words(html)
    assert LABEL in text
    for shown in example.shown:
        assert shown in text


def assert_published(site: Path, document: Document, example: Example) -> None:
    page = (site / (document.url or "") / "index.html").read_text()
    assert_shown(page, example)
    [row] = [row for row in rows(site) if row["slug"] == document.slug]
    assert without_ids(row[NAME]) == example.value
    assert all(NAME in other for other in rows(site))


def rows(site: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((site / "data" / "needs.json").read_text())
    return found


def assert_checked(gateway: Gateway, document: Document, example: Example) -> None:
    """`vigie check` accepts the field and reports what is wrong in it."""
    content = gateway.builder.places.content
    assert vigie_check(content).exit_code == 0
    file = content / document.path
    head = file.read_text().partition("---\n")[2].partition("\n---\n")[0]
    lines = [line for line in head.split("\n") if not line.startswith((" ", "- "))]
    kept = "\n".join(line for line in lines if not line.startswith((f"{NAME}:", "themes:")))
    file.write_text(f"---\nthemes: [cooperer]\n{kept}\n{NAME}: {example.spoilt}\n---\n")
    result = vigie_check(content)
    assert result.exit_code == 1
    [fault] = [line for line in result.output.splitlines() if line.startswith("content/")]
    assert f"content/{document.path} — {NAME}" in fault
    assert LABEL in fault


def test_a_picture_put_into_a_file_is_shown_and_checked(world: World, tmp_path: Path) -> None:
    """Everything but sending it through the form, which does not ask for it yet."""
    pictures = tmp_path / "content" / "images"
    pictures.mkdir(parents=True)
    (pictures / "un-point.png").write_bytes(PIXEL)
    gateway = world("kind: image")
    assert NAME not in {e.attributes.get("name") for e in parse_form(gateway)}

    path = f"needs/{WITHOUT_PRINTER}.md"
    seed = tmp_path / "content" / path
    value = {"file": "un-point.png", "alt": "Un point", "credit": "Nadia & <co>"}
    seed.write_text(seed.read_text().replace("---\n", f"---\n{NAME}: {json.dumps(value)}\n", 1))
    gateway = open_gateway(tmp_path / "other", tmp_path / "content")
    site = Editor(gateway).build()

    page = parse((site / f"besoins/{WITHOUT_PRINTER}/index.html").read_text())
    figure = page.one("figure")
    assert figure.one("img").attributes["src"] == "/images/un-point.png"
    assert figure.one("img").attributes["alt"] == "Un point"
    assert figure.one("figcaption").text == "Nadia & <co>"
    assert (site / "images" / "un-point.png").read_bytes() == PIXEL
    [row] = [row for row in rows(site) if row[NAME]]
    assert row[NAME] == value

    content = tmp_path / "content"
    assert vigie_check(content).exit_code == 0
    for wrong, where in (
        ({"file": "absente.png", "alt": "x"}, f"{NAME}.file"),
        ({"file": "../../etc/passwd", "alt": "x"}, f"{NAME}.file"),
        ({"file": "un-point.png"}, f"{NAME}.alt"),
        ("un-point.png", NAME),
    ):
        spoilt = seed.read_text().split("\n")
        spoilt[1] = f"{NAME}: {json.dumps(wrong)}"
        seed.write_text("\n".join(spoilt))
        result = vigie_check(content)
        assert result.exit_code == 1
        assert f"content/{path} — {where} : " in result.output


def parse_form(gateway: Gateway) -> list[Any]:
    return list(parse(Person(gateway).get("/contribuer/need/").text))


def test_a_question_with_when_is_asked_kept_and_required_only_then(world: World) -> None:
    gateway = world("kind: text, required: true, when: {frequency: [souvent, parfois]}")
    visitor = Person(gateway)

    form = visitor.get("/contribuer/need/")
    page = parse(form.text)
    assert "Est-ce fréquent" in page.one(id=f"{NAME}-when").text
    assert "Souvent" in page.one(id=f"{NAME}-when").text
    style = page.one("style")
    assert f"#field-{NAME}{{display:none}}" in style.text
    assert f"'nonce-{style.attributes['nonce']}'" in form.headers["Content-Security-Policy"]

    often = ("frequency", "souvent")
    empty = visitor.read_over("need", [*REQUIRED, often])
    assert empty.status_code == 422
    assert parse(empty.text).one(id=f"{NAME}-fault").text
    assert LABEL in parse(empty.text).one(id="faults").text

    meaningless = visitor.read_over("need", [*REQUIRED, (NAME, "Sans objet")])
    assert meaningless.status_code == 200
    assert "Sans objet" not in words(meaningless.text)
    document = proposed(gateway, visitor.id_of(visitor.confirm(meaningless)))
    assert NAME not in document.data

    answers = [*REQUIRED, often, (NAME, "Chaque lundi")]
    document = proposed(gateway, visitor.contribute("need", answers))
    assert (document.data[NAME], document.slug) == ("Chaque lundi", f"{document.slug[:-2]}-2")


def test_a_file_that_answers_a_question_nobody_asked_is_reported(
    world: World, tmp_path: Path
) -> None:
    world("kind: text, when: {frequency: souvent}")
    file = tmp_path / "content" / "needs" / f"{ONLY_A_PHONE}.md"
    file.write_text(file.read_text().replace("---\n", f"---\n{NAME}: Sans objet\n", 1))
    result = vigie_check(tmp_path / "content")
    assert result.exit_code == 1
    assert f"— {NAME} : " in result.output
