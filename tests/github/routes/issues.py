"""Issues (every pull request is one), their conversation, and labels."""

from __future__ import annotations

from datetime import datetime

from tests.github.exchange import Answer, Call, invalid, not_found, page
from tests.github.objects import issues
from tests.github.routes.site import REPOSITORY, Route, Site


def get_issue(site: Site, call: Call) -> Answer:
    issue = site.state.issue(call.parts["issue_number"])
    return Answer(200, issues.issue(site.links, issue, call.full))


def list_issue_comments(site: Site, call: Call) -> Answer:
    issue = site.state.issue(call.parts["issue_number"])
    found = issue.comments
    if since := call.query.get("since"):
        start = datetime.fromisoformat(since)
        found = [comment for comment in found if comment.updated_at >= start]
    url = f"{site.links.numbered}/issues/{issue.number}/comments"
    return page(call, url, found, lambda one: issues.comment(site.links, issue, one, call.full))


def create_issue_comment(site: Site, call: Call) -> Answer:
    issue, user = site.state.issue(call.parts["issue_number"]), call.user
    if not call.data["body"].strip():
        raise invalid("IssueComment", "missing_field", "body")
    comment = site.state.comment(issue, user, call.data["body"], "CONTRIBUTOR")
    return Answer(201, issues.comment(site.links, issue, comment, call.full))


def update_issue_comment(site: Site, call: Call) -> Answer:
    call.user  # noqa: B018 - refuses nobody
    id = call.parts["comment_id"]
    if not id.isdigit() or int(id) not in site.state.comments:
        raise not_found()
    issue, comment = site.state.comments[int(id)]
    comment.body = call.data["body"]
    comment.updated_at = site.state.touch(issue)
    return Answer(200, issues.comment(site.links, issue, comment, call.full))


def list_labels(site: Site, call: Call) -> Answer:
    labels = list(site.state.labels.values())
    url = f"{site.links.numbered}/labels"
    return page(call, url, labels, lambda label: issues.label(site.links, label))


def create_label(site: Site, call: Call) -> Answer:
    call.user  # noqa: B018 - refuses nobody
    name = call.data["name"]
    if site.state.label(name):
        raise invalid("Label", "already_exists", "name")
    color = call.data.get("color", "ededed")
    label = site.state.new_label(name, color, call.data.get("description"))
    return Answer(201, issues.label(site.links, label))


def get_label(site: Site, call: Call) -> Answer:
    label = site.state.label(call.parts["name"])
    if label is None:
        raise not_found()
    return Answer(200, issues.label(site.links, label))


def list_issue_labels(site: Site, call: Call) -> Answer:
    issue = site.state.issue(call.parts["issue_number"])
    url = f"{site.links.numbered}/issues/{issue.number}/labels"
    return page(call, url, issue.labels, lambda label: issues.label(site.links, label))


def add_labels(site: Site, call: Call) -> Answer:
    """A bare list is accepted too: GitHub does, though its description no longer says so."""
    issue, user = site.state.issue(call.parts["issue_number"]), call.user
    given = call.data if isinstance(call.data, list) else call.data.get("labels", [])
    names = [label["name"] if isinstance(label, dict) else label for label in given]
    site.state.attach(issue, names, user)
    return Answer(200, [issues.label(site.links, label) for label in issue.labels])


ROUTES = (
    Route("PATCH", f"{REPOSITORY}/issues/comments/{{comment_id}}", update_issue_comment),
    Route("GET", f"{REPOSITORY}/issues/{{issue_number}}", get_issue),
    Route("GET", f"{REPOSITORY}/issues/{{issue_number}}/comments", list_issue_comments),
    Route("POST", f"{REPOSITORY}/issues/{{issue_number}}/comments", create_issue_comment),
    Route("GET", f"{REPOSITORY}/issues/{{issue_number}}/labels", list_issue_labels),
    Route("POST", f"{REPOSITORY}/issues/{{issue_number}}/labels", add_labels),
    Route("GET", f"{REPOSITORY}/labels", list_labels),
    Route("POST", f"{REPOSITORY}/labels", create_label),
    Route("GET", f"{REPOSITORY}/labels/{{name}}", get_label),
)
