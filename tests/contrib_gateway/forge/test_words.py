"""Strangers' words on GitHub: shown as they were typed, and nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contrib_gateway.forge.words import JOINER, escaped, loud, quiet
from tests.contrib_gateway.forge.recognising import IN_TITLES, NASTY, Shown, letters, recognised
from tests.contrib_gateway.strangers import bounded

PIECES = st.sampled_from(
    [*NASTY, "@", "#", "gh-", "GH", "-", "1", "abcdef", "0", ":", "/", "//", "www", ".", "mailto"]
    + ["[", "skip", "ci", "no", "]", " ", "\n", "$", "|", "<", ">", "&", ";", "\\", "`", "*", "_"]
)
STRANGE = st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join)
PLACES = {  # Markdown of our own, and what it shows
    "| A | B |\n|---|---|\n| {} | {} |": "AB{}{}",
    "- {}\n- {}": "{}{}",
    "**{}·**\n\n{}": "{}·{}",
    "{} · {}\n\n{}": "{}·{}{}",
}
OURS = {"table", "thead", "tbody", "tr", "th", "td", "p", "strong", "ul", "li", "br", "span"}


@pytest.mark.parametrize("words", NASTY)
def test_the_list_of_nasties_is_nasty_or_must_only_be_kept(words: str) -> None:
    assert loud(quiet(words)) == words
    assert recognised(quiet(words), IN_TITLES) == []


def test_what_github_recognises_is_recognised_here() -> None:
    """Else the other tests would say nothing."""
    for words in ("@zoe", "a/b#1", "GH-1", "a5c3785", "https://x", "www.x.fr", "a@b.fr", ":tada:"):
        assert recognised(words)
    assert recognised("**Ici** [skip ci]")
    assert Shown.of("un $x$ deux").recognised
    assert "a" in Shown.of("https://evil.example").tags


@given(STRANGE)
@example("http://www.http://@@##gh-1gh-1")
@example(":a:b:c:")
@bounded
def test_quiet_words_look_the_same_and_call_nobody(words: str) -> None:
    said = quiet(words)
    assert recognised(said, IN_TITLES) == []
    assert said.replace(JOINER, "") == words.replace(JOINER, "")
    if JOINER not in words:
        assert loud(said) == words


def test_the_joiner_stands_where_an_address_ends_before_its_host() -> None:
    """GitHub takes a joiner after the slashes for the beginning of a host's name."""
    assert quiet("https://evil.example") == f"https:{JOINER}//evil.example"


def assert_shown(words: str) -> None:
    """All of them, and nothing but them, wherever they stand."""
    for place, expected in PLACES.items():
        shown = Shown.of(place.replace("{}", escaped(words)))
        assert shown.tags <= OURS
        assert shown.attributes == set()
        assert shown.recognised == []
        assert letters(shown.page.text) == expected.replace("{}", letters(words))


@given(STRANGE)
@bounded
def test_escaped_words_are_shown_whole_and_alone(words: str) -> None:
    assert not set(escaped(words)) & set("\n\r|`*_~[]")
    assert_shown(words)


@pytest.mark.parametrize("words", NASTY)
def test_every_nasty_is_shown_as_it_was_typed(words: str) -> None:
    assert_shown(words)


def test_lines_stay_lines_and_letters_stay_joined() -> None:
    assert Shown.of(escaped("un\ndeux\r\ntrois")).page.all("br")
    assert Shown.of(escaped("日本\u3000語 mot\u2009mot")).page.text.strip() == "日本 語 mot mot"
    assert (
        Shown.of(escaped("می\u200cخواهم 👩\u200d👧")).page.text.strip()
        == "می\u200cخواهم 👩\u200d👧"
    )
    assert escaped("  ») «\u202fa\u202f»  ").count("\u202f") == 2


def test_an_editors_mail_can_be_read_without_markdown() -> None:
    words = "L’atelier (Indre-et-Loire, 37) : c'est à 10 h 30 ! « Oui » ; 100 % / an."
    assert escaped(words) == words


def test_words_without_anything_special_are_left_alone() -> None:
    for words in ("Où imprimer à Tours", "facade", "l’été 1936", "10 h 30", "a:b", "C’est [ici]"):
        assert quiet(words) == words
