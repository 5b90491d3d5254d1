"""The signing key of an installation whose operator has set none."""

import os
import secrets
from pathlib import Path

from contrib_gateway.errors import SettingsError
from contrib_gateway.settings.values import SHORTEST_SECRET


def kept_secret(state: Path) -> str:
    """The key in `state`, made there first if there is none."""
    path = state / "secret-key"
    try:
        if not path.exists():
            _write_secret(path)
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise SettingsError(
            [f"VIGIE_STATE={str(state)!r}: {path} is unusable: {error}."]
        ) from error
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError([f"VIGIE_STATE={str(state)!r}: {path} holds no key; delete it."])
    return secret


def _write_secret(path: Path) -> None:
    """Write a new key whole or not at all; if another process was faster, its key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
