"""The site on one host, below a path; the forms on another, at its root."""

from __future__ import annotations

import re

from tests.contrib_gateway.conftest import Serve
from tests.contrib_gateway.running import free_port


def test_forms_on_another_host_have_their_styles_and_lead_on(serve: Serve) -> None:
    port = free_port()
    server = serve(
        VIGIE_PUBLIC_URL="https://asso.example/vigie/",
        VIGIE_GATEWAY_URL=f"http://127.0.0.1:{port}/",
    )
    server.wait_site()
    visitor = server.visitor()
    form = visitor.get("/contribuer/need/")
    styles = re.findall(r'href="(/vigie/theme/[^"]+\.css[^"]*)"', form.body.decode())
    assert styles
    for style in styles:
        page = visitor.get(style)
        assert page.status == 200
        assert "immutable" in page.headers["Cache-Control"]
    server.wait_page("/vigie/besoins/")
    assert visitor.get("/vigie/../healthz").status == 404
