"""The lists that fields choose from, as editors read them: all of them, one, a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, g, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.typed_terms import LABELLED_IN, national, said
from plugins.schema import (
    Document,
    Term,
    Vocabulary,
    choosing,
    count_uses,
    has_places,
    slugify,
    uses_of,
)

MOST_LISTED = 100  # pages, of those that choose a term or that a change rewrites


class Verb(StrEnum):
    """What administrators do to a choice, as its address says it."""

    ADD = "ajouter"
    LABEL = "nommer"
    KEY = "cle"
    MERGE = "reunir"
    REMOVE = "retirer"


@dataclass(frozen=True)
class Listed:
    """A vocabulary in their list; `used` says where: a type's label and its question's."""

    label: str
    name: str
    href: str
    size: int
    used: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TermLine:
    """A term in its vocabulary; `uses`: how many pages choose it."""

    term: Term
    href: str
    uses: int


@dataclass(frozen=True)
class PageRewritten:
    """A page that chooses a term, or that a change of it rewrites."""

    title: str
    type_label: str
    href: str


class VocabularyPages:
    """/redaction/vocabulaires/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("vocabularies")
        one = "vocabulaires/<name>/"
        self._gate.route(pages, "vocabulaires/", self.vocabularies)
        self._gate.route(pages, one, self.vocabulary)
        self._gate.route(pages, f"{one}termes/<key>/", self.term)
        return pages

    def vocabularies(self) -> Response:
        schema, lang = self._gateway.library.schema, self._lang
        listed = [
            Listed(
                label=vocabulary.label.get(lang),
                name=name,
                href=address(self._gate, name),
                size=len(vocabulary.terms),
                used=tuple(
                    (t.label.get(lang), f.label.get(lang)) for t, f in uses_of(schema, name)
                ),
            )
            for name, vocabulary in schema.vocabularies.items()
        ]
        listed.sort(key=lambda one: slugify(one.label))
        return make_response(
            self._gate.render(
                "gateway/vocabularies.html",
                "vocabulaires/",
                listed=listed,
                may_change=g.editor.admin,
            )
        )

    def vocabulary(self, name: str) -> Response:
        vocabulary = self._gateway.lexicon.find(name)
        uses = count_uses(self._gateway.library.index, name)
        page = self._gate.render(
            "gateway/vocabulary.html",
            f"vocabulaires/{name}/",
            **about(self._gate, vocabulary),
            lines=[
                TermLine(term, address(self._gate, name, f"termes/{key}/"), uses[key].total())
                for key, term in vocabulary.terms.items()
            ],
            may_change=g.editor.admin,
            has_places=has_places(vocabulary),
            add_action=address(self._gate, name, f"{Verb.ADD}/"),
            done=request.args.get("fait") == "1",
        )
        return make_response(page)

    def term(self, name: str, key: str) -> Response:
        vocabulary = self._gateway.lexicon.find(name)
        term = vocabulary.known(key)
        if term is None:
            raise NotFound(f"no term {name}/{key}")
        if term.key != key:
            return self._gate.go(f"vocabulaires/{name}/termes/{term.key}/")
        found = choosing(self._gateway.library.index, name, key)
        page = self._gate.render(
            "gateway/term.html",
            f"vocabulaires/{name}/termes/{key}/",
            **about(self._gate, vocabulary),
            term=term,
            said={language: said(term.label, language) for language in LABELLED_IN},
            hinted={language: said(term.hint, language) for language in LABELLED_IN},
            pages=rewritten(self._gate, found),
            left_out=max(0, len(found) - MOST_LISTED),
            may_change=g.editor.admin,
            actions={verb: address(self._gate, name, f"{verb}/") for verb in Verb},
        )
        return make_response(page)


def address(gate: Gate, name: str = "", rest: str = "") -> str:
    """Of the lists, of one, or of something of one."""
    return gate.address(f"vocabulaires/{f'{name}/' if name else ''}{rest}")


def about(gate: Gate, vocabulary: Vocabulary) -> dict[str, object]:
    """What every page about one list is given."""
    return {
        "vocabularies_href": address(gate),
        "vocabulary_href": address(gate, vocabulary.name),
        "vocabulary": vocabulary,
        "national": national(vocabulary),
    }


def rewritten(gate: Gate, documents: Sequence[Document]) -> list[PageRewritten]:
    """The first MOST_LISTED of them, each with where editors work on it."""
    return [
        PageRewritten(
            document.title,
            document.type.label.get(gate.lang),
            gate.address(f"fiches/{document.ref}/gerer/"),
        )
        for document in documents[:MOST_LISTED]
    ]
