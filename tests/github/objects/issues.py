"""Labels, issues (every pull request is one) and their conversation."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from tests.github.objects import people
from tests.github.objects.links import Links, date, maybe_date
from tests.github.records import Comment, Issue, Label, Pull

Json = dict[str, Any]


def body(text: str | None, full: bool) -> Json:
    """`full`: as text and HTML as well, for those who ask for that media type."""
    if not full:
        return {"body": text}
    plain = text or ""
    html = "".join(f"<p>{escape(part)}</p>" for part in plain.split("\n\n") if part)
    return {"body": text, "body_html": html, "body_text": plain}


def label(links: Links, one: Label) -> Json:
    return {
        "id": one.id,
        "node_id": f"LA_{one.id}",
        "url": f"{links.repository}/labels/{quote(one.name, safe='')}",
        "name": one.name,
        "color": one.color,
        "default": False,
        "description": one.description,
    }


def issue(links: Links, one: Issue, full: bool) -> Json:
    api = links.issue(one.number)
    shown = {
        "id": one.id,
        "node_id": f"I_{one.id}",
        "number": one.number,
        "url": api,
        "repository_url": links.repository,
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "timeline_url": f"{api}/timeline",
        "html_url": f"{links.page}/issues/{one.number}",
        "title": one.title,
        "user": people.user(links, one.user),
        "labels": [label(links, each) for each in one.labels],
        "state": one.state,
        "state_reason": None,
        "locked": False,
        "active_lock_reason": None,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(one.comments),
        "created_at": date(one.created_at),
        "updated_at": date(one.updated_at),
        "closed_at": maybe_date(one.closed_at),
        "closed_by": people.maybe_user(links, one.closed_by),
        "author_association": one.association,
        "performed_via_github_app": None,
        **body(one.body, full),
    }
    return shown | _of_pull(links, one) if isinstance(one, Pull) else shown


def _of_pull(links: Links, one: Pull) -> Json:
    """What tells that an issue is a pull request."""
    page = links.pull_page(one.number)
    ends = {
        "url": links.pull(one.number),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "merged_at": maybe_date(one.merged_at),
    }
    return {"html_url": page, "draft": False, "pull_request": ends}


def comment(links: Links, on: Issue, one: Comment, full: bool) -> Json:
    page = "pull" if isinstance(on, Pull) else "issues"
    return {
        "id": one.id,
        "node_id": f"IC_{one.id}",
        "url": f"{links.repository}/issues/comments/{one.id}",
        "html_url": f"{links.page}/{page}/{on.number}#issuecomment-{one.id}",
        "issue_url": links.issue(on.number),
        "user": people.user(links, one.user),
        "created_at": date(one.created_at),
        "updated_at": date(one.updated_at),
        "author_association": one.association,
        "performed_via_github_app": None,
        **body(one.body, full),
    }
