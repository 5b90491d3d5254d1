"""Notices what people pushed with git, and what that does to the open pull requests."""

from __future__ import annotations

from collections.abc import Mapping

from tests.github import pulls
from tests.github.heads import Change
from tests.github.records import Pull, User
from tests.github.state import State


def reconcile(state: State) -> None:
    """Look at the repository, and draw the consequences of what others pushed."""
    if changes := state.repository.heads.look():
        follow(state, changes)


def follow(state: State, changes: Mapping[str, Change], sender: User | None = None) -> None:
    """First the heads that moved, then what bases brought in, last the branches that are gone.

    `changes`: by branch. `sender` made them; by default, the authors of the new commits did.
    """
    state.pushed_at = state.now()
    for branch, (before, after) in changes.items():
        pusher = sender or _pusher(state, after or before)
        state.tell("push", "", pusher, branch=branch, before=before, after=after)
        if after:
            for pull in state.waiting(branch):
                pulls.push(state, pull, after, pusher)
    for branch, change in changes.items():
        _see_merges(state, branch, change)
    for branch, (_, after) in changes.items():
        for pull in state.waiting(branch):
            if after is None or _has_nothing_left(state, pull):
                pulls.close(state, pull, sender or _pusher(state, after or pull.head_sha))


def _has_nothing_left(state: State, pull: Pull) -> bool:
    """GitHub closes what was force-pushed to a commit that its base has already."""
    base = state.repository.tip(pull.base)
    return base is not None and state.repository.is_ancestor(pull.head_sha, base)


def _see_merges(state: State, branch: str, change: Change) -> None:
    before, after = change
    if not before or not after:
        return
    waiting = [
        pull for opened in state.open_by_label.values() for pull in opened if pull.base == branch
    ]
    if not waiting:
        return
    repository = state.repository
    arrived = {str(commit.id) for commit in repository.between(before, after)}
    brought = [pull for pull in waiting if pull.head_sha in arrived]
    for commit in repository.first_parents(before, after):
        for pull in list(brought):
            if repository.is_ancestor(pull.head_sha, str(commit.id)):
                brought.remove(pull)
                user, landed = state.author(commit.author), str(commit.id)
                parents = [str(parent) for parent in commit.parent_ids]
                pulls.record_merge(state, pull, user, landed, parents[0] if parents else before)


def _pusher(state: State, commit: str | None) -> User:
    found = state.repository.commit(commit or "")
    return state.author(found.author) if found else state.owner
