"""The operations the server knows, one module for each of GitHub's chapters."""

from __future__ import annotations

import re
from urllib.parse import unquote

from tests.github.exchange import Call
from tests.github.routes import account, commits, git, issues, pulls, refs, reviews, trees
from tests.github.routes.site import Route, Site

ROUTES: tuple[Route, ...] = (
    *refs.ROUTES,
    *trees.ROUTES,
    *git.ROUTES,
    *pulls.ROUTES,
    *reviews.ROUTES,
    *issues.ROUTES,
    *commits.ROUTES,
    *account.ROUTES,
)

# GitHub's description marks these as of several segments.
_SLASHED = ("ref", "basehead", "tree_sha")


def _pattern(template: str) -> re.Pattern[str]:
    def part(found: re.Match[str]) -> str:
        name = found[1]
        return f"(?P<{name}>{'.+' if name in _SLASHED else '[^/]+'})"

    return re.compile(re.sub(r"\{(\w+)\}", part, template))


class Router:
    """Finds the operation a request is for."""

    def __init__(self) -> None:
        self._routes: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
        for route in ROUTES:
            of_method = self._routes.setdefault(route.method, [])
            of_method.append((_pattern(route.template), route))

    def find(self, call: Call) -> Route | None:
        """Names the call and takes its path apart; None for what the server does not know."""
        for pattern, route in self._routes.get(call.method, ()):
            if match := pattern.fullmatch(call.path):
                call.template = route.template
                call.parts = {name: unquote(part) for name, part in match.groupdict().items()}
                call.name = route.name
                if call.name == "list_pulls" and "head" in call.query:
                    call.name = "find_pull"
                return route
        return None


__all__ = ["ROUTES", "Route", "Router", "Site"]
