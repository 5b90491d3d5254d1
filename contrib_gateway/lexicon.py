"""The vocabularies as editors change them: what each change of a term would do, before it is."""

from __future__ import annotations

from collections.abc import Callable

from contrib_gateway.errors import NotFound
from contrib_gateway.forge import Forge
from contrib_gateway.library import ROOT, Library
from contrib_gateway.plan import Plan, Subject
from contrib_gateway.store import Act
from plugins.schema import (
    Index,
    Label,
    Rewriting,
    Term,
    Vocabulary,
    term_added,
    term_rekeyed,
    term_removed,
    term_renamed,
    terms_merged,
    vocabulary_path,
)

TYPE = "vocabulary"  # in the names of branches


class Lexicon:
    """Plans changes of vocabularies; all raise `NotFound` for one that is not there."""

    def __init__(self, forge: Forge, library: Library) -> None:
        self._forge = forge
        self._library = library

    def find(self, name: str) -> Vocabulary:
        found = self._library.index.vocabularies.get(name)
        if found is None:
            raise NotFound(f"no vocabulary {name}")
        return found

    def adding(self, name: str, term: Term) -> Plan:
        return self._plan(
            Act.TERM_ADDED, name, term.key, lambda i, text: term_added(i, name, text, term)
        )

    def labelling(self, name: str, key: str, label: Label, hint: Label | None = None) -> Plan:
        return self._plan(
            Act.TERM_CHANGED,
            name,
            key,
            lambda i, text: term_renamed(i, name, text, key, label, hint=hint),
        )

    def rekeying(self, name: str, key: str, new: str) -> Plan:
        return self._plan(
            Act.TERM_CHANGED, name, key, lambda i, text: term_rekeyed(i, name, text, key, new)
        )

    def merging(self, name: str, kept: str, gone: str) -> Plan:
        return self._plan(
            Act.TERMS_MERGED, name, kept, lambda i, text: terms_merged(i, name, text, kept, gone)
        )

    def removing(self, name: str, key: str) -> Plan:
        return self._plan(
            Act.TERM_REMOVED, name, key, lambda i, text: term_removed(i, name, text, key)
        )

    def _plan(
        self, what: Act, name: str, key: str, rewrite: Callable[[Index, str], Rewriting]
    ) -> Plan:
        """Of main as it is now: of its index, and of the text of its file."""
        vocabulary = self.find(name)
        commit, content = self._library.state
        text = self._forge.read(self._forge.files(commit)[ROOT + vocabulary_path(name)]).decode()
        subject = Subject(TYPE, name.replace("_", "-"), vocabulary.label.get("fr"), f"{name}/{key}")
        return Plan(what, subject, commit, rewrite(content.index, text), text)
