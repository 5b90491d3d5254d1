"""Words to begin an issue of the watch with, until somebody finds better ones."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.render.dates import in_words
from plugins.render.words import words
from plugins.schema import Index
from plugins.watch.draft import THEMES, Pick, Words, by_theme, labels, period_start

FEW = 3  # themes that a summary names


def suggested(picks: Sequence[Pick], index: Index, today: str, lang: str) -> Words:
    """A title and a summary of these picks; the introduction is somebody's to write."""
    speech = words(lang)
    start, end = in_words(period_start(index, picks, today), lang), in_words(today, lang)
    start = start.removesuffix(end[-5:])  # its year, if it is the same
    title = speech.gettext("Watch from %(start)s to %(end)s") % {"start": start, "end": end}
    known = labels(index, THEMES)
    themes = [known[key].get(lang) for key, _ in by_theme(picks, index) if key][:FEW]
    told = speech.ngettext("%(num)s item kept", "%(num)s items kept", len(picks))
    about = speech.gettext(", on: %s") % ", ".join(themes).lower() if themes else ""
    return Words(title, f"{told % {'num': len(picks)}}{about}.", "")
