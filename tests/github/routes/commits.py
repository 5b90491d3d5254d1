"""The repository and its commits as its pages show them; comparisons; archives."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pygit2

from tests.github.exchange import Answer, Call, Refused, not_found, page
from tests.github.objects import commits, repository
from tests.github.routes.site import REPOSITORY, Route, Site

_MOST_COMMITS = 250  # of a comparison that does not ask for pages


def get_repository(site: Site, call: Call) -> Answer:
    return Answer(200, repository.whole(site.state, site.links))


def list_commits(site: Site, call: Call) -> Answer:
    head = _resolve(site, call.query.get("sha", "main"))
    if head is None:
        raise not_found()
    if "path" not in call.query:
        raise Refused(422, "This server lists the commits of a file only")
    found = site.state.repository.touching(str(head.id), call.query["path"])

    def show(one: pygit2.Commit) -> dict[str, Any]:
        return commits.commit(site.state, site.links, one)

    return page(call, f"{site.links.numbered}/commits", found, show)


def get_commit(site: Site, call: Call) -> Answer:
    commit = _resolve(site, call.parts["ref"])
    if commit is None:
        raise Refused(422, f"No commit found for SHA: {call.parts['ref']}")
    return Answer(200, commits.whole(site.state, site.links, commit))


def _resolve(site: Site, name: str) -> pygit2.Commit | None:
    found = site.state.repository.resolve(name.removeprefix(f"{site.state.owner.login}:"))
    return found if isinstance(found, pygit2.Commit) else None


def compare(site: Site, call: Call) -> Answer:
    """Three dots: what head did since it left base."""
    base_name, dots, head_name = call.parts["basehead"].partition("...")
    base, head = _resolve(site, base_name), _resolve(site, head_name)
    if not dots or base is None or head is None:
        raise not_found()
    state, links = site.state, site.links
    git = state.repository
    fork = git.merge_base(str(base.id), str(head.id))
    if fork is None:
        raise Refused(404, f"No common ancestor between {base_name} and {head_name}.")
    ahead = git.between(str(base.id), str(head.id))
    behind = len(git.between(str(head.id), str(base.id)))
    word = {(0, 0): "identical", (1, 0): "ahead", (0, 1): "behind", (1, 1): "diverged"}
    url = f"{links.repository}/compare/{call.path.rpartition('/compare/')[2]}"
    shown = _page(site, call, ahead)
    html = f"{links.page}/compare/{base.id}...{head.id}"
    first = call.query.get("page", "1") == "1"
    files = commits.files(links, git.diff(fork, str(head.id)), str(head.id)) if first else []
    data = {
        "url": url,
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commits.commit(state, links, base),
        "merge_base_commit": commits.commit(state, links, git.git[fork].peel(pygit2.Commit)),
        "status": word[min(len(ahead), 1), min(behind, 1)],
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": shown.data,
        "files": files[: state.file_limit],
    }
    return Answer(200, data, shown.headers)


def _page(site: Site, call: Call, ahead: list[pygit2.Commit]) -> Answer:
    def show(one: pygit2.Commit) -> dict[str, Any]:
        return commits.commit(site.state, site.links, one)

    if call.query.keys() & {"page", "per_page"}:
        return page(call, f"{site.links.numbered}/compare/{call.parts['basehead']}", ahead, show)
    return Answer(200, [show(one) for one in ahead[:_MOST_COMMITS]])


def get_tarball(site: Site, call: Call) -> Answer:
    if _resolve(site, call.parts["ref"]) is None:
        raise not_found()
    ref = call.path.rpartition("/tarball/")[2]
    place = f"{site.links.html}/codeload/{site.state.full_name}/legacy.tar.gz/{ref}"
    return Answer(302, None, {"Location": place})


def archive(site: Site, ref: str) -> Answer:
    """What the tarball's redirection leads to."""
    commit = _resolve(site, ref)
    if commit is None:
        raise not_found()
    state = site.state
    top = f"{state.owner.login}-{state.name}-{str(commit.id)[:7]}"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
        state.repository.git.write_archive(commit.id, tar, prefix=f"{top}/")
    headers = {
        "Content-Type": "application/x-gzip",
        "Content-Disposition": f"attachment; filename={top}.tar.gz",
    }
    return Answer(200, packed.getvalue(), headers)


ROUTES = (
    Route("GET", REPOSITORY, get_repository),
    Route("GET", f"{REPOSITORY}/commits", list_commits),
    Route("GET", f"{REPOSITORY}/commits/{{ref}}", get_commit),
    Route("GET", f"{REPOSITORY}/compare/{{basehead}}", compare),
    Route("GET", f"{REPOSITORY}/tarball/{{ref}}", get_tarball),
)
