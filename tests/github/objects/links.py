"""The addresses of things, which every object carries."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote


class Links:
    """`html` is the server's root, `api` the REST API's, both without a last slash."""

    def __init__(self, html: str, full_name: str, id: int) -> None:
        self.html = html
        self.api = f"{html}/api/v3"
        self.repository = f"{self.api}/repos/{full_name}"
        self.numbered = f"{self.api}/repositories/{id}"  # what lists' next pages are under
        self.page = f"{html}/{full_name}"

    def user(self, login: str) -> str:
        return f"{self.api}/users/{quote(login)}"

    def git(self, kind: str, name: str) -> str:
        """`kind`: commits, trees, blobs or refs."""
        return f"{self.repository}/git/{kind}/{quote(name)}"

    def pull(self, number: int) -> str:
        return f"{self.repository}/pulls/{number}"

    def issue(self, number: int) -> str:
        return f"{self.repository}/issues/{number}"

    def pull_page(self, number: int) -> str:
        return f"{self.page}/pull/{number}"


def date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def maybe_date(moment: datetime | None) -> str | None:
    return date(moment) if moment else None
