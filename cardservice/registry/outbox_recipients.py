"""Where a notification may go, and how lists show it."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from cardservice.errors import Refusal
from cardservice.registry.outbox_values import NoticeChannel

ADDRESS_LENGTH: Final = 254  # octets; RFC 5321, 4.5.3.1.3, without the angle brackets
URL_LENGTH: Final = 2_000
# The dot-atom of RFC 5322, 3.2.3, ASCII only: no quoting, so nothing that ends a header or an
# SMTP command, and nothing a mail program reads as two addresses.
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_PHONE: Final = re.compile(r"\+[1-9][0-9]{7,14}")  # E.164
_PRINTABLE: Final = re.compile(r"[!-~]+")
_PHONE_FILLERS: Final = str.maketrans("", "", " ()-")
_PHONE_SHOWN: Final = 2  # last digits


def parse_recipient(channel: NoticeChannel, raw: str) -> str:
    """Return the recipient in the form in which it is used.

    Raises:
        Refusal: ``recipient-wrong``; the sentence does not repeat it.
    """
    return _PARSERS[channel](raw.strip(" "))


def mask_recipient(channel: NoticeChannel, recipient: str) -> str:
    """Return what a list may show: enough to recognise, too little to write to."""
    return _MASKS[channel](recipient)


def _email(raw: str) -> str:
    local, _, _ = raw.partition("@")
    if len(raw) > ADDRESS_LENGTH or len(local) > 64 or not _EMAIL.fullmatch(raw):
        raise _wrong("an e-mail address")
    return raw


def _phone(raw: str) -> str:
    digits = raw.translate(_PHONE_FILLERS)
    if not _PHONE.fullmatch(digits):
        raise _wrong("a telephone number that begins with + and the country's code")
    return digits


def _url(raw: str) -> str:
    if len(raw) > URL_LENGTH or not _PRINTABLE.fullmatch(raw):
        raise _wrong("an https address")
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError:
        raise _wrong("an https address") from None
    # A name or password in an address would stand in logs; a fragment is never sent.
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _wrong("an https address without a name or password")
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise _wrong("an https address")
    return raw


def _wrong(words: str) -> Refusal:
    return Refusal("recipient-wrong", f"The recipient is not {words}.", field="recipient")


def _mask_email(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain[:1]}***.{domain.rpartition('.')[2]}"


def _mask_phone(number: str) -> str:
    return f"{number[:2]} *** {number[-_PHONE_SHOWN:]}"


def _mask_url(url: str) -> str:
    # The path often is the secret of a receiver; the host says which program it is.
    return f"{urlsplit(url).hostname}/…"


_PARSERS: Final[Mapping[NoticeChannel, Callable[[str], str]]] = {
    NoticeChannel.EMAIL: _email,
    NoticeChannel.SMS: _phone,
    NoticeChannel.WEBHOOK: _url,
}
_MASKS: Final[Mapping[NoticeChannel, Callable[[str], str]]] = {
    NoticeChannel.EMAIL: _mask_email,
    NoticeChannel.SMS: _mask_phone,
    NoticeChannel.WEBHOOK: _mask_url,
}
