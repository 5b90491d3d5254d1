"""People and apps."""

from __future__ import annotations

from typing import Any

from tests.github.objects.links import Links
from tests.github.records import User

Json = dict[str, Any]


def user(links: Links, user: User) -> Json:
    api = links.user(user.login)
    return {
        "login": user.login,
        "id": user.id,
        "node_id": f"U_{user.id}",
        "avatar_url": f"{links.html}/avatars/u/{user.id}",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{links.html}/{user.login}",
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": user.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def maybe_user(links: Links, one: User | None) -> Json | None:
    return user(links, one) if one else None


def account(links: Links, one: User, since: str) -> Json:
    """What `GET /user` answers to the token's owner."""
    return {
        **user(links, one),
        "name": one.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": since,
        "updated_at": since,
    }


def app(links: Links, id: int, owner: User, since: str) -> Json:
    return {
        "id": id,
        "slug": "vigie",
        "client_id": f"Iv1.{id}",
        "node_id": f"A_{id}",
        "owner": user(links, owner),
        "name": "Vigie",
        "description": "",
        "external_url": links.html,
        "html_url": f"{links.html}/apps/vigie",
        "created_at": since,
        "updated_at": since,
        "permissions": {"contents": "write", "metadata": "read", "pull_requests": "write"},
        "events": ["issue_comment", "pull_request", "pull_request_review", "push"],
    }
