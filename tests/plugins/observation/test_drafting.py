"""A synthesis is drafted from what was picked: only words that were said, under their source."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plugins.observation.choosing import Choice, chosen, read_choice
from plugins.observation.drafting import Speech, body, cited, drafted, said
from plugins.observation.findings import Standing, findings_of
from plugins.observation.passages import MOST, PARTS, of_key, passages, sentences, texts
from plugins.observation.quoting import plain, without
from plugins.observation.sketch import Claim, Pick, Sketch, read_sketch
from plugins.observation.terms import terms
from plugins.render import Site, markdown_html
from plugins.render.typography import typeset
from plugins.schema import Audience, Document, Index, validate
from tests.pages import parse
from tests.plugins.observation.field import OWN, SCHEMA, law, synthesis

SITE = Site("http://vigie.example/", "http://vigie.example/", date(2026, 11, 20))
SPEECH = Speech("À l’inverse", "« %s »")
HOSTILE = st.sampled_from(
    r"""](observation/n0) [vu](observation/nulle-part) ![x](images/a.png) <script>x</script> # ***
    --- === `code` &lt;b&gt; &#91; \ **gras** _it_ <http://x.example> http://x.example a | b --|--
    [a]: « » Oui. Non ! … M. X $x$ ~~~ ~ é + - 2) 1. : [^1] @moi </p> " ' > >> | \[ \] () [] * _
    """.split()  # noqa: SIM905 — a hundred quotes hide what is quoted
    + ["\n\n- liste", "\n# Titre", "\n> cité", "    code", "\u2028", "\u202f", "A. B.", "\n---\n"]
)
WORDS = st.lists(HOSTILE, min_size=1, max_size=6).map(" ".join)


def note(slug: str, **data: Any) -> Document:
    given = {
        "title": f"Vu {slug}",
        "viewpoint": "usager",
        "date": "2026-10",
        "place": {"territory": "sanitas"},
        "themes": ["lien-social"],
        "seen": "On attend.",
        "id": f"o{slug}",
        "lang": "fr",
    }
    return Document(SCHEMA.types["observation"], slug, {**given, **data})


@st.composite
def indexes(draw: st.DrawFn) -> Index:
    """Observations that say anything."""
    notes = []
    for number in range(draw(st.integers(1, 3))):
        data = {part: draw(WORDS) for part in PARTS if part != "quotes"}
        data["quotes"] = [{"id": "q", "text": draw(WORDS)}]
        data["viewpoint"] = draw(st.sampled_from(("usager", "institution")))
        notes.append(note(f"n{number}", title=draw(WORDS), **data))
    return Index(SCHEMA, notes)


def picked(index: Index, draw: Any) -> Sketch:
    keys = [one.key for note in index.documents for one in passages(note)]
    picks = [Pick(key, draw(st.booleans())) for key in draw(st.permutations(keys))[:8]]
    cut = draw(st.integers(0, len(picks)))
    one = Claim("a", f"Constat {draw(WORDS)}", tuple(picks[:cut]))
    return Sketch("fr", claims=(one, Claim("b", "Et b", tuple(picks[cut:]))))


def squeezed(text: str) -> str:
    """Without spaces, which typography changes, and marks of quotation."""
    return re.sub(r"[\s\u2060]+", "", text)


@law
@given(WORDS)
def test_whatever_anybody_wrote_stays_text(text: str) -> None:
    document = parse(str(markdown_html(f"> {plain(text)}", OWN, SITE, "fr")))
    assert squeezed(document.text) == squeezed(text)
    assert {one.tag for one in document} <= {"blockquote", "p"}
    heading = parse(str(markdown_html(f"## {plain(text)}", OWN, SITE, "fr")))
    assert squeezed(heading.text) == squeezed(text)


@law
@given(st.text())
def test_any_text_at_all_stays_text(text: str) -> None:
    quoted = "".join(c for c in text if c.isprintable() or c in "\n\t ")
    document = parse(str(markdown_html(f"> {plain(quoted)}", OWN, SITE, "fr")))
    assert squeezed(document.text) == squeezed(typeset(quoted, "fr"))


@law
@given(WORDS)
def test_sentences_are_the_text_and_nothing_else(text: str) -> None:
    found = sentences(text)
    assert squeezed("".join(found)) == squeezed(text)
    assert all(one in text and one.strip() == one for one in found)
    assert len(found) <= MOST


def test_sentences_end_where_a_reader_says() -> None:
    text = "On vient. « Je ne sais pas ! Et vous ? » dit-elle. M. X est parti… Il revient ?\nOui"
    assert sentences(text) == [
        "On vient.",
        "« Je ne sais pas ! Et vous ? » dit-elle.",
        "M. X est parti…",
        "Il revient ?",
        "Oui",
    ]
    assert len(sentences("Ah. " * 500)) == MOST
    assert sentences("") == sentences(" \n ") == []


@law
@given(indexes(), st.data())
def test_every_quotation_stands_in_the_observation_that_it_cites(
    index: Index, data: st.DataObject
) -> None:
    sketch = picked(index, data.draw)
    written = body(sketch, index, SPEECH)
    made = synthesis("s", [], written)
    assert set(made.references()) == {one.ref for one in cited(sketch, index)}
    for block in re.findall(r"(?:^>.*\n?)+", written, re.MULTILINE):
        *lines, source = re.split(r"\n>\n", block.strip())
        reference = re.search(r"\]\((observation/[a-z0-9]+)\)", source)
        assert reference
        observation = index.get(reference[1])
        assert observation
        whole = squeezed("\n".join(texts(observation)))
        for line in lines:
            html = markdown_html(line, index, SITE, "fr")
            assert squeezed(parse(str(html)).text) in whole


@law
@given(indexes(), st.data())
def test_what_was_picked_for_and_against_is_what_the_findings_rest_on(
    index: Index, data: st.DataObject
) -> None:
    sketch = picked(index, data.draw)
    answers = drafted(sketch, index, "2026-11-20")
    made = Document(SCHEMA.types["synthesis"], "s", answers, "")
    for claim, finding in zip(sketch.claims, findings_of(made, index), strict=True):
        for supports, side in ((True, finding.supporting), (False, finding.contradicting)):
            wanted = {one.observation.ref for one in said(claim, index) if one.supports is supports}
            assert {one.ref for one in side} == wanted


@law
@given(indexes(), st.data())
def test_the_words_of_an_observation_that_is_gone_are_gone(
    index: Index, data: st.DataObject
) -> None:
    sketch = picked(index, data.draw)
    gone = index.documents[0]
    rest = without(body(sketch, index, SPEECH), gone.ref)
    left = Index(SCHEMA, index.documents[1:])
    assert squeezed(rest) == squeezed(body(sketch, left, SPEECH))
    assert gone.ref not in {one.ref for one in cited(sketch, left)}


@law
@given(indexes(), st.data())
def test_a_sketch_is_read_back_as_it_was_and_holds_no_words_of_others(
    index: Index, data: st.DataObject
) -> None:
    sketch = replace(picked(index, data.draw), choice=Choice(("lien-social",), "tours"))
    assert read_sketch(sketch.dump()) == sketch
    moved = sketch.without("a").gathered("c").moved("c", -1)
    assert [claim.id for claim in moved.claims] == (["c", "b"])
    assert {pick.key for pick in moved.claims[0].picks} == {p.key for p in sketch.claims[0].picks}


def test_a_passage_whose_words_changed_is_picked_no_more() -> None:
    before = note("n", seen="On attend. Puis on part.")
    key = passages(before)[1].key
    found = of_key(key, Index(SCHEMA, [before]))
    assert found and found[1].text == "Puis on part."
    assert of_key(key, Index(SCHEMA, [note("n", seen="On attend. On part.")])) is None
    assert of_key("", OWN) is of_key("x-y", OWN) is None


def test_a_draft_with_its_words_is_a_valid_synthesis() -> None:
    index = Index(
        SCHEMA,
        [
            note("a", seen="On attend.", date="2025-12"),
            note("b", viewpoint="institution", understood="On se trompe."),
            note("c", seen="Personne n’attend."),
        ],
    )
    keys = [passages(note)[-1].key for note in index.documents]
    one = Claim("x", "On attend", (Pick(keys[0]), Pick(keys[1]), Pick(keys[2], False)))
    typed = {"title": "T", "question": "Q ?", "method": "M", "limits": "L"}
    sketch = Sketch("fr", typed=typed, claims=(one,))
    answers = drafted(sketch, index, "2026-11-20")
    text = body(sketch, index, SPEECH)
    declared = SCHEMA.types["synthesis"]
    assert validate(declared, answers, text, index, Audience.EDITOR) == []
    assert (answers["period_start"], answers["period_end"]) == ("2025-12-01", "2026-10-31")
    assert answers["places"] == ["sanitas"] and answers["themes"] == ["lien-social"]
    made = Document(declared, "s", answers, text)
    assert [one.standing for one in findings_of(made, index)] == [Standing.DIVERGENT]
    assert "— À l’inverse, [Vu c](observation/c)" in text
    assert "— « Ce que j’en comprends », [Vu b](observation/b)" in text


def test_observations_are_chosen_with_what_lies_within_a_territory_and_by_month() -> None:
    index = Index(
        SCHEMA,
        [
            note("a", date="2026-01"),
            note("b", date="2026-03", place={"territory": "tours"}, themes=["sante"]),
            note("c", date="2026-05", place={"territory": "la-riche"}),
        ],
    )

    def slugs(*asked: Any) -> set[str]:
        return {one.slug for one in chosen(read_choice(*asked, index), index)}

    assert slugs((), "", "", "") == {"a", "b", "c"}
    assert slugs((), "tours", "", "") == {"a", "b"}, "Sanitas is in Tours"
    assert slugs(("sante", "lien-social"), "", "02/2026", "2026-03") == {"b"}
    assert slugs(("rien",), "nulle-part", "", "") == {"a", "b", "c"}
    wrong = read_choice((), "", "hier", "2026-01", index)
    assert [problem.field for problem in wrong.problems(index)] == ["first"]
    assert {one.slug for one in chosen(wrong, index)} == {"a"}


def test_words_are_counted_by_the_observations_that_use_them() -> None:
    notes = [
        note("a", title="Une file", seen="Le téléphone, les téléphones, le téléphone."),
        note("b", title="Encore", seen="Des Téléphones et une démarche."),
        note("c", title="Rien", seen="Les démarches, on ne sait pas."),
    ]
    assert [(one.word, one.number) for one in terms(notes, 9)] == [
        ("démarche", 2),
        ("téléphone", 2),
    ]
    assert terms(notes, 1) == terms(notes, 9)[:1]
    assert terms([], 5) == ()
