"""What is confirmed is what was read, and what was read is what is published."""

from __future__ import annotations

import re
from pathlib import Path

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.running import enter, serving
from tests.contrib_gateway.visitor import Visitor, answers, form_path, id_of

PREVIEWED = re.compile(r'<(section|aside) class="review(?:-foot)?".*?</\1>\n*', re.S)
ACTS = re.compile(  # of a published page only: where its form, its past and its other language are
    r'<link rel="(?:canonical|alternate" hreflang)[^>]*>|<a class="switch".*?</a>'
    r'|<p class="screen-only"><a href="/historique/.*?</p>|<p class="doc-act">.*?</p>'
    r'| aria-current="true"',
    re.S,
)


def said(html: str) -> str:
    """What a page says, whether it is published or previewed."""
    return re.sub(r"\s+", " ", ACTS.sub("", PREVIEWED.sub("", html)))


def test_the_page_to_review_the_preview_and_the_published_page_say_the_same(
    state: Path, clock: SetClock
) -> None:
    with serving(state, clock, VIGIE_RATE_LIMIT="off") as (gateway, visitor):
        quotes = {"quotes-0-text": "On y va."}
        values = answers("observation", "Deux chaises pour un écran", **quotes)
        review = visitor.fill("observation", values)
        form = review.form(form_path("observation"))
        id = id_of(visitor.post(form.action, form.filled({})).location)

        editor = enter(gateway, Visitor(visitor.port))
        preview = editor.get(f"/redaction/{id}/page/")
        editor.publish(id)
        assert gateway.builder.build()

        published = visitor.get("/observations/deux-chaises-pour-un-ecran/")
        assert published.status == 200
        for shown in (review.text, preview.text):
            assert said(shown) == said(published.text)
            assert not ACTS.search(shown)
