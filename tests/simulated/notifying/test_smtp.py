"""E-mail to a real mail server on loopback, kind and hostile."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from cardservice.errors import UsageError
from cardservice.notifying.letters import letter_octets
from cardservice.notifying.smtp import SmtpRelay, SmtpSender, stuffed
from cardservice.registry.outbox_values import Attempt, Outcome, Text
from tests.simulated.notifying.messages import message
from tests.simulated.notifying.receivers import MailServer, listening, new_tls


def relay(port: int, **terms: Any) -> SmtpRelay:
    given: dict[str, Any] = {
        "host": "localhost",
        "port": port,
        "sender": "office@example.org",
        "domain": "office.example.org",
    }
    return SmtpRelay(**{**given, **terms})


def sent(server: MailServer, timeout_s: float = 10, **terms: Any) -> Outcome:
    with listening(server) as port:
        return SmtpSender(relay(port, **terms)).send(message(), timeout_s=timeout_s)


def test_a_letter_arrives_with_its_words_and_the_id_of_its_notification() -> None:
    server = MailServer()
    assert sent(server) == Outcome(Attempt.SENT)
    letter = message_from_bytes(server.letters[0], policy=default)
    assert letter["Message-ID"] == f"<{message().id}@office.example.org>"
    assert (letter["To"], letter["Subject"]) == ("person0@example.org", "Полис готов к выдаче")
    assert (letter["Auto-Submitted"], letter["Bcc"]) == ("auto-generated", None)
    assert "ул. Учебная, 1" in letter.get_content()
    told = [one.upper().split(" SIZE")[0] for one in server.heard]
    assert "MAIL FROM:<OFFICE@EXAMPLE.ORG>" in told
    assert "RCPT TO:<PERSON0@EXAMPLE.ORG>" in told


def test_the_id_is_the_same_at_every_attempt() -> None:
    server = MailServer()
    for _ in range(2):
        sent(server)
    ids = {message_from_bytes(one)["Message-ID"] for one in server.letters}
    assert (len(server.letters), len(ids)) == (2, 1)


def test_starttls_is_used_when_it_is_offered(tmp_path: Path) -> None:
    tls = new_tls(tmp_path)
    server = MailServer(tls=tls.server)
    assert sent(server, tls=tls.client).attempt is Attempt.SENT
    assert server.secure


def test_nothing_is_sent_to_a_server_whose_certificate_is_not_trusted(tmp_path: Path) -> None:
    server = MailServer(tls=new_tls(tmp_path).server)
    assert sent(server).attempt is Attempt.NOT_SENT
    assert server.letters == []


def test_nothing_is_sent_to_a_server_with_another_name_in_its_certificate(tmp_path: Path) -> None:
    tls = new_tls(tmp_path, "elsewhere")
    server = MailServer(tls=tls.server)
    assert sent(server, tls=tls.client).attempt is Attempt.NOT_SENT
    assert server.letters == []


@pytest.mark.parametrize("terms", [{"require_tls": True}, {"user": "u", "password": "p"}])
def test_where_tls_is_needed_nothing_is_said_without_it(terms: dict[str, Any]) -> None:
    server = MailServer()
    assert sent(server, **terms) == Outcome(Attempt.NOT_SENT, "smtp-no-tls")
    assert [one.split()[0].upper() for one in server.heard] == ["EHLO"]


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("", "554 go away", Outcome(Attempt.IMPOSSIBLE, "smtp-554")),
        ("", "421 later", Outcome(Attempt.NOT_SENT, "smtp-421")),
        ("", "", Outcome(Attempt.NOT_SENT, "smtp-unreachable")),
        ("EHLO", "451 later", Outcome(Attempt.NOT_SENT, "smtp-451")),
        ("MAIL", "550 no", Outcome(Attempt.IMPOSSIBLE, "smtp-550")),
        ("RCPT", "450 later", Outcome(Attempt.NOT_SENT, "smtp-450")),
        ("RCPT", "550 nobody", Outcome(Attempt.IMPOSSIBLE, "smtp-550")),
        ("RCPT", "", Outcome(Attempt.NOT_SENT, "smtp-unreachable")),
        ("DATA", "451 later", Outcome(Attempt.NOT_SENT, "smtp-451")),
        ("DATA", "", Outcome(Attempt.NOT_SENT, "smtp-unreachable")),
        (".", "452 full", Outcome(Attempt.NOT_SENT, "smtp-452")),
        (".", "554 spam", Outcome(Attempt.IMPOSSIBLE, "smtp-554")),
        (".", "", Outcome(Attempt.UNKNOWN, "smtp-no-answer")),
        (".", "2", Outcome(Attempt.UNKNOWN, "smtp-no-answer")),
        ("EHLO", "250-x\r\n" * 200, Outcome(Attempt.NOT_SENT, "smtp-unreachable")),
        (".", "what?", Outcome(Attempt.UNKNOWN, "smtp-no-answer")),
        ("EHLO", "x" * 100_000, Outcome(Attempt.NOT_SENT, "smtp-unreachable")),
    ],
)
def test_each_answer_means_what_the_standard_says(
    command: str, answer: str, outcome: Outcome
) -> None:
    assert sent(MailServer({command: answer})) == outcome


@pytest.mark.parametrize(
    ("command", "attempt"),
    [("", Attempt.NOT_SENT), ("RCPT", Attempt.NOT_SENT), (".", Attempt.UNKNOWN)],
)
def test_a_server_that_drips_its_answer_is_ended_by_the_time(
    command: str, attempt: Attempt
) -> None:
    assert sent(MailServer({command: "drip"}), timeout_s=0.5).attempt is attempt


def test_a_reply_that_stops_before_its_last_line_leaves_it_unknown() -> None:
    outcome = sent(MailServer({".": "250-half"}), timeout_s=1)
    assert outcome == Outcome(Attempt.UNKNOWN, "smtp-no-answer")


def test_a_server_that_is_not_there_has_nothing() -> None:
    with listening(MailServer()) as port:
        pass
    outcome = SmtpSender(relay(port)).send(message(), timeout_s=5)
    assert outcome == Outcome(Attempt.NOT_SENT, "smtp-unreachable")


@pytest.mark.parametrize(
    "recipient", ["a@b.org\r\nRCPT TO:<c@d.org>", "a@b.org> NOTIFY=NEVER", "a@b.org\n.\n", ""]
)
def test_a_recipient_that_would_be_a_command_reaches_no_server(recipient: str) -> None:
    server = MailServer()
    with listening(server) as port:
        outcome = SmtpSender(relay(port)).send(message(recipient=recipient), timeout_s=5)
    assert (outcome, server.heard) == (Outcome(Attempt.IMPOSSIBLE, "recipient-wrong"), [])


def test_a_line_of_one_dot_does_not_end_a_letter() -> None:
    server = MailServer()
    text = replace(message().text, body="one\n.\nRCPT TO:<c@d.org>\n..two\n")
    with listening(server) as port:
        SmtpSender(relay(port)).send(message(text=text), timeout_s=5)
    letter = message_from_bytes(server.letters[0], policy=default)
    assert letter.get_content().replace("\r\n", "\n") == text.body


@pytest.mark.parametrize("subject", ["a\r\nBcc: c@d.org", "a\nb", "a\rb"])
def test_a_subject_cannot_begin_another_header(subject: str) -> None:
    text = Text(subject=subject, body="b", short="s")
    with pytest.raises(UsageError):
        letter_octets(message(text=text), sender="office@example.org", domain="example.org")


WRONG_NAMES = [{"sender": "office"}, {"domain": "a b"}, {"sender": "a@b\n.org"}]


@pytest.mark.parametrize("terms", WRONG_NAMES)
def test_a_relay_whose_names_cannot_stand_in_a_header_is_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        relay(25, **terms)


def test_a_password_is_not_shown() -> None:
    assert "hush" not in repr(relay(25, user="u", password="hush"))  # noqa: S106


def test_dots_that_begin_lines_are_doubled_and_a_dot_alone_is_the_end() -> None:
    assert stuffed(b"a\r\n.\r\n..b\r\n") == b"a\r\n..\r\n...b\r\n.\r\n"
    assert stuffed(b"") == b"\r\n.\r\n"
