"""What a change of a list of choices would do, read before it is done; and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.plan import Plan
from contrib_gateway.views.faults import DECISION_FAULTS
from contrib_gateway.views.gate import CSRF, SEEN, Gate
from contrib_gateway.views.typed_terms import hint_of, key_of, label_of, new_term
from contrib_gateway.views.vocabularies import MOST_LISTED, Verb, about, address, rewritten
from plugins.render import sentence
from plugins.render.words import N_, words
from plugins.schema import Problem

TITLES: Mapping[Verb, str] = MappingProxyType(
    {
        Verb.ADD: N_("Add a choice"),
        Verb.LABEL: N_("Change the words of a choice"),
        Verb.KEY: N_("Change the key of a choice"),
        Verb.MERGE: N_("Merge a choice into another"),
        Verb.REMOVE: N_("Remove a choice"),
    }
)


class PlanningPages:
    """/redaction/vocabulaires/<name>/<verb>/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("planning")
        here = "vocabulaires/<name>/<verb>/"
        self._gate.route(pages, here, self.preview, admin=True)
        self._gate.route(pages, here, self.change, "POST", admin=True)
        return pages

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
            fault = self._gate.fault(error)
            again = self._plan(name, verb, sent)
            return self._previewed(name, verb, sent, again, error.status, fault=fault)
        return self._gate.go(f"vocabulaires/{name}/?fait=1")

    def _plan(self, name: str, verb: str, sent: Mapping[str, str]) -> Plan:
        """What was asked for, as it would be done now. Raises `NotFound`."""
        lexicon, key = self._gateway.lexicon, sent.get("terme", "")
        vocabulary = lexicon.find(name)
        there = vocabulary.terms.get(key)
        match verb:
            case Verb.ADD:
                return lexicon.adding(name, new_term(vocabulary, sent))
            case Verb.LABEL:
                label = label_of(sent, there.label if there else None)
                return lexicon.labelling(
                    name, key, label, hint_of(sent, there.hint if there else None)
                )
            case Verb.KEY:
                return lexicon.rekeying(name, key, key_of(sent.get("cle", "")))
            case Verb.MERGE:
                return lexicon.merging(name, sent.get("garde", ""), key)
            case Verb.REMOVE:
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
        adds = verb == Verb.ADD
        key = "" if adds else sent.get("terme", "")
        page = self._gate.render(
            "gateway/plan.html",
            f"vocabulaires/{name}/{verb}/",
            **about(self._gate, vocabulary),
            title=words(self._lang).gettext(TITLES[Verb(verb)]),
            verb=verb,
            before=vocabulary.terms.get(key),
            label=label_of(sent, None) if verb in (Verb.ADD, Verb.LABEL) else None,
            hint=hint_of(sent, None) if verb in (Verb.ADD, Verb.LABEL) else None,
            key=plan.subject.ref.partition("/")[2] if adds else key_of(sent.get("cle", "")),
            keys=list(new_term(vocabulary, sent).map.items()) if adds else [],
            kept=vocabulary.terms.get(sent.get("garde", "")),
            problems=self._told(plan.rewriting.problems),
            pages=rewritten(self._gate, documents),
            left_out=max(0, len(documents) - MOST_LISTED),
            changes_anything=bool(plan.files),
            action=address(self._gate, name, f"{verb}/"),
            back=address(self._gate, name, f"termes/{key}/" if key in vocabulary.terms else ""),
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
