"""Words to begin an issue of the watch with, until somebody finds better ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plugins.render.dates import in_words
from plugins.render.words import words
from plugins.schema import Index
from plugins.watch.draft import THEMES, Pick, Words, by_theme, labels, period_start

FEW = 3  # themes that a summary names


def suggested(picks: Sequence[Pick], index: Index, today: str, lang: str) -> Words:
    """A title and a summary of these picks; the introduction is somebody's to write."""
    speech = words(lang)
    known = labels(index, THEMES)
    themes = [known[key].get(lang) for key, _ in by_theme(picks, index) if key][:FEW]
    told = speech.ngettext("%(num)s item kept", "%(num)s items kept", len(picks))
    about = speech.gettext(", on: %s") % ", ".join(themes).lower() if themes else ""
    summary = f"{told % {'num': len(picks)}}{about}."
    return Words(title(period_start(index, picks, today), today, lang), summary, "")


def title(start: str, end: str, lang: str) -> str:
    """Of an issue about these days (as in ISO 8601), each told as far as it differs."""
    say, last = words(lang).gettext, in_words(end, lang)
    if start == end:
        return say("Watch of %(day)s") % {"day": last}
    first, rest = re.findall(r"\S+\s*", in_words(start, lang)), re.findall(r"\S+\s*", last)
    while len(first) > 1 and first[-1] == rest[-1]:
        first, rest = first[:-1], rest[:-1]
    said = "".join(first).rstrip()
    return say("Watch from %(start)s to %(end)s") % {"start": said, "end": last}
