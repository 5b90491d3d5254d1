"""Addresses: what is linked to, and when two are the same page."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plugins.watch.address import canonical, is_front_page, linkable, untracked


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.ici.example/a", "https://ICI.example:443/a/"),
        ("https://ici.example/a?utm_source=x&b=2&a=1&fbclid=z", "https://ici.example/a?a=1&b=2"),
        ("https://ici.example/a/index.html#suite", "https://ici.example/a"),
        ("https://ici.example/a/?xtor=RSS-1&ref=rss", "https://ici.example/a"),
        ("https://ici.example/%7Ejo/caf%c3%a9", "https://ici.example/~jo/café"),
        ("https://ici.example/x/../a/./b", "https://ici.example/a/b"),
        ("https://été.example/", "https://xn--t-9fab.example"),
        ("https://ici.example", "http://ici.example/?"),
    ],
)
def test_the_same_page(one: str, other: str) -> None:
    assert canonical(one) == canonical(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://ici.example/a?id=1", "https://ici.example/a?id=2"),
        ("https://ici.example/A", "https://ici.example/a"),
        ("https://ici.example/#/un", "https://ici.example/#/deux"),
        ("https://ici.example:8080/", "https://ici.example/"),
        ("https://a.ici.example/", "https://ici.example/"),
        ("https://ici.example/?q=a%26b", "https://ici.example/?q=a&b"),
    ],
)
def test_other_pages(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://ici.example/",
            "http://",
            "https:///a",
        ),
        *("http://[::1", "http://ici.example:99999/", "mailto:a@b.example", "http://a b.example/"),
        *(" java\nscript:alert(1)", "//ici.example/", "/relative", "http://" + "a" * 3000),
    ],
)
def test_what_is_not_on_the_web(address: str) -> None:
    assert linkable(address) == canonical(address) == ""


def test_relative_addresses_are_resolved() -> None:
    assert linkable("b", "https://ici.example/a/c") == "https://ici.example/a/b"
    assert linkable("//la.example/x", "https://ici.example/") == "https://la.example/x"
    assert linkable("javascript:x", "https://ici.example/") == ""


def test_a_front_page_is_known_as_such() -> None:
    assert is_front_page(canonical("http://www.ici.example/index.php?utm_source=x"))
    assert not is_front_page(canonical("https://ici.example/a"))
    assert not is_front_page(canonical("https://ici.example/?p=1"))


PARTS = st.sampled_from(
    ["http://", "https://", "ici.example", "www.", "/", "..", "%", "%2F", "%e9", "é", "?", "&", "="]
    + ["utm_x", "#", "#/", ":80", "@", "index.html", ";", "+", " ", "\\", "[", "]", "\u202e", "a"]
)


@example("https://ici.example¨.fr/")
@given(
    st.lists(PARTS | st.text(max_size=3), max_size=12)
    .map("".join)
    .map("https://ici.example".__add__)
)
def test_one_way_to_write_it(address: str) -> None:
    found = canonical(address)
    assert canonical(found) == found
    assert found == "" or found.startswith("https://")
    assert found.isascii()


@given(st.text(max_size=60))
def test_whatever_is_written_is_an_address_or_none(text: str) -> None:
    found = linkable(text, "https://ici.example/")
    assert found == "" or found.startswith(("http://", "https://"))
    found.encode()


@pytest.mark.parametrize(
    ("given", "followed"),
    [
        ("https://a.example/b?utm_source=rss", "https://a.example/b"),
        ("https://a.example/b?id=3&UTM_Medium=x&p=%20#c?d", "https://a.example/b?id=3&p=%20#c?d"),
        ("https://a.example/b?fbclid=x#c", "https://a.example/b#c"),
        ("https://a.example/?id=1&id=2", "https://a.example/?id=1&id=2"),
        ("https://a.example/#!/x?utm_source=rss", "https://a.example/#!/x?utm_source=rss"),
    ],
)
def test_readers_are_not_told_to_be_of_a_campaign(given: str, followed: str) -> None:
    assert untracked(given) == followed
