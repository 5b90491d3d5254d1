"""What is confirmed is what was read, and what was read is what is published."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

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

        editor = Visitor(visitor._port)
        link = gateway.store.create_login(gateway.settings.editors[0].address)
        editor.get(f"/redaction/entrer/{link}/")
        preview = editor.get(f"/redaction/{id}/page/")
        editor.publish(id)
        assert gateway.builder.build()

        published = visitor.get("/observations/deux-chaises-pour-un-ecran/")
        assert published.status == 200
        wanted = squeezed(published.text)
        assert squeezed(without_banner(review.text)) == wanted
        assert squeezed(without_banner(preview.text)) == wanted


def test_behind_a_proxy_each_client_is_counted_by_its_own_address(
    state: Path, clock: SetClock
) -> None:
    with serving(state, clock, VIGIE_RATE_LIMIT="1/hour", VIGIE_TRUSTED_PROXIES="1") as (
        gateway,
        visitor,
    ):

        def send(title: str, address: str) -> str:
            action, inputs = visitor.review("need", answers("need", title))
            clock.move(seconds=10)
            headers = {
                "X-Forwarded-For": address,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            page = visitor.request("POST", action, urlencode(inputs), headers)
            found = gateway.store.find(id_of(page.location))
            assert found is not None
            return f"{found.state} {found.reason}".strip()

        assert send("Un", "203.0.113.5") == "queued"
        assert send("Deux", "198.51.100.7") == "queued"
        assert send("Trois", "203.0.113.5") == "held rate"
        assert send("Quatre", "1.2.3.4, 192.0.2.9") == "queued"
        assert send("Cinq", "5.6.7.8, 192.0.2.9") == "held rate"  # the last hop is the proxy's
        assert send("Six", "2001:db8:1:2::1") == "queued"
        assert send("Sept", "2001:db8:1:2:ffff::9") == "held rate"  # one subscriber's /64
