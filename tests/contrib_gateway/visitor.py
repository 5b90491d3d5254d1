"""A person at a browser without JavaScript: opens pages, fills in their forms, sends them."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from tests.pages import Element, parse

GONE = (OSError, http.client.HTTPException)  # what a visitor meets when the server is killed
PATIENCE = 60  # seconds
Pairs = list[tuple[str, str]]
Values = Mapping[str, str | Sequence[str]]


UNASKED = ("contact", "relay")


@dataclass
class Control:
    """What one name of a form may be given: `choices` is None where anything may be typed."""

    name: str
    sent: list[str] = field(default_factory=list)
    choices: set[str] | None = None


@dataclass
class Form:
    """A form as the page offers it."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)

    @property
    def inputs(self) -> Pairs:
        """What would be sent as the page stands."""
        return [(name, value) for name, one in self.controls.items() for value in one.sent]

    def filled(self, values: Values, button: str = "") -> Pairs:
        """What is sent after filling in `values` and pressing `button`; only what is offered, and
        what a form without mail does not ask for, which a stranger may send.
        """
        given = {name: [v] if isinstance(v, str) else list(v) for name, v in values.items()}
        for name, chosen in given.items():
            if name in UNASKED and name not in self.controls:
                continue
            control = self.controls[name]
            if control.choices is not None and not set(chosen) <= control.choices:
                raise AssertionError(f"{name} offers {control.choices}, not {chosen}")
        kept = [(name, value) for name, value in self.inputs if name not in given]
        if button and button not in self.buttons:
            raise AssertionError(f"there is no button {button}")
        new = [(name, value) for name, chosen in given.items() for value in chosen]
        return kept + new + ([(button, "1")] if button else [])


def read_form(element: Element) -> Form:
    form = Form(
        element.attributes.get("action", ""), element.attributes.get("method", "get").lower()
    )
    for inside in element:
        name = inside.attributes.get("name")
        if name and inside.tag == "button":
            form.buttons.add(name)
        elif name and inside.tag in READERS:
            READERS[inside.tag](form.controls.setdefault(name, Control(name)), inside)
    return form


def _take_input(control: Control, element: Element) -> None:
    here = element.attributes
    kind, value = here.get("type", "text"), here.get("value", "")
    if kind in ("radio", "checkbox"):
        control.choices = (control.choices or set()) | {value}
        if "checked" in here:
            control.sent.append(value)
    else:
        control.sent.append(value)


def _take_select(control: Control, element: Element) -> None:
    options = [option.attributes for option in element.all("option")]
    control.choices = {option.get("value", "") for option in options}
    control.sent += [option.get("value", "") for option in options if "selected" in option]


def _take_area(control: Control, element: Element) -> None:
    control.sent.append(element.text.replace("\n", "\r\n"))  # as browsers send it


READERS = {"input": _take_input, "select": _take_select, "textarea": _take_area}


def _said(element: Element) -> Iterator[str]:
    for part in element.content:
        if isinstance(part, str):
            yield part
        elif part.tag not in ("style", "script"):
            yield from _said(part)


@dataclass(frozen=True)
class Page:
    """An answer. `path` is where it was asked for."""

    path: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """What a reader reads; every space is a plain one."""
        return " ".join(" ".join(_said(parse(self.text))).split())

    @property
    def links(self) -> list[str]:
        """Every address the page leads to or shows, on this host: paths without fragments."""
        named = (one.attributes for one in parse(self.text))
        found = [link for here in named if (link := here.get("href") or here.get("src"))]
        whole = [urlsplit(urljoin(f"http://here{self.path}", link)) for link in found]
        paths = (f"{p.path}?{p.query}" if p.query else p.path for p in whole if p.netloc == "here")
        return list(dict.fromkeys(paths))

    @cached_property
    def forms(self) -> list[Form]:
        return [read_form(element) for element in parse(self.text).all("form")]

    @property
    def location(self) -> str:
        return self.headers["Location"]

    def form(self, action: str) -> Form:
        """The form whose action ends so."""
        found = [form for form in self.forms if form.action.endswith(action)]
        assert found, f"{self.status} {self.path}: no form {action}: {self.words[:500]}"
        return found[0]


class Visitor:
    """One person, with the cookies they were given."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        return self.request("GET", path)

    def post(self, path: str, inputs: Iterable[tuple[str, str]] = ()) -> Page:
        return self.request("POST", path, urlencode(list(inputs)))

    def request(
        self,
        method: str,
        path: str,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Raises one of GONE when nobody answers."""
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            page = Page(path, answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        for header in page.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return page

    def submit(self, page: Page, action: str, values: Values, button: str = "") -> Page:
        """Fill in the form of `page` whose action ends so, and send it."""
        form = page.form(action)
        assert form.method == "post"
        return self.post(form.action, form.filled(values, button))

    # A contribution

    def fill(self, name: str, values: Values, lang: str = "fr") -> Page:
        """Open the form of a type, fill it in, send it: normally the page to review."""
        page = self.get(form_path(name, lang))
        assert page.status == 200, (page.status, page.words[:500])
        return self.submit(page, form_path(name, lang), values)

    def review(self, name: str, values: Values, lang: str = "fr") -> tuple[str, Pairs]:
        """The address and the inputs that confirm a contribution, from its page to review."""
        page = self.fill(name, values, lang)
        assert page.status == 200, (page.status, page.words[:800])
        form = page.form(form_path(name, lang))
        assert "_reviewed" in form.controls, page.words[:800]
        return form.action, form.filled({})

    def confirm(self, review: tuple[str, Pairs]) -> str:
        """Confirm; returns the receipt's path."""
        page = self.post(*review)
        assert page.status == 303, (page.status, page.words[:800])
        return page.location

    def contribute(self, name: str, values: Values, lang: str = "fr") -> str:
        """The whole way; returns the receipt's path."""
        return self.confirm(self.review(name, values, lang))

    # The desk

    def decide(self, id: str, verb: str, **values: str) -> Page:
        """Open a proposal on the desk and `publier` or `refuser` it (with `reason`)."""
        page = self.get(f"/redaction/{id}/")
        assert page.status == 200, (page.status, page.words[:500])
        return self.submit(page, f"/redaction/{id}/{verb}/", values)

    def publish(self, id: str) -> None:
        page = self.decide(id, "publier")
        assert page.status == 303, (page.status, page.words[:800])

    def decline(self, id: str, reason: str) -> None:
        page = self.decide(id, "refuser", reason=reason)
        assert page.status == 303, (page.status, page.words[:800])

    def csrf(self) -> str:
        """The token that this editor's pages carry."""
        return dict(self.get("/redaction/").form("/sortir/").inputs)["_csrf"]


def form_path(name: str, lang: str = "fr") -> str:
    return f"/contribuer/{name}/" if lang == "fr" else f"/{lang}/contribuer/{name}/"


def id_of(receipt: str) -> str:
    """The submission that a receipt's address is about."""
    return receipt.rstrip("/").rpartition("/")[2].partition("-")[0]


def answers(name: str, title: str, **more: str | Sequence[str]) -> Values:
    """Answers enough for a page of that type, with that title."""
    required: Mapping[str, Values] = {
        "need": {"viewpoint": "usager", "themes": ["chercher-un-emploi"]},
        "initiative": {
            "summary": "Des voisins s’entraident. Chacun apporte ce qu’il sait.",
            "carrier_name": "Les voisins de la rue",
            "place-territory": "tours",
            "themes": ["chercher-un-emploi"],
        },
        "observation": {
            "viewpoint": "professionnel",
            "date": "2026-03-12",
            "place-territory": "tours",
            "setting": "atelier",
            "themes": ["chercher-un-emploi"],
            "seen": "Deux personnes sont venues ensemble pour une seule démarche.",
            "consent": "true",
        },
        "resource": {},
        "actor": {"kind": "epn", "summary": "On y est aidé. Gratuit.", "place-territory": "tours"},
    }
    return {"title": title, **required[name], **more}
