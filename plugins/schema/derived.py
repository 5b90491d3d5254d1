"""What is made of an Index once for all who ask, and kept with it: it goes when the Index goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar, cast

from plugins.schema.index import Index

P = ParamSpec("P")
Made = TypeVar("Made")


def derived(make: Callable[Concatenate[Index, P], Made]) -> Callable[Concatenate[Index, P], Made]:
    """A function whose answer for an Index is kept, as an Index never changes. Of what it is asked
    besides (a day, say) only the last is: asked otherwise, it is made anew. Of threads that ask at
    once, as many do just after a publication, one makes it and the others wait.
    """
    lock = RLock()

    @wraps(make)
    def known(index: Index, /, *args: P.args, **kwargs: P.kwargs) -> Made:
        asked = (args, kwargs)
        kept = index.derived.get(make)
        if kept is None or kept[0] != asked:
            with lock:
                kept = index.derived.get(make)
                if kept is None or kept[0] != asked:
                    kept = index.derived[make] = (asked, make(index, *args, **kwargs))
        return cast("Made", kept[1])

    return known
