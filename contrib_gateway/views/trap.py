"""What gives a machine away that fills in a form: a question that people do not see, and its haste.

It is a reason for an editor to look first, never a verdict.
"""

from __future__ import annotations

from datetime import datetime

from flask import request

from contrib_gateway.guards import Ticket
from contrib_gateway.settings import Settings

HONEYPOT = "_website"  # in components/trap.html
SPRUNG, TOO_FAST = "honeypot", "too_fast"


def suspicions(ticket: Ticket, settings: Settings, moment: datetime) -> tuple[str, ...]:
    """Of the form that is sent, under its ticket; without rate limit, machines may be fast."""
    sprung = bool(request.form.get(HONEYPOT))
    fast = settings.rate_limit is not None and ticket.too_fast(moment)
    return tuple(name for name, is_so in ((SPRUNG, sprung), (TOO_FAST, fast)) if is_so)
