"""The lists that fields choose from: all of them, one, a term; and each change, read before it is
done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, g, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.plan import Plan
from contrib_gateway.views.faults import DECISION_FAULTS, decision_fault
from contrib_gateway.views.gate import CSRF, Gate
from contrib_gateway.views.privacy import private
from contrib_gateway.views.typed_terms import (
    LABELLED_IN,
    key_of,
    label_of,
    national,
    new_term,
    said,
)
from plugins.render import sentence
from plugins.render.words import N_, words
from plugins.schema import (
    Document,
    Problem,
    Term,
    Vocabulary,
    choosing,
    count_uses,
    has_places,
    slugify,
    uses_of,
)

MOST_LISTED = 100  # pages shown of those that a change rewrites
SEEN = "_vu"
ADD, LABEL, KEY, MERGE, REMOVE = "ajouter", "nommer", "cle", "reunir", "retirer"
TITLES: Mapping[str, str] = {
    ADD: N_("Add a choice"),
    LABEL: N_("Change the words of a choice"),
    KEY: N_("Change the key of a choice"),
    MERGE: N_("Merge a choice into another"),
    REMOVE: N_("Remove a choice"),
}


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
    """A page that chooses a term, or that a change rewrites."""

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
        pages = Blueprint(f"vocabularies-{self._lang}", __name__)
        pages.after_request(private)
        one = "vocabulaires/<name>/"
        self._gate.route(pages, "vocabulaires/", self.vocabularies)
        self._gate.route(pages, one, self.vocabulary)
        self._gate.route(pages, f"{one}termes/<key>/", self.term)
        self._gate.route(pages, f"{one}<verb>/", self.preview, admin=True)
        self._gate.route(pages, f"{one}<verb>/", self.change, "POST", admin=True)
        return pages

    def _address(self, name: str = "", rest: str = "") -> str:
        return self._gate.address(f"vocabulaires/{f'{name}/' if name else ''}{rest}")

    # To be read

    def vocabularies(self) -> Response:
        schema, lang = self._gateway.library.schema, self._lang
        listed = [
            Listed(
                label=vocabulary.label.get(lang),
                name=name,
                href=self._address(name),
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
            **self._about(vocabulary),
            lines=[
                TermLine(term, self._address(name, f"termes/{key}/"), uses[key].total())
                for key, term in vocabulary.terms.items()
            ],
            may_change=g.editor.admin,
            has_places=has_places(vocabulary),
            add_action=self._address(name, f"{ADD}/"),
            done=request.args.get("fait") == "1",
        )
        return make_response(page)

    def _about(self, vocabulary: Vocabulary) -> dict[str, object]:
        return {
            "vocabularies_href": self._address(),
            "vocabulary_href": self._address(vocabulary.name),
            "vocabulary": vocabulary,
            "national": national(vocabulary),
        }

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
            **self._about(vocabulary),
            term=term,
            said={language: said(term.label, language) for language in LABELLED_IN},
            pages=self._pages(found),
            left_out=max(0, len(found) - MOST_LISTED),
            may_change=g.editor.admin,
            actions={verb: self._address(name, f"{verb}/") for verb in TITLES},
        )
        return make_response(page)

    def _pages(self, documents: tuple[Document, ...]) -> list[PageRewritten]:
        return [
            PageRewritten(
                document.title,
                document.type.label.get(self._lang),
                self._gate.address(f"fiches/{document.ref}/gerer/"),
            )
            for document in documents[:MOST_LISTED]
        ]

    # To be changed

    def preview(self, name: str, verb: str) -> Response:
        return self._previewed(name, verb, request.args, self._plan(name, verb, request.args))

    def change(self, name: str, verb: str) -> Response:
        """Done as it was read; or read once more, if it would do something else by now."""
        sent = request.form
        plan = self._plan(name, verb, sent)
        if plan.rewriting.problems:
            return self._previewed(name, verb, sent, plan, 422)
        if plan.mark != sent.get(SEEN, ""):
            fault = words(self._lang).gettext(
                "The site changed while you read this; nothing was done. Here is what it does now."
            )
            return self._previewed(name, verb, sent, plan, 409, fault=fault)
        try:
            if plan.files:
                self._gateway.edition.carry_out(self._gate.name(), plan)
        except DECISION_FAULTS as error:
            fault = decision_fault(error, self._gateway.library.schema, self._lang)
            again = self._plan(name, verb, sent)
            return self._previewed(name, verb, sent, again, error.status, fault=fault)
        return self._gate.go(f"vocabulaires/{name}/?fait=1")

    def _plan(self, name: str, verb: str, sent: Mapping[str, str]) -> Plan:
        """What was asked for, as it would be done now. Raises `NotFound`."""
        lexicon, key = self._gateway.lexicon, sent.get("terme", "")
        vocabulary = lexicon.find(name)
        there = vocabulary.terms.get(key)
        match verb:
            case "ajouter":
                return lexicon.adding(name, new_term(vocabulary, sent))
            case "nommer":
                return lexicon.labelling(name, key, label_of(sent, there.label if there else None))
            case "cle":
                return lexicon.rekeying(name, key, key_of(sent.get("cle", "")))
            case "reunir":
                return lexicon.merging(name, sent.get("garde", ""), key)
            case "retirer":
                return lexicon.removing(name, key)
        raise NotFound(f"nobody can {verb} a term")

    def _previewed(
        self,
        name: str,
        verb: str,
        sent: Mapping[str, str],
        plan: Plan,
        status: int = 200,
        *,
        fault: str = "",
    ) -> Response:
        vocabulary = self._gateway.lexicon.find(name)
        documents = tuple(plan.rewriting.documents.values())
        key = sent.get("terme", "") if verb != ADD else ""
        page = self._gate.render(
            "gateway/plan.html",
            f"vocabulaires/{name}/{verb}/",
            **self._about(vocabulary),
            title=words(self._lang).gettext(TITLES[verb]),
            verb=verb,
            before=vocabulary.terms.get(key),
            label=label_of(sent, None) if verb in (ADD, LABEL) else None,
            key=plan.subject.ref.partition("/")[2] if verb == ADD else key_of(sent.get("cle", "")),
            keys=list(new_term(vocabulary, sent).map.items()) if verb == ADD else [],
            kept=vocabulary.terms.get(sent.get("garde", "")),
            problems=self._told(plan.rewriting.problems),
            pages=self._pages(documents),
            left_out=max(0, len(documents) - MOST_LISTED),
            changes_anything=bool(plan.files),
            action=self._address(name, f"{verb}/"),
            back=self._address(name, f"termes/{key}/" if key in vocabulary.terms else ""),
            hidden=[*((k, v) for k, v in sent.items() if k not in (SEEN, CSRF)), (SEEN, plan.mark)],
            fault=fault,
        )
        return make_response(page, status)

    def _told(self, problems: tuple[Problem, ...]) -> list[str]:
        """Each once; of a page's, with its title."""
        index, told = self._gateway.library.index, dict[str, None]()
        for problem in problems:
            known = index.schema.by_folder(problem.path.partition("/")[0])
            slug = problem.path.rpartition("/")[2].removesuffix(".md")
            page = index.get(f"{known.name}/{slug}") if known else None
            fault = sentence(problem, known, self._lang, named=page is not None)
            told[f"{page.title} — {fault}" if page else fault] = None
        return list(told)[:MOST_LISTED]
