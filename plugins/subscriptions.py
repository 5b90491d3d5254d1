"""Lists that anyone can take into a reader of feeds: the watched sources; the site's own feeds."""

from __future__ import annotations

from plugins.render.channels import LANG, xml_text
from plugins.render.following import followed
from plugins.render.health import ENDED, SOURCE, STATE
from plugins.render.listing import feed_stem
from plugins.render.shown import Setting
from plugins.render.theme import Theme
from plugins.schema import Document, Index
from plugins.watch import opml
from plugins.watch.opml import Subscription

PATH = "data/sources.opml"
THEMES = "themes"


def subscriptions(theme: Theme, index: Index) -> str | None:
    """OPML, by the first theme of each source in the order of the themes, those without last; None
    for a site that watches nothing. Sources that have ended are left out.
    """
    if SOURCE not in index.schema.types:
        return None
    sources = [one for one in index.of(SOURCE) if one.data.get(STATE) != ENDED]
    field = index.schema.types[SOURCE].fields.get(THEMES)
    vocabulary = index.vocabularies.get(getattr(field.kind, "vocabulary", "") if field else "")
    terms = vocabulary.terms if vocabulary else {}
    themes = {key: term.label.get(LANG) for key, term in terms.items()}
    ordered = sorted(sources, key=lambda one: _place(one, list(themes)))
    title = f"{index.schema.types[SOURCE].plural.get(LANG)} – {theme.schema.site.name.get(LANG)}"
    return opml.write(
        xml_text(title),
        (_subscription(one, themes.get(_theme(one), "")) for one in ordered),
    )


def own_feeds(theme: Theme, index: Index) -> str:
    """OPML of every feed of the site: that of everything, then a group of each type."""
    name = theme.schema.site.name.get(LANG)
    site = theme.site

    def feed(stem: str, page: str, title: str, group: str = "") -> Subscription:
        address = site.absolute(f"{stem}.atom")
        return Subscription(xml_text(title), address, site.absolute(page), xml_text(group), LANG)

    found = [feed(feed_stem(None), "", name)]
    for group in followed(index, Setting(index, site, LANG), theme):
        found += [feed(one.stem, one.page, one.label, group.label) for one in group.feeds]
        for field in group.narrowed:
            found += [
                feed(one.stem, one.page, f"{one.label} – {group.label}", group.label)
                for one in field.feeds
            ]
    return opml.write(xml_text(name), found)


def _theme(source: Document) -> str:
    chosen = source.data.get(THEMES) or [""]
    return str(chosen[0])


def _place(source: Document, themes: list[str]) -> int:
    first = _theme(source)
    return themes.index(first) if first in themes else len(themes)


def _subscription(source: Document, group: str) -> Subscription:
    told = (str(source.data.get(name, "")) for name in ("feed", "site", "language", "why"))
    feed, site, lang, why = map(xml_text, told)
    about = " ".join(why.split())
    return Subscription(xml_text(source.title), feed, site, xml_text(group), lang, about)
