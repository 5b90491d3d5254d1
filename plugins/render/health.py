"""How the watching of a source goes, in words: on its page, and in the feed of sources' health."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from plugins.render.channels import LANG, Channel, Entry, built, moment, xml_text
from plugins.render.dates import in_words
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.words import words
from plugins.schema import Document, Index

SOURCE = "source"
STEM = "feeds/sources-health"
STATE, SINCE, TROUBLE = "state", "since", "trouble"
WATCHED, SILENT, FAILING, ENDED = "suivie", "silencieuse", "en-panne", "arretee"
"""The keys of the vocabulary `source_states`, which the watch writes and these sentences tell."""


def told(document: Document, index: Index, lang: str) -> tuple[str, str]:
    """How a source fares, and why as its editors wrote it, in its language; "" for what is not told
    of it, and for a document that is none.
    """
    if document.type.name != SOURCE:
        return "", ""
    say = words(lang).gettext
    state = index.vocabularies[document.type.fields[STATE].kind.vocabulary].terms.get(  # type: ignore[attr-defined]
        str(document.data.get(STATE, ""))
    )
    since = str(document.data.get(SINCE, ""))
    if state is None or state.key == WATCHED:  # what goes well is not written into a document
        fine = say("It is watched: what it publishes is collected, and read by people.")
        return typeset(fine, lang), ""
    if since:
        label, day = state.label.get(lang), in_words(since, lang)
        sentence = say("%(state)s since %(date)s.") % {"state": label, "date": day}
    else:
        sentence = f"{state.label.get(lang)}."
    why = str(document.data.get(TROUBLE, ""))
    hint = "" if why else state.hint.get(lang)
    whole = " ".join(filter(None, (sentence, hint)))
    return typeset(whole, lang), typeset(why, document.lang)


def without_health(document: Document) -> Document:
    """A source without the answers that `told` puts into words; any other document as it is."""
    if document.type.name != SOURCE:
        return document
    left = {k: v for k, v in document.data.items() if k not in (STATE, SINCE, TROUBLE)}
    return replace(document, data=left)


def health(theme: Theme, index: Index) -> Channel | None:
    """The feed of the sources that are silent, failing or ended, the last news first; None for a
    site that watches nothing. A source that gets worse, or ails again, is a new entry.
    """
    if SOURCE not in index.schema.types:
        return None
    name = theme.schema.site.name.get(LANG)
    title = f"{words(LANG).gettext('Health of the sources')} – {name}"
    entries = sorted(_ailing(theme, index), key=lambda e: (e.updated, e.id), reverse=True)
    page = index.schema.types[SOURCE].list_url or ""
    return Channel(STEM, xml_text(title), page, tuple(entries))


def _ailing(theme: Theme, index: Index) -> Iterator[Entry]:
    for source in index.of(SOURCE):
        state, since = (str(source.data.get(name, "")) for name in (STATE, SINCE))
        if state in ("", WATCHED):
            continue
        when = moment(since) or moment(source.updated) or built(theme)
        yield Entry(
            id=theme.site.tag(f"{source.id or source.ref}/{state}/{since}"),
            title=xml_text(typeset(source.title, source.lang)),
            url=theme.site.absolute(source.url or ""),
            summary=xml_text(" ".join(filter(None, told(source, index, LANG)))),
            lang=LANG,
            published=when,
            updated=when,
            tags=(),
            via=str(source.data.get("site", "")),
        )
