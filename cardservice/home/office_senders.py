"""The ways out for notifications, as the settings name them; a way that is not named has none."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from cardservice.errors import Refusal, UsageError
from cardservice.home.office_secrets import read_optional, read_secret
from cardservice.notifying.http import HttpTerms
from cardservice.notifying.sms import SmsGateway
from cardservice.notifying.smtp import SmtpRelay, SmtpSender
from cardservice.notifying.webhook import WebhookSender
from cardservice.registry.outbox_ports import Sender
from cardservice.registry.outbox_values import Attempt, Message, NoticeChannel, Outcome
from cardservice.settings import Settings

Senders = Mapping[NoticeChannel, Sender]
_log: Final = logging.getLogger(__name__)


def open_senders(settings: Settings, *, clock: Callable[[], datetime]) -> Senders:
    """Return the senders by channel; notifications of a channel without one wait.

    Raises:
        UsageError: an address that letters cannot come from, or a file that cannot be used.
    """
    senders: dict[NoticeChannel, Sender] = {}
    if settings.smtp_host is not None:
        senders[NoticeChannel.EMAIL] = SmtpSender(_relay(settings, settings.smtp_host))
    if settings.sms_url is not None:
        token = read_optional(settings.sms_token_file, named="setting sms_token_file")
        senders[NoticeChannel.SMS] = SmsGateway(
            url=settings.sms_url, token=token or "", terms=_terms(settings)
        )
    if settings.webhook_url is not None:
        senders[NoticeChannel.WEBHOOK] = _webhook(settings, settings.webhook_url, clock)
    return senders


def _relay(settings: Settings, host: str) -> SmtpRelay:
    password = read_optional(settings.smtp_password_file, named="setting smtp_password_file")
    return SmtpRelay(
        host=host,
        port=settings.smtp_port,
        sender=settings.smtp_sender,
        domain=settings.smtp_sender.rpartition("@")[2],
        require_tls=settings.smtp_require_tls,
        user=settings.smtp_user,
        password=password or "",
    )


def _webhook(settings: Settings, url: str, clock: Callable[[], datetime]) -> WebhookSender:
    if settings.webhook_secret_file is None:
        raise UsageError("setting webhook_secret_file: a webhook is signed with a shared secret")
    secret = read_secret(settings.webhook_secret_file, named="setting webhook_secret_file").encode()

    def secret_for(address: str) -> bytes:
        if address != url:
            raise Refusal("webhook-unknown", "No secret is shared with that address.")
        return secret

    return WebhookSender(secret_for=secret_for, clock=clock, terms=_terms(settings))


def _terms(settings: Settings) -> HttpTerms:
    private = settings.private_receivers
    # Plain http only to receivers of the house, and never where real people are served.
    return HttpTerms(allow_private=private, allow_plain=private and not settings.production)


class InsecureFileSender:
    """Every way out at once: what is told is written to a file and shown, for demonstrations.

    Args:
        path: one JSON object a line is added to it.
        production: whether the service is set to production, which refuses this sender.
        show: is given one line for each notification.

    Raises:
        UsageError: in production.
    """

    def __init__(
        self, path: Path, *, production: bool, show: Callable[[str], None] = lambda _: None
    ) -> None:
        if production:
            raise UsageError(f"{type(self).__name__} is for tests; name a real way out")
        _log.warning("%s: notifications are written to a file", type(self).__name__)
        self._path = path
        self._show = show

    def send(self, message: Message, *, timeout_s: float) -> Outcome:  # noqa: ARG002 - the port's
        """Write the notification down; it always arrives."""
        said = {
            "id": str(message.id),
            "to": message.recipient,
            "subject": message.text.subject,
            "body": message.text.body,
            "short": message.text.short,
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(said, ensure_ascii=False) + "\n")
        self._show(f"{message.recipient}: {message.text.short}")
        return Outcome(Attempt.SENT)
