"""A notification as an e-mail: headers that cannot be continued by what is put into them.

Source: RFC 5322; RFC 2045 and 2047 (through ``email``); RFC 3834, 5 (automatic letters).
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from cardservice.errors import Refusal, UsageError
from cardservice.registry.outbox_recipients import parse_recipient
from cardservice.registry.outbox_values import Message, NoticeChannel


def message_id(message: Message, domain: str) -> str:
    """Return the Message-ID of a notification: the same at every attempt."""
    return f"<{message.id}@{domain}>"


def letter_octets(message: Message, *, sender: str, domain: str) -> bytes:
    """Return the letter with CRLF line ends, ready for DATA.

    Args:
        message: what is to be told.
        sender: address it comes from.
        domain: right half of its Message-ID.

    Raises:
        Refusal: ``recipient-wrong``.
        UsageError: ``sender`` or ``domain`` cannot stand in a header.
    """
    recipient = parse_recipient(NoticeChannel.EMAIL, message.recipient)
    letter = EmailMessage(policy=SMTP)
    try:
        letter["From"] = Address(addr_spec=sender)
        letter["To"] = Address(addr_spec=recipient)
        letter["Subject"] = message.text.subject
        letter["Date"] = format_datetime(message.created_at)
        letter["Message-ID"] = message_id(message, domain)
        letter["Auto-Submitted"] = "auto-generated"
    except (ValueError, IndexError):
        raise UsageError("a header of a letter cannot hold what it is given") from None
    letter.set_content(message.text.body, cte="base64")
    return letter.as_bytes()


def require_sender(address: str) -> str:
    """Return ``address``; raises UsageError unless letters can come from it."""
    try:
        return parse_recipient(NoticeChannel.EMAIL, address)
    except Refusal:
        raise UsageError("letters cannot come from that address") from None
