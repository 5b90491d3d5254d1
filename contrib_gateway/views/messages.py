"""What is said instead of a page: what happened, what was kept, what to do now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from contrib_gateway.errors import NoReceipt, SignedOut, SiteNotBuilt
from contrib_gateway.gateway import Gateway
from contrib_gateway.views.door import door_page
from plugins.render.theme import SEARCH
from plugins.render.words import N_, words


@dataclass(frozen=True)
class Message:
    """English msgids, translated when shown."""

    title: str
    paragraphs: tuple[str, ...]


MESSAGES: Mapping[int, Message] = MappingProxyType(
    {
        403: Message(
            N_("This page did not come from here"),
            (
                N_("Nothing was changed: the form was made for another session, or for nobody."),
                N_("Go back, load the page again, and try once more."),
            ),
        ),
        404: Message(
            N_("There is nothing at this address"),
            (
                N_("The page may have moved, or the address may have lost a few letters."),
                N_("The lists lead to everything that is published."),
            ),
        ),
        405: Message(
            N_("This address is not opened that way"),
            (N_("Nothing was changed. Start again from the page that led you here."),),
        ),
        409: Message(
            N_("Somebody else was faster"),
            (N_("Nothing was overwritten. Load the page again to see what was decided."),),
        ),
        410: Message(
            N_("This page was taken off the site"),
            (
                N_("What stood here is not published any more."),
                N_("The lists lead to everything that is published."),
            ),
        ),
        413: Message(
            N_("This is too much at once"),
            (
                N_("Nothing was kept: what was sent is larger than a form can be."),
                N_("Go back: what you typed is still in your browser. Shorten it and send again."),
            ),
        ),
        500: Message(
            N_("Something broke on our side"),
            (
                N_("What had been accepted before is kept."),
                N_("Go back: what you typed is still in your browser. Try again in a minute."),
            ),
        ),
        503: Message(
            N_("This cannot be done just now"),
            (
                N_("What had been accepted before is kept; nothing new was taken."),
                N_("Go back: what you typed is still in your browser. Try again in a minute."),
            ),
        ),
    }
)
# When nothing of the content could ever be read, not even the site's name.
BARE = Markup(
    '<!doctype html>\n<html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
    "<h1>{title}</h1><p>{words}</p>{again}</html>\n"
)
AGAIN = Markup('<form method="post">{inputs}<button type="submit">{words}</button></form>')
INPUT = Markup('<input type="hidden" name="{}" value="{}">')
KEPT = Message(
    N_("This cannot be done just now"),
    (
        N_("What had been accepted before is kept; nothing new was taken."),
        N_("Nothing is lost: what you wrote is still on this page. Try again in a minute."),
    ),
)
NOT_BUILT = Message(
    N_("The site is being prepared"),
    (N_("It will be here in a few seconds. Load this page again."),),
)


NO_RECEIPT = Message(
    N_("This link leads to no receipt"),
    (
        N_("It may have lost a few letters on its way: copy it again, whole."),
        N_("Nothing was changed. What you sent is not lost: the editors have it all the same."),
    ),
)


def message_page(
    gateway: Gateway,
    lang: str,
    status: int,
    error: Exception,
    sent: Sequence[tuple[str, str]] = (),
) -> str:
    """The page that stands for an error, in the language of its address.

    It carries `sent`, the inputs of a form that may well be taken later, to be sent again.
    """
    say = words(lang).gettext
    schema = gateway.library.last_schema
    said = _message(status, error, bool(sent))
    if schema is None:
        return _bare(said, lang, sent)
    theme = gateway.theme(schema)
    if isinstance(error, SignedOut):
        return door_page(gateway, lang, expired=error.used)
    site = gateway.site
    return theme.render(
        "gateway/message.html",
        lang,
        None,
        title=say(said.title),
        paragraphs=[say(paragraph) for paragraph in said.paragraphs],
        sent=sent,
        links=[
            (site.href("", lang), say("Home")),
            (site.href(SEARCH, lang), say("Search the site")),
            (site.gateway("contribuer/", lang), say("Contribute")),
        ],
    )


def _bare(said: Message, lang: str, sent: Sequence[tuple[str, str]]) -> str:
    """Where not even the types can be read: without the theme."""
    say = words(lang).gettext
    inputs = Markup().join(INPUT.format(*pair) for pair in sent)
    again = AGAIN.format(inputs=inputs, words=say("Try again")) if sent else ""
    title, last = say(said.title), say(said.paragraphs[-1])
    return BARE.format(lang=lang, title=title, words=last, again=again)


def _message(status: int, error: Exception, kept: bool) -> Message:
    if isinstance(error, SiteNotBuilt):
        return NOT_BUILT
    if kept:
        return KEPT
    if isinstance(error, NoReceipt):
        return NO_RECEIPT
    return MESSAGES.get(status, MESSAGES[500 if status >= 500 else 404])
