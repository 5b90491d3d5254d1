"""Whatever strangers send: an answer in words, nothing that runs, no file elsewhere, no loss."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import State
from plugins.schema import ContentType, Document, is_slug, read
from tests.contrib_gateway.inprocess import Editor, Person, open_gateway
from tests.contrib_gateway.naughty import NAUGHTY
from tests.pages import dangers, parse

bounded = settings(
    max_examples=120,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TEXTS = ("text", "paragraph", "markdown")
FORMS = ("actor", "event", "initiative", "need", "observation", "resource")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """With the whole site built, as strangers find it."""
    gateway = open_gateway(tmp_path_factory.mktemp("hostile") / "state")
    Editor(gateway).build()
    return gateway


@pytest.fixture(scope="module")
def stranger(gateway: Gateway) -> Person:
    return Person(gateway)


def answered(answer: TestResponse) -> TestResponse:
    """A page in words, of the site's own, without anything that runs; or a way on, to this host."""
    assert answer.status_code < 500
    location = answer.headers.get("Location")
    if location is not None:
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert not set(location) & set("\r\n\0")
    elif answer.mimetype == "text/html" and answer.data:
        assert dangers(answer.text, nonce=True) == []
        assert parse(answer.text).one("main").one("h1").text.strip()
    assert "Set-Cookie" not in answer.headers
    return answer


def kept(typed: str) -> str:
    """What a text is after NFC, LF and without blank edges."""
    plain = typed.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", plain).strip()


def required(content_type: ContentType, stranger: Person) -> dict[str, str]:
    """A good answer to each question that needs one."""
    vocabularies = stranger.gateway.library.schema.vocabularies
    good = {
        "text": "Un titre",
        "paragraph": "Un texte.",
        "markdown": "Un texte.",
        "date": "2026-11-23T18:30",
        "boolean": "true",
    }
    answers = {}
    for field in content_type.fields.values():
        if not field.required or field.managed or field.editors_only:
            continue
        kind = field.kind
        if kind.name == "place":
            answers[f"{field.name}-territory"] = "tours"
        elif kind.name in ("choice", "choices"):
            answers[field.name] = next(iter(vocabularies[getattr(kind, "vocabulary", "")].terms))
        elif kind.name == "date" and not getattr(kind, "time", False):
            answers[field.name] = good["date"][:10]
        else:
            answers[field.name] = good[kind.name]
    return answers


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
        for element in parse(answer.text).one("main"):
            if element.tag == "textarea" and number % 2:
                assert element.text.removeprefix("\n") in (typed, typed.replace("\x00", "\ufffd"))


def fill(content_type: ContentType, typed: str) -> dict[str, str]:
    """`typed` as the answer to every question that takes words."""
    answers = {"body": typed, "signed_as": typed}
    for field in content_type.form_fields_for_public():
        if field.kind.name in TEXTS:
            answers[field.name] = typed
        if field.kind.name == "items":
            for inner in getattr(field.kind, "fields", {}).values():
                if inner.kind.name in TEXTS:
                    answers[f"{field.name}-0-{inner.name}"] = typed
    return answers
