"""The sources of another reader come in as one change that an editor has read over."""

from __future__ import annotations

import pytest

from tests.contrib_gateway.desks import Desk, content
from tests.contrib_gateway.desks import embedded as desk
from tests.contrib_gateway.visitor import Page

FIXTURES = (content, desk)
HERE = "/redaction/veille/sources/importer/"
ADD = f"{HERE}ajouter/"
OUTLINES = """
<outline text="Se former">
  <outline text="Le blog des ateliers" type="rss" xmlUrl="https://ateliers.example/feed.xml"
    htmlUrl="https://ateliers.example/" description="Des ateliers racontés."/>
  <outline text="Médiation &amp; co" type="rss" xmlUrl="http://mediation.example/rss"/>
</outline>
<outline text="Le même blog" type="rss" xmlUrl="http://www.ateliers.example/feed.xml?utm_source=x"/>
<outline text="Un piège" type="rss" xmlUrl="javascript:alert(1)"/>
"""


def opml(outlines: str = OUTLINES) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>'.encode()


def upload(desk: Desk, data: bytes, name: str = "flux.opml") -> Page:
    parts = [
        '--frontier\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n',
        f"{desk.editor.csrf()}\r\n",
        f'--frontier\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n',
        "Content-Type: text/xml\r\n\r\n",
    ]
    body = "".join(parts).encode() + data + b"\r\n--frontier--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=frontier"}
    return desk.editor.request("POST", HERE, body, kind)


def titles(desk: Desk) -> list[str]:
    return [source.title for source in desk.gateway.library.index.of("source")]


def test_a_list_is_read_over_then_added_at_once(desk: Desk) -> None:
    before = titles(desk)
    commits = len(desk.gateway.forge.history(["content/sources"]))
    seen = upload(desk, opml())
    assert seen.status == 200, seen.words[:600]
    for told in ("Le blog des ateliers", "Médiation & co", "https://ateliers.example/feed.xml"):
        assert told in seen.words
    assert "Le même blog" not in seen.words, "an address that is there twice is one source"
    assert "Ne peuvent pas être suivies" in seen.words and "Un piège" in seen.words
    assert "javascript:" not in seen.text
    assert titles(desk) == before, "nothing is added before it was read"
    done = desk.editor.submit(seen, ADD, {"why": "Suivi par la médiathèque."})
    assert done.status == 303, done.words[:600]
    assert "2 sources sont ajoutées" in desk.editor.get(done.location).words
    index = desk.gateway.library.index
    assert sorted(set(titles(desk)) - set(before)) == ["Le blog des ateliers", "Médiation & co"]
    blog, other = index.get("source/le-blog-des-ateliers"), index.get("source/mediation-co")
    assert blog and other
    assert (blog.data["why"], blog.data["themes"]) == ("Des ateliers racontés.", ["se-former"])
    assert (other.data["why"], other.data["site"]) == (
        "Suivi par la médiathèque.",
        "http://mediation.example/",
    )
    assert len(desk.gateway.forge.history(["content/sources"])) == commits + 1, "one change"
    assert desk.gateway.forge.pending() == []
    assert "a ajouté la source" in desk.editor.get("/redaction/journal/").words


def test_what_is_there_already_is_told_and_not_added_twice(desk: Desk) -> None:
    assert desk.editor.submit(upload(desk, opml()), ADD, {"why": "x"}).status == 303
    again = upload(desk, opml())
    assert "Rien de cette liste n’est nouveau" in again.words and "Déjà suivies" in again.words


def test_pressed_twice_nothing_is_added_twice(desk: Desk) -> None:
    seen = upload(desk, opml())
    assert desk.editor.submit(seen, ADD, {"why": "x"}).status == 303
    number = len(titles(desk))
    assert desk.editor.submit(seen, ADD, {"why": "x"}).status == 422
    assert len(titles(desk)) == number


def test_only_what_is_ticked_is_added(desk: Desk) -> None:
    seen = upload(desk, opml())
    key = "https://ateliers.example/feed.xml"
    none = desk.editor.submit(seen, ADD, {"cle": [], "why": "Mes mots"})
    assert none.status == 422 and "Rien n’est coché" in none.words and "Mes mots" in none.text
    assert desk.editor.submit(none, ADD, {"cle": [key]}).status == 303
    assert "Le blog des ateliers" in titles(desk) and "Médiation & co" not in titles(desk)


def test_a_reason_is_asked_for_those_whose_list_gives_none(desk: Desk) -> None:
    told = desk.editor.submit(upload(desk, opml()), ADD, {"why": " "})
    assert told.status == 422 and "pourquoi les suivre" in told.words.lower()
    assert len(dict(told.form(ADD).inputs)) >= 4, "what was ticked stays so"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;">]><opml><body><outline text="&c;" xmlUrl="https://a.example/"/></body></opml>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>"""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"<html><body>Bonjour</body></html>",
        BOMB,
        OUTSIDE,
        opml("<outline text='x'>" * 5000),
        opml("<outline text='x'>" * 5000 + "</outline>" * 5000),
        opml("<outline text='seul'/>"),
        opml()[:200],
        b"<opml><body>" + b"<outline text='gros'/>" * 94_000,
        opml("".join(f"<outline xmlUrl='http://a{n}.fr/'/>" for n in range(40_000))),
        "<opml><body><outline text='é' xmlUrl='https://a.example/'/></body></opml>".encode(
            "utf-16"
        ),
    ],
    ids=[
        "empty",
        "binary",
        "html",
        "bomb",
        "outside",
        "open",
        "deep",
        "no-address",
        "cut",
        "huge",
        "many",
        "utf-16",
    ],
)
def test_a_file_that_is_no_good_list_is_refused_in_words(desk: Desk, data: bytes) -> None:
    before = titles(desk)
    answer = upload(desk, data)
    assert answer.status in (200, 413, 422), answer.words[:300]
    assert "root:" not in answer.text and len(answer.text) < 100_000
    assert titles(desk) == before


def test_words_of_strangers_stay_words_and_are_bounded(desk: Desk) -> None:
    name = "&lt;script&gt;alert(1)&lt;/script&gt; " + "très long " * 100
    seen = upload(desk, opml(f'<outline text="{name}" xmlUrl="https://a.example/f"/>'))
    assert "<script>alert" not in seen.text
    assert desk.editor.submit(seen, ADD, {"why": "x " * 400}).status == 303
    [added] = [t for t in titles(desk) if "alert(1)" in t]
    assert len(added) <= 120 and added.endswith("…")


def test_a_long_list_is_added_in_parts(desk: Desk) -> None:
    many = "".join(
        f'<outline text="Source {n}" xmlUrl="https://s{n}.example/feed" description="x"/>'
        for n in range(310)
    )
    seen = upload(desk, opml(many))
    assert "10 autres restent" in seen.words
    assert desk.editor.submit(seen, ADD, {}).status == 303
    assert sum(title.startswith("Source ") for title in titles(desk)) == 300


def test_only_editors_add_sources(desk: Desk) -> None:
    desk.editor.cookies.clear()
    assert desk.editor.get(HERE).status in (303, 401, 403)


def test_a_file_of_an_old_program_keeps_its_accents(desk: Desk) -> None:
    line = '<outline text="Médiathèque d’été" xmlUrl="https://old.example/f" description="x"/>'
    seen = upload(desk, opml(line).decode().encode("cp1252"))
    assert seen.status == 200 and "Médiathèque d’été" in seen.words
