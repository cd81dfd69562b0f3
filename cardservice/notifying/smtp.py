"""E-mail over SMTP: one connection a letter, bounded in time whatever the server does.

Source: RFC 5321, 3.3, 4.2.1 (reply codes) and 6.1 (who is responsible after DATA); RFC 3207.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Final

from typing_extensions import override

from cardservice.errors import Refusal
from cardservice.notifying.letters import letter_octets, require_sender
from cardservice.registry.outbox_values import Attempt, Message, Outcome

_GO_ON: Final = 354
_DONE: Final = range(200, 300)
_LATER: Final = range(400, 500)
REPLY_LENGTH: Final = 1_000  # octets of a line; RFC 5321, 4.5.3.1.5, allows 512
REPLY_LINES: Final = 100  # EHLO names some twenty extensions
_REPLY: Final = re.compile(rb"([2-5][0-9]{2})([ -]?)([^\r\n]*)\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRelay:
    """The server that takes our letters, and how.

    Attributes:
        sender: address letters come from.
        domain: right half of Message-IDs, and our name in EHLO.
        tls: for STARTTLS, used whenever the server offers it; verifies by default.
        require_tls: send nothing to a server that does not offer it.
        user, password: for AUTH, which is done under TLS only.
    """

    host: str
    port: int
    sender: str
    domain: str
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    require_tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        require_sender(self.sender)
        require_sender(f"postmaster@{self.domain}")


class _StrictSMTP(smtplib.SMTP):
    """A client to which a reply is one only when its last line came to its end."""

    @override
    def getreply(self) -> tuple[int, bytes]:
        # The library takes what came before a cut for a reply: `25` of `250`, or `250` of a
        # connection that broke in the middle of a line, and reads on as long as lines come.
        texts: list[bytes] = []
        if self.file is None:
            self.file = self.sock.makefile("rb")  # type: ignore[union-attr]
        for _ in range(REPLY_LINES):
            found = _REPLY.fullmatch(self.file.readline(REPLY_LENGTH))
            if found is None:
                self.close()
                raise smtplib.SMTPServerDisconnected("a reply was cut, or is none")
            texts.append(found[3])
            if found[2] != b"-":
                return int(found[1]), b"\n".join(texts)
        self.close()
        raise smtplib.SMTPServerDisconnected("a reply has no end")


class _FailedError(Exception):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """The port ``Sender`` over SMTP."""

    relay: SmtpRelay

    def send(self, message: Message, *, timeout_s: float) -> Outcome:
        """Return what one attempt came to.

        Unknown is only what broke after the server said it waits for the letter: until then it
        has nothing, and after its last answer it has said what it did.
        """
        try:
            octets = letter_octets(message, sender=self.relay.sender, domain=self.relay.domain)
        except Refusal as refusal:
            return Outcome(Attempt.IMPOSSIBLE, refusal.code)
        try:
            with _connected(self.relay, timeout_s) as smtp:
                _greet(smtp, self.relay)
                _address(smtp, self.relay.sender, message.recipient)
                return _hand_over(smtp, octets)
        except _FailedError as failed:
            return failed.outcome
        except (OSError, smtplib.SMTPException, ValueError):
            return Outcome(Attempt.NOT_SENT, "smtp-unreachable")


@contextmanager
def _connected(relay: SmtpRelay, timeout_s: float) -> Iterator[smtplib.SMTP]:
    smtp = _StrictSMTP(local_hostname=relay.domain, timeout=timeout_s)
    # The time-out above is for each octet that fails to come; a server that drips them one by
    # one is ended by this one.
    watch = Timer(timeout_s, _cut, (smtp,))
    watch.daemon = True
    watch.start()
    try:
        code, _ = smtp.connect(relay.host, relay.port)
        _require(code, _DONE)
        # The name that the certificate is to be for.
        smtp._host = relay.host  # type: ignore[attr-defined]  # noqa: SLF001
        yield smtp
    finally:
        watch.cancel()
        with suppress(OSError, smtplib.SMTPException):
            smtp.close()


def _cut(smtp: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


def _greet(smtp: smtplib.SMTP, relay: SmtpRelay) -> None:
    code, _ = smtp.ehlo()
    _require(code, _DONE)
    if smtp.has_extn("starttls"):
        code, _ = smtp.starttls(context=relay.tls)
        _require(code, _DONE)
        code, _ = smtp.ehlo()
        _require(code, _DONE)
    elif relay.require_tls or relay.user:
        raise _FailedError(Outcome(Attempt.NOT_SENT, "smtp-no-tls"))
    if relay.user:
        smtp.login(relay.user, relay.password)


def _address(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    code, _ = smtp.mail(sender)
    _require(code, _DONE)
    code, _ = smtp.rcpt(recipient)
    _require(code, _DONE)


def _hand_over(smtp: smtplib.SMTP, octets: bytes) -> Outcome:
    code, _ = smtp.docmd("DATA")
    _require(code, range(_GO_ON, _GO_ON + 1))
    try:
        smtp.send(stuffed(octets))
        code, _ = smtp.getreply()
    except (OSError, smtplib.SMTPException):
        return Outcome(Attempt.UNKNOWN, "smtp-no-answer")
    _require(code, _DONE)
    return Outcome(Attempt.SENT)


def stuffed(octets: bytes) -> bytes:
    """Return a letter as DATA takes it: a dot that begins a line doubled, a dot alone the end.

    Source: RFC 5321, 4.5.2.
    """
    lines = octets.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + one if one.startswith(b".") else one for one in lines) + b"\r\n.\r\n"


def _require(code: int, wanted: range) -> None:
    if code in wanted:
        return
    attempt = Attempt.NOT_SENT if code in _LATER else Attempt.IMPOSSIBLE
    raise _FailedError(Outcome(attempt, f"smtp-{code}"))
