"""What is done to a pull request: opened, pushed to, closed, reopened, examined, reviewed."""

from __future__ import annotations

from tests.github.exchange import invalid
from tests.github.records import LineComment, Pull, Review, User
from tests.github.state import State


def open_pull(
    state: State,
    user: User,
    *,
    title: str,
    body: str | None,
    head: str,
    base: str,
    fork_commit: str | None = None,
) -> Pull:
    """`fork_commit`: where `head` is in the user's own copy of the repository.

    Raises `Refused` (422) as GitHub does.
    """
    repository = state.repository
    head = head.removeprefix(f"{state.owner.login}:")
    base_sha, head_sha = repository.tip(base), fork_commit or repository.tip(head)
    for field, tip in (("base", base_sha), ("head", head_sha)):
        if tip is None:
            raise invalid("PullRequest", "invalid", field)
    assert base_sha and head_sha
    at, number = state.now(), len(state.issues) + 1
    pull = Pull(state.new_id(), number, user, title, body, "CONTRIBUTOR", at, at)
    pull.source = user if fork_commit else state.owner
    pull.head, pull.base, pull.base_sha = head, base, base_sha
    _refuse_twin(state, pull)
    if repository.merge_base(base_sha, head_sha) is None:
        message = f"The {head} branch has no history in common with {base}"
        raise invalid("PullRequest", "custom", message=message)
    if repository.is_ancestor(head_sha, base_sha):
        message = f"No commits between {base} and {head}"
        raise invalid("PullRequest", "custom", message=message)
    pull.pull_id = state.new_id()
    state.issues[number] = pull
    state.open_by_label.setdefault(pull.label, []).append(pull)
    set_head(state, pull, head_sha)
    state.tell("pull_request", "opened", user, pull=pull)
    return pull


def _refuse_twin(state: State, pull: Pull) -> None:
    if _twin(state, pull):
        message = f"A pull request already exists for {pull.label}."
        raise invalid("PullRequest", "custom", message=message)


def _twin(state: State, pull: Pull) -> Pull | None:
    """The open one for the same branches."""
    same_head = state.open_by_label.get(pull.label, ())
    return next((other for other in same_head if other.base == pull.base), None)


def set_head(state: State, pull: Pull, commit: str) -> None:
    """GitHub keeps the head under refs/pull, so that it outlives its branch."""
    pull.head_sha = commit
    state.repository.write_reference(f"refs/pull/{pull.number}/head", commit)


def push(state: State, pull: Pull, commit: str, user: User) -> None:
    """The head's branch moved."""
    before = pull.head_sha
    set_head(state, pull, commit)
    pull.base_sha = state.repository.tip(pull.base) or pull.base_sha
    state.touch(pull)
    about = {"before": before, "after": commit}
    state.tell("pull_request", "synchronize", user, pull=pull, **about)


def close(state: State, pull: Pull, user: User) -> None:
    """Without merging. One that is closed already stays as it is."""
    if pull.state == "closed":
        return
    _settle(state, pull, user)
    state.tell("pull_request", "closed", user, pull=pull)


def record_merge(state: State, pull: Pull, user: User, commit: str, base_before: str) -> None:
    """`commit` of the base branch brought the head in; until then it was at `base_before`."""
    _settle(state, pull, user)
    pull.merged_at, pull.merged_by, pull.merge_commit_sha = pull.closed_at, user, commit
    pull.base_sha = base_before
    state.tell("pull_request", "closed", user, pull=pull)


def _settle(state: State, pull: Pull, user: User) -> None:
    pull.closed_at = state.touch(pull)
    pull.state, pull.closed_by = "closed", user
    state.open_by_label[pull.label].remove(pull)


def reopen(state: State, pull: Pull, user: User) -> None:
    """Raises `Refused` (422)."""
    if pull.state == "open":
        return
    cannot = "state cannot be changed. "
    own = pull.source is state.owner
    head = state.repository.tip(pull.head) if own else pull.head_sha
    if pull.merged:
        raise invalid("PullRequest", "invalid", "state", cannot + "It has been merged.")
    if head is None:
        message = f"{cannot}The {pull.head} branch has been deleted."
        raise invalid("PullRequest", "invalid", "state", message)
    if not state.repository.is_ancestor(pull.head_sha, head):
        message = f"{cannot}The {pull.head} branch was force-pushed or recreated."
        raise invalid("PullRequest", "invalid", "state", message)
    if twin := _twin(state, pull):
        message = (
            f"{cannot}There is already an open pull request (#{twin.number}) "
            f"from {pull.head} to {pull.base}."
        )
        raise invalid("PullRequest", "invalid", "state", message)
    pull.state, pull.closed_at, pull.closed_by = "open", None, None
    state.open_by_label.setdefault(pull.label, []).append(pull)
    set_head(state, pull, head)
    state.touch(pull)
    state.tell("pull_request", "reopened", user, pull=pull)


def examine(state: State, pull: Pull) -> None:
    """Whether it can be merged: as on GitHub, not known yet when it is asked for first."""
    if pull.state == "closed":
        return
    base = state.repository.tip(pull.base) or pull.base_sha
    if pull.examined != (pull.head_sha, base):
        pull.examined, pull.mergeable = (pull.head_sha, base), None
        return
    if pull.mergeable is None:
        tree = state.repository.merged_tree(base, pull.head_sha)
        pull.mergeable = tree is not None
        if tree:
            who, message = state.merger(), f"Merge {pull.head_sha} into {base}"
            pull.merge_commit_sha = state.repository.write_commit(
                message, tree, [base, pull.head_sha], author=who, committer=who
            )


def review(
    state: State, pull: Pull, user: User, body: str, *, verdict: str, association: str
) -> Review:
    """`verdict`: APPROVED, CHANGES_REQUESTED, COMMENTED or PENDING, which nobody is told of."""
    at = state.now() if verdict == "PENDING" else state.touch(pull)
    given = Review(state.new_id(), user, body, verdict, association, pull.head_sha, at)
    pull.reviews.append(given)
    if verdict == "PENDING":
        given.submitted_at = None
    else:
        state.tell("pull_request_review", "submitted", user, pull=pull, review=given)
    return given


def comment_line(
    state: State,
    pull: Pull,
    user: User,
    body: str,
    *,
    path: str,
    line: int | None,
    association: str,
) -> LineComment:
    """GitHub makes a review of it, of which it is the only comment."""
    given = review(state, pull, user, "", verdict="COMMENTED", association=association)
    at = state.touch(pull)
    comment = LineComment(
        *(state.new_id(), user, body, association, at, at),
        path=path,
        commit_id=pull.head_sha,
        line=line,
        side="RIGHT",
        review=given.id,
    )
    pull.line_comments.append(comment)
    return comment
