"""A text must not keep the site busy: expressions, Markdown, Unicode and YAML that explode."""

from __future__ import annotations

import datetime
import importlib
import itertools
import pkgutil
import re
import time
from collections.abc import Callable

import pytest

import plugins.render
import plugins.schema
from plugins.observation.passages import sentences
from plugins.render import Site, markdown_html
from plugins.schema import Document, FrontMatterError, Index, SchemaError, read, slugify, write
from plugins.schema.kind import Field
from tests.plugins.schema import strategies

SIZE = 10_000  # characters
SOON = 0.25  # seconds of processor time; a linear pass over SIZE characters takes a hundredth of it
SIGNS = "aT0 .-@/[(<|\n:&_"
ENDS = ("", "!", "\x00")
SEARCHED = (
    "BODY_REFERENCE",
    "_BEFORE",
    "_AFTER",
    "_TAG",
    "NOT_XML",
    "CUT",
    "ADDRESS",
    "records._LINK",
    "records._MARK",
    "_BEGINNING",
    "_BLOCKS",
    "_ESCAPE",
)  # the others match a whole
SCHEMA = strategies.schema()
THING = SCHEMA.types["thing"]
EMPTY = Index(SCHEMA, ())
SITE = Site("http://x/", "http://x/", datetime.date(2026, 11, 23))


def patterns() -> dict[str, re.Pattern[str]]:
    """Every regular expression that a module of the schema or the rendering keeps."""
    found = {}
    for package in (plugins.schema, plugins.render):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found[f"{module.name}.{name}"] = value
    return found


def adversaries() -> list[str]:
    """One sign, or two in turn, again and again, with an end that makes the match fail late."""
    units = [*SIGNS, *("".join(pair) for pair in itertools.permutations(SIGNS, 2))]
    units += ["[a](", "](a/", "](a/b-", "2026-", "1/1/", "a.a@", "0 0.", "<a ", "\n\n ", "# "]
    units += ["&#", "a: "]
    once = ["a" + "_" * SIZE + "a"]  # a run of signs inside a word
    return [*once, *((unit * SIZE)[:SIZE] + end for unit in units for end in ENDS)]


def cost(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


@pytest.mark.parametrize("name", patterns())
def test_no_expression_takes_long_on_any_text(name: str) -> None:
    pattern = patterns()[name]
    use = pattern.findall if name.endswith(SEARCHED) else pattern.fullmatch
    for text in adversaries():
        assert cost(lambda text=text: use(text)) < SOON, (name, text[:20])


@pytest.mark.parametrize("field", THING.fields.values(), ids=lambda field: field.name)
def test_no_answer_takes_long_to_be_read_and_judged(field: Field) -> None:
    """Of whatever length: a request may bring two million characters."""
    marks = "a" + "\u0301\u0323" * 500_000
    texts = [*adversaries()[::7], "T" * 1_000_000, "a." * 500_000, "0 " * 500_000, marks]
    for text in texts:
        assert cost(lambda text=text: judge(field, text)) < 1.5, text[:20]


def judge(field: Field, text: str) -> None:
    for raw in (text, [text], {"territory": text, "street": text, "lat": text, "name": text}):
        list(field.kind.check(field.kind.parse(raw), field.name, EMPTY))


@pytest.mark.parametrize(
    "unit",
    [
        *("[", "]", "![", "*", "_", "* ", "**a", "*a_", ">", "> ", "`", "``a", "[](", "[a]("),
        *("[a](<", "[a][", "<", "<a ", "&", "&#", "#", "|", "a|", "- ", "1. ", "\\", "\n", " "),
        *("a\n", "a\n=\n", "[a]: b\n", "[[a]", "<http://", "<a@", "*_", "***a", '[a](b "', "<!--"),
        *("\x02", "(", ")(", "a\n\n", "  \n", "\t", "    a\n", "```\n", "|-", "|-|\n", "~~~\n"),
        *("a:\n:   b\n", "![a](b)", "[a](b)", "*a* ", "`a` ", "> a\n", "- a\n", "&amp;", "é"),
        *("http://a.b ", "\u0301", "\U0001f600"),
    ],
)
def test_no_markdown_of_six_thousand_characters_takes_long(unit: str) -> None:
    text = (unit * 6000)[:6000]
    assert cost(lambda: markdown_html(text, EMPTY, SITE, "fr")) < 1.5


@pytest.mark.parametrize("opening", ["> ", "- ", "1. ", "    ", "* - ", "> - "])
def test_markdown_nested_deeply_is_shown_somehow(opening: str) -> None:
    stairs = "\n".join(opening * depth + "mot" for depth in range(60))[:6000]
    for text in (stairs, opening * 1500 + "mot"):
        assert cost(lambda text=text: markdown_html(text, EMPTY, SITE, "fr")) < 1.5
    assert "mot" in markdown_html(stairs, EMPTY, SITE, "fr")


def test_a_body_of_decomposed_letters_is_measured_as_it_is_read() -> None:
    """Six thousand letters of Vietnamese or Korean, each of three code points, are not too long."""
    for letters in ("ê\u0323", "\u1112\u1161\u11ab", "α\u0313\u0300\u0345"):
        body = THING.body.kind.parse(letters * 6000) if THING.body else ""
        assert len(body) == 6000
        document = Document(THING, "x", {"title": "Un"}, body)
        assert read(THING, "x", write(document)) == document


@pytest.mark.parametrize(
    "head",
    [
        "a: &a [*a]",
        "a: &a [x]\nb: *a\nc: [*a, *a]",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: [*d, *d]",
        "a: " + "[" * 300_000 + "]" * 300_000,
        "a: " + "{b: " * 300_000,
        "a:\n  " + "- " * 300_000,
        "? " * 300_000,
        "a: " + "[" * 5000 + "]" * 5000,
        "<<: {a: b}\n<<: {a: c}",
    ],
)
def test_yaml_that_explodes_is_a_fault_of_its_file(head: str) -> None:
    began = time.process_time()
    with pytest.raises(FrontMatterError):
        read(THING, "x", f"---\n{head}\n---\n")
    with pytest.raises(SchemaError):
        strategies.schema(thing=head)
    assert time.process_time() - began < 3


def test_titles_of_any_alphabet_are_named_in_no_time() -> None:
    for title in ("漢" * SIZE, "a" * SIZE, "- " * SIZE, "\u0301" * SIZE, "𝔘" * SIZE):
        assert cost(lambda title=title: slugify(title)) < SOON
        assert 0 < len(slugify(title)) <= 60


@pytest.mark.parametrize("unit", ["A. ", "M. ", "Oui M. ", "Ab. « ", "a.\n", '."» '])
def test_what_never_ends_is_parted_into_sentences_soon(unit: str) -> None:
    assert cost(lambda: sentences("« " + (unit * SIZE)[:SIZE])) < SOON
