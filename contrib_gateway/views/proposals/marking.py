"""The marks of what waits: what each submission answers to the filters of the desk's list."""

from __future__ import annotations

from contrib_gateway.standing import STANDINGS
from contrib_gateway.store import Submission
from contrib_gateway.views.proposals.lines import FLAGS, Waiting
from contrib_gateway.views.sieve import Marks, Mesh
from plugins.render.words import words
from plugins.schema import Index

GROUP = "group"  # the type of working groups
TYPE, COMMUNE, STANDING, FLAG, OF_GROUP = "type", "commune", "etat", "signalement", "groupe"


def meshes(index: Index, lang: str) -> list[Mesh]:
    """The filters of the list, in their order in its form."""
    say, schema = words(lang).gettext, index.schema
    types = sorted((t.label.get(lang), t.name) for t in schema.types.values())
    communes = schema.territories.items()
    groups = index.of(GROUP)
    return [
        Mesh(TYPE, say("Type"), {name: label for label, name in types}),
        Mesh(COMMUNE, say("Where"), {key: term.label.get(lang) for key, term in communes}),
        Mesh(STANDING, say("Where it stands"), {key: say(msg) for key, msg in STANDINGS.items()}),
        Mesh(FLAG, say("To look at"), {flag: say(msg) for flag, msg in FLAGS.items()}),
        Mesh(OF_GROUP, say("Working group"), {group.slug: group.title for group in groups}),
    ]


class Marking:
    """What each answers to the filters; made once for a whole list."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._territories = index.schema.territories
        self._groups: dict[str, set[str]] = {}
        for group in index.of(GROUP):
            for ref in (group.ref, *group.references()):
                self._groups.setdefault(ref, set()).add(group.slug)

    def marks(self, waiting: Waiting) -> Marks:
        submission = waiting.submission
        return {
            TYPE: frozenset({submission.type}),
            COMMUNE: frozenset(self._places(waiting.territory)),
            STANDING: frozenset(waiting.standings),
            FLAG: frozenset(map(str, waiting.flags)),
            OF_GROUP: frozenset(self._groups_of(submission)),
        }

    def _places(self, territory: str) -> tuple[str, ...]:
        """A quarter is in its commune too."""
        term = self._territories.get(territory)
        return (territory, term.within) if term and term.within else (territory,)

    def _groups_of(self, submission: Submission) -> set[str]:
        """Those it names, and those whose work it changes: the group's own page, or one of those
        that the group's page names.
        """
        content_type = self._index.schema.types.get(submission.type)
        if not self._groups or content_type is None:
            return set()
        found = set()
        if submission.page and (page := self._index.by_id(submission.page)):
            found |= self._groups.get(page.ref, set())
        fields = content_type.fields
        for name, value in submission.data.items():
            for ref in fields[name].kind.references(value) if name in fields else ():
                if ref.startswith(f"{GROUP}/"):
                    found |= self._groups.get(ref, set())
        return found
