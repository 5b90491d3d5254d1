"""Whatever strangers send: an answer in words, nothing that runs, no file elsewhere, no loss."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.gateway import Gateway
from contrib_gateway.ground import SEED
from contrib_gateway.store import State
from plugins.schema import Audience, ContentType, Document, is_slug, read
from tests.contrib_gateway.inprocess import Editor, Person, open_gateway
from tests.contrib_gateway.naughty import NAUGHTY
from tests.contrib_gateway.strangers import answered, bounded, required
from tests.contrib_gateway.visitor import read_form
from tests.pages import dangers, parse

TEXTS = ("text", "paragraph", "markdown")
FORMS = ("actor", "event", "initiative", "link", "need", "observation", "resource", "source")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """With the whole site built, as strangers find it."""
    gateway = open_gateway(tmp_path_factory.mktemp("hostile") / "state")
    Editor(gateway).build()
    return gateway


@pytest.fixture(scope="module")
def stranger(gateway: Gateway) -> Person:
    return Person(gateway)


def kept(typed: str) -> str:
    """What a text is after NFC, LF and without blank edges."""
    plain = typed.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", plain).strip()


def test_every_public_form_is_attacked_here(gateway: Gateway) -> None:
    types = gateway.library.schema.types.values()
    assert {declared.name for declared in types if declared.contribute} == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_anything_typed_anywhere_gets_an_answer_and_comes_back_harmless(
    form: str, stranger: Person
) -> None:
    """Each naughty string in every input of the form at once, hidden ones too."""
    page = parse(stranger.get(f"/contribuer/{form}/").text).one("main")
    names = {e.attributes["name"] for e in page if "name" in e.attributes} - {"_add"}
    for number, typed in enumerate(NAUGHTY):
        # The other strings in turn, so that each comes into each input of some form or other.
        mixed = [(name, NAUGHTY[(number + n) % len(NAUGHTY)]) for n, name in enumerate(names)]
        same = [(name, typed) for name in names]
        answer = answered(stranger.post(f"/contribuer/{form}/", same if number % 2 else mixed))
        assert answer.status_code == 422
        areas = parse(answer.text).all("textarea") if number % 2 else []
        read = typed.replace("\r\n", "\n").replace("\r", "\n")
        for element in areas:
            assert element.text in (read, read.replace("\x00", "\ufffd"))


def inputs_for_words(content_type: ContentType) -> list[str]:
    """The name of every input of a public form where words may be typed."""
    names = ["body"] * (content_type.body is not None)
    for field in content_type.form_fields(Audience.PUBLIC):
        if field.kind.name in TEXTS and not field.when:
            names.append(field.name)
        inner = getattr(field.kind, "fields", {}) if field.kind.name == "items" else {}
        names += [f"{field.name}-0-{n}" for n, sub in inner.items() if sub.kind.name in TEXTS]
    return names


def contribute(stranger: Person, content_type: ContentType, typed: str) -> tuple[str, list[str]]:
    """Send `typed` wherever the form takes it; the submission, and the inputs that took it."""
    form, good = content_type.name, required(content_type, stranger)
    names = inputs_for_words(content_type)
    review = answered(stranger.read_over(form, (good | dict.fromkeys(names, typed)).items()))
    if review.status_code == 422:
        wrong = {e.attributes.get("id", "").removesuffix("-fault") for e in parse(review.text)}
        names = [name for name in names if name not in wrong]
        review = answered(stranger.read_over(form, (good | dict.fromkeys(names, typed)).items()))
    assert review.status_code == 200, (typed, names)
    confirmed = stranger.confirm(review)
    answered(stranger.get(answered(confirmed).headers["Location"]))
    return stranger.id_of(confirmed), names


def typed_in(document: Document, name: str) -> object:
    """What a document holds of an input's answer."""
    if name == "body":
        return document.body
    field, *rest = name.split("-")
    value = document.data.get(field, "")
    return value[0].get(rest[1], "") if rest and value else value


def proposed(gateway: Gateway, id: str) -> Document:
    """The file on the proposal's branch, which is the only one there, in its type's folder."""
    gateway.worker.work()
    submission = gateway.store.find(id)
    assert submission
    assert submission.state in (State.PROPOSED, State.HELD), submission.reason
    if submission.state is State.HELD:
        gateway.store.release(id)
        gateway.worker.work()
    opened = gateway.forge.opened(id)
    assert opened
    [(path, data)] = opened.files.items()
    content_type = gateway.library.schema.types[submission.type]
    slug = path.removeprefix(f"content/{content_type.folder}/").removesuffix(".md")
    assert is_slug(slug)
    assert path == f"content/{content_type.folder}/{slug}.md"
    assert data is not None
    return read(content_type, slug, data.decode())


@pytest.mark.parametrize(
    ("form", "strings"),
    [("need", NAUGHTY[::2]), ("observation", NAUGHTY[1::2])],
    ids=["need", "observation"],
)
def test_what_strangers_type_is_kept_shown_and_published_but_never_run(
    form: str, strings: tuple[str, ...], tmp_path: Path
) -> None:
    """From the form over the desk to the pages, the feeds and the data."""
    for part in ("types", "vocabularies"):
        shutil.copytree(SEED / part, tmp_path / "seed" / part)
    shutil.copy(SEED / "site.yaml", tmp_path / "seed")
    gateway = open_gateway(tmp_path / "state", tmp_path / "seed")
    stranger, editor = Person(gateway), Editor(gateway)
    content_type = gateway.library.schema.types[form]
    before = set(gateway.forge.files(gateway.forge.head()))
    sent = {}
    for typed in strings:
        id, names = contribute(stranger, content_type, typed)
        document = proposed(gateway, id)
        for name in names:
            if name != "signed_as":
                assert typed_in(document, name) == kept(typed), (typed, name)
        sent[id] = document

    assert dangers(editor.get("/redaction/").text) == []
    for id in sent:
        assert dangers(editor.get(f"/redaction/{id}/").text) == []
        preview = editor.get(f"/redaction/{id}/page/")
        assert (preview.status_code, dangers(preview.text)) == (200, [])
        editor.publish(id)
    added = set(gateway.forge.files(gateway.forge.head())) - before
    assert added == {f"content/{document.path}" for document in sent.values()}
    assert len(added) == len(strings)
    assert_harmless(editor.build(), content_type, list(sent.values()))
    assert {file.name for file in tmp_path.iterdir()} == {"seed", "state"}


def assert_harmless(site: Path, content_type: ContentType, documents: list[Document]) -> None:
    for document in documents:
        page = (site / (document.url or "") / "index.html").read_text()
        assert kept("".join(document.title.split())) in "".join(parse(page).one("h1").text.split())
    for file in site.rglob("*.html"):
        assert dangers(file.read_text()) == [], file
    for file in site.rglob("*.atom"):
        ElementTree.fromstring(file.read_bytes())  # noqa: S314 — our own
        assert not feedparser.parse(file.read_bytes()).bozo
    rows = json.loads((site / "data" / f"{content_type.folder}.json").read_text())
    texts = {row["slug"]: row["body"] for row in rows}
    assert all(texts[document.slug] == (document.body or None) for document in documents)


anything = st.sampled_from(NAUGHTY) | st.text(max_size=60)
odd_names = st.sampled_from(
    [
        *("title", "title-0", "body", "body-0", "themes", "viewpoint", "place", "place-territory"),
        *("place-street", "place-lat", "place--territory", "place-territory-0", "date", "start"),
        *("quotes", "quotes-", "quotes-0", "quotes-0-text", "quotes-1-text", "quotes-0-id"),
        *("quotes-²-text", "quotes-٣-text", "quotes-99999999999-text", "quotes--1-text"),
        *("quotes-999-text", "quotes-0-text-0", "quotes-0-0-text", "l-²-t", "id", "lang", "demo"),
        *("created", "aliases-0-name", "state", "contact", "signed_as", "consent", "seen", "photo"),
        *("_ticket", "_reviewed", "_edit", "_add", "_website", "_csrf", "csrf_token", "__class__"),
        *("", "-", "data", "errors", "process", "validate", "_fields", "meta", "form", "\x00"),
    ]
)


@bounded
@given(st.sampled_from(FORMS), st.lists(st.tuples(odd_names | anything, anything), max_size=12))
def test_any_names_with_any_values_get_an_answer(
    stranger: Person, form: str, pairs: list[tuple[str, str]]
) -> None:
    answer = answered(stranger.post(f"/contribuer/{form}/", pairs))
    assert answer.status_code in (200, 422)


@bounded
@given(st.lists(st.tuples(odd_names | anything, anything), max_size=6))
def test_good_answers_with_anything_beside_them_are_never_lost(
    stranger: Person, pairs: list[tuple[str, str]]
) -> None:
    """The first answer to a question counts, and what nobody asked is not kept."""
    good = required(stranger.gateway.library.schema.types["need"], stranger)
    system = ("_edit", "_add")
    beside = [(name, value) for name, value in pairs if name not in system]
    answer = answered(stranger.post("/contribuer/need/", [*good.items(), *beside]))
    if answer.status_code == 200:
        assert good["title"] in parse(answer.text).one("h1").text
        assert "demo" not in parse(answer.text).one("main").text


def test_the_form_of_a_page_sent_as_it_is_changes_nothing(
    gateway: Gateway, stranger: Person
) -> None:
    """Else whoever corrects a telephone number changes, unawares, what somebody else had written:
    the fullest page of each type, and all that say when they are open.
    """
    index = gateway.library.index
    public = [one for form in FORMS for one in index.of(form) if one.url]
    fullest = {max(index.of(one.type.name), key=lambda page: len(page.data)).ref for one in public}
    for document in public:
        if document.ref not in fullest and "opening" not in document.data:
            continue
        address = f"/contribuer/{document.ref}/"
        forms = map(read_form, parse(stranger.get(address).text).all("form"))
        (form,) = (one for one in forms if one.method == "post")
        answer = answered(stranger.post(address, form.inputs))
        assert answer.status_code == 422 and "rien changé" in answer.text, document.ref


def test_whatever_is_sought_is_answered_harmlessly_and_kept_by_nobody(stranger: Person) -> None:
    """Each naughty string in some parameter of an address, one after the other."""
    asked = ("q", "type", "themes", "situation", "theme", "commune", "x", "q")
    for start in range(0, len(NAUGHTY), len(asked)):
        sought = urlencode([*zip(asked, NAUGHTY[start:], strict=False)])
        for address in ("/recherche/", "/en/je-cherche/"):
            answer = answered(stranger.get(f"{address}?{sought}"))
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "no-store"


@bounded
@given(
    st.sampled_from(
        [
            *("application/json", "text/plain", "", "multipart/form-data", "x/y; boundary=z"),
            *(
                "multipart/form-data; boundary=z",
                "application/x-www-form-urlencoded; charset=utf-16",
            ),
            *("multipart/form-data; boundary=\xe9", "multipart/form-data; boundary=" + "z" * 300),
        ]
    ),
    st.binary(max_size=200)
    | st.sampled_from(
        [
            b'{"title": {"a": [1, null, "<script>"]}}',
            b"title=%ED%A0%80&body=%ff%fe%00&themes=%F0%28%8C%28",
            b"title=\xff\xfe&body=\xed\xa0\x80",
            b"&&&=&;==&%=%zz&%u0041=1",
            b'--z\r\nContent-Disposition: form-data; name="title"\r\n\r\n<b>\xff\x00\r\n--z--\r\n',
            b'--z\r\nContent-Disposition: form-data; name="title"; filename="../../x"\r\n\r\nx\r\n'
            b"--z--\r\n",
            b'--z\r\nContent-Disposition: form-data; name="\xff\xfe"\r\n\r\nx\r\n--z--\r\n',
            b'--z\r\nContent-Disposition: form-data; name="body"\r\n'
            b"Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-script+AD4-\r\n--z--\r\n",
            b"--z\r\nContent-Disposition: form-data\r\n\r\nx\r\n--z",
            b"--z\r\n" * 50,
        ]
    ),
)
def test_any_bytes_of_any_kind_get_an_answer(stranger: Person, kind: str, data: bytes) -> None:
    for address in ("/contribuer/need/", "/redaction/sortir/", "/redaction/a/refuser/"):
        answer = answered(stranger.client.post(address, data=data, content_type=kind))
        assert answer.status_code in (403, 413, 422)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"title=" + b"a" * (2 * 1024 * 1024), 413),
        (b"&".join(b"x%d=1" % number for number in range(100_000)), 413),
        (b"themes=x&" * 5000, 413),
        (b"title=" + b"a" * 2_000_000, 422),
        (b"body=" + b"%CC%81%CC%A3" * 150_000, 422),
        (b"start=" + b"T" * 2_000_000, 422),
        (b"contact=" + b"a." * 900_000 + b"@", 422),
        (b"&".join(b"themes=%d" % number for number in range(1900)), 422),
        (b"&".join(b"quotes-%d-text=x" % number for number in range(1900)), 422),
    ],
)
@pytest.mark.parametrize("form", ["event", "observation"])
def test_too_much_at_once_is_refused_in_words_and_at_once(
    stranger: Person, form: str, data: bytes, status: int
) -> None:
    kind = "application/x-www-form-urlencoded"
    began = os.times()
    answer = stranger.client.post(f"/contribuer/{form}/", data=data, content_type=kind)
    ended = os.times()
    assert answer.status_code == status
    assert ended.user - began.user < 2
    if status == 413:
        assert "trop" in parse(answered(answer).text).one("h1").text


def test_too_many_parts_of_a_form_with_files_are_refused_too(stranger: Person) -> None:
    part = b'--z\r\nContent-Disposition: form-data; name="themes"\r\n\r\nx\r\n'
    kind = "multipart/form-data; boundary=z"
    data = part * 3000 + b"--z--\r\n"
    answer = answered(stranger.client.post("/contribuer/need/", data=data, content_type=kind))
    assert answer.status_code == 413


def test_pressing_for_one_more_line_stops_somewhere(stranger: Person) -> None:
    rows = [(f"quotes-{number}-text", "Une parole") for number in range(150)]
    answer = answered(stranger.post("/contribuer/observation/", [*rows, ("_add", "quotes")]))
    page = parse(answer.text)
    kept_rows = [e for e in page.all("input") if e.attributes.get("value") == "Une parole"]
    assert len(kept_rows) == 100
    for named in ("title", "", "quotes-0", "nothing", "body", "_add", "\x00"):
        assert answered(stranger.post("/contribuer/observation/", [("_add", named)]))


def test_a_fault_in_a_line_stands_beside_that_line(stranger: Person) -> None:
    """Also when a line above was left empty: it goes away."""
    rows = {"quotes-0-text": " ", "quotes-1-text": "Juste", "quotes-2-text": "x" * 301}
    answer = stranger.post("/contribuer/observation/", rows.items())
    beside = parse(answer.text).one(id="quotes-1-text-fault").parent
    assert beside
    assert beside.one("input").attributes["value"] == "x" * 301
