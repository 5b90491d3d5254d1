"""The words of every mail, in French and in English.

A receipt goes to an address that nobody has proved to be theirs. So it says nothing that its sender
chose, or the site would write anything to anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contrib_gateway.mail import Letter, one_line
from contrib_gateway.stationery import Stationery, quoted
from plugins.render.dates import in_words
from plugins.render.words import N_


@dataclass(frozen=True)
class Waiting:
    """One submission that waits since `day` ("2026-11-25"), and where to decide on it."""

    title: str
    type_label: str
    day: str
    url: str


@dataclass(frozen=True)
class News:
    """Something that came of what somebody wrote: how it is `said` (an English msgid), of what."""

    said: str
    title: str
    url: str


class Letters(Stationery):
    """Each method writes one letter to the address `to`.

    URLs are absolute and stand whole on a line of their own; `receipt_url` is the secret one.
    """

    def receipt(self, to: str, type_label: str, receipt_url: str) -> Letter:
        """What was sent has arrived."""
        say = self._paragraph
        return self._letter(
            to,
            N_("%(site)s: what you wrote has arrived"),
            say("What you sent to %(site)s (%(type)s) has arrived. Thank you!", type=type_label),
            say(
                "This link is yours alone. It tells how far things are, and lets you answer a "
                "question, complete what you wrote or take it back:"
            ),
            receipt_url,
            say(
                "What happens next? An editor reads it. We write to you again if something is "
                "unclear, when it is published, or to say why it is not."
            ),
            say(
                "Nobody reads what is sent to the address of this message; please use the link. "
                "There you may also ask to be forgotten: we then erase your address and all that "
                "was said. If you do not ask, that is done 90 days after the decision."
            ),
            say(
                "If it was not you who wrote, ignore this message: somebody gave us your address "
                "by mistake."
            ),
        )

    def admission(self, to: str, link: str) -> Letter:
        """A link that signs an editor in."""
        say = self._paragraph
        return self._letter(
            to,
            N_("%(site)s: your link to the review desk"),
            say("To sign in to the review desk of %(site)s, open this link and press the button:"),
            link,
            say("It works once, within 15 minutes. Give it to nobody."),
            say("If it was not you who asked for it, ignore this message: nothing happened."),
        )

    def waiting(
        self,
        to: str,
        counts: Mapping[str, int],
        oldest: Sequence[Waiting],
        *,
        desk_url: str,
        stop_url: str,
    ) -> Letter:
        """What waits at the desk, for an editor who asked to be told each day.

        `counts`: how many are how far, by an English msgid.
        """
        say = self._paragraph
        colon = self._filled(N_(": "), {})
        counted = [f"{self._filled(how, {})}{colon}{number}" for how, number in counts.items()]
        named = [f"{quoted(one_line(one.title))}\n{self._since(one)}\n{one.url}" for one in oldest]
        letter = self._letter(
            to,
            N_("%(site)s: what waits at the review desk"),
            say("This is what waits at the review desk of %(site)s this morning:"),
            "\n".join(counted),
            say("The oldest that wait for an editor:"),
            *named,
            say("All of it is at the desk:"),
            desk_url,
            say(
                "You asked for this message on the days when something waits. To get it no more, "
                "open this link and press the button:"
            ),
            stop_url,
        )
        return replace(letter, stop=stop_url)

    def _since(self, one: Waiting) -> str:
        date = in_words(one.day, self.lang)
        return self._paragraph("%(type)s, since %(date)s", type=one.type_label, date=date)

    def question(self, to: str, question: str, receipt_url: str) -> Letter:
        """The editors ask something before they decide."""
        say = self._paragraph
        return self._letter(
            to,
            N_("%(site)s: a question about what you wrote"),
            say("Before they publish what you wrote, the editors would like to know:"),
            quoted(question),
            say("To answer, or to complete what you wrote, open this link:"),
            receipt_url,
            self._unread(),
        )

    def published(self, to: str, page_url: str, receipt_url: str) -> Letter:
        """It is online."""
        say = self._paragraph
        return self._letter(
            to,
            N_("%(site)s: what you wrote is online"),
            say("What you wrote is published. Thank you! Everyone can read it here:"),
            page_url,
            say("And this link remains yours alone, to see what became of it or be forgotten:"),
            receipt_url,
            self._unread(),
        )

    def kept(self, to: str, receipt_url: str) -> Letter:
        """It has no page, and is where it is of use."""
        say = self._paragraph
        return self._letter(
            to,
            N_("%(site)s: what you sent is in the inbox of the watch"),
            say(
                "Thank you: what you sent is in the inbox of the watch. If it is kept, it will "
                "stand in one of the next issues, under the name that you chose."
            ),
            say("This link remains yours alone, to see what became of it or be forgotten:"),
            receipt_url,
            self._unread(),
        )

    def declined(self, to: str, reason: str, receipt_url: str) -> Letter:
        """It is not published, for a reason that an editor gave."""
        say = self._paragraph
        return self._letter(
            to,
            N_("%(site)s: what you wrote was not published"),
            say("Thank you for what you wrote. The editors did not publish it, and this is why:"),
            quoted(reason),
            self._again(),
            receipt_url,
            self._unread(),
        )

    def undone(self, to: str, reason: str, receipt_url: str) -> Letter:
        """It was published, and is not any more; an editor may have said why."""
        say = self._paragraph
        why = (say("This is why:"), quoted(reason)) if reason else ()
        return self._letter(
            to,
            N_("%(site)s: what you wrote was taken back"),
            say("What you wrote had been published. The editors took it back from the site."),
            *why,
            self._again(),
            receipt_url,
            self._unread(),
        )

    def relay(self, to: str, page_title: str, from_name: str, text: str, answer_url: str) -> Letter:
        """A visitor, who may have given no name, writes to those whom a page is about."""
        say = self._paragraph
        # One may sign with any name, the editors' too: it stands among the sender's own words.
        signed = f"{text}\n\n{one_line(from_name)}" if from_name else text
        return self._letter(
            to,
            N_("%(site)s: a message for “%(page)s”"),
            say("Somebody read “%(page)s” on %(site)s and writes:", page=page_title),
            quoted(signed),
            say("To answer, open this link, which is yours alone:"),
            answer_url,
            say(
                "%(site)s passes on your words and shows neither of you the other’s address. The "
                "editors have not read this message: be careful with the links in it."
            ),
            say(
                "It reaches you because your address was given for this page. To receive no more "
                "messages, use the same link. Nobody reads what is sent to the address of this "
                "message."
            ),
            page=page_title,
        )

    def answer(self, to: str, page_title: str, text: str) -> Letter:
        """Those whom a visitor wrote to answer."""
        say = self._paragraph
        return self._letter(
            to,
            N_("%(site)s: an answer from “%(page)s”"),
            say("You wrote to “%(page)s” through %(site)s. This is the answer:", page=page_title),
            quoted(text),
            say(
                "To write again, go back to that page. They were not shown your address. Nobody "
                "reads what is sent to the address of this message."
            ),
            say("If it was not you who wrote, ignore this message."),
            page=page_title,
        )

    def became(
        self,
        to: str,
        title: str,
        news: Sequence[News],
        *,
        page_url: str,
        receipt_url: str,
        stop_url: str,
    ) -> Letter:
        """What came of an observation that is published, for whoever wished to know."""
        say = self._paragraph
        told = [f"{say(one.said)}\n{quoted(one_line(one.title))}\n{one.url}" for one in news]
        letter = self._letter(
            to,
            N_("%(site)s: what became of your observation"),
            say("This is what became of what you observed, “%(page)s”:", page=title),
            *told,
            say("Its page says it to everybody:"),
            page_url,
            say("And this link remains yours alone, to see all that became of it or be forgotten:"),
            receipt_url,
            say(
                "You asked to be told. To be told no more, open this link and press the button; "
                "your address is then erased:"
            ),
            stop_url,
            self._unread(),
        )
        return replace(letter, stop=stop_url)

    def offered(self, to: str, need: str, desk_url: str) -> Letter:
        """Somebody can help with a need. Who and how is at the desk only, where it is erased."""
        say = self._paragraph
        return self._letter(
            to,
            N_("%(site)s: somebody can help with “%(page)s”"),
            say("Somebody writes that they can help with this need:"),
            quoted(one_line(need)),
            say("What they write, and how to answer them, is at the review desk:"),
            desk_url,
            page=need,
        )

    def thanked(self, to: str, need: str, text: str, again_url: str) -> Letter:
        """The editors answer somebody who can help with a need."""
        say = self._paragraph
        again = (say("To write to them again, open this page:"), again_url) if again_url else ()
        return self._letter(
            to,
            N_("%(site)s: an answer about “%(page)s”"),
            say("You wrote that you can help with “%(page)s”. The editors answer:", page=need),
            quoted(text),
            *again,
            say("Nobody reads what is sent to the address of this message."),
            say("If it was not you who wrote, ignore this message."),
            page=need,
        )

    def _again(self) -> str:
        return self._paragraph(
            "You may write again and take this into account. What was said is kept for 90 days "
            "at this link, where you may also ask to be forgotten:"
        )

    def _unread(self) -> str:
        say = self._paragraph
        return say("Nobody reads what is sent to the address of this message; please use the link.")
