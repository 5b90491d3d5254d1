"""The server as a process of its own: `python -m tests.github --repository DIR --seed content`.

It prints its address, and when it is asked to end (SIGTERM, or Ctrl-C) what happened, as JSON.
"""

from __future__ import annotations

import argparse
import json
import signal
from pathlib import Path

from tests.github.access import App
from tests.github.server import TOKEN, GitHub


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.github", description=__doc__)
    add = parser.add_argument
    add("--repository", type=Path, required=True, help="the bare repository; made if not there")
    add("--seed", type=Path, help="the files of its first commit's content/")
    add("--name", default="vigie/territoire", help="owner/repository")
    add("--port", type=int, default=0, help="of 127.0.0.1; 0: a free one")
    add("--token", default=TOKEN)
    add("--latency", type=float, default=0.0, help="seconds before each answer")
    add("--rate-limit", type=int, default=5000, help="calls an hour")
    add("--no-validation", action="store_true", help="do not check exchanges: it costs time")
    add("--delete-branch-on-merge", action="store_true")
    add("--webhook", help="where events are sent")
    add("--webhook-secret", default="")
    add("--app-id", help="with --app-key and --app-installation: a GitHub App")
    add("--app-key", type=Path, help="its public key, PEM")
    add("--app-installation", default="1")
    return parser


def main() -> None:
    given = _parser().parse_args()
    app = None
    if given.app_id:
        app = App(given.app_id, given.app_key.read_bytes(), given.app_installation)
    with GitHub(
        given.repository,
        given.seed,
        name=given.name,
        port=given.port,
        token=given.token,
        app=app,
        latency=given.latency,
        validate=not given.no_validation,
        rate_limit=given.rate_limit,
        delete_branch_on_merge=given.delete_branch_on_merge,
    ) as github:
        if given.webhook:
            github.webhook = (given.webhook, given.webhook_secret)
        ending = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, ending)
        print(github.url, flush=True)
        signal.sigwait(ending)
        counts = {"calls": len(github.calls), "creating": github.creating}
        print(json.dumps(counts | {"violations": github.violations}), flush=True)


if __name__ == "__main__":
    main()
