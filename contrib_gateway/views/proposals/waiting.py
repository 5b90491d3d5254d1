"""The desk's first page: what waits for an editor, what was decided lately, how the site is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Pile, State
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.proposals.lines import Line, Waiting, line
from contrib_gateway.views.proposals.marking import Marking, meshes
from contrib_gateway.views.shown import DecisionShown, shown_build, shown_decision
from contrib_gateway.views.sieve import Sifted, sift

PAGE_SIZE = 50
FEW = 8  # lines that one sees at a glance: no filters for so few


@dataclass(frozen=True)
class Decided:
    """One submission that was decided lately."""

    title: str
    href: str
    decision: DecisionShown


@dataclass(frozen=True)
class Leaf:
    """One page of a long list: its `number` of `pages`, and the address of each."""

    lines: tuple[Line, ...]
    number: int
    hrefs: tuple[str, ...]


class WaitingPages:
    """/redaction/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("waiting")
        self._gate.route(pages, "", self.waiting)
        self._gate.route(pages, "reprendre/", self.try_all_again, "POST")
        return pages

    def waiting(self) -> Response:
        everything = self._everything()
        marking = Marking(self._gateway.library.index)
        filters = meshes(self._gateway.library.index, self._lang)
        sifted = sift([(one, marking.marks(one)) for one in everything], filters, request.args)
        return make_response(
            self._gate.render(
                "gateway/desk.html",
                "",
                editor=self._gate.name(),
                overdue=len(self._gateway.edition.overdue()),
                to_sort=self._gateway.store.piles()[Pile.INBOX],
                offers=self._gateway.store.count_open_offers()[0],
                account_href=self._gate.address("compte/"),
                logout_action=self._gate.address("sortir/"),
                together_href=self._gate.address("ensemble/"),
                total=len(everything),
                left=len(sifted.left),
                filters=sifted.filters if sifted.asked or len(everything) > FEW else (),
                asked=bool(sifted.asked),
                leaf=self._leaf(sifted),
                decided=self._decided(),
                build=shown_build(self._gateway.store.last_build()),
                dead=sum(one.submission.state is State.DEAD for one in everything),
                again_action=self._gate.address("reprendre/"),
            )
        )

    def _everything(self) -> list[Waiting]:
        questioned, flags = self._gateway.store.questioned(), self._gateway.flags
        return [
            Waiting(one, not one.asked and one.id in questioned, flags.of(one))
            for one in self._gateway.desk.waiting()
        ]

    def _leaf(self, sifted: Sifted[Waiting]) -> Leaf:
        """The page that is asked for, or the nearest there is."""
        pages = max(1, -(-len(sifted.left) // PAGE_SIZE))
        asked = request.args.get("page", "")
        number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 9 else 1
        shown = sifted.left[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        hrefs = tuple(self._href(sifted.asked, page) for page in range(1, pages + 1))
        return Leaf(tuple(self._line(one) for one in shown), number, hrefs)

    def _href(self, asked: Mapping[str, str], page: int) -> str:
        query = urlencode({**asked, **({"page": page} if page > 1 else {})})
        return self._gate.address("") + (f"?{query}" if query else "")

    def _line(self, waiting: Waiting) -> Line:
        href = self._gate.address(f"{waiting.submission.id}/")
        index, now = self._gateway.library.index, self._gateway.clock()
        return line(waiting, index, href, now, self._lang)

    def _decided(self) -> list[Decided]:
        return [
            Decided(one.title, self._gate.address(f"{one.id}/"), decision)
            for one in self._gateway.desk.decided()
            if (decision := shown_decision(one))
        ]

    def try_all_again(self) -> Response:
        self._gateway.desk.try_all_again(self._gate.name())
        return self._gate.go("")
