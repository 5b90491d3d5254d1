"""/webhooks/github: GitHub tells that somebody did something there; we look for ourselves."""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, Response, request

from contrib_gateway.errors import Forbidden, NotFound
from contrib_gateway.gateway import Gateway

SIGNATURE = "X-Hub-Signature-256"


class WebhookPages:
    """What is sent is only a reason to look: nothing in it is believed, nor kept."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def blueprint(self) -> Blueprint:
        pages = Blueprint("webhooks", __name__)
        pages.add_url_rule("/webhooks/github", view_func=self.github, methods=["POST"])
        return pages

    def github(self) -> Response:
        """Answers at once; the signature is GitHub's HMAC-SHA256 of the body."""
        secret = self._gateway.settings.github_webhook_secret
        if not secret:
            raise NotFound("no webhook is expected")
        expected = hmac.new(secret.encode(), request.get_data(), hashlib.sha256).hexdigest()
        given = request.headers.get(SIGNATURE, "")
        if not hmac.compare_digest(f"sha256={expected}".encode(), given.encode()):
            raise Forbidden("the webhook is not signed by GitHub")
        self._gateway.worker.look_soon()
        return Response(status=202)
