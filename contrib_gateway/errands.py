"""Doing errands: what an answer promised, as often as it takes, until it is done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

from contrib_gateway.clock import Clock
from contrib_gateway.errors import (
    ForgeBusy,
    ForgeUnavailable,
    GatewayError,
    MailUnavailable,
    Refused,
    StoreUnavailable,
)
from contrib_gateway.store import Errand, Store

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
GIVES_UP = timedelta(days=7)
# A no may be a moment's confusion too: a key renewed, a right given back.
PASSING = (ForgeUnavailable, MailUnavailable, Refused, StoreUnavailable)
log = logging.getLogger(__name__)


class Runner:
    """Does the errands of some kinds, one by one."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        acts: Mapping[str, Callable[[Errand], None]],
        chance: Callable[[], float],
        lasting: Collection[str] = (),
    ) -> None:
        """`acts` does each kind; each may be interrupted and done again. `lasting` kinds are never
        given up.
        """
        self._store = store
        self._clock = clock
        self._acts = acts
        self._chance = chance
        self._lasting = lasting

    def run(self) -> None:
        """All that can be done now."""
        while errand := self._store.next_errand(self._clock(), tuple(self._acts)):
            self._do(errand)

    def _do(self, errand: Errand) -> None:
        try:
            self._acts[errand.kind](errand)
        except ForgeBusy as error:
            self._store.retry_errand(errand.number, error.until, str(error))
        except PASSING as error:
            self._later(errand, error)
        except GatewayError as error:  # it says no, and would if asked again
            log.error("an errand is given up", extra=_about(errand), exc_info=error)
            self._store.finish_errand(errand.number)
        except Exception as error:  # one surprise must not stop those behind it
            log.exception("an errand stumbled", extra=_about(errand))
            self._later(errand, error)
        else:
            self._store.finish_errand(errand.number)

    def _later(self, errand: Errand, error: Exception) -> None:
        now = self._clock()
        if now - errand.at > GIVES_UP and errand.kind not in self._lasting:
            log.error("an errand is given up", extra=_about(errand), exc_info=error)
            self._store.finish_errand(errand.number)
            return
        delay = min(FIRST_DELAY * 2 ** min(errand.attempts, 12), LONGEST_DELAY)
        delay *= 0.5 + self._chance() / 2
        self._store.retry_errand(errand.number, now + delay, type(error).__name__)


def _about(errand: Errand) -> dict[str, str]:
    return {"submission": errand.submission, "errand": errand.kind}
