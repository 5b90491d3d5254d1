"""`vigie` that shreds what was forgotten within a second: its tests need not wait longer."""

from datetime import timedelta

from contrib_gateway import cli
from contrib_gateway.store import privacy


def main() -> None:
    privacy.SHREDS = timedelta(seconds=1)
    cli.main()


if __name__ == "__main__":
    main()
