"""Ways out: only those that are named, each with its secret out of a file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.home.issuer import utc_now
from cardservice.home.office_senders import InsecureFileSender, open_senders
from cardservice.notifying.sms import SmsGateway
from cardservice.notifying.smtp import SmtpSender
from cardservice.notifying.webhook import WebhookSender
from cardservice.registry.outbox_values import Attempt, Message, NoticeChannel, Template, Text
from tests.unit.home.offices import settings_of

SECRET = "a secret of thirty-two characters"  # noqa: S105
HOOK = "https://hooks.example.org/policy"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")
    path.chmod(0o600)
    return path


def message() -> Message:
    return Message(
        id=UUID(int=7),
        template=Template.REFUSED,
        language="ru",
        created_at=datetime(2026, 6, 1, tzinfo=UTC),
        recipient="person0@example.org",
        text=Text(subject="О полисе", body="Решение принято.", short="Решение"),
        parameters={},
    )


def test_without_settings_nothing_leaves(tmp_path: Path) -> None:
    assert open_senders(settings_of(tmp_path), clock=utc_now) == {}


def test_letters_come_from_the_domain_of_their_sender(tmp_path: Path, secret: Path) -> None:
    settings = settings_of(
        tmp_path,
        smtp_host="mail.example.org",
        smtp_sender="polis@insurer.example.org",
        smtp_user="office",
        smtp_password_file=secret,
    )
    sender = open_senders(settings, clock=utc_now)[NoticeChannel.EMAIL]
    assert isinstance(sender, SmtpSender)
    relay = sender.relay
    assert (relay.host, relay.port, relay.domain) == (
        "mail.example.org",
        587,
        "insurer.example.org",
    )
    assert (relay.user, relay.password, relay.require_tls) == ("office", SECRET, True)
    assert SECRET not in repr(sender)


def test_short_messages_go_through_the_gateway_with_its_token(tmp_path: Path, secret: Path) -> None:
    settings = settings_of(tmp_path, sms_url="https://sms.example.org/v1", sms_token_file=secret)
    sender = open_senders(settings, clock=utc_now)[NoticeChannel.SMS]
    assert isinstance(sender, SmsGateway)
    assert (sender.url, sender.token) == ("https://sms.example.org/v1", SECRET)
    assert (sender.terms.allow_private, sender.terms.allow_plain) == (False, False)


def test_a_webhook_shares_its_secret_with_its_own_address_alone(
    tmp_path: Path, secret: Path
) -> None:
    settings = settings_of(tmp_path, webhook_url=HOOK, webhook_secret_file=secret)
    sender = open_senders(settings, clock=utc_now)[NoticeChannel.WEBHOOK]
    assert isinstance(sender, WebhookSender)
    assert sender.secret_for(HOOK) == SECRET.encode()
    with pytest.raises(Refusal):
        sender.secret_for("https://elsewhere.example.org/")


def test_a_webhook_without_a_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="webhook_secret_file"):
        open_senders(settings_of(tmp_path, webhook_url=HOOK), clock=utc_now)


@pytest.mark.parametrize(
    ("production", "private", "plain"),
    [(False, False, False), (False, True, True), (True, True, False), (True, False, False)],
)
def test_plain_http_only_to_the_house_and_never_in_production(
    tmp_path: Path, secret: Path, production: bool, private: bool, plain: bool
) -> None:
    settings = settings_of(
        tmp_path,
        production=production,
        private_receivers=private,
        sms_url="http://sms.example.org/",
        sms_token_file=secret,
    )
    sender = open_senders(settings, clock=utc_now)[NoticeChannel.SMS]
    assert isinstance(sender, SmsGateway)
    assert (sender.terms.allow_private, sender.terms.allow_plain) == (private, plain)


def test_the_demonstrations_way_out_writes_down_and_shows(tmp_path: Path) -> None:
    shown: list[str] = []
    path = tmp_path / "told.jsonl"
    sender = InsecureFileSender(path, production=False, show=shown.append)
    assert sender.send(message(), timeout_s=1).attempt is Attempt.SENT
    assert json.loads(path.read_text())["to"] == "person0@example.org"
    assert shown == ["person0@example.org: Решение"]


def test_production_refuses_the_demonstrations_way_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="InsecureFileSender"):
        InsecureFileSender(tmp_path / "told", production=True)
