"""Tells a pull request what its check found, in one comment that is kept up to date.

Run by workflows/report.yml, with the right to comment. Which pull request it is comes from the
event alone, never from the report; of the proposal, no file is fetched and no code is run.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from comment import MARK, compose

AUTHOR = "github-actions[bot]"  # anyone may write the mark; only this account's comment is ours
LARGEST = 64_000  # bytes of a report that are read
PAGE = 100  # the most GitHub gives at once
CONTRIBUTION = re.compile(
    r"contribution/[a-z][a-z0-9_-]*/[a-z0-9-]+-(?P<id>[A-Za-z0-9]+)", re.ASCII
)


@dataclass(frozen=True)
class Repository:
    """One repository, through GitHub's REST API."""

    api: str
    name: str
    token: str

    def call(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        """The answer of one request. Raises `urllib.error.URLError`."""
        request = Request(  # noqa: S310 — the runner gives the address
            f"{self.api}/repos/{self.name}/{path}",
            data=json.dumps(body).encode() if body else None,
            method=method,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
            },
        )
        with urlopen(request, timeout=30) as answer:  # noqa: S310 — the same address
            return json.load(answer)

    def comments(self, number: int) -> Iterator[Any]:
        page = 1
        while found := self.call("GET", f"issues/{number}/comments?per_page={PAGE}&page={page}"):
            yield from found
            page += 1


def pull_request(repository: Repository, run: Mapping[str, Any], main: str) -> int | None:
    """The open pull request to `main` that a run checked; None when its branch has moved on.

    The event names none for a proposal from a fork; its branch and commit find it.
    """
    fork = run["head_repository"]
    if fork is None:  # deleted since
        return None
    head = f"{fork['owner']['login']}:{run['head_branch']}"
    query = urlencode({"state": "open", "base": main, "head": head, "per_page": PAGE})
    for pull in repository.call("GET", f"pulls?{query}"):
        at = pull["head"]
        if at["sha"] == run["head_sha"] and (at["repo"] or {}).get("id") == fork["id"]:
            return int(pull["number"])
    return None


def say(repository: Repository, number: int, words: str) -> None:
    """Make the comment, or bring the earlier one up to date."""
    for comment in repository.comments(number):
        if (comment["user"] or {}).get("login") == AUTHOR and comment["body"].startswith(MARK):
            if comment["body"] != words:
                repository.call("PATCH", f"issues/comments/{comment['id']}", {"body": words})
            return
    repository.call("POST", f"issues/{number}/comments", {"body": words})


def read(report: Path) -> str:
    """The beginning of the report; "" without one. A link could show a file of this machine."""
    if report.is_symlink() or not report.is_file():
        return ""
    with report.open("rb") as file:
        return file.read(LARGEST).decode(errors="replace")


def desk_page(gateway: str, repository: str, run: Mapping[str, Any]) -> str:
    """Where the desk shows a proposal that came from a form; "" for any other."""
    ours = run["head_repository"]["full_name"] == repository
    branch = CONTRIBUTION.fullmatch(run["head_branch"])
    return f"{gateway.rstrip('/')}/redaction/{branch['id']}/" if gateway and ours and branch else ""


def main(environ: Mapping[str, str]) -> None:
    event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    run, name = event["workflow_run"], environ["GITHUB_REPOSITORY"]
    repository = Repository(environ["GITHUB_API_URL"], name, environ["GITHUB_TOKEN"])
    number = pull_request(repository, run, event["repository"]["default_branch"])
    if number is None:
        print("No open pull request is at this commit any more: nothing to say.")
        return
    words = compose(
        passed=run["conclusion"] == "success",
        report=read(Path(environ["REPORT"])),
        run=f"{environ['GITHUB_SERVER_URL']}/{name}/actions/runs/{int(run['id'])}",
        desk=desk_page(environ.get("VIGIE_GATEWAY_URL", ""), name, run),
    )
    say(repository, number, words)
    print(f"Told on pull request {number}.")


if __name__ == "__main__":
    main(os.environ)
