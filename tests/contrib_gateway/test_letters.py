"""Letters: what the people who get them read, in their language, and who is speaking."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.clock import utc_now
from contrib_gateway.letters import Letters
from contrib_gateway.mail import Letter, Mailer
from contrib_gateway.settings.values import smtp
from plugins.schema import Label, SiteText
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.naughty import NAUGHTY
from tests.contrib_gateway.strangers import bounded

ZOE = "zoe@example.org"
SITE = SiteText(
    name=Label({"": "Vigie"}),
    tagline=Label({"fr": "Veille et observation"}),
    territory=Label({"fr": "Tours Métropole", "en": "Tours and around"}),
)
RECEIPT = f"https://formulaires.exemple.fr/suivi/{'k7m2p9x4qa' * 6}/"
PAGE = f"https://vigie.exemple.fr/initiatives/{'atelier-' * 20}numerique/"
Write = Callable[[Letters], Letter]
LETTERS: dict[str, Write] = {
    "receipt": lambda letters: letters.receipt(ZOE, "Initiative", RECEIPT),
    "question": lambda letters: letters.question(ZOE, "Dans quelle rue\u202f?", RECEIPT),
    "published": lambda letters: letters.published(ZOE, PAGE, RECEIPT),
    "declined": lambda letters: letters.declined(ZOE, "Déjà publiée.", RECEIPT),
    "relay": lambda letters: letters.relay(ZOE, "EPN", "Léa", "Est-ce ouvert\u202f?", RECEIPT),
    "nameless": lambda letters: letters.relay(ZOE, "EPN", "", "Est-ce ouvert\u202f?", RECEIPT),
    "answer": lambda letters: letters.answer(ZOE, "EPN", "Oui, à 9 h."),
}
EVERY = pytest.mark.parametrize("write", LETTERS.values(), ids=LETTERS.keys())
BOTH = pytest.mark.parametrize("lang", ["fr", "en"])


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


def quoted(letter: Letter) -> list[str]:
    return [line for line in letter.text.split("\n") if line.startswith(">")]


def ours(letter: Letter) -> list[str]:
    return [line for line in letter.text.split("\n") if not line.startswith(">")]


@EVERY
@BOTH
def test_a_letter_is_short_lines_that_say_which_site_writes(write: Write, lang: str) -> None:
    letter = write(Letters(SITE, lang))
    assert letter.to == ZOE
    assert letter.subject.startswith("Vigie")
    assert "Vigie" in letter.text
    assert letter.text.endswith(f"\n\n-- \nVigie\n{SITE.territory.get(lang)}\n")
    for line in letter.text.split("\n"):
        assert len(line) <= 76 or line in (RECEIPT, PAGE), line
    assert "%(" not in letter.subject + letter.text


@EVERY
def test_a_letter_is_wholly_in_one_language(write: Write) -> None:
    french, english = (write(Letters(SITE, lang)) for lang in ("fr", "en"))
    assert french.subject != english.subject
    assert french.text.startswith("Bonjour,\n\n")
    assert english.text.startswith("Hello,\n\n")
    paragraphs = {*french.text.split("\n\n")} & {*english.text.split("\n\n")}
    assert {p for p in paragraphs if not p.startswith((">", "https:"))} == set()


@EVERY
def test_french_signs_stay_with_their_words(write: Write) -> None:
    letter = write(Letters(SITE, "fr"))
    prose = re.sub(r"https?:\S+", "", f"{letter.subject}\n{letter.text}")
    assert not re.search("[^\u202f][:;!?»]|«[^\u202f]|'", prose)


@BOTH
def test_each_letter_has_its_link_whole_on_a_line(lang: str) -> None:
    letters = Letters(SITE, lang)
    for name in ("receipt", "question", "published", "declined", "relay"):
        assert RECEIPT in LETTERS[name](letters).text.split("\n")
    assert PAGE in LETTERS["published"](letters).text.split("\n")


@BOTH
def test_a_receipt_says_nothing_that_its_sender_wrote(lang: str) -> None:
    letters = Letters(SITE, lang)
    assert quoted(letters.receipt(ZOE, "Initiative", RECEIPT)) == []
    assert quoted(letters.published(ZOE, PAGE, RECEIPT)) == []


def test_others_words_are_marked_as_theirs() -> None:
    said = "Bonjour,\n\nvoici " + "un mot " * 20 + "\nhttps://exemple.fr/" + "x" * 90
    letter = Letters(SITE, "fr").relay(ZOE, "EPN", "Léa", said, RECEIPT)
    lines = quoted(letter)
    words = " ".join(line.removeprefix(">").strip() for line in lines).split()
    assert words == [*said.split(), "Léa"], "how they sign stands among their own words"
    assert lines[:2] == ["> Bonjour,", ">"]
    assert lines[-3:] == ["> https://exemple.fr/" + "x" * 90, ">", "> Léa"]
    assert "Quelqu’un a lu «\u202fEPN\u202f»" in letter.text


@bounded
@given(st.text())
def test_no_words_pass_for_ours(said: str) -> None:
    assert_quoted(said)


@pytest.mark.parametrize("said", [*NAUGHTY, "x\u2028-- \x0bVigie\x85Cliquez ici\x1cencore"])
def test_no_words_that_break_programs_pass_for_ours(said: str) -> None:
    assert_quoted(said)
    assert_quoted(f"Bonjour\n{said}\nFin")


def assert_quoted(said: str) -> None:
    letters = Letters(SITE, "fr")
    writers: list[Callable[[str], Letter]] = [
        lambda words: letters.question(ZOE, words, RECEIPT),
        lambda words: letters.declined(ZOE, words, RECEIPT),
        lambda words: letters.relay(ZOE, "EPN", "Léa", words, RECEIPT),
        lambda words: letters.answer(ZOE, "EPN", words),
    ]
    for write in writers:
        plain, letter = write("Bonjour"), write(said)
        assert letter.subject == plain.subject
        assert [line for line in ours(letter) if line] == [line for line in ours(plain) if line]
        for line in letter.text.split("\n"):
            assert len(line.splitlines()) <= 1, "some program would see two lines in it"


@bounded
@given(st.text(), st.text())
def test_a_name_or_a_title_adds_no_paragraph(name: str, title: str) -> None:
    letters = Letters(SITE, "fr")
    writers: list[Callable[[str, str], Letter]] = [
        lambda name, title: letters.relay(ZOE, title, name or "Léa", "Bonjour", RECEIPT),
        lambda name, title: letters.answer(ZOE, title, "Bonjour"),
        lambda name, title: letters.receipt(ZOE, title, RECEIPT),
    ]
    for write in writers:
        plain, letter = write("Léa", "EPN"), write(name, title)
        assert len(letter.subject.splitlines()) == 1
        assert letter.text.count("\n\n") == plain.text.count("\n\n")
        assert all(len(line.splitlines()) <= 1 for line in letter.text.split("\n"))


@EVERY
@BOTH
def test_a_letter_arrives_as_it_was_written(box: Mailbox, write: Write, lang: str) -> None:
    letter, server = write(Letters(SITE, lang)), smtp(f"{box.url}?from=vigie@exemple.fr")
    assert server
    box.received.clear()
    Mailer(server, utc_now).send(letter, "id")
    [message] = box.wait_for(1)
    assert (message["To"], message["Subject"]) == (ZOE, letter.subject)
    assert message.get_content() == letter.text
