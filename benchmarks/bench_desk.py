"""How long an editor waits for the desk with 1 000 submissions waiting, beside a bare page.

A real store and the embedded forge, in a process of its own, asked over HTTP on this machine. The
bare page is /healthz of the same process, asked in turns in the same run; the ratio is of medians.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from contrib_gateway.gateway import assemble
from contrib_gateway.settings import Settings
from contrib_gateway.store import Act, Store
from tests.contrib_gateway.crowds import crowd
from tests.contrib_gateway.running import EDITORS, Server, sample_content
from tests.contrib_gateway.visitor import Visitor

WAITING = 1000
ROUNDS = 40
REST = 5  # seconds in which the flags are found
BARE = "bare page"
AFTER = "something new"  # the first page, when all that waits must be read again


def fill(state: Path, seed: Path) -> list[str]:
    """A state folder in which WAITING are proposed or held; their ids."""
    environ = {"VIGIE_STATE": str(state), "VIGIE_EDITORS": EDITORS[0]}
    gateway = assemble(Settings.from_environ(environ), seed=seed)
    ids = crowd(gateway, WAITING)
    gateway.worker.work()
    gateway.store.close()
    return ids


def asked(editor: Visitor, path: str) -> float:
    """Milliseconds until the whole page is there."""
    began = time.perf_counter()
    status = editor.get(path).status
    assert status == 200, (path, status)
    return (time.perf_counter() - began) * 1000


def measure(editor: Visitor, pages: dict[str, str], store: Store) -> None:
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        for name, path in pages.items():
            if name == AFTER:
                store.log("Léa", Act.READ)
            times[name].append(asked(editor, path))
    bare = median(times[BARE])
    for name, taken in times.items():
        slow = quantiles(taken, n=20)[-1]
        print(f"{name:13} {median(taken):6.1f} | {slow:6.1f} | x {median(taken) / bare:.0f}")


def main() -> None:
    print(f"the desk, {WAITING} waiting, ms: median | 95 of 100 | ratio to the bare page")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ids = fill(folder / "state", sample_content(folder / "content"))
        server = Server(folder / "state").start()
        try:
            server.wait_site()
            server.wait_queue()
            editor = server.editor()
            time.sleep(REST)
            measure(
                editor,
                {
                    BARE: "/healthz",
                    "first page": "/redaction/",
                    AFTER: "/redaction/",
                    "filtered": "/redaction/?type=need&etat=held",
                    "last page": f"/redaction/?page={WAITING}",
                    "a proposal": f"/redaction/{ids[1]}/",
                },
                Store(folder / "state" / "vigie.sqlite"),
            )
        finally:
            server.kill()


if __name__ == "__main__":
    main()
