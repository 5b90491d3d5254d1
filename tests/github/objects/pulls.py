"""Pull requests, their reviews, and the comments on their lines."""

from __future__ import annotations

from typing import Any

from tests.github.objects import commits, issues, people
from tests.github.objects.links import Links, date, maybe_date
from tests.github.objects.repository import fork, repository
from tests.github.records import LineComment, Pull, Review, User
from tests.github.state import State

Json = dict[str, Any]


def pull(state: State, links: Links, one: Pull, full: bool) -> Json:
    """As it is in a list, where the description wants a text of every label."""
    api, page = links.pull(one.number), links.pull_page(one.number)
    issue = issues.issue(links, one, full)
    kept = ("number", "title", "user", "state", "locked", "active_lock_reason")
    also = ("assignee", "assignees", "milestone", "created_at", "updated_at", "closed_at")
    rest = ("author_association", "draft", "comments_url", "body", "body_html", "body_text")
    statuses = f"{links.repository}/statuses/{one.head_sha}"
    return {
        **{key: issue[key] for key in kept + also + rest if key in issue},
        "labels": [
            label | {"description": label["description"] or ""} for label in issue["labels"]
        ],
        "id": one.pull_id,
        "node_id": f"PR_{one.pull_id}",
        "url": api,
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": links.issue(one.number),
        "commits_url": f"{api}/commits",
        "review_comments_url": f"{api}/comments",
        "review_comment_url": f"{links.repository}/pulls/comments{{/number}}",
        "statuses_url": statuses,
        "merged_at": maybe_date(one.merged_at),
        "merge_commit_sha": one.merge_commit_sha,
        "requested_reviewers": [],
        "requested_teams": [],
        "auto_merge": None,
        "head": _end(state, links, one.source or state.owner, one.head, one.head_sha),
        "base": _end(state, links, state.owner, one.base, one.base_sha),
        "_links": _links(links, one),
    }


def _links(links: Links, one: Pull) -> Json:
    api = links.pull(one.number)
    targets = {
        "self": api,
        "html": links.pull_page(one.number),
        "issue": links.issue(one.number),
        "comments": f"{links.issue(one.number)}/comments",
        "review_comments": f"{api}/comments",
        "review_comment": f"{links.repository}/pulls/comments{{/number}}",
        "commits": f"{api}/commits",
        "statuses": f"{links.repository}/statuses/{one.head_sha}",
    }
    return {name: {"href": target} for name, target in targets.items()}


def _end(state: State, links: Links, owner: User, branch: str, sha: str) -> Json:
    here = owner is state.owner
    return {
        "label": f"{owner.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": people.user(links, owner),
        "repo": repository(state, links) if here else fork(state, links, owner),
    }


def whole(state: State, links: Links, one: Pull, full: bool) -> Json:
    """As it is alone: with what has to be computed."""
    changed = commits.files(links, diff(state, one), one.head_sha)
    word = {None: "unknown", True: "clean", False: "dirty"}
    return {
        **pull(state, links, one, full),
        "merged": one.merged,
        "merged_by": people.maybe_user(links, one.merged_by),
        "mergeable": None if one.state == "closed" else one.mergeable,
        "rebaseable": None if one.state == "closed" else one.mergeable,
        "mergeable_state": word[None if one.state == "closed" else one.mergeable],
        "maintainer_can_modify": False,
        "comments": len(one.comments),
        "review_comments": len(one.line_comments),
        "commits": len(state.repository.between(_base(state, one), one.head_sha)),
        "additions": sum(file["additions"] for file in changed),
        "deletions": sum(file["deletions"] for file in changed),
        "changed_files": len(changed),
    }


def _base(state: State, one: Pull) -> str:
    """What the head is compared with: once closed, the base as it then was."""
    if one.state == "closed":
        return one.base_sha
    return state.repository.tip(one.base) or one.base_sha


def own_commits(state: State, one: Pull) -> list[Any]:
    return state.repository.between(_base(state, one), one.head_sha)


def diff(state: State, one: Pull) -> Any:
    """From where the head left its base, as three dots say it."""
    base = state.repository.merge_base(_base(state, one), one.head_sha)
    return state.repository.diff(base, one.head_sha)


def review(links: Links, on: Pull, one: Review, full: bool) -> Json:
    page = f"{links.pull_page(on.number)}#pullrequestreview-{one.id}"
    shown = {
        "id": one.id,
        "node_id": f"PRR_{one.id}",
        "user": people.user(links, one.user),
        "state": one.state,
        "html_url": page,
        "pull_request_url": links.pull(on.number),
        "author_association": one.association,
        "commit_id": one.commit_id,
        "_links": {"html": {"href": page}, "pull_request": {"href": links.pull(on.number)}},
        **issues.body(one.body, full),
    }
    if one.submitted_at:
        shown["submitted_at"] = date(one.submitted_at)
    return shown


def line_comment(links: Links, on: Pull, one: LineComment, full: bool) -> Json:
    api = f"{links.repository}/pulls/comments/{one.id}"
    page = f"{links.pull_page(on.number)}#discussion_r{one.id}"
    position = one.line if one.commit_id == on.head_sha else None
    shown = {
        "id": one.id,
        "node_id": f"PRRC_{one.id}",
        "url": api,
        "html_url": page,
        "pull_request_url": links.pull(on.number),
        "pull_request_review_id": one.review,
        "diff_hunk": "",
        "path": one.path,
        "position": position or 0,
        "original_position": one.line or 0,
        "line": one.line or 0,
        "original_line": one.line or 0,
        "side": one.side,
        "commit_id": one.commit_id,
        "original_commit_id": one.commit_id,
        "user": people.user(links, one.user),
        "created_at": date(one.created_at),
        "updated_at": date(one.updated_at),
        "author_association": one.association,
        "_links": {
            "self": {"href": api},
            "html": {"href": page},
            "pull_request": {"href": links.pull(on.number)},
        },
        **issues.body(one.body, full),
    }
    if one.in_reply_to:
        shown["in_reply_to_id"] = one.in_reply_to
    return shown
