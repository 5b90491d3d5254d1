"""Drives the server as its clients do: the API by github3.py, the repository by git."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import github3
import requests
from github3.pulls import ShortPullRequest

from tests.contrib_gateway.ledger import git
from tests.github import GitHub

Files = Mapping[str, str | None]


def connect(github: GitHub) -> Any:
    """The repository, as github3.py has it."""
    owner, _, name = github.state.full_name.partition("/")
    return github3.GitHubEnterprise(github.url, token=github.token).repository(owner, name)


def ask(github: GitHub, method: str, path: str, **options: Any) -> requests.Response:
    """`path`: below the repository's own in the API."""
    url = f"{github.url}/api/v3/repos/{github.state.full_name}{path}"
    headers = {"Authorization": f"token {github.token}"} | options.pop("headers", {})
    return requests.request(method, url, headers=headers, timeout=10, **options)


def commit(repository: Any, files: Files, base: str = "main", message: str = "Proposal") -> str:
    """A commit on the branch `base` that is on no branch itself. None deletes a file."""
    parent = repository.ref(f"heads/{base}").object.sha
    entries = [
        {"path": path, "mode": "100644", "type": "blob"}
        | ({"sha": None} if text is None else {"content": text})
        for path, text in files.items()
    ]
    tree = repository.create_tree(entries, repository.git_commit(parent).tree.sha)
    sha: str = repository.create_commit(message, tree.sha, [parent]).sha
    return sha


def propose(repository: Any, branch: str, files: Files) -> ShortPullRequest:
    repository.create_ref(f"refs/heads/{branch}", commit(repository, files))
    return repository.create_pull(f"Add {branch}", "main", f"vigie:{branch}", "Please read.")


class Clone:
    """Nadia's working copy."""

    def __init__(self, github: GitHub, folder: Path) -> None:
        git(folder, "clone", "--quiet", str(github.repository), "clone")
        self.folder = folder / "clone"

    def git(self, *arguments: str) -> str:
        return git(self.folder, *arguments)

    def write(self, path: str, text: str) -> str:
        """Commit a file where she is; returns the commit."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", f"Write {path}")
        return self.git("rev-parse", "HEAD")
