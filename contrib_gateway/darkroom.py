"""The darkroom: where pictures that people send are developed, a few at a time."""

from __future__ import annotations

from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from contrib_gateway.errors import BadPicture

if TYPE_CHECKING:
    from contrib_gateway.pictures import Picture

PLACES = 3  # who are in it or wait; the others of the server's threads answer everybody else


class Darkroom:
    """One picture is developed at a time: threads that decode together would take together what
    is allowed to one, in memory as in time. Whoever finds it full is told to come back.
    """

    def __init__(self, places: int = PLACES) -> None:
        self._places = BoundedSemaphore(places)
        self._lamp = Lock()

    def develop(self, data: bytes) -> Picture:
        """A picture to be shown of a file that somebody sent. Raises `BadPicture`."""
        # Imported here: Pillow has no use in an idle gateway.
        from contrib_gateway.pictures import prepare  # noqa: PLC0415

        if not self._places.acquire(blocking=False):
            raise BadPicture("busy")
        try:
            with self._lamp:
                return prepare(data)
        finally:
            self._places.release()
