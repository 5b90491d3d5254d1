"""Events in time: when each takes place, the pages of their months, and files for calendars."""

from plugins.render.agenda.calendars import CALENDAR, calendars
from plugins.render.agenda.month import month_pages
from plugins.render.agenda.occasions import EVENT
from plugins.render.agenda.ways import AgendaWays, add_href, agenda_ways

__all__ = [
    "CALENDAR",
    "EVENT",
    "AgendaWays",
    "add_href",
    "agenda_ways",
    "calendars",
    "month_pages",
]
