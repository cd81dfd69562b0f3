"""A notification to a program: JSON over HTTPS, signed so that it cannot be made up or replayed.

Source: the headers and what is signed are those of Standard Webhooks 1.0.0 (symmetric, ``v1``);
the id is signed too, so that nobody can send a caught message again under another id.
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from cardservice.errors import AuthenticationError
from cardservice.notifying.http import HttpTerms, post
from cardservice.registry.outbox_values import Message, Outcome

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
REPLAY_WINDOW: Final = timedelta(minutes=5)
MOST_SIGNATURES: Final = 8  # of one message: keys that are being changed
_VERSION: Final = "v1,"
_TIMESTAMP_DIGITS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSender:
    """The port ``Sender`` for webhooks.

    Attributes:
        secret_for: the secret shared with the receiver at an address, 24 to 64 octets; raises
            Refusal for an unknown one.
        clock: aware time.
        terms: of our requests.
    """

    secret_for: Callable[[str], bytes]
    clock: Callable[[], datetime]
    terms: HttpTerms = field(default_factory=HttpTerms)

    def send(self, message: Message, *, timeout_s: float) -> Outcome:
        """Return what one attempt came to; the same ids at every attempt, a new timestamp."""
        body = webhook_body(message)
        secret = self.secret_for(message.recipient)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(message.id),
            **signed_headers(str(message.id), body, secret=secret, at=self.clock()),
        }
        return post(
            message.recipient, body=body, headers=headers, terms=self.terms, timeout_s=timeout_s
        )


def webhook_body(message: Message) -> bytes:
    """Return the JSON object with ``type``, ``timestamp`` and ``data``; the same every time."""
    members = {
        "type": message.template.value,
        "timestamp": message.created_at.astimezone(UTC).isoformat(),
        "data": dict(message.parameters),
    }
    return json.dumps(members, ensure_ascii=False, sort_keys=True).encode()


def signed_headers(message_id: str, body: bytes, *, secret: bytes, at: datetime) -> dict[str, str]:
    """Return id, timestamp and signature of a message."""
    timestamp = str(int(at.timestamp()))
    signature = _VERSION + base64.b64encode(_mac(secret, message_id, timestamp, body)).decode()
    return {ID: message_id, TIMESTAMP: timestamp, SIGNATURE: signature}


def verify_webhook(headers: Mapping[str, str], body: bytes, *, secret: bytes, now: datetime) -> str:
    """Return the id of a message that the holder of ``secret`` sent in the last five minutes.

    A receiver keeps the ids of ten minutes and drops a message whose id it has.

    Args:
        headers: with lower-case names.
        body: the octets as they came.
        secret: shared with us.
        now: aware time.

    Raises:
        AuthenticationError: not signed, otherwise signed, or not of these minutes.
    """
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    expected = base64.b64encode(_mac(secret, message_id, timestamp, body))
    given = headers.get(SIGNATURE, "").split(" ", MOST_SIGNATURES)[:MOST_SIGNATURES]
    signatures = [one.removeprefix(_VERSION).encode() for one in given if one.startswith(_VERSION)]
    # All are compared, so that the time does not tell which one came near.
    if not sum(hmac.compare_digest(one, expected) for one in signatures):
        raise AuthenticationError("the webhook is not signed with the shared secret")
    if not _is_recent(timestamp, now):
        raise AuthenticationError("the webhook is not of these minutes")
    return message_id


def _is_recent(timestamp: str, now: datetime) -> bool:
    plain = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _TIMESTAMP_DIGITS
    return plain and abs(now.timestamp() - int(timestamp)) <= REPLAY_WINDOW.total_seconds()


def _mac(secret: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    signed = f"{message_id}.{timestamp}.".encode("utf-8", "surrogateescape") + body
    return hmac.new(secret, signed, sha256).digest()
