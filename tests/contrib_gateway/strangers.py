"""What every answer to a stranger must be, and what a stranger needs to be listened to."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from werkzeug.test import TestResponse

from plugins.schema import ContentType
from tests.contrib_gateway.inprocess import Person
from tests.pages import dangers, parse

bounded = settings(
    max_examples=120,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def answered(answer: TestResponse) -> TestResponse:
    """A page in words, of the site's own, without anything that runs; or a way on, to this host."""
    assert answer.status_code < 500
    location = answer.headers.get("Location")
    if location is not None:
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert not set(location) & set("\r\n\0")
    elif answer.mimetype == "text/html" and answer.data:
        page = parse(answer.text)
        assert dangers(page, nonce=True) == []
        assert page.one("main").one("h1").text.strip()
    assert "Set-Cookie" not in answer.headers
    return answer


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


def latin(typed: str) -> str:
    """As WSGI hands an address on: bytes, each as a character."""
    return typed.encode("utf-8", "replace").decode("latin-1")
