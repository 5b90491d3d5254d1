"""Events in time: when each takes place, the pages of their months, and files for calendars.

`calendars` is not imported here: the library that writes them is heavy, and only a build needs it.
"""

from plugins.render.agenda.month import month_pages
from plugins.render.agenda.occasions import EVENT
from plugins.render.agenda.ways import CALENDAR, AgendaWays, add_href, agenda_ways

__all__ = [
    "CALENDAR",
    "EVENT",
    "AgendaWays",
    "add_href",
    "agenda_ways",
    "month_pages",
]
