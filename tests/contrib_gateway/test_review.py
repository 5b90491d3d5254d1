"""What is confirmed is what was read, and what was read is what is published."""

from __future__ import annotations

import re
from pathlib import Path

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.running import serving
from tests.contrib_gateway.visitor import Visitor, answers, form_path, id_of


def without_banner(html: str) -> str:
    """The page without the one section (or aside) that a preview has more."""
    return re.sub(r'<(section|aside) class="review".*?</\1>\n*', "", html, count=1, flags=re.S)


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def test_the_page_to_review_the_preview_and_the_published_page_differ_by_the_banner_alone(
    state: Path, clock: SetClock
) -> None:
    with serving(state, clock, VIGIE_RATE_LIMIT="off") as (gateway, visitor):
        said = {"quotes-0-text": "On y va."}
        values = answers("observation", "Deux chaises pour un écran", **said)
        review = visitor.fill("observation", values)
        form = review.form(form_path("observation"))
        id = id_of(visitor.post(form.action, form.filled({})).location)

        editor = Visitor(visitor.port)
        link = gateway.store.create_login(gateway.settings.editors[0].address)
        editor.post(f"/redaction/entrer/{link}/")
        preview = editor.get(f"/redaction/{id}/page/")
        editor.publish(id)
        assert gateway.builder.build()

        published = visitor.get("/observations/deux-chaises-pour-un-ecran/")
        assert published.status == 200
        wanted = squeezed(published.text)
        assert squeezed(without_banner(review.text)) == wanted
        assert squeezed(without_banner(preview.text)) == wanted
