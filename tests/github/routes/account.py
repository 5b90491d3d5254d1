"""Who asks, and what is left to them: the account, the App, the rate."""

from __future__ import annotations

from tests.github.exchange import Answer, Call, Refused, not_found
from tests.github.objects import people
from tests.github.objects.links import date
from tests.github.routes.site import Route, Site


def get_user(site: Site, call: Call) -> Answer:
    if call.user is site.access.app_bot:
        raise Refused(403, "Resource not accessible by integration")
    return Answer(200, people.account(site.links, call.user, date(site.state.created_at)))


def get_app(site: Site, call: Call) -> Answer:
    app = site.access.asserted(call.headers)
    since = date(site.state.created_at)
    return Answer(200, people.app(site.links, int(app.id), site.state.owner, since))


def create_token(site: Site, call: Call) -> Answer:
    app = site.access.asserted(call.headers)
    if call.parts["installation_id"] != app.installation:
        raise not_found()
    token, until = site.access.install()
    permissions = {"contents": "write", "metadata": "read", "pull_requests": "write"}
    data = {
        "token": token,
        "expires_at": date(until),
        "permissions": permissions,
        "repository_selection": "selected",
    }
    return Answer(201, data)


def get_rate_limit(site: Site, call: Call) -> Answer:
    shown = site.access.rate.show(site.state.now())
    return Answer(200, {"resources": {"core": shown, "search": shown}, "rate": shown})


ROUTES = (
    Route("GET", "/user", get_user),
    Route("GET", "/app", get_app),
    Route("POST", "/app/installations/{installation_id}/access_tokens", create_token),
    Route("GET", "/rate_limit", get_rate_limit),
)
