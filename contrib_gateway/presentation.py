"""What a proposal says of itself on a forge, to editors who know no git: Markdown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from contrib_gateway.forge.words import escaped
from contrib_gateway.library import Library
from contrib_gateway.store import Submission
from plugins.check import check_document
from plugins.render import Change, Site, changes, plain, sentence
from plugins.render.shown import Fact
from plugins.render.words import words
from plugins.schema import Document

LANG = "fr"  # the editors': the site's first language
LONGEST_VALUE = 2000  # characters of one answer; the page itself shows all
LONGEST_REMARK = 300
LONGEST = 60_000  # characters; GitHub takes 65,536


class Presenter:
    """Writes what editors read beside a proposal, on the forge itself."""

    def __init__(self, library: Library, site: Callable[[], Site]) -> None:
        self._library = library
        self._site = site

    def present(self, submission: Submission, document: Document) -> str:
        """Where to decide; what the checker remarks; what is proposed, field by field.

        Strangers' words are shown as words: nothing in them is a mention, a link or a mark.
        """
        content = self._library.content
        index, site = content.index, self._site()
        before = self._before(submission, document)
        shown = changes(before, document, index, site, LANG)
        faults = check_document(document, index, content.images)
        remarks = [sentence(fault, document.type, LANG) for fault in faults]
        top = f"{_heading(submission, document, before is not None)}\n\n{_links(submission, site)}"
        return _fitting([top, "", *_list(remarks), *_table(shown, before is not None)])

    def _before(self, submission: Submission, document: Document) -> Document | None:
        """The page that it changes, as it was when that was written: what others changed since is
        no part of it.
        """
        base = submission.base
        seen = self._library.document_at(base, document.path) if base else None
        return seen or self._library.index.by_id(document.id)


def _fitting(lines: Iterable[str]) -> str:
    """As many of them as GitHub takes; where some are left out, it is said."""
    text = ""
    for line in lines:
        if len(text) + len(line) >= LONGEST:
            return f"{text}\n{words(LANG).gettext('The rest can be read at the desk.')}"
        text += line + "\n"
    return text.rstrip("\n")


def _heading(submission: Submission, document: Document, is_change: bool) -> str:
    say = words(LANG).gettext
    kind = escaped(document.type.label.get(LANG))
    what = say("change") if is_change else say("new page")
    by = f", {say('from %(name)s') % {'name': escaped(submission.signed_as)}}"
    return f"**{kind}** · {what}{by if submission.signed_as else ''}"


def _links(submission: Submission, site: Site) -> str:
    say = words(LANG).gettext
    desk = f"{site.gateway_url.rstrip('/')}/redaction/{submission.id}/"
    return (
        f"[{say('Read it and decide at the desk')}]({desk}) · "
        f"[{say('The page as it will be')}]({desk}page/)"
    )


def _table(shown: Collection[Change], is_change: bool) -> Iterator[str]:
    say = words(LANG).gettext
    if not shown:
        yield say("Nothing a reader would see.")
        return
    columns = [say("Before"), say("After")] if is_change else [say("Value")]
    yield f"| {' | '.join([say('Field'), *columns])} |"
    yield "|---" * (len(columns) + 1) + "|"
    for change in shown:
        facts = [change.before, change.after] if is_change else [change.after]
        yield f"| {' | '.join(map(escaped, [change.label, *map(_value, facts)]))} |"


def _value(fact: Fact | None) -> str:
    return _cut(plain(fact, LANG), LONGEST_VALUE) if fact else "–"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].rstrip() + "…"


def _list(remarks: Collection[str]) -> Iterator[str]:
    if remarks:
        yield f"**{words(LANG).gettext('What the checker remarks')}**"
        yield ""
        yield from (f"- {escaped(_cut(remark, LONGEST_REMARK))}" for remark in remarks)
        yield ""
