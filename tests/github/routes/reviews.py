"""Reviews of pull requests, and comments on their lines."""

from __future__ import annotations

from tests.github import pulls
from tests.github.exchange import Answer, Call, Refused, invalid, page
from tests.github.objects import pulls as objects
from tests.github.routes.site import REPOSITORY, Route, Site

_VERDICTS = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
    None: "PENDING",
}


def list_reviews(site: Site, call: Call) -> Answer:
    pull = site.state.pull(call.parts["pull_number"])
    url = f"{site.links.numbered}/pulls/{pull.number}/reviews"
    return page(
        call, url, pull.reviews, lambda one: objects.review(site.links, pull, one, call.full)
    )


def create_review(site: Site, call: Call) -> Answer:
    pull, user = site.state.pull(call.parts["pull_number"]), call.user
    event, body = call.data.get("event"), call.data.get("body") or ""
    if event not in _VERDICTS:
        raise Refused(422, f"Variable $event was provided invalid value {event}")
    own = {"APPROVE": "approve", "REQUEST_CHANGES": "request changes on"}
    if event in own and user is pull.user:
        problem = f"Can not {own[event]} your own pull request"
        raise Refused(422, "Unprocessable Entity", [problem])
    if event in ("REQUEST_CHANGES", "COMMENT") and not body:
        raise Refused(422, "Unprocessable Entity", ["Body can not be blank"])
    review = pulls.review(
        site.state, pull, user, body, verdict=_VERDICTS[event], association="CONTRIBUTOR"
    )
    return Answer(200, objects.review(site.links, pull, review, call.full))


def list_review_comments(site: Site, call: Call) -> Answer:
    pull = site.state.pull(call.parts["pull_number"])
    found = list(pull.line_comments)
    if call.query.get("direction") == "desc" and "sort" in call.query:
        found.reverse()
    url = f"{site.links.numbered}/pulls/{pull.number}/comments"
    return page(
        call, url, found, lambda one: objects.line_comment(site.links, pull, one, call.full)
    )


def create_review_comment(site: Site, call: Call) -> Answer:
    pull, user, data = site.state.pull(call.parts["pull_number"]), call.user, call.data
    paths = {patch.delta.new_file.path for patch in objects.diff(site.state, pull)}
    if data["path"] not in paths:
        raise invalid("PullRequestReviewComment", "invalid", "path")
    if site.state.repository.commit(data["commit_id"]) is None:
        raise invalid("PullRequestReviewComment", "custom", "commit_id", "commit_id is not part")
    comment = pulls.comment_line(
        site.state,
        pull,
        user,
        data["body"],
        path=data["path"],
        line=data.get("line", data.get("position")),
        association="CONTRIBUTOR",
    )
    comment.side = data.get("side", "RIGHT")
    comment.in_reply_to = data.get("in_reply_to")
    return Answer(201, objects.line_comment(site.links, pull, comment, call.full))


ROUTES = (
    Route("GET", f"{REPOSITORY}/pulls/{{pull_number}}/reviews", list_reviews),
    Route("POST", f"{REPOSITORY}/pulls/{{pull_number}}/reviews", create_review),
    Route("GET", f"{REPOSITORY}/pulls/{{pull_number}}/comments", list_review_comments),
    Route("POST", f"{REPOSITORY}/pulls/{{pull_number}}/comments", create_review_comment),
)
