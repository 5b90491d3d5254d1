"""Each request is understood, recorded, checked, perhaps spoilt, and answered."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
import traceback
from threading import RLock
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.github.exchange import Answer, Call, Refused, not_found
from tests.github.faults import BEFORE_WORK, WITHOUT_ANSWER, Fault, Faults, Kind
from tests.github.reconcile import reconcile
from tests.github.routes import Route, Router, Site
from tests.github.routes.commits import archive
from tests.github.schema import Checker
from tests.github.wire import Request, Response

ROOT = "/api/v3"


class Exchange(NamedTuple):
    method: str
    path: str  # below the API's root, without the query
    status: int  # 0 when there was no answer


class Body(dict[str, Any]):
    """A request's JSON object, whose missing fields are refused as GitHub does."""

    def __missing__(self, key: str) -> Any:
        raise Refused(422, f'Invalid request.\n\n"{key}" wasn\'t supplied.')


class Front:
    """What happened is in `calls` and `violations`; `latency` is in seconds."""

    def __init__(
        self, site: Site, lock: RLock, faults: Faults, checker: Checker | None, latency: float
    ) -> None:
        self.calls: list[Exchange] = []
        self.violations: list[str] = []
        self.latency = latency
        self._site, self._lock = site, lock
        self._faults, self._checker = faults, checker
        self._router = Router()

    def respond(self, request: Request) -> Response:
        if self.latency:
            time.sleep(self.latency)
        call = self._read(request)
        route = self._router.find(call)
        fault = self._faults.strike(call)
        spoilt = fault is not None and fault.kind in BEFORE_WORK
        if fault and spoilt:
            answer = fault.answer(call, self._site.state.now())
        else:
            answer = self._answer(call, route, request)
        if self._checker and route:
            self.violations += self._checker.request(call, request.body)
            if not spoilt:
                self.violations += self._checker.answer(call, answer)
        response = self._encode(call, answer)
        silent = fault is not None and fault.kind in WITHOUT_ANSWER
        self.calls.append(Exchange(call.method, call.path, 0 if silent else response.status))
        return _spoil(response, fault) if fault else response

    def _read(self, request: Request) -> Call:
        parts = urlsplit(request.target)
        numbered = f"{ROOT}/repositories/{self._site.state.id}"
        path = parts.path
        if path.startswith(numbered):  # what Link headers say
            path = f"{ROOT}/repos/{self._site.state.full_name}{path.removeprefix(numbered)}"
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        path = path.removeprefix(ROOT) if path.startswith(f"{ROOT}/") else f"outside:{path}"
        call = Call(request.method, path, query, request.headers)
        with contextlib.suppress(ValueError):
            data = json.loads(request.body) if request.body else {}
            call.data = Body(data) if isinstance(data, dict) else data
        return call

    def _answer(self, call: Call, route: Route | None, request: Request) -> Answer:
        try:
            with self._lock:
                return self._work(call, route)
        except Refused as refused:
            return refused.answer
        except Exception:  # a fault of this server: the test that met it must fail
            self.violations.append(f"{call.method} {call.path}: {traceback.format_exc()}")
            return Refused(500, "Server Error").answer

    def _work(self, call: Call, route: Route | None) -> Answer:
        access, rate = self._site.access, self._site.access.rate
        archives = f"outside:/codeload/{self._site.state.full_name}/legacy.tar.gz/"
        if call.path.startswith(archives):
            return archive(self._site, unquote(call.path.removeprefix(archives)))
        if route is None:
            asked = f"{call.method} {call.path.removeprefix('outside:')}"
            self.violations.append(f"{asked}: asked for something the server does not know")
            raise not_found()
        call.actor = access.identify(call.headers)
        rate.count(self._site.state.now(), 0 if route.template == "/rate_limit" else 1)
        if call.data is None:
            raise Refused(400, "Problems parsing JSON")
        named = f"{call.parts.get('owner', '')}/{call.parts.get('repo', '')}"
        if "repo" in call.parts and named.lower() != self._site.state.full_name.lower():
            raise not_found()
        reconcile(self._site.state)
        return route.handler(self._site, call)

    def _encode(self, call: Call, answer: Answer) -> Response:
        body = answer.encode()
        rate = self._site.access.rate
        headers = {
            "Server": "github.com",
            "Content-Type": "application/json; charset=utf-8",
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": f"VIGIE:{len(self.calls)}",
            **rate.headers(self._site.state.now()),
            **answer.headers,
        }
        if call.method == "GET" and answer.status == 200:
            headers["ETag"] = f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
            if call.headers.get("if-none-match") == headers["ETag"]:
                rate.used -= 1  # GitHub does not count them
                return Response(304, headers)
        return Response(answer.status, headers, body)


def _spoil(response: Response, fault: Fault) -> Response:
    match fault.kind:
        case Kind.HANG | Kind.LATE:
            fault.hold()
            response.sent = 0.0
        case Kind.REFUSED | Kind.LOST:
            response.sent = 0.0
        case Kind.CUT:
            response.sent = 0.5
        case Kind.HALF_JSON:
            response.body = response.body[: len(response.body) // 2]
    return response
