"""Accepting a submission: screened, named, made durable; from here on it cannot be lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property

from contrib_gateway.clock import Clock, day
from contrib_gateway.courtesy import Courtesy
from contrib_gateway.forms import Answers
from contrib_gateway.guards import content_digest, submission_id
from contrib_gateway.library import Library
from contrib_gateway.post import Post
from contrib_gateway.revision import Revision
from contrib_gateway.settings import RateLimit, Screening, Settings
from contrib_gateway.signals import LATELY, free_texts, gist, suspicions
from contrib_gateway.store import RELAY, Act, Amendment, NewSubmission, State, Store, Submission
from plugins.observation.states import dated
from plugins.schema import ContentType, Document, Value, slugify

WORKSHOP = "workshop"  # why something is held
NOTES = RateLimit(300, timedelta(days=1))  # of one workshop, before one is held as too many
REACHABLE = "reachable"  # the managed field that says so


@dataclass(frozen=True)
class Draft:
    """What somebody confirmed: answers to a form, under a ticket, from a client.

    `form` is the name of its tickets; `client` is a keyed hash, never an address. `suspicions` are
    reasons to have it looked at first: "honeypot", "too_fast". `revision` is the page it changes;
    `wording` the version of what was agreed to. `workshop` is the code of the one that it was
    written in, whose notes share a `client`; `sheet` the number of the paper it was typed from.
    `managed`: what Vigie writes by itself into a new page, besides what it writes into each.
    """

    type: ContentType
    form: str
    answers: Answers
    lang: str
    ticket: str
    client: str
    suspicions: tuple[str, ...] = ()
    revision: Revision | None = None
    wording: str = ""
    workshop: str = ""
    sheet: str = ""
    managed: Mapping[str, Value] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        return content_digest(self.form, self.answers)


class Reception:
    """Takes drafts in. `wake` is called when one is waiting for the forge; `post`: where mail can
    be sent.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        library: Library,
        clock: Clock,
        *,
        courtesy: Courtesy,
        wake: Callable[[], None],
        post: Post | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._library = library
        self._clock = clock
        self._courtesy = courtesy
        self._post = post
        self._wake = wake
        self._lately: deque[str] = deque(maxlen=LATELY)  # the gist of each

    def already(self, ticket: str, digest: str) -> Submission | None:
        """The submission that this very form, sent before, became."""
        known = self._store.by_ticket(ticket, digest)
        if known and self._post:
            self._post.receipt(known)  # it may not have come to that
        return known

    def accept(self, draft: Draft) -> Submission:
        """Store the draft for good. The same ticket and content give the same submission."""
        with self._courtesy.answering():
            accepted = self._accept(draft)
            if self._post:
                self._post.receipt(accepted)
        self._wake()
        return accepted

    def leave(self, draft: Draft, by: str) -> Submission:
        """Store what an editor leaves for a colleague to publish: proposed like anybody's, but
        nobody has to look at it first.
        """
        left = self._accept(replace(draft, client=""), left_by=by)
        self._store.log(by, Act.LEFT, left.id)
        self._wake()
        return left

    def _accept(self, draft: Draft, left_by: str = "") -> Submission:
        index = self._library.index
        document, base = self._based(draft)
        altered = draft.revision.altered(draft.answers) if draft.revision else None
        texts = free_texts(draft.type, draft.answers, altered)
        reasons = () if left_by else self._reasons(draft, texts)
        new = NewSubmission(
            id=self._id(draft),
            ticket=draft.ticket,
            digest=draft.digest,
            type=draft.type.name,
            slug=document.slug,
            title=document.title,
            lang=draft.lang,
            data=document.data,
            body=document.body,
            private=dict(draft.answers.private),
            signed_as=left_by or str(draft.answers.private.get("signed_as", "")),
            client=draft.client,
            state=State.HELD if reasons else State.QUEUED,
            reason=" ".join(reasons),
            page=draft.revision.seen.id if draft.revision else "",
            base=base,
            wording=draft.wording,
            workshop=draft.workshop,
            sheet=draft.sheet,
        )
        accepted = self._store.accept(new, lambda slug: bool(index.named(draft.type.name, slug)))
        if not left_by:
            self._lately.appendleft(gist(texts))
        return accepted

    def _based(self, draft: Draft) -> tuple[Document, str]:
        """What is proposed, and the commit of main that it is a change of ("" for a new page): the
        latest, unless both changed the same; then the one its contributor saw, so that nobody's
        words are overwritten and an editor sees both.
        """
        document, revision = self.document(draft), draft.revision
        if revision is None:
            return document, ""
        merged, clashes = revision.combined(document)
        if clashes or revision.now is None:
            return document, revision.commit
        return merged, revision.head

    def amend(self, submission: Submission, draft: Draft) -> Submission:
        """Replace what was sent, screened like a new one. Raises `AlreadyDecided`, `TooMany`."""
        document = self.document(draft)
        altered = draft.revision.altered(draft.answers) if draft.revision else None
        reasons = self._reasons(draft, free_texts(draft.type, draft.answers, altered))
        private, reason = dict(draft.answers.private), " ".join(reasons)
        amendment = Amendment(document.title, document.data, document.body, private, reason)
        amended = self._store.amend(submission.id, amendment)
        if self._post:
            self._post.receipt(amended)
        self._wake()
        return amended

    def _reasons(self, draft: Draft, texts: list[str]) -> tuple[str, ...]:
        """Why an editor must look before this becomes a proposal; () when none must."""
        reasons = list(draft.suspicions)
        if self._settings.rate_limit:
            reasons += suspicions(texts, tuple(self._lately))
        if Screening.BEFORE in (self._settings.screening, draft.type.screening):
            reasons.append("screening")
        if draft.workshop:  # anybody may open one: nothing goes further unread
            reasons.append(WORKSHOP)
        limit = NOTES if draft.workshop else self._settings.rate_limit
        if self._settings.rate_limit and limit and self._is_hurried(draft.client, limit):
            reasons.append("rate")
        return tuple(reasons)

    def _is_hurried(self, client: str, limit: RateLimit) -> bool:
        return self._store.recent(client, self._clock() - limit.window) >= limit.count

    def document(self, draft: Draft) -> Document:
        """What the draft would publish, if nobody has the name it asks for: its page to review."""
        id, today = self._id(draft), day(self._clock())
        data = {
            name: _with_ids(value, id) if draft.type.fields[name].kind.name == "items" else value
            for name, value in draft.answers.data.items()
        }
        if draft.revision:
            revised = draft.revision.revised(replace(draft.answers, data=data), today)
            return self._reachable(revised, draft.answers)
        managed = {"id": id, "lang": draft.lang, **draft.managed}
        data |= {key: value for key, value in managed.items() if key in draft.type.fields}
        data = draft.type.stamped(data, {"created": today, "updated": today})
        slug = slugify(str(data.get("title", "")), draft.type.name)
        data = dated(draft.type, {}, data, today)
        new = Document(draft.type, slug, data, draft.answers.body)
        return self._reachable(new, draft.answers)

    def _reachable(self, document: Document, answers: Answers) -> Document:
        """Its page says that letters reach it, once an address for them is told in private."""
        if REACHABLE not in document.type.fields:
            return document
        there = self._library.index.by_id(document.id)
        told = bool(answers.private.get(RELAY) or (there and there.data.get(REACHABLE)))
        data = {name: value for name, value in document.data.items() if name != REACHABLE}
        return replace(document, data=data | ({REACHABLE: True} if told else {}))

    def _id(self, draft: Draft) -> str:
        return submission_id(self._settings.secret_key, draft.ticket, draft.digest)


def _with_ids(rows: Value, id: str) -> Value:
    """Each row with an id of its own in its document: those of new rows are numbered."""
    return [row if row.get("id") else {"id": f"{id}-{n}", **row} for n, row in enumerate(rows, 1)]
