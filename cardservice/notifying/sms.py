"""An SMS through a gateway that takes JSON over HTTP and knows a repetition by its key."""

import json
from dataclasses import dataclass, field

from cardservice.notifying.http import HttpTerms, post
from cardservice.registry.outbox_values import Message, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsGateway:
    """The port ``Sender`` over a gateway.

    Attributes:
        url: where the gateway takes messages.
        token: sent as ``Authorization: Bearer``.
        terms: of our requests.
    """

    url: str
    token: str = field(repr=False)
    terms: HttpTerms = field(default_factory=HttpTerms)

    def send(self, message: Message, *, timeout_s: float) -> Outcome:
        """Return what one attempt came to; the same ``Idempotency-Key`` at every attempt."""
        body = {"to": message.recipient, "text": message.text.short}
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(message.id),
        }
        octets = json.dumps(body, ensure_ascii=False).encode()
        return post(self.url, body=octets, headers=headers, terms=self.terms, timeout_s=timeout_s)
