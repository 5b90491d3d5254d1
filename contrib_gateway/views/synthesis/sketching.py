"""What an editor typed and ticked on the page of a draft, as the sketch that it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import request

from contrib_gateway.views.typed import clean, typed
from plugins.observation.choosing import Choice, read_choice
from plugins.observation.passages import of_key
from plugins.observation.sketch import ASKED, Claim, Pick, Sketch
from plugins.schema import Index

METHOD, SUGGESTED = "method", "_method"  # what is typed, and what had been suggested
TICKED, SHOWN = "pick", "shown"  # keys of passages; ids of the observations that were on the page
CLAIM, LONGEST_ID = "claim", 20
FOR, AGAINST, OUT = "for", "against", "out"  # where a picked passage is to go
MOST = 300  # passages that a draft holds: each is sent as a field, of which a form has a limit


def asked_choice(index: Index) -> Choice:
    """What somebody asks for in a form."""
    form = request.form
    themes, territory = tuple(form.getlist("themes")), form.get("territory", "")
    return read_choice(themes, territory, clean(_short("first")), clean(_short("last")), index)


def _short(name: str) -> str:
    return request.form.get(name, "").strip()[:40]


def sketched(before: Sketch, index: Index) -> Sketch:
    """A sketch with all that was typed, ticked and chosen on its page since."""
    answers = {name: typed(name) for name in ASKED}
    if answers[METHOD] == typed(SUGGESTED):
        answers[METHOD] = ""  # it goes on following the counts
    claims = (*map(_claim, before.claims), *_taken_out(before))
    room = MOST - sum(len(claim.picks) for claim in claims)
    return replace(
        before,
        choice=asked_choice(index),
        typed=answers,
        claims=claims,
        ticked=_ticked(before, index)[: max(room, 0)],
    )


def _claim(before: Claim) -> Claim:
    name = f"{CLAIM}-{before.id}"
    words = typed(name) if name in request.form else before.words
    sides = ((pick, request.form.get(f"side-{before.id}-{pick.key}", "")) for pick in before.picks)
    picks = (
        Pick(pick.key, {FOR: True, AGAINST: False}.get(side, pick.supports))
        for pick, side in sides
        if side != OUT
    )
    return replace(before, words=words, picks=tuple(picks))


def _taken_out(before: Sketch) -> Iterator[Claim]:
    """Claims of this page that somebody took out since: what was typed there is not lost too."""
    known = {claim.id for claim in before.claims}
    for name in request.form:
        head, _, id = name.partition("-")
        is_id = id.isascii() and id.isalnum() and len(id) <= LONGEST_ID
        if head == CLAIM and is_id and id not in known:
            side = f"side-{id}-"
            keys = (other.removeprefix(side) for other in request.form if other.startswith(side))
            yield _claim(Claim(id, picks=tuple(map(Pick, keys))))


def _ticked(before: Sketch, index: Index) -> tuple[str, ...]:
    """What is ticked on this page, and what was on others."""
    shown = set(request.form.getlist(SHOWN))
    others = [key for key in before.ticked if key.rpartition("-")[0] not in shown]
    here = (key for key in request.form.getlist(TICKED)[:MOST] if of_key(key, index))
    return tuple(dict.fromkeys((*others, *here)))
