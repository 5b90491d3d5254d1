"""« Je cherche » over HTTP: questions in an address, nothing kept of who asks."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrib_gateway.app import create_app
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import assemble
from plugins.schema import Document, Value, load_schema, write
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.running import sample_content, settings_for

POSTPONED = "event/restitution-chercher-un-emploi-en-ligne"
PAGE, STRANGE = "/je-cherche/", "n’a pas été comprise"
NAMES = ["situation", "theme", "service", "aide", "commune", "autre", "theme[]", "\x00"]


@contextmanager
def asked_of(content: Path, state: Path) -> Iterator[FlaskClient]:
    """A gateway in front of that content; it builds no site."""
    state.mkdir()
    LocalForge.open(state / "forge.git", content)
    gateway = assemble(settings_for(state), SetClock())
    yield create_app(gateway).test_client()
    gateway.store.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """With two places in Luynes: one that nobody has confirmed for long, and one lately; with a
    date that was postponed, and one that is still on.
    """
    folder = tmp_path_factory.mktemp("seek")
    content = sample_content(folder / "content", alone=[POSTPONED])
    postponed = (content / "events" / f"{POSTPONED.partition('/')[2]}.md").read_text()
    still_on = re.sub("state_detail: .*\n", "", postponed.replace("reporte", "prevu"))
    (content / "events" / "maintenu.md").write_text(still_on.replace("tr8xpmfh", "maintenu"))
    actor = load_schema(content).types["actor"]
    for slug, verified, phone in (("ancien", "2015-01-01", "1111"), ("neuf", "2026-11-01", "2222")):
        data: dict[str, Value] = {
            "title": f"Le lieu {slug}",
            "kind": "epn",
            "summary": "On y vient.",
            "place": {"territory": "luynes", "street": "3 rue du Change"},
            "phone": f"02 47 00 {phone[:2]} {phone[2:]}",
            "verified": verified,
            "id": f"lieu{slug}",
            "lang": "fr",
            "created": "2015-01-01",
            "updated": "2015-01-01",
        }
        (content / "actors" / f"{slug}.md").write_text(write(Document(actor, slug, data)))
    with asked_of(content, folder / "state") as client:
        yield client


def read(client: FlaskClient, query: str = "", page: str = PAGE) -> str:
    answer = client.get(page + query)
    assert answer.status_code == 200
    return answer.text


def test_the_questions_in_the_words_of_who_asks(client: FlaskClient) -> None:
    html = read(client)
    assert "Ma situation" in html and "Je cherche du travail" in html
    assert "Tours – Sanitas" in html and "Toute la métropole" not in html
    assert 'method="get"' in html and "<script" not in html
    english = read(client, page="/en/je-cherche/")
    assert "I am looking for work" in english and 'action="/en/je-cherche/"' in english


def test_what_was_asked_stays_answered_and_the_answer_leads_on(client: FlaskClient) -> None:
    html = read(client, "?situation=demandeurs-emploi&theme=chercher-un-emploi&commune=tours")
    assert "Votre recherche" in html and STRANGE not in html
    assert re.search(r"à \d+ km environ", html)
    assert re.search(r'value="chercher-un-emploi" checked', html)
    assert re.search(r'value="tours" selected', html)
    assert 'href="/contribuer/need/"' in html
    assert "Reporté" in html and "nouvelle date" in html and "Prévu" not in html
    assert 'href="/agenda/maintenu/"' in html
    assert re.search(r'href="/(acteurs|initiatives|ressources|agenda)/[^/]+/"', html)


def test_nothing_of_who_asks_is_kept_anywhere(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.get(PAGE + "?situation=minima-sociaux&theme=sante")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "minima-sociaux" not in caplog.text
    assert "minima-sociaux" not in client.get("/metrics").text
    assert "X-Robots-Tag" not in client.get(PAGE).headers


def test_what_is_not_understood_is_told_and_the_rest_is_answered(client: FlaskClient) -> None:
    html = read(client, "?theme=chercher-un-emploi&commune=atlantide")
    assert STRANGE in html and "Votre recherche" in html


def test_a_stale_place_keeps_its_address_and_loses_its_telephone(client: FlaskClient) -> None:
    html = read(client, "?commune=luynes")
    sure, stale = html.index("Le lieu neuf"), html.index("Le lieu ancien")
    assert sure < stale and html.count("3 rue du Change") == 2
    assert "tel:0247002222" in html and "1111" not in html
    assert "Personne n’a confirmé cette fiche depuis janvier 2015." in html[stale:]


def test_where_there_is_nothing_a_need_can_be_said(tmp_path: Path, client: FlaskClient) -> None:
    content = sample_content(tmp_path / "content")
    for name in ("actors", "resources", "events", "initiatives"):
        shutil.rmtree(content / name, ignore_errors=True)
    with asked_of(content, tmp_path / "state") as nothing:
        html = read(nothing, "?theme=sante&commune=tours")
        assert "Nous ne connaissons encore rien ici" in html and "Dire un besoin" in html
        assert read(nothing)


value = st.one_of(
    st.sampled_from(
        ["tours", "jeunes", "sante", "formation", "metropole", "", "aide-aux-demarches"]
    ),
    st.text(max_size=60),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(NAMES), value), max_size=12))
def test_no_address_is_too_strange(client: FlaskClient, sent: list[tuple[str, str]]) -> None:
    readable = [(n, "".join(c for c in v if not "\ud800" <= c <= "\udfff")) for n, v in sent]
    answer = client.get(PAGE, query_string=readable)
    assert answer.status_code == 200
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    "query",
    ["?theme=%ff%fe", "?%00=%00", "?" + "theme=x&" * 3000, "?commune=" + "a" * 20_000, "?&&=&"],
)
def test_nor_one_that_no_form_makes(client: FlaskClient, query: str) -> None:
    assert client.get(PAGE + query).status_code == 200
