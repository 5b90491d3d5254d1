"""Words that content declares once per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Label:
    """A text in one or several languages; false when there is none."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def get(self, lang: str) -> str:
        """The text in `lang`, else in French (the site's first language), else in any."""
        for language in (lang, "", "fr"):
            if language in self.texts:
                return self.texts[language]
        return next(iter(self.texts.values()), "")

    def __bool__(self) -> bool:
        return any(self.texts.values())


NO_LABEL = Label()
