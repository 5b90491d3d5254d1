"""Finds a Chromium for the browser tests; run as a command, installs one where it may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def chromium() -> str | None:
    """The path of a Chromium; CHROMIUM names one that is not on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """From the distribution, which needs root and apt."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Vigie: installing Chromium for the browser tests…")
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, env=environ, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if not chromium():
        install()
    if not chromium():
        print("Vigie: no Chromium here; the browser tests will be skipped.", file=sys.stderr)
