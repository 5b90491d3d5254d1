"""Where the site and its gateway stand: every address that a page prints."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

FIRST_LANGUAGE = "fr"
MANY = 4096  # paths that are remembered: each page leads to the same ones
LANGUAGES = (FIRST_LANGUAGE, "en")


@dataclass(frozen=True, slots=True)
class Site:
    """The two public addresses (each may have a path prefix) and the day of the build."""

    public_url: str
    gateway_url: str
    built: datetime.date

    def href(self, path: str, lang: str = FIRST_LANGUAGE) -> str:
        """The address, on the site's host, of a site path such as "initiatives/x/"."""
        return urlsplit(self._base).path + _localised(path, lang)

    def absolute(self, path: str, lang: str = FIRST_LANGUAGE) -> str:
        return self._base + _localised(path, lang)

    def gateway(self, path: str, lang: str = FIRST_LANGUAGE) -> str:
        """The address of a page of the gateway; has a host only when the site's is another one."""
        if self.gateway_url.rstrip("/") == self.public_url.rstrip("/"):
            return self.href(path, lang)
        return self.gateway_url.rstrip("/") + "/" + _localised(path, lang)

    def absolute_gateway(self, path: str, lang: str = FIRST_LANGUAGE) -> str:
        """The same, always with its host: for a mail, a feed, a link to keep."""
        return urljoin(self.public_url, self.gateway(path, lang))

    def tag(self, identifier: str) -> str:
        """The `tag:` URI of something that keeps its identity when its address changes.

        The date only has to be one when the host was ours; the host is the site's.
        """
        host = urlsplit(self._base).hostname or "localhost"
        return f"tag:{host},2026:{quote(identifier)}"

    @property
    def _base(self) -> str:
        return self.public_url.rstrip("/") + "/"


@lru_cache(MANY)
def _localised(path: str, lang: str) -> str:
    path = quote(path.lstrip("/"), safe="/#?=&-._~%")
    return path if lang == FIRST_LANGUAGE else f"{lang}/{path}"
