"""What time it is: always aware of its zone, and always asked of a clock that tests can set."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
TERRITORY = ZoneInfo("Europe/Paris")


def day(moment: datetime) -> str:
    """The day it is for the people of the territory, as an ISO date."""
    return moment.astimezone(TERRITORY).date().isoformat()


def utc_now() -> datetime:
    return datetime.now(UTC)
