"""The past of each public page, in words: when, whose, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from contrib_gateway.forge import Version
from contrib_gateway.gateway import Gateway
from contrib_gateway.history import Step, past
from contrib_gateway.views.absence import absent
from plugins.observation.withdrawal import told_again
from plugins.render import Change, changes
from plugins.render.words import words
from plugins.schema import Document, Freshness, Index, freshness, withhold


@dataclass(frozen=True)
class StepShown:
    """One version. `note` is what no field tells, or ""; `is_new`: there was no page before."""

    at: datetime
    said: str
    note: str
    changes: tuple[Change, ...]
    is_new: bool


class HistoryPages:
    """/historique/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"history-{self._lang}", __name__)
        pages.after_request(asked_for_again)
        pages.add_url_rule("/historique/<name>/<slug>/", view_func=self.history)
        return pages

    def history(self, name: str, slug: str) -> Response:
        index = self._gateway.library.index
        document = _page_named(index, name, slug)
        if document is None:
            raise absent(self._gateway, name, slug)
        path, site = f"historique/{document.ref}/", self._gateway.site
        if document.slug != slug:
            return redirect(site.gateway(path, self._lang), 302)
        found = past(document, self._gateway.forge, index.schema)
        page = self._gateway.theme(index.schema).render(
            "gateway/history.html",
            self._lang,
            path,
            document=document,
            page_url=site.href(document.url or "", self._lang),
            steps=[self._shown(step, index, document) for step in found.steps],
            whole=found.whole,
            months=_says_months(document),
        )
        answer = make_response(page)
        answer.add_etag()
        return answer.make_conditional(request)

    def _shown(self, step: Step, index: Index, now: Document) -> StepShown:
        site, lang = self._gateway.site, self._lang
        before, after = (told_again(d, index) if d else None for d in (step.before, step.after))
        if freshness(now, site.built) is Freshness.STALE:  # what it hides was as old before
            before = withhold(before, site.built) if before else None
            after = withhold(after, site.built) if after else None
        return StepShown(
            at=step.version.at,
            said=said(step.version, lang),
            note=_note(step, lang),
            changes=changes(before, after, index, site, lang) if after else (),
            is_new=before is None,
        )


def _says_months(document: Document) -> bool:
    """Whether its type keeps no day: what was published that day would tell who was there."""
    return getattr(document.type.fields["created"].kind, "precision", "") == "month"


def asked_for_again(response: Response) -> Response:
    """For pages that change whenever main does, and that search engines have no use for."""
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page_named(index: Index, name: str, slug: str) -> Document | None:
    """The public page of this name, or that had it."""
    named = index.get(f"{name}/{slug}") or next(iter(index.named(name, slug)), None)
    return named if named and named.url else None


def said(version: Version, lang: str) -> str:
    """Whose a version is, in a sentence."""
    say = words(lang).gettext
    by = version.by or say("somebody")
    if version.undo:
        return say("Taken back by %s: what was there before is there again.") % by
    if not version.id:
        return say("Written with git by %s.") % by
    first = version.proposed_by
    parts = [say("Proposed by %s") % first if first else say("Proposed by somebody unnamed")]
    if version.corrected_by not in ("", first):
        parts.append(say("corrected by %s") % version.corrected_by)
    if version.by:
        parts.append(say("published by %s") % by)
    return ", ".join(parts) + "."


def _note(step: Step, lang: str) -> str:
    say = words(lang).gettext
    if step.unread:
        return say("What it said could not be read.")
    if step.after is None:
        return say("The page was taken off the site.")
    if step.before and step.before.slug != step.after.slug:
        return say("Its address changed.")
    return ""
