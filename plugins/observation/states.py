"""Since when a need stands where it stands: the day on which its state was changed, never typed."""

from __future__ import annotations

from collections.abc import Mapping

from plugins.schema import ContentType, Value

STATE, SINCE = "state", "state_since"
ANSWERED = "repondu"  # the state of a need that has its answer


def dated(
    content_type: ContentType,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    today: str,
) -> dict[str, Value]:
    """The answers `after` a change made `today`, with the day of their state if that is another;
    what has no state has no day. Types without such a day are left as they are.
    """
    data = dict(after)
    if SINCE not in content_type.fields or before.get(STATE) == after.get(STATE):
        return data
    if after.get(STATE):
        return data | {SINCE: today}
    data.pop(SINCE, None)
    return data
