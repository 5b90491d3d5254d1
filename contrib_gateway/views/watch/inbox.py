"""The inbox of the watch as a list: read, filtered, sorted one by one or several at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import AlreadyDecided, NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Done, Pile, Sought, Verdict
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.typed import typed
from contrib_gateway.views.watch.lines import Lines
from contrib_gateway.views.watch.sought import (
    PAGE,
    PILE,
    PILES,
    filters,
    is_narrowed,
    list_address,
    number_in,
    piles_shown,
    query_of,
    sought_in,
)
from contrib_gateway.views.watch.story import Attempt, StoryView, apart, reasons
from contrib_gateway.views.watch.turns import done_shown, numbers
from plugins.render.words import words

PAGE_SIZE = 30
LONGEST_REASON = 300  # characters
DID, STALE, NONE = "fait", "reste", "rien"  # in an address, what was done a moment ago
PILE_OF = {
    "garder": Pile.KEPT,
    "plus-tard": Pile.LATER,
    "ecarter": Pile.DISCARDED,
    "remettre": Pile.INBOX,
}
"""The verbs of the buttons, "verb", "verb:id" or "verb:id:reason"; without an id they are about
what is ticked.
"""
JOIN = "reunir"


@dataclass(frozen=True)
class Leaf:
    """One page of the list: its `number` of `pages`, the addresses of those beside it, or ""."""

    number: int
    pages: int
    previous_href: str
    next_href: str


class InboxPages:
    """/redaction/veille/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)
        self._lines = Lines(gateway, self._gate)
        self._story = StoryView(gateway, self._gate)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("watch-inbox")
        self._gate.route(pages, "veille/", self.inbox)
        self._gate.route(pages, "veille/trier/", self.sort, "POST")
        self._gate.route(pages, "veille/annuler/", self.undo, "POST")
        return pages

    # Reading

    def inbox(self) -> Response:
        gateway, gate, index = self._gateway, self._gate, self._gateway.library.index
        sought, here = self._sought(), self._gate.address("veille/")
        total, counts = gateway.store.count_stories(sought), gateway.store.piles()
        leaf = self._leaf(sought, total, here)
        offset = (leaf.number - 1) * PAGE_SIZE
        query = query_of(sought, leaf.number)
        page = gate.render(
            "gateway/inbox.html",
            "veille/",
            sought=sought,
            narrowed=is_narrowed(sought),
            piles=list(piles_shown(counts, sought, here, self._lang)),
            to_sort=counts[Pile.INBOX],
            total=total,
            days=self._lines.days(gateway.store.stories(sought, PAGE_SIZE, offset), query),
            leaf=leaf,
            filters=filters(sought, index, self._lang),
            carried=[(PILE, PILES[sought.pile][0])] if sought.pile is not Pile.INBOX else [],
            inbox_href=here,
            pile_href=here + query_of(Sought(pile=sought.pile)),
            sources_href=gate.address("veille/sources/"),
            issue_href=gate.address("veille/numero/"),
            sort_action=gate.address("veille/trier/") + query,
            undo_action=gate.address("veille/annuler/") + query,
            reasons=reasons(gateway, self._lang),
            done=done_shown(gateway.store, request.args.get(DID, ""), self._lang),
            stale=number_in(request.args.get(STALE, "")),
            nothing=request.args.get(NONE) == "1",
        )
        return make_response(page)

    def _sought(self) -> Sought:
        return sought_in(request.args, self._gateway.library.index)

    def _leaf(self, sought: Sought, total: int, here: str) -> Leaf:
        """The page that is asked for, or the nearest there is."""
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number_in(request.args.get(PAGE, "")), 1), pages)
        before = here + query_of(sought, number - 1) if number > 1 else ""
        after = here + query_of(sought, number + 1) if number < pages else ""
        return Leaf(number, pages, before, after)

    # Deciding

    def sort(self) -> Response:
        """One, or all that are ticked, each if it is as it was seen."""
        verb, _, rest = request.form.get("do", "").partition(":")
        id, _, kind = rest.partition(":")
        chosen = [id] if id else list(dict.fromkeys(request.form.getlist("id")))[:PAGE_SIZE]
        seen = {one: number_in(request.form.get(f"seen-{one}", "")) for one in chosen}
        if verb == JOIN and len(seen) > 1:
            return self._join(seen)
        if not seen or verb not in PILE_OF:
            return self._back({NONE: "1"})
        pile = PILE_OF[verb]
        reason = self._reason(kind) if pile is Pile.DISCARDED else ""
        if pile is Pile.DISCARDED and (fault := self._reason_fault(reason)):
            attempt = Attempt(reason=reason, reason_fault=fault)
            return self._story.page(self._story.find(chosen[0]), attempt, 422)
        after = self._after(chosen[-1])
        done = self._gateway.store.sort_stories(seen, Verdict(pile, reason), self._gate.name())
        if id and done.stale:
            return self._story.late(id, Attempt(reason=typed("reason")))
        return self._back(told(done), after)

    def _reason(self, kind: str) -> str:
        """The ready one, or what was typed."""
        return dict(reasons(self._gateway, self._lang)).get(kind, "") or typed("reason")

    def _reason_fault(self, reason: str) -> str:
        say = words(self._lang).gettext
        if len(reason) > LONGEST_REASON:
            return say("This is too long: %s characters at most.") % LONGEST_REASON
        return "" if reason else say("Choose a reason, or write one in a few words.")

    def _join(self, seen: Mapping[str, int]) -> Response:
        try:
            number = self._gateway.inbox.join(seen, self._gate.name())
        except (AlreadyDecided, NotFound):
            return self._back({STALE: str(len(seen))})
        if not number:
            there = self._story.find(next(iter(seen)))
            return self._story.page(there, Attempt(join_fault=apart(self._lang)), 422)
        first = self._gateway.store.turns_between(number, number)[0].cluster
        return self._back({DID: f"{number}-{number}"}, first)

    def undo(self) -> Response:
        between = numbers(request.form.get("tours", ""))
        if between is None:
            return self._back({NONE: "1"})
        try:
            done = self._gateway.store.undo_turns(*between, self._gate.name())
        except AlreadyDecided as error:
            return self._story.late(error.id)
        first = self._gateway.store.turns_between(done.first, done.last)[-1].cluster
        return self._back(told(done), first)

    def _after(self, id: str) -> str:
        """Which one follows in the list that the page shows."""
        story = self._gateway.store.story(id)
        return self._gateway.store.story_after(story, self._sought()) if story else ""

    def _back(self, told: Mapping[str, str], story: str = "") -> Response:
        page = number_in(request.args.get(PAGE, ""))
        return self._gate.go(list_address(self._sought(), page, told, story))


def told(done: Done) -> dict[str, str]:
    """What was done, in an address."""
    turns = {DID: f"{done.first}-{done.last}"} if done.first else {}
    return turns | ({STALE: str(len(done.stale))} if done.stale else {})
