"""English pages speak English: what is French in them is content, and says so by its `lang`.

Feeds and the mails made of issues too. Which words have no translation, `test_words` tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from plugins.render import LANGUAGES
from plugins.render.words import words
from tests.pages import Element, parse
from tests.site.built import Built
from tests.site.page import Fault

# Words that no English text has; of those that both languages have ("on", "plus", "a"…) none.
FRENCH = frozenset(
    "le la les des une du et est pour avec dans sur qui que ce cette ces vous nous votre notre leur"  # noqa: SIM905
    " leurs où chez aux par pas sans entre être fait sont aucun aucune toutes tous tout janvier"
    " février avril mai juin juillet août septembre octobre novembre décembre".split()
)
READ = ("aria-label", "title", "alt", "placeholder")  # attributes that are read to somebody
AS_IT_IS = ("code", "script", "style", "text", "tspan")  # addresses, keys; names on a map
# What is French in English too: a programme, an authority's address.
NAMES = ("Promeneurs du Net", "Défenseur des droits")
REPEATED = "/par/"  # lists that are narrowed have the rows of the whole one


def foreign(site: Built) -> Iterator[Fault]:
    kept = sorted({*site.names, *NAMES}, key=len, reverse=True)
    for name in site.pages:
        if name.startswith("en/") and REPEATED not in name:
            yield from _on_page(site, name, kept)
    interface = {str(one.string) for one in words(LANGUAGES[0]).catalog if one.id and one.string}
    for name in sorted(site.files):
        if name.startswith("en/") and name.endswith(".txt"):
            yield from _in_mail(site, name, interface)
        elif name.startswith("feeds/") and not _says_language(site, name):
            yield Fault(name, 1, "the feed does not say its language")


def _on_page(site: Built, name: str, kept: list[str]) -> Iterator[Fault]:
    html = site.bytes(name).decode()
    for text in dict.fromkeys(spoken(parse(html).one("body"), "en")):
        if french(text, kept):
            line = html.count("\n", 0, max(html.find(text.strip()[:40]), 0)) + 1
            yield Fault(name, line, f"French, and not said to be: {' '.join(text.split())[:90]}")


def spoken(element: Element, lang: str) -> Iterator[str]:
    """What is said in English: texts and attributes, but for what says that it is French."""
    lang = element.attributes.get("lang", lang)
    if element.tag in AS_IT_IS:
        return
    if lang.startswith("en"):
        yield from (element.attributes[name] for name in READ if name in element.attributes)
    for part in element.content:
        if isinstance(part, Element):
            yield from spoken(part, lang)
        elif lang.startswith("en"):
            yield part


def french(text: str, kept: list[str]) -> bool:
    """`kept`: proper names, the longest first."""
    if not FRENCH & _words(text):
        return False
    for name in kept:
        text = text.replace(name, "")
    return bool(FRENCH & _words(re.sub(r"\S*(?:/|\.fr|-)\S*", " ", text)))  # no addresses


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]+", text)}


def _in_mail(site: Built, name: str, interface: set[str]) -> Iterator[Fault]:
    """A mail says in English what is around the French items of an issue."""
    for number, line in enumerate(site.bytes(name).decode().split("\n"), 1):
        said = line.strip(" :-–*\u202f")
        if said in interface and FRENCH & _words(said):
            yield Fault(name, number, f"French: {said[:90]}")


def _says_language(site: Built, name: str) -> bool:
    text = site.bytes(name).decode()
    if name.endswith(".atom"):
        return f'xml:lang="{LANGUAGES[0]}"' in text[:600]
    if name.endswith(".json"):
        return bool(json.loads(text).get("language") == LANGUAGES[0])
    return True
