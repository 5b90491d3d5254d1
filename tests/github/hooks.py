"""Webhooks: what happens is told to an address, in signed POSTs, by a thread of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import threading
import uuid
from dataclasses import dataclass
from typing import Any

import pygit2
import requests

from tests.github.objects import issues, people, pulls
from tests.github.objects import repository as repositories
from tests.github.objects.git import signature
from tests.github.objects.links import Links
from tests.github.records import User
from tests.github.state import State

NONE = "0" * 40  # the commit of a branch that is not


@dataclass(frozen=True)
class Delivery:
    event: str
    id: str
    body: bytes


class Hooks:
    """`target`: the address and the secret; None when there is no webhook."""

    def __init__(self, state: State, links: Links) -> None:
        self.target: tuple[str, str] | None = None
        self.deliveries: list[tuple[Delivery, int]] = []  # with the status; 0 when not delivered
        self._state, self._links = state, links
        self._queue: queue.Queue[Delivery | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def tell(self, event: str, action: str, sender: User, **about: Any) -> None:
        """A `Listener` of the state."""
        if self.target is None:
            return
        payload = self._payload(event, action, **about)
        payload["repository"] = repositories.repository(self._state, self._links)
        payload["sender"] = people.user(self._links, sender)
        body = json.dumps(payload, ensure_ascii=False).encode()
        self._send(Delivery(event, str(uuid.uuid4()), body))

    def redeliver(self) -> None:
        """The last one again, under the same delivery id, as GitHub's button does."""
        self.wait()
        self._send(self.deliveries[-1][0])

    def wait(self) -> None:
        """Wait until all was delivered, or could not be."""
        self._queue.join()

    def close(self) -> None:
        if self._thread:
            self._queue.put(None)
            self._thread.join(timeout=10)

    def _send(self, delivery: Delivery) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._deliver, daemon=True)
            self._thread.start()
        self._queue.put(delivery)

    def _deliver(self) -> None:
        while delivery := self._queue.get():
            if self.target:
                self.deliveries.append((delivery, _post(delivery, *self.target)))
            self._queue.task_done()
        self._queue.task_done()

    def _payload(self, event: str, action: str, **about: Any) -> dict[str, Any]:
        links = self._links
        match event:
            case "push":
                return self._push(**about)
            case "issue_comment":
                on = about["issue"]
                return {
                    "action": action,
                    "issue": issues.issue(links, on, False),
                    "comment": issues.comment(links, on, about["comment"], False),
                }
        pull = about["pull"]
        shown = pulls.pull if event == "pull_request_review" else pulls.whole
        payload = {
            "action": action,
            "number": pull.number,
            "pull_request": shown(self._state, links, pull, False),
        }
        if "review" in about:
            review = pulls.review(links, pull, about["review"], False)
            # Capitals in the REST API, small letters here: GitHub's own inconsistency.
            payload["review"] = review | {"state": review["state"].lower()}
        if "label" in about:
            payload["label"] = issues.label(links, about["label"])
        return payload | {key: about[key] for key in ("before", "after") if key in about}

    def _push(self, branch: str, before: str | None, after: str | None) -> dict[str, Any]:
        repository = self._state.repository
        new = repository.between(before, after)[-20:] if after and before else []
        tip = repository.commit(after or "")
        return {
            "ref": f"refs/heads/{branch}",
            "before": before or NONE,
            "after": after or NONE,
            "created": before is None,
            "deleted": after is None,
            "forced": bool(before and after and not repository.is_ancestor(before, after)),
            "compare": f"{self._links.page}/compare/{before or NONE}...{after or NONE}",
            "commits": [_commit(commit) for commit in new],
            "head_commit": _commit(tip) if tip else None,
        }


def _commit(one: pygit2.Commit) -> dict[str, Any]:
    author = signature(one.author)
    return {
        "id": str(one.id),
        "tree_id": str(one.tree_id),
        "message": one.message,
        "timestamp": author["date"],
        "author": {"name": author["name"], "email": author["email"]},
    }


def _post(delivery: Delivery, url: str, secret: str) -> int:
    signed = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/vigie",
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Delivery": delivery.id,
        "X-Hub-Signature-256": f"sha256={signed}",
    }
    try:
        return requests.post(url, delivery.body, headers=headers, timeout=10).status_code
    except requests.RequestException:
        return 0
