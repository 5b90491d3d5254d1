"""What settings need of each other, once each is read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from contrib_gateway.address import mailbox
from contrib_gateway.settings.values import Smtp


def github_problems(read: Mapping[str, Any]) -> list[str]:
    """What GitHub needs together, or not at all."""
    app = [read[f"github_app_{part}"] for part in ("id", "key", "installation")]
    if not read["github"] or (read["github_token"] and not any(app)):
        return []
    if all(app) and not read["github_token"]:
        return []
    return [
        "VIGIE_FORGE=github:…: expected VIGIE_GITHUB_TOKEN, or else all of VIGIE_GITHUB_APP_ID, "
        "VIGIE_GITHUB_APP_KEY and VIGIE_GITHUB_APP_INSTALLATION."
    ]


def sign_mail(read: dict[str, Any]) -> list[str]:
    """Give mail its sender, if none is given; what is wrong if there can be none."""
    smtp: Smtp | None = read["smtp"]
    if smtp and not smtp.sender:
        try:
            sender = mailbox("vigie", urlsplit(read["gateway_url"]).hostname or "")
        except ValueError:
            return [
                "VIGIE_SMTP_URL=(hidden): expected ?from=ADDRESS, since nobody can have an "
                "address at the host of VIGIE_GATEWAY_URL."
            ]
        read["smtp"] = replace(smtp, sender=sender)
    return []
