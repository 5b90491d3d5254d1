"""The merge of a pull request: a textual merge by git, as github.com's button makes it."""

from __future__ import annotations

from tests.github import pulls
from tests.github.exchange import Refused
from tests.github.reconcile import follow
from tests.github.records import Pull, User
from tests.github.repository import BaseMoved
from tests.github.state import State

NOT_MERGEABLE = "Pull Request is not mergeable"


def merge(
    state: State,
    pull: Pull,
    user: User,
    *,
    method: str = "merge",
    title: str | None = None,
    message: str | None = None,
    sha: str | None = None,
) -> str:
    """Returns the commit on the base branch. Raises `Refused` (405, 409)."""
    repository = state.repository
    if method == "rebase":
        raise Refused(405, "Rebase merges are not allowed on this repository.")
    if pull.state == "closed":
        raise Refused(405, NOT_MERGEABLE)
    if sha and sha != pull.head_sha:
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    base = repository.tip(pull.base)
    tree = base and repository.merged_tree(base, pull.head_sha)
    if not base or not tree:
        raise Refused(405, NOT_MERGEABLE)
    squashed = method == "squash"
    words = _squash_words(state, pull, base) if squashed else _merge_words(state, pull)
    text = _join(words[0] if title is None else title, words[1] if message is None else message)
    parents = [base] if squashed else [base, pull.head_sha]
    author = state.signature(pull.user if squashed else user)
    try:
        commit = repository.write_commit(
            text, tree, parents, author=author, committer=state.merger(), branch=pull.base
        )
    except BaseMoved as moved:
        message = "Base branch was modified. Review and try the merge again."
        raise Refused(405, message) from moved
    pulls.record_merge(state, pull, user, commit, base)
    follow(state, {pull.base: (base, commit)}, user)
    if state.delete_branch_on_merge:
        _delete_branch(state, pull, user)
    return commit


def _delete_branch(state: State, pull: Pull, user: User) -> None:
    """Not a fork's, nor one that was pushed to meanwhile."""
    if pull.source is state.owner and state.repository.tip(pull.head) == pull.head_sha:
        state.repository.delete_reference(f"refs/heads/{pull.head}")
        follow(state, {pull.head: (pull.head_sha, None)}, user)


def _join(title: str, details: str) -> str:
    return f"{title}\n\n{details}" if details else title


def _squash_words(state: State, pull: Pull, base: str) -> tuple[str, str]:
    commits = state.repository.between(base, pull.head_sha)
    if len(commits) == 1:
        subject, _, rest = commits[0].message.strip().partition("\n")
        return f"{subject} (#{pull.number})", rest.strip()
    body = "\n\n".join(f"* {commit.message.strip()}" for commit in commits)
    return f"{pull.title} (#{pull.number})", body


def _merge_words(state: State, pull: Pull) -> tuple[str, str]:
    source = pull.label.replace(":", "/")
    return f"Merge pull request #{pull.number} from {source}", pull.title
