"""Git's data on GitHub: commits, trees, files, branches, and what differs between two commits."""

from __future__ import annotations

import base64
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlencode

from github3 import exceptions as faults

from contrib_gateway.errors import ForgeUnavailable, NotFound, Refused
from contrib_gateway.forge import CONTENT
from contrib_gateway.forge.combining import Blobs
from contrib_gateway.forge.github.client import Client, ask
from contrib_gateway.forge.message import Message

FILE = "100644"
MOST_FILES = 300  # of a comparison
REMOVED = "removed"


@dataclass(frozen=True)
class Commit:
    sha: str
    tree: str
    parents: tuple[str, ...]
    message: Message
    author: str
    at: datetime


@dataclass(frozen=True)
class Difference:
    """From `base`, where both histories part, to a commit: its files that changed and messages."""

    base: str
    changes: Blobs
    messages: tuple[Message, ...]


class Objects:
    """Reads and writes git's data, each method with as few requests as GitHub allows."""

    def __init__(self, client: Client) -> None:
        self._client = client

    # Reading

    def branch(self, name: str) -> str | None:
        """The commit of a branch."""
        with self._client.repository() as repository:
            try:
                return str(repository.ref(f"heads/{name}").object.sha)
            except faults.NotFoundError:
                return None

    def branches(self, prefix: str) -> list[str]:
        """The names of the branches that begin so."""
        with self._client.repository() as repository:
            answer = ask(repository, "GET", f"git/matching-refs/heads/{prefix}", 200)
            return [found["ref"].removeprefix("refs/heads/") for found in answer]

    def commit(self, sha: str) -> Commit:
        with self._client.repository() as repository:
            found = repository.git_commit(sha).as_dict()
            return _commit(found, found)

    def touching(self, path: str, head: str, most: int) -> list[Commit]:
        """The last commits that changed a file, seen from `head`; the newest first."""
        query = urlencode({"sha": head, "path": path, "per_page": most})
        with self._client.repository() as repository:
            answer = ask(repository, "GET", f"commits?{query}", 200)
            return [_commit(found, found["commit"]) for found in answer]

    def written(self, commit: str) -> dict[str, str]:
        """Path → blob of the files that a commit left otherwise than its first parent had them."""
        with self._client.repository() as repository:
            files = ask(repository, "GET", f"commits/{commit}", 200).get("files") or ()
            return {f["filename"]: f["sha"] for f in files if f["status"] != REMOVED}

    def files(self, tree: str) -> dict[str, str]:
        """Path → blob of all files below `content/` in a commit's tree."""
        content = next((e["sha"] for e in self._entries(tree) if e["path"] == CONTENT), None)
        return dict(self._below(content, f"{CONTENT}/")) if content else {}

    def _below(self, tree: str, prefix: str) -> Iterator[tuple[str, str]]:
        """One request for a whole folder; one for each of its folders where it is too large."""
        with self._client.repository() as repository:
            found = repository.tree(tree, recursive=True).as_dict()
        whole = not found.get("truncated")
        for entry in found["tree"] if whole else self._entries(tree):
            if entry["type"] == "blob":
                yield prefix + entry["path"], entry["sha"]
            elif entry["type"] == "tree" and not whole:
                yield from self._below(entry["sha"], f"{prefix}{entry['path']}/")

    def _entries(self, tree: str) -> list[dict[str, Any]]:
        with self._client.repository() as repository:
            found: list[dict[str, Any]] = repository.tree(tree).as_dict()["tree"]
            return found

    def blob(self, sha: str) -> bytes:
        """Raises `NotFound`."""
        with self._client.repository() as repository:
            try:
                return base64.b64decode(repository.blob(sha).content)
            except faults.NotFoundError:
                raise NotFound(f"no blob {sha}") from None

    def contents(self, commit: str) -> Iterator[bytes]:
        """Every file of a commit, in one request, in no order."""
        with TemporaryFile() as file:
            with self._client.repository() as repository:
                if not repository.archive("tarball", path=file, ref=commit):
                    raise ForgeUnavailable("GitHub gave no archive")
            file.seek(0)
            try:
                with tarfile.open(fileobj=file, mode="r:gz") as archive:
                    for member in archive:
                        if member.isreg() and (data := archive.extractfile(member)):
                            yield data.read()
            except (tarfile.TarError, zlib.error, OSError, EOFError) as error:
                raise ForgeUnavailable(f"GitHub's archive cannot be read: {error}") from error

    def difference(self, base: str, head: str) -> Difference | None:
        """What `head` has that `base` has not; None if they share no history.

        Raises `Refused` for more files than GitHub tells of: there may be others.
        """
        with self._client.repository() as repository:
            try:
                found = repository.compare_commits(base, head).as_dict()
            except faults.NotFoundError:
                return None
            files = found.get("files") or ()
            if len(files) >= MOST_FILES:
                raise Refused(f"GitHub tells of no more than {MOST_FILES} files")
            changes: dict[str, str | None] = {}
            for file in files:
                if file["status"] == "renamed":
                    changes[file["previous_filename"]] = None
                removed = file["status"] == REMOVED
                changes[file["filename"]] = None if removed else file["sha"]
            said = tuple(Message.parse(entry["commit"]["message"]) for entry in found["commits"])
            return Difference(found["merge_base_commit"]["sha"], changes, said)

    # Writing

    def write_blob(self, data: bytes) -> str:
        with self._client.repository() as repository:
            encoded = base64.b64encode(data).decode()
            return str(repository.create_blob(encoded, "base64"))

    def write_tree(self, base: str, files: Mapping[str, bytes | None]) -> str:
        """The tree `base` with these files. Text travels in the tree's own request."""
        entries = [self._entry(path, data) for path, data in sorted(files.items())]
        with self._client.repository() as repository:
            return str(repository.create_tree(entries, base).sha)

    def _entry(self, path: str, data: bytes | None) -> dict[str, object]:
        entry: dict[str, object] = {"path": path, "mode": FILE, "type": "blob"}
        if data is None:
            return entry | {"sha": None}
        try:
            return entry | {"content": data.decode()}
        except UnicodeDecodeError:
            return entry | {"sha": self.write_blob(data)}

    def write_commit(self, message: Message, tree: str, parents: list[str]) -> str:
        """Author and committer are whoever the gateway is to GitHub."""
        with self._client.repository() as repository:
            return str(repository.create_commit(str(message), tree, parents).sha)

    def create_branch(self, name: str, commit: str) -> None:
        """Unless it is there."""
        with self._client.repository() as repository:
            try:
                repository.create_ref(f"refs/heads/{name}", commit)
            except faults.UnprocessableEntity:
                if self.branch(name) is None:  # then this was not the reason
                    raise

    def move_branch(self, name: str, commit: str) -> None:
        """Forward only. Raises `Refused` if the branch has gone elsewhere."""
        with self._client.repository() as repository:
            ask(repository, "PATCH", f"git/refs/heads/{name}", 200, sha=commit, force=False)

    def delete_branch(self, name: str) -> None:
        """It may be gone already: GitHub can be told to remove merged ones."""
        gone = suppress(faults.NotFoundError, faults.UnprocessableEntity)
        with self._client.repository() as repository, gone:
            ask(repository, "DELETE", f"git/refs/heads/{name}", 204)


def _commit(found: dict[str, Any], said: dict[str, Any]) -> Commit:
    """Wherever GitHub shows a commit; `said` is the part that git knows as well."""
    return Commit(
        sha=found["sha"],
        tree=said["tree"]["sha"],
        parents=tuple(parent["sha"] for parent in found["parents"]),
        message=Message.parse(said["message"]),
        author=said["author"]["name"],
        at=datetime.fromisoformat(said["committer"]["date"]),
    )
