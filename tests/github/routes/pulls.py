"""Pull requests."""

from __future__ import annotations

from tests.github import pulls
from tests.github.exchange import Answer, Call, Refused, invalid, page
from tests.github.merging import merge
from tests.github.objects import commits
from tests.github.objects import pulls as objects
from tests.github.records import Pull
from tests.github.routes.site import REPOSITORY, Route, Site


def list_pulls(site: Site, call: Call) -> Answer:
    found = [pull for pull in _of_head(site, call) if _matches(call, pull)]
    sort = call.query.get("sort", "created")
    descending = call.query.get("direction", "desc" if sort == "created" else "asc") == "desc"
    if sort == "popularity":
        found.sort(key=lambda pull: len(pull.comments), reverse=descending)
    elif sort == "updated":
        found.sort(key=lambda pull: (pull.updated_at, pull.number), reverse=descending)
    else:
        found.sort(key=lambda pull: pull.number, reverse=descending)
    url = f"{site.links.numbered}/pulls"
    return page(
        call, url, found, lambda pull: objects.pull(site.state, site.links, pull, call.full)
    )


def _of_head(site: Site, call: Call) -> list[Pull]:
    """`head` without its owner does not filter: GitHub silently ignores it."""
    owner, colon, branch = call.query.get("head", "").partition(":")
    if not colon:
        return site.state.pulls
    label = f"{owner}:{branch}"
    if call.query.get("state", "open") == "open":
        return list(site.state.open_by_label.get(label, ()))
    return [pull for pull in site.state.pulls if pull.label == label]


def _matches(call: Call, pull: Pull) -> bool:
    state, base = call.query.get("state", "open"), call.query.get("base")
    return state in ("all", pull.state) and base in (None, "", pull.base)


def create_pull(site: Site, call: Call) -> Answer:
    title, user = call.data.get("title"), call.user
    if not title:
        raise invalid("PullRequest", "missing_field", "title")
    pull = pulls.open_pull(
        site.state,
        user,
        title=title,
        body=call.data.get("body"),
        head=call.data["head"],
        base=call.data["base"],
    )
    return Answer(201, objects.whole(site.state, site.links, pull, call.full))


def get_pull(site: Site, call: Call) -> Answer:
    pull = site.state.pull(call.parts["pull_number"])
    pulls.examine(site.state, pull)
    return Answer(200, objects.whole(site.state, site.links, pull, call.full))


def update_pull(site: Site, call: Call) -> Answer:
    pull, user = site.state.pull(call.parts["pull_number"]), call.user
    changed = {key: call.data[key] for key in ("title", "body", "base") if key in call.data}
    if "base" in changed and site.state.repository.tip(changed["base"]) is None:
        raise invalid("PullRequest", "invalid", "base")
    if changed.get("title") == "":
        raise invalid("PullRequest", "missing_field", "title")
    match call.data.get("state"):
        case "closed":
            pulls.close(site.state, pull, user)
        case "open":
            pulls.reopen(site.state, pull, user)
    for key, value in changed.items():
        setattr(pull, key, value)
        site.state.touch(pull)
    return Answer(200, objects.whole(site.state, site.links, pull, call.full))


def merge_pull(site: Site, call: Call) -> Answer:
    pull, user = site.state.pull(call.parts["pull_number"]), call.user
    data = call.data or {}
    if data.get("merge_method", "merge") not in ("merge", "squash", "rebase"):
        raise Refused(422, "Invalid request.\n\nmerge_method is not one of merge, squash, rebase.")
    commit = merge(
        site.state,
        pull,
        user,
        method=data.get("merge_method", "merge"),
        title=data.get("commit_title"),
        message=data.get("commit_message"),
        sha=data.get("sha"),
    )
    message = "Pull Request successfully merged"
    return Answer(200, {"sha": commit, "merged": True, "message": message})


def list_pull_files(site: Site, call: Call) -> Answer:
    pull = site.state.pull(call.parts["pull_number"])
    files = commits.files(site.links, objects.diff(site.state, pull), pull.head_sha)
    return page(call, f"{site.links.numbered}/pulls/{pull.number}/files", files, lambda file: file)


def list_pull_commits(site: Site, call: Call) -> Answer:
    pull = site.state.pull(call.parts["pull_number"])
    url = f"{site.links.numbered}/pulls/{pull.number}/commits"
    own = objects.own_commits(site.state, pull)[:250]
    return page(call, url, own, lambda one: commits.commit(site.state, site.links, one))


ROUTES = (
    Route("GET", f"{REPOSITORY}/pulls", list_pulls),
    Route("POST", f"{REPOSITORY}/pulls", create_pull),
    Route("GET", f"{REPOSITORY}/pulls/{{pull_number}}", get_pull),
    Route("PATCH", f"{REPOSITORY}/pulls/{{pull_number}}", update_pull),
    Route("PUT", f"{REPOSITORY}/pulls/{{pull_number}}/merge", merge_pull),
    Route("GET", f"{REPOSITORY}/pulls/{{pull_number}}/files", list_pull_files),
    Route("GET", f"{REPOSITORY}/pulls/{{pull_number}}/commits", list_pull_commits),
)
