"""How a mail is set: plain text in narrow lines, where what others wrote is quoted."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from contrib_gateway.mail import Letter, one_line
from plugins.render.words import words
from plugins.schema import SiteText

COLUMNS = 74
QUOTED = "> "


@dataclass(frozen=True)
class Stationery:
    """Paper with the name of `site`, for sentences in `lang` (English msgids)."""

    site: SiteText
    lang: str

    def _letter(self, to: str, subject: str, *blocks: str, **told: str) -> Letter:
        """A greeting, the blocks, then who it is from. `told` is for the subject."""
        say = self._paragraph
        signature = "-- \n" + "\n".join(
            one_line(text.get(self.lang)) for text in (self.site.name, self.site.territory)
        )
        text = "\n\n".join((say("Hello,"), *blocks, signature))
        return Letter(to, self._filled(subject, told), f"{text}\n")

    def _paragraph(self, sentences: str, **told: str) -> str:
        return "\n".join(_wrapped(self._filled(sentences, told)))

    def _filled(self, sentences: str, told: dict[str, str]) -> str:
        """In our language, with what is told, each on one line."""
        lines = {name: one_line(value) for name, value in told.items()}
        site = one_line(self.site.name.get(self.lang))
        return words(self.lang).gettext(sentences) % {"site": site, **lines}


def quoted(text: str) -> str:
    """Others' words, so marked that none of them can pass for ours."""
    lines = [part for line in text.strip().splitlines() for part in _wrapped(line, QUOTED) or [""]]
    return "\n".join(f"{QUOTED}{line}".rstrip(" ") for line in lines)


def _wrapped(line: str, margin: str = "") -> list[str]:
    """Addresses stay whole; spaces that must not break do not."""
    width = COLUMNS - len(margin)
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
