"""The repository itself, which is in every pull request twice."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tests.github.objects import people
from tests.github.objects.links import Links, date
from tests.github.records import User
from tests.github.state import State

Json = dict[str, Any]

# What is appended to the repository's own address, by the name of the link.
_PARTS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


_SETTINGS: Json = {
    "description": None,
    "fork": False,
    "homepage": None,
    "language": None,
    "license": None,
    "forks_count": 0,
    "forks": 0,
    "stargazers_count": 0,
    "watchers_count": 0,
    "watchers": 0,
    "size": 0,
    "default_branch": "main",
    "is_template": False,
    "topics": [],
    "has_issues": True,
    "has_projects": True,
    "has_wiki": True,
    "has_pages": False,
    "has_downloads": True,
    "has_discussions": False,
    "archived": False,
    "disabled": False,
    "allow_forking": True,
    "web_commit_signoff_required": False,
    "mirror_url": None,
}


@lru_cache(maxsize=8)
def _unchanging(links: Links, owner: User, name: str, id: int, since: str) -> Json:
    full_name = f"{owner.login}/{name}"
    return {
        **_SETTINGS,
        **{key: links.repository + part for key, part in _PARTS.items()},
        "id": id,
        "node_id": f"R_{id}",
        "name": name,
        "full_name": full_name,
        "owner": people.user(links, owner),
        "private": False,
        "visibility": "public",
        "html_url": links.page,
        "url": links.repository,
        "git_url": f"git://localhost/{full_name}.git",
        "ssh_url": f"git@localhost:{full_name}.git",
        "clone_url": f"{links.page}.git",
        "svn_url": links.page,
        "created_at": since,
    }


def fork(state: State, links: Links, owner: User) -> Json:
    """Somebody's copy, of which the server knows no more than this."""
    full_name = f"{owner.login}/{state.name}"
    there = Links(links.html, full_name, owner.id)
    since = date(state.created_at)
    unchanging = _unchanging(there, owner, state.name, owner.id, since)
    return {**repository(state, links), **unchanging, "fork": True}


def repository(state: State, links: Links) -> Json:
    since = date(state.created_at)
    open_issues = sum(map(len, state.open_by_label.values()))
    pushed = date(state.pushed_at)
    return {
        **_unchanging(links, state.owner, state.name, state.id, since),
        "open_issues_count": open_issues,
        "open_issues": open_issues,
        "pushed_at": pushed,
        "updated_at": pushed,
    }


def whole(state: State, links: Links) -> Json:
    """What `GET /repos/{owner}/{repo}` answers."""
    return {
        **repository(state, links),
        "permissions": {
            "admin": False,
            "maintain": False,
            "push": True,
            "triage": True,
            "pull": True,
        },
        "allow_squash_merge": True,
        "allow_merge_commit": True,
        "allow_rebase_merge": False,
        "allow_auto_merge": False,
        "allow_update_branch": False,
        "delete_branch_on_merge": state.delete_branch_on_merge,
        "organization": people.user(links, state.owner),
        "network_count": 0,
        "subscribers_count": 0,
    }
