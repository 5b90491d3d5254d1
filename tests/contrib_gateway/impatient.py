"""`vigie` that waits for a locked database only for a moment, so that its tests need not wait."""

from functools import partialmethod

from contrib_gateway import cli
from contrib_gateway.store import Store

PATIENCE = 0.3  # seconds


def main() -> None:
    Store.__init__ = partialmethod(Store.__init__, patience=PATIENCE)  # type: ignore[assignment]
    cli.main()


if __name__ == "__main__":
    main()
