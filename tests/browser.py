"""Finds a Chromium for the browser tests; run as a command, installs one where it may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"  # the same engine without a browser's windows: half the work
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def chromium() -> str | None:
    """The path of a Chromium; CHROMIUM names one that is not on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """From the distribution, which needs root and apt: the shell, else the whole browser.

    Where there is a whole one already, the distribution is only asked for what it is known to have.
    """
    if os.environ.get("CHROMIUM") or shutil.which(SHELL):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    there = chromium()
    if there and not _known(SHELL):
        return
    print("Vigie: installing Chromium for the browser tests…")
    if not there:
        _apt("update")
    _apt("install", "-y", "--no-install-recommends", SHELL)
    if not chromium():
        _apt("install", "-y", "chromium")


def _known(package: str) -> bool:
    """Whether the lists that this machine has name it: no question to the network."""
    asked = subprocess.run(
        ["apt-cache", "show", package], capture_output=True, text=True, check=False
    )
    return asked.returncode == 0 and bool(asked.stdout.strip())


def _apt(*arguments: str) -> None:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", *arguments]
    subprocess.run(
        command, env=environ, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


if __name__ == "__main__":
    install()
    if not chromium():
        print("Vigie: no Chromium here; the browser tests will be skipped.", file=sys.stderr)
