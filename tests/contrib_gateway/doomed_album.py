"""Keeps a picture in a folder, and is killed before the call to the disk that has a number."""

import os
import signal
import sys
from pathlib import Path

from contrib_gateway.album import Album
from contrib_gateway.pictures import Picture
from tests.contrib_gateway.clocks import SetClock

CALLS = ("open", "os.utime", "os.rename", "os.remove")


def main(folder: Path, number: int) -> None:
    left = number

    def kill_in_time(event: str, _: object) -> None:
        nonlocal left
        if event not in CALLS:
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    album, picture = Album(folder, SetClock()), Picture(f"{'a' * 26}.webp", b"wwww", b"jjjj", 1, 1)
    sys.addaudithook(kill_in_time)
    album.keep(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
