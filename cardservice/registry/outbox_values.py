"""A notification and its life: what is to be told to whom, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from typing import Literal
from uuid import UUID

NoticeLanguage = Literal["ru", "en"]


@unique
class NoticeChannel(StrEnum):
    """The ways out."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"


@unique
class Template(StrEnum):
    """What can be told; the words are the senders'."""

    READY_FOR_COLLECTION = "ready-for-collection"
    DOCUMENTS_NEEDED = "documents-needed"
    REFUSED = "refused"
    APPROVED_CARD = "approved-card"
    APPROVED_CARD_AT = "approved-card-at"
    APPROVED_PAPER = "approved-paper"
    APPROVED_PAPER_AT = "approved-paper-at"
    APPROVED_CHANGE = "approved-change"
    COMPLAINT_ANSWERED = "complaint-answered"
    ONE_TIME_CODE = "one-time-code"
    ABUSE_SIGN = "abuse-sign"


@unique
class NoticeState(StrEnum):
    """The life of a notification.

    ``failed`` with a time is tried again then; without one it was given up. ``unknown`` stays
    until a person decides: nobody knows whether it arrived.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A wish to tell something.

    Attributes:
        recipient: e-mail address, telephone number in international form, or https address.
        parameters: what the template asks for, as little as it needs.
        until: after this it is of no use and not sent any more.
    """

    channel: NoticeChannel
    template: Template
    language: NoticeLanguage
    recipient: str = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A row of the outbox.

    Attributes:
        id: stable over all attempts; receivers know a repetition by it.
        sealed: recipient and parameters, encrypted; empty once nothing is to be sent any more.
        masked: the recipient as a list may show it.
        about: number of the application or the complaint it tells of, if it tells of one.
        next_at: when to try (``queued``, ``failed``), or until when an attempt may take
            (``sending``); None in all other states.
        reason: code of what the last attempt came to, empty before the first.
        version: counts changes; who changes an old one is refused.
    """

    region: str
    id: UUID
    channel: NoticeChannel
    template: Template
    language: NoticeLanguage
    sealed: bytes = field(repr=False)
    masked: str
    about: str | None = None
    created_at: datetime
    state: NoticeState = NoticeState.QUEUED
    next_at: datetime | None
    until: datetime | None = None
    attempts: int = 0
    reason: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A notification in words: ``short`` for an SMS, subject and body for a letter."""

    subject: str = field(repr=False)
    body: str = field(repr=False)
    short: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a sender sends; ``id`` is the notification's."""

    id: UUID
    template: Template
    language: NoticeLanguage
    created_at: datetime
    recipient: str = field(repr=False)
    text: Text = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)


@unique
class Attempt(StrEnum):
    """What an attempt came to."""

    SENT = "sent"  # the other side said it has it
    NOT_SENT = "not-sent"  # it certainly does not have it; try again later
    IMPOSSIBLE = "impossible"  # it never will: wrong address, refused for good
    UNKNOWN = "unknown"  # it was on its way when the answer failed to come


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one attempt; ``reason`` is a code, and holds nothing of the message."""

    attempt: Attempt
    reason: str = ""
