"""What every route is given: the state, the addresses, who may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.github.access import Access
from tests.github.exchange import Answer, Call
from tests.github.objects.links import Links
from tests.github.state import State


@dataclass(frozen=True)
class Site:
    state: State
    links: Links
    access: Access


Handler = Callable[[Site, Call], Answer]


@dataclass(frozen=True)
class Route:
    """`template` is the path of an operation exactly as GitHub's description writes it."""

    method: str
    template: str
    handler: Handler

    @property
    def name(self) -> str:
        return self.handler.__name__


REPOSITORY = "/repos/{owner}/{repo}"
