"""What changed is marked word by word, and nothing is lost or run on the way."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.render import Site, Theme, changes
from plugins.render.wording import Mark, Part, compared
from plugins.schema import Document, Index, Schema

TOLD = re.compile(r'<span class="sr">.*?</span>|<span aria-hidden="true">¶</span>')
ALPHABET = st.sampled_from([*"aé1 ’.\n<&", "mot ", "\u202f", "\n\n", "l’", "<script>", "☂"])
TEXTS = st.lists(ALPHABET, max_size=60).map("".join)
TABLE = (
    '{% from "components/changes.html" import change_table, wording %}'
    '{{ change_table(changes, true, "Ce qui change") }}'
)


def texts(parts: tuple[Part, ...]) -> list[str]:
    return [part.value for part in parts if isinstance(part.value, str)]


def told(before: str, after: str) -> str:
    """Both in one line: what went [-so-], what came {+so+}, what is folded away …."""
    found = compared(before, after)
    both = [[*found.before], [*found.after]]
    line = ""
    while both[0] or both[1]:
        if both[0] and both[0][0].mark is Mark.GONE:
            line += f"[-{both[0].pop(0).value}-]"
        elif both[1] and both[1][0].mark is Mark.CAME:
            line += f"{{+{both[1].pop(0).value}+}}"
        else:
            part, _ = both[0].pop(0), both[1].pop(0)
            line += "…" if part.folded else str(part.value)
    return line


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_without_the_marks_both_texts_are_there_exactly(before: str, after: str) -> None:
    found = compared(before, after)
    assert "".join(texts(found.before)) == before
    assert "".join(texts(found.after)) == after
    same = [[p.value for p in side if p.mark is Mark.SAME] for side in (found.before, found.after)]
    assert "".join(map(str, same[0])) == "".join(map(str, same[1]))


@settings(deadline=None)
@given(st.data())
def test_what_is_folded_away_is_all_there(data: st.DataObject) -> None:
    word = st.sampled_from(["mot ", "x" * 70, "un deux trois quatre cinq six ", "\n"])
    text = "".join(data.draw(st.lists(word, min_size=10, max_size=40)))
    places = data.draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=3))
    after = text
    for place in places:
        after = after[:place] + " ici " + after[place:]
    found = compared(text, after)
    assert "".join(texts(found.before)) == text
    assert "".join(texts(found.after)) == after


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("Le wifi de la gare", "Le wifi public de la gare", "Le wifi {+public +}de la gare"),
        ("L’atelier du mardi", "L’atelier du jeudi", "L’atelier du [-mardi-]{+jeudi+}"),
        ("Il vient de l’école", "Il vient de l’hôpital", "Il vient de l’[-école-]{+hôpital+}"),
        ("Ouvert.", "Ouvert !", "Ouvert[-.-]{+ !+}"),
        ("Un deux trois", "Quatre cinq six sept", "[-Un deux trois-]{+Quatre cinq six sept+}"),
        ("A\n\nB dit oui", "A\nB dit oui", "A[-\n\n-]{+\n+}B dit oui"),
        ("Pareil.", "Pareil.", "Pareil."),
    ],
)
def test_words_are_marked_as_a_reader_would(before: str, after: str, marked: str) -> None:
    assert told(before, after) == marked


def test_a_rewritten_sentence_is_not_told_in_crumbs() -> None:
    before = "Nous aidons les gens. Chacun fait ce qu’il peut, le lundi, avec son voisin."
    after = "Nous aidons les gens. Venez apprendre à écrire un courriel, et à le ranger."
    assert told(before, after).count("[-") == 1


def test_one_word_in_a_long_text_is_read_at_once() -> None:
    words = [f"mot{number}" for number in range(900)]
    before, after = " ".join(words), " ".join(["autre" if w == "mot450" else w for w in words])
    line = told(before, after)
    assert "[-mot450-]{+autre+}" in line and len(line) < 500 and line.count("…") == 2


def bad_texts() -> list[tuple[str, str]]:
    """Texts of 6000 characters that are hard to compare, some with difflib, some at all."""
    dice = random.Random(1)
    signs = [chr(33 + n) for n in range(15)] + [chr(0xA1 + n) for n in range(30)]
    crowd = "".join(dice.choice(signs) for _ in range(6000))
    rare = "".join(signs[n // 140] if n % 2 else " " for n in range(6000))
    return [
        ("a " * 3000, "a " * 2900 + "b " * 100),
        (crowd, crowd[::-1]),
        (rare, rare[::-1]),
        (" ".join(dice.choices("abcd", k=3000)), " ".join(dice.choices("abcd", k=3000))),
        ("x" * 6000, "\n" * 6000),
    ]


@pytest.mark.parametrize("texts", bad_texts())
def test_no_text_that_somebody_may_send_takes_long(texts: tuple[str, str]) -> None:
    """A tenth of a second here, where difflib takes five."""
    begun = time.perf_counter()
    compared(*texts)
    assert time.perf_counter() - begun < 1


def test_a_text_longer_than_any_form_takes_is_not_compared() -> None:
    begun = time.perf_counter()
    assert not compared("a b " * 400_000, "b a " * 400_000).alike
    assert not compared("a b " * 14_000, "b a " * 14_000).alike
    assert time.perf_counter() - begun < 1


def shown(theme: Theme, before: Document, after: Document, index: Index) -> str:
    found = changes(before, after, index, theme.site, "fr")
    environment = theme._environments["fr"]
    return str(environment.from_string(TABLE).render(changes=found, path=None))


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS)
def test_strangers_words_stay_words_in_the_table(
    theme: Theme, schema: Schema, before: str, after: str
) -> None:
    """Nothing they wrote becomes HTML, and without what is told of marks it is what they wrote."""
    kind, index = schema.types["thing"], Index(schema, [])
    base = "Un début qui reste, assez long pour que le reste soit comparé. " * 3
    one, other = (Document(kind, "une", {"title": "T"}, base + text) for text in (before, after))
    html = shown(theme, one, other, index)
    assert "<script" not in html
    if before == after:
        return
    cells = re.findall(r'<div class="wording">(.*?)</div>', html, re.S)
    plain = [re.sub(r"<summary>.*?</summary>", "", TOLD.sub("", cell)) for cell in cells]
    bare = [re.sub(r"</?(?:del|ins|details)\b[^>]*>", "", cell) for cell in plain]
    escaped = [
        (base + text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for text in (before, after)
    ]
    assert bare == escaped


def test_terms_and_links_tell_which_came_and_which_went(
    theme: Theme, schema: Schema, full: Document, site: Site, index: Index
) -> None:
    after = Document(full.type, full.slug, {**full.data, "themes": ["b", "c"]}, full.body)
    (change,) = changes(full, after, index, site, "fr")
    assert [part.mark for part in change.was] == [Mark.GONE, Mark.SAME]
    assert [part.mark for part in change.now] == [Mark.SAME, Mark.CAME]
    html = shown(theme, full, after, index)
    assert html.count("<del>") == html.count("<ins>") == 1


def test_the_entries_of_a_list_that_stayed_are_folded_away(
    theme: Theme, schema: Schema, full: Document, index: Index
) -> None:
    rows = [{"id": f"r{n}", "name": f"Ligne {n}"} for n in range(9)]
    before = Document(full.type, full.slug, {**full.data, "rows": rows}, full.body)
    after = Document(
        full.type, full.slug, {**full.data, "rows": [*rows[:8], {"id": "r9", "name": "Neuve"}]}
    )
    html = shown(theme, before, Document(after.type, after.slug, after.data, full.body), index)
    assert "8 entrées inchangées" in html
    assert re.search(r"<ins>.*?Neuve.*?</ins>", html, re.S)


def test_a_field_may_be_told_though_it_is_the_same(
    site: Site, index: Index, full: Document
) -> None:
    (told,) = changes(full, full, index, site, "fr", also={"themes"})
    assert told.name == "themes" and told.same and told.before == told.after
