"""How two changes of one list, or of answers that belong together, are brought together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sized
from itertools import chain

from plugins.schema.kind import Clash, Field, Outcome, Value, is_empty, merge_whole

Answers = Mapping[str, Value]


def merge_answers(
    fields: Mapping[str, Field], base: Answers, ours: Answers, theirs: Answers, within: str = ""
) -> tuple[dict[str, Value], tuple[Clash, ...]]:
    """The answers of a document or of a row, each by its kind; a key that is no field whole.

    `within` stands before the fields' names in what clashes: "entries.<row's id>.".
    """
    merged: dict[str, Value] = {}
    clashes: dict[str, tuple[Clash, ...]] = {}
    for name in _names(fields, base, ours, theirs):
        merge = fields[name].kind.merge if name in fields else merge_whole
        values = (base.get(name), ours.get(name), theirs.get(name))
        merged[name], clashes[name] = merge(*values, f"{within}{name}")
    _undo_contradictions(fields, merged, clashes, (base, ours, theirs), within)
    present = {name: value for name, value in merged.items() if value is not None}
    return present, tuple(chain.from_iterable(clashes.values()))


def _names(fields: Mapping[str, Field], base: Answers, ours: Answers, theirs: Answers) -> list[str]:
    """Every name answered on any side: fields in the type's order, then the others."""
    answered = {**base, **ours, **theirs}
    others = [name for name in base if name not in fields]
    added = sorted((name for name in answered if name not in fields and name not in base), key=repr)
    return [name for name in fields if name in answered] + others + added


def _undo_contradictions(
    fields: Mapping[str, Field],
    merged: dict[str, Value],
    clashes: dict[str, tuple[Clash, ...]],
    versions: tuple[Answers, Answers, Answers],
    within: str,
) -> None:
    """Where a `when` or a `required` that holds on both sides fails after merging, all clashes.

    That is the answer itself and those it depends on, so far as the sides differ: what either
    side says is good together, half of each is not. Taking one back may break another: hence again.
    """
    base, ours, theirs = versions
    tied = [field for field in fields.values() if field.when or field.required]
    again = True
    while again:
        again = False
        for field in tied:
            broken = _contradicts(field, merged)
            if not broken or _contradicts(field, ours) or _contradicts(field, theirs):
                continue
            for name in filter(None, (field.name, *field.when, field.unless)):
                clash = Clash(f"{within}{name}", base.get(name), ours.get(name), theirs.get(name))
                if clash.ours != clash.theirs and clashes[name] != (clash,):
                    merged[name], clashes[name], again = clash.base, (clash,), True


def _contradicts(field: Field, answers: Answers) -> bool:
    """Whether a field is answered that is not asked, or is asked and required but not answered."""
    if is_empty(answers.get(field.name)):
        return field.missing(answers)
    return not field.asked(answers)


def merge_sets(base: Value, ours: Value, theirs: Value, field: str, counts: range) -> Outcome:
    """Lists of texts as sets: what either side added is in, what either removed is not.

    As a whole when one is no such list, or when their number is no more among `counts`.
    """
    whole = merge_whole(base, ours, theirs, field)
    before, left, right = ([] if value is None else value for value in (base, ours, theirs))
    if not whole[1] or not all(map(_is_list_of_texts, (before, left, right))):
        return whole
    kept = set(left) & set(right) | (set(left) ^ set(right)) - set(before)
    merged, _ = merge_order(before, left, right, kept)  # two orders of a set do not clash
    return whole if is_outgrown(merged, (left, right), counts) else (merged or None, ())


def same_sets(one: Value, other: Value) -> bool:
    """Whether two lists of texts hold the same: a form sends them in its own order."""
    lists = [[] if value is None else value for value in (one, other)]
    if not all(map(_is_list_of_texts, lists)):
        return bool(one == other)
    return sorted(lists[0]) == sorted(lists[1])


def _is_list_of_texts(value: Value) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def is_outgrown(merged: Sized, sides: Iterable[Sized], counts: range) -> bool:
    """Whether a list has too few or too many entries, as it had on neither side.

    An empty list is no answer, which may be good; but two answers should not become none.
    """
    before = {len(side) for side in sides}
    if len(merged) in counts or any(count and count not in counts for count in before):
        return False
    return bool(merged) or 0 not in before


def merge_order(
    base: Collection[str], ours: Collection[str], theirs: Collection[str], kept: Collection[str]
) -> tuple[list[str], bool]:
    """The entries of `kept` in order, and whether the sides agree on it.

    What all three lists have stands as the side that moved it has it, or as in base if both moved
    it differently. Anything else follows what it followed in its own list; where both sides put
    something in one place, neither comes first for being ours.
    """
    common = set(base) & set(ours) & set(theirs)
    stay = [[entry for entry in side if entry in common] for side in (base, ours, theirs)]
    order, clashes = merge_whole(stay[0], stay[1], stay[2], "")
    followers: dict[str | None, tuple[list[str], ...]]
    followers = {before: ([], [], []) for before in (None, *order)}
    for number, side in enumerate((base, ours, theirs)):
        before = None
        for entry in side:
            if entry in common:
                before = entry
            elif entry in kept:
                followers[before][number].append(entry)
    merged: dict[str | None, None] = {}
    for before, runs in followers.items():
        merged |= dict.fromkeys(chain([before], *sorted(runs)))
    return [entry for entry in merged if entry is not None], not clashes
