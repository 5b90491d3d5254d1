"""Mail: a letter to one address, and how a mail server takes charge of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from hashlib import sha256
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from contrib_gateway.address import deliverable
from contrib_gateway.clock import Clock
from contrib_gateway.errors import MailRefused, MailUnavailable
from contrib_gateway.settings import Smtp
from contrib_gateway.smtp import PATIENCE, Patience, conversation

LONGEST_SUBJECT = 200  # characters
_KEPT = "\u00a0\u202f\u200c\u200d"  # French spaces; what joins or parts letters of other scripts
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")  # RFC 3463
# Said when the recipient is named, but of us: a policy, our sender's address, a missing password.
_OURS = re.compile(r"5\.7\.|5\.1\.[78]\b")
AUTHENTICATION_REQUIRED = 530


class _Format(EmailPolicy):
    """Messages as SMTP wants them, their subject folded by `Header`.

    EmailPolicy's own folding doubles a space here and there in long subjects that are not ASCII.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name != "Subject":
            return super().fold_binary(name, value)
        folded = Header(value, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


FORMAT = _Format(linesep="\r\n", cte_type="7bit")  # not every server takes 8
INTERNATIONAL = FORMAT.clone(utf8=True)  # RFC 6531: for an address that ASCII cannot write


@dataclass(frozen=True)
class Letter:
    """What one address is told, in plain text; `stop`: where a button ends such letters, or ""."""

    to: str
    subject: str
    text: str
    stop: str = ""


class Mailer:
    """Hands letters to the mail server. Threads may share it."""

    def __init__(self, smtp: Smtp, clock: Clock, patience: Patience = PATIENCE) -> None:
        self._smtp = smtp
        self._clock = clock
        self._patience = patience

    def send(self, letter: Letter, id: str) -> None:
        """Give `letter` to the server, for its one address and nobody else.

        Sent again with the same `id`, it is the same message, for those who may get it twice.
        Raises `MailRefused` (never send it again) or `MailUnavailable` (send it later).
        """
        try:
            to = deliverable(letter.to)
        except ValueError:
            raise MailRefused("not an address that mail can be sent to") from None
        message = self._message(letter, to, id)
        try:
            with conversation(self._smtp, self._patience) as server:
                if not to.isascii() and not server.has_extn("smtputf8"):
                    raise MailRefused("the mail server takes ASCII addresses only")
                options = () if to.isascii() else ("SMTPUTF8",)
                server.sendmail(self._smtp.sender, [to], message, options)
        except SMTPRecipientsRefused as error:
            raise _verdict(error) from error
        except SMTPResponseException as error:
            told = _told(error.smtp_code, error.smtp_error)
            raise MailUnavailable(f"{type(error).__name__}: {told}") from error
        except (OSError, ValueError) as error:
            raise MailUnavailable(
                f"the mail server did not answer: {type(error).__name__}"
            ) from error

    def _message(self, letter: Letter, to: str, id: str) -> bytes:
        sender = self._smtp.sender
        name = sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        message = EmailMessage(FORMAT if to.isascii() else INTERNATIONAL)
        message["Date"] = self._clock()
        message["From"] = sender
        message["To"] = to
        message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers
        if letter.stop:
            message["List-Unsubscribe"] = f"<{letter.stop}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        message["Subject"] = _subject(letter.subject)
        text = _UNSENDABLE.sub("\ufffd", letter.text)
        message.set_content(text, cte="quoted-printable")  # whatever the length of its lines
        return message.as_bytes()


def one_line(words: str) -> str:
    """`words` on one line, a space for all that cannot be seen."""
    seen = (c if c.isprintable() or c in _KEPT else " " for c in words)
    return re.sub(" +", " ", "".join(seen)).strip(" ")


def _subject(words: str) -> str:
    # "=?…?=" would be read as other words, a line's end among them: a word joiner parts it unseen.
    return one_line(words)[:LONGEST_SUBJECT].strip(" ").replace("=?", "=\u2060?")


def _verdict(error: SMTPRecipientsRefused) -> MailRefused | MailUnavailable:
    """Whether it is the recipient who cannot be written to, or we who cannot write."""
    [(code, words)] = error.recipients.values()
    told = _told(code, words)
    for_good = 500 <= code < 600 and code != AUTHENTICATION_REQUIRED
    if for_good and not _OURS.search(told):
        return MailRefused(told)
    return MailUnavailable(told)


def _told(code: int, words: bytes | str) -> str:
    """An answer's numbers; its words may quote the address."""
    text = words.decode("latin-1") if isinstance(words, bytes) else words
    status = _STATUS.match(text)
    return f"the mail server answered {code}" + (f" {status[0]}" if status else "")
