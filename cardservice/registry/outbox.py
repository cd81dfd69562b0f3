"""The outbox: what is to be told is kept with what it tells of, and sent afterwards.

Nothing is lost: a notification is added in the transaction of its cause. Nothing is sent twice
in silence: before an attempt the notification is kept as ``sending``; if no outcome follows it
becomes ``unknown`` and waits for a person. A repetition bears the same id, so that a receiver
with ids has it once.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cardservice.errors import CardServiceError, Refusal
from cardservice.registry.outbox_ports import OutboxStore, Sealer, Sender
from cardservice.registry.outbox_recipients import mask_recipient, parse_recipient
from cardservice.registry.outbox_values import (
    Attempt,
    Message,
    Notice,
    NoticeChannel,
    NoticeLanguage,
    NoticeState,
    Notification,
    Outcome,
    Template,
    Text,
)

Render = Callable[[Template, NoticeLanguage, Mapping[str, str]], Text]

ATTEMPT_S: Final = 20.0  # what one attempt may take
# Longer than any attempt: a process that still lives has written its outcome by then.
SENDING_FOR: Final = timedelta(seconds=120)
MOST_ATTEMPTS: Final = 12  # with the delays below, about two days
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(hours=6)
BATCH: Final = 100  # notifications taken at once
_JITTER_OCTETS: Final = 2
_ABOUT: Final = ("application", "complaint")  # parameters that say what a notice tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """The use cases of notifications.

    Attributes:
        clock: aware UTC time.
        dice: random octets, for the jitter of delays.
        new_id: time-ordered ids (UUIDv7).
        render: the words of a notification; raises Refusal for parameters that do not fit.
        senders: by channel; a channel without one keeps its notifications until it has one.
    """

    store: OutboxStore
    sealer: Sealer
    clock: Callable[[], datetime]
    dice: Callable[[int], bytes]
    new_id: Callable[[], UUID]
    render: Render
    senders: Mapping[NoticeChannel, Sender]

    def put(self, region: str, notice: Notice) -> Notification:
        """Return the notification kept for ``notice``; it will be sent by ``deliver_due``.

        Raises:
            Refusal: ``recipient-wrong``, or the parameters do not fit the template.
        """
        recipient = parse_recipient(notice.channel, notice.recipient)
        self.render(notice.template, notice.language, notice.parameters)
        now, notice_id = self.clock(), self.new_id()
        plain = json.dumps([recipient, dict(notice.parameters)]).encode()
        notification = Notification(
            region=region,
            id=notice_id,
            channel=notice.channel,
            template=notice.template,
            language=notice.language,
            sealed=self.sealer.seal(plain, context=_context(region, notice_id)),
            masked=mask_recipient(notice.channel, recipient),
            about=_about(notice),
            created_at=now,
            next_at=now,
            until=notice.until,
        )
        self.store.add(notification)
        return notification

    def deliver_due(self, *, budget_s: float) -> tuple[Notification, ...]:
        """Return those that were tried, one attempt each, as they are afterwards.

        Attempts that nobody finished are made ``unknown`` first. No attempt begins after
        ``budget_s`` seconds; the last one may take ``ATTEMPT_S`` longer.
        """
        self.recover()
        started, tried = self.clock(), []
        for one in self.store.due(started, BATCH):
            if (self.clock() - started).total_seconds() >= budget_s:
                break
            if one.channel in self.senders and (done := self._deliver(one)) is not None:
                tried.append(done)
        return tuple(tried)

    def recover(self) -> tuple[Notification, ...]:
        """Return those whose attempt was never finished, e.g. by a killed process: now unknown."""
        interrupted = Outcome(Attempt.UNKNOWN, "interrupted")
        lost = self.store.overdue(self.clock(), BATCH)
        settled = (self._settled(one, interrupted) for one in lost)
        return tuple(one for one in settled if one is not None)

    def resend(self, region: str, notification_id: UUID, *, version: int) -> Notification:
        """Return the notification queued again under its old id, because a person says so.

        Raises:
            Refusal: ``stale``; ``state-…``: only an unknown one, or one given up that can still
                be sent, may be sent again.
        """
        found = self._decidable(region, notification_id, version)
        if not found.sealed:
            raise Refusal("state-failed", "What this notification said is not kept any more.")
        queued = replace(found, state=NoticeState.QUEUED, next_at=self.clock(), attempts=0)
        return self.store.replace(queued)

    def forget(self, region: str, notification_id: UUID, *, version: int) -> Notification:
        """Return the notification given up for good, because a person says so.

        Raises:
            Refusal: ``stale``, ``state-…``, as for ``resend``.
        """
        found = self._decidable(region, notification_id, version)
        return self.store.replace(_closed(found, NoticeState.FAILED, "forgotten"))

    def _decidable(self, region: str, notification_id: UUID, version: int) -> Notification:
        found = self.store.get(region, notification_id)
        if found.version != version:
            raise Refusal("stale", "The notification was changed in the meantime; look again.")
        given_up = found.state is NoticeState.FAILED and found.next_at is None
        if found.state is not NoticeState.UNKNOWN and not given_up:
            sentence = f"The notification is {found.state.value}; there is nothing to decide."
            raise Refusal(f"state-{found.state.value}", sentence)
        return found

    def _deliver(self, due: Notification) -> Notification | None:
        now = self.clock()
        if due.until is not None and now >= due.until:
            return self._kept(_closed(due, NoticeState.FAILED, "too-late"))
        claimed = self._kept(
            replace(
                due,
                state=NoticeState.SENDING,
                attempts=due.attempts + 1,
                next_at=now + SENDING_FOR,
            )
        )
        # Another process was faster, and the notification is its own.
        return None if claimed is None else self._settled(claimed, self._attempt(claimed))

    def _attempt(self, claimed: Notification) -> Outcome:
        try:
            message = self._message(claimed)
        except (CardServiceError, ValueError, TypeError):
            return Outcome(Attempt.IMPOSSIBLE, "unreadable")
        try:
            return self.senders[claimed.channel].send(message, timeout_s=ATTEMPT_S)
        except Exception:  # noqa: BLE001 - whatever broke, nobody knows how far the message got
            return Outcome(Attempt.UNKNOWN, "sender-broke")

    def _message(self, claimed: Notification) -> Message:
        context = _context(claimed.region, claimed.id)
        recipient, parameters = json.loads(self.sealer.open(claimed.sealed, context=context))
        return Message(
            id=claimed.id,
            template=claimed.template,
            language=claimed.language,
            created_at=claimed.created_at,
            recipient=recipient,
            text=self.render(claimed.template, claimed.language, parameters),
            parameters=parameters,
        )

    def _settled(self, sending: Notification, outcome: Outcome) -> Notification | None:
        if outcome.attempt is Attempt.SENT:
            return self._kept(_closed(sending, NoticeState.SENT, outcome.reason))
        if outcome.attempt is Attempt.UNKNOWN:
            state = NoticeState.UNKNOWN
            return self._kept(replace(sending, state=state, next_at=None, reason=outcome.reason))
        last = outcome.attempt is Attempt.IMPOSSIBLE or sending.attempts >= MOST_ATTEMPTS
        next_at = None if last else self.clock() + self._delay(sending.attempts)
        state = NoticeState.FAILED
        return self._kept(replace(sending, state=state, next_at=next_at, reason=outcome.reason))

    def _kept(self, changed: Notification) -> Notification | None:
        try:
            return self.store.replace(changed)
        except Refusal:
            return None

    def _delay(self, attempts: int) -> timedelta:
        # Between half and all of a delay that doubles: many that failed at once do not come
        # back at once.
        whole = min(LONGEST_DELAY, FIRST_DELAY * (1 << min(attempts - 1, MOST_ATTEMPTS)))
        share = int.from_bytes(self.dice(_JITTER_OCTETS)) / ((1 << 8 * _JITTER_OCTETS) - 1)
        return whole * (1 + share) / 2


def _closed(one: Notification, state: NoticeState, reason: str) -> Notification:
    # Nothing is to be sent any more, so nothing personal is kept any more.
    return replace(one, state=state, next_at=None, reason=reason, sealed=b"")


def _about(notice: Notice) -> str | None:
    return next((notice.parameters[one] for one in _ABOUT if one in notice.parameters), None)


def _context(region: str, notification_id: UUID) -> bytes:
    return f"{region}/{notification_id}".encode()
