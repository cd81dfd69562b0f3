"""The outbox: nothing lost, nothing sent twice in silence, nothing personal left lying about."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.keystores.software_keys import AesKey
from cardservice.registry import outbox as module
from cardservice.registry.outbox import (
    FIRST_DELAY,
    LONGEST_DELAY,
    MOST_ATTEMPTS,
    SENDING_FOR,
    Outbox,
)
from cardservice.registry.outbox_memory import InsecureMemoryOutboxStore
from cardservice.registry.outbox_sealing import KeyStoreSealer, SealError
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

REGION = "00001"
START = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = AesKey(bytes(range(32)))
ADDRESS = "person0@example.org"


@dataclass(slots=True)
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Recorder:
    """A sender that does as told and keeps what it was given."""

    does: Callable[[Message], Outcome] = lambda _: Outcome(Attempt.SENT)
    seen: list[Message] = field(default_factory=list)

    def send(self, message: Message, *, timeout_s: float) -> Outcome:
        self.seen.append(message)
        return self.does(message)


class Killed(BaseException):
    """What a process that is killed looks like from inside: nothing after it runs."""


def words(template: Template, language: NoticeLanguage, parameters: Mapping[str, str]) -> Text:
    if parameters.get("bad"):
        raise Refusal("parameters-wrong", "no")
    return Text(subject=template.value, body=str(parameters), short=language)


def new_outbox(sender: Recorder, clock: Clock, *, dice: bytes = b"\xff\xff") -> Outbox:
    ids = count(1)
    return Outbox(
        store=InsecureMemoryOutboxStore(production=False),
        sealer=KeyStoreSealer(SECRET),
        clock=clock,
        dice=lambda octets: dice[:octets],
        new_id=lambda: UUID(int=next(ids)),
        render=words,
        senders={NoticeChannel.EMAIL: sender},
    )


def notice(**changes: Any) -> Notice:
    given: dict[str, Any] = {
        "channel": NoticeChannel.EMAIL,
        "template": Template.REFUSED,
        "language": "ru",
        "recipient": ADDRESS,
        "parameters": {"application": "A-1"},
    }
    return Notice(**{**given, **changes})


def kept(box: Outbox, one: Notification) -> Notification:
    return box.store.get(one.region, one.id)


def saying(attempt: Attempt) -> Recorder:
    return Recorder(lambda _: Outcome(attempt, "code"))


def test_a_notification_is_sent_once_and_nothing_personal_is_kept_of_it() -> None:
    sender, clock = Recorder(), Clock()
    box = new_outbox(sender, clock)
    one = box.put(REGION, notice())
    assert [done.state for done in box.deliver_due(budget_s=10)] == [NoticeState.SENT]
    assert box.deliver_due(budget_s=10) == ()
    assert [(seen.recipient, seen.id) for seen in sender.seen] == [(ADDRESS, one.id)]
    assert (kept(box, one).sealed, kept(box, one).next_at) == (b"", None)


def test_the_recipient_is_sealed_at_rest_and_masked_in_lists() -> None:
    one = new_outbox(Recorder(), Clock()).put(REGION, notice())
    assert one.masked == "p***@e***.org"
    assert ADDRESS.encode() not in one.sealed
    assert ADDRESS not in repr(one)
    assert ADDRESS not in repr(notice())


def test_a_sealed_recipient_does_not_open_in_another_row() -> None:
    sender = Recorder()
    box = new_outbox(sender, Clock())
    one, other = box.put(REGION, notice()), box.put(REGION, notice(recipient="a@example.org"))
    box.store.replace(replace(other, sealed=one.sealed))
    box.deliver_due(budget_s=10)
    assert [seen.id for seen in sender.seen] == [one.id]
    assert (kept(box, other).state, kept(box, other).reason) == (NoticeState.FAILED, "unreadable")


@pytest.mark.parametrize("place", [0, 1, 13, -1])
def test_an_altered_seal_does_not_open(place: int) -> None:
    sealer = KeyStoreSealer(SECRET)
    octets = bytearray(sealer.seal(b"plain", context=b"row"))
    octets[place] ^= 1
    with pytest.raises(SealError):
        sealer.open(bytes(octets), context=b"row")


@pytest.mark.parametrize("octets", [b"", b"\1", b"\1" + bytes(12), b"\2" + bytes(40)])
def test_what_is_no_seal_does_not_open(octets: bytes) -> None:
    with pytest.raises(SealError):
        KeyStoreSealer(SECRET).open(octets, context=b"")


def test_a_process_killed_while_sending_leaves_an_unknown_that_nothing_sends_again() -> None:
    def die(_: Message) -> Outcome:
        raise Killed

    sender, clock = Recorder(die), Clock()
    box = new_outbox(sender, clock)
    one = box.put(REGION, notice())
    with pytest.raises(Killed):
        box.deliver_due(budget_s=10)
    assert kept(box, one).state is NoticeState.SENDING
    clock.now += SENDING_FOR
    box.deliver_due(budget_s=10)
    clock.now += timedelta(days=30)
    box.deliver_due(budget_s=10)
    found = kept(box, one)
    assert (found.state, found.reason, len(sender.seen)) == (
        NoticeState.UNKNOWN,
        "interrupted",
        1,
    )


def test_an_attempt_that_may_still_run_is_left_alone() -> None:
    clock = Clock()
    box = new_outbox(Recorder(), clock)
    one = box.put(REGION, notice())
    box.store.replace(replace(one, state=NoticeState.SENDING, next_at=START + SENDING_FOR))
    clock.now += SENDING_FOR - timedelta(seconds=1)
    assert box.recover() == ()
    assert kept(box, one).state is NoticeState.SENDING


def test_a_sending_lasts_longer_than_an_attempt_may_take() -> None:
    assert SENDING_FOR.total_seconds() > 2 * module.ATTEMPT_S


def test_an_outcome_that_comes_too_late_changes_nothing() -> None:
    clock = Clock()
    sender = Recorder()
    box = new_outbox(sender, clock)

    def slow(_: Message) -> Outcome:
        clock.now += SENDING_FOR
        box.recover()
        return Outcome(Attempt.SENT)

    sender.does = slow
    one = box.put(REGION, notice())
    assert box.deliver_due(budget_s=1e9) == ()
    assert kept(box, one).state is NoticeState.UNKNOWN


@pytest.mark.parametrize("broken", [RuntimeError, OSError, ValueError])
def test_a_sender_that_breaks_leaves_an_unknown(broken: type[Exception]) -> None:
    def fail(_: Message) -> Outcome:
        raise broken(ADDRESS)

    clock = Clock()
    box = new_outbox(Recorder(fail), clock)
    one = box.put(REGION, notice())
    box.deliver_due(budget_s=10)
    found = kept(box, one)
    assert (found.state, found.reason, found.next_at) == (
        NoticeState.UNKNOWN,
        "sender-broke",
        None,
    )


def test_a_person_sends_an_unknown_one_again_under_the_same_id() -> None:
    sender, clock = saying(Attempt.UNKNOWN), Clock()
    box = new_outbox(sender, clock)
    one = box.put(REGION, notice())
    box.deliver_due(budget_s=10)
    assert len(sender.seen) == 1
    box.resend(REGION, one.id, version=kept(box, one).version)
    sender.does = lambda _: Outcome(Attempt.SENT)
    box.deliver_due(budget_s=10)
    assert [seen.id for seen in sender.seen] == [one.id, one.id]
    assert kept(box, one).state is NoticeState.SENT


def test_a_person_forgets_an_unknown_one_and_it_is_never_sent() -> None:
    sender, clock = saying(Attempt.UNKNOWN), Clock()
    box = new_outbox(sender, clock)
    one = box.put(REGION, notice())
    box.deliver_due(budget_s=10)
    gone = box.forget(REGION, one.id, version=kept(box, one).version)
    clock.now += timedelta(days=30)
    box.deliver_due(budget_s=10)
    assert (gone.state, gone.sealed, len(sender.seen)) == (NoticeState.FAILED, b"", 1)
    with pytest.raises(Refusal) as refusal:
        box.resend(REGION, one.id, version=gone.version)
    assert refusal.value.code == "state-failed"


def test_a_decision_over_an_old_version_is_refused() -> None:
    box = new_outbox(saying(Attempt.UNKNOWN), Clock())
    one = box.put(REGION, notice())
    box.deliver_due(budget_s=10)
    with pytest.raises(Refusal) as refusal:
        box.resend(REGION, one.id, version=1)
    assert refusal.value.code == "stale"


@pytest.mark.parametrize("attempt", [Attempt.SENT, Attempt.NOT_SENT, None])
def test_where_nothing_is_to_be_decided_a_decision_is_refused(attempt: Attempt | None) -> None:
    box = new_outbox(saying(attempt or Attempt.SENT), Clock())
    one = box.put(REGION, notice())
    if attempt:
        box.deliver_due(budget_s=10)
    found = kept(box, one)
    for decide in (box.resend, box.forget):
        with pytest.raises(Refusal) as refusal:
            decide(REGION, one.id, version=found.version)
        assert refusal.value.code == f"state-{found.state.value}"


def test_delays_grow_to_a_bound_and_then_it_is_given_up() -> None:
    clock = Clock()
    box = new_outbox(saying(Attempt.NOT_SENT), clock)
    one = box.put(REGION, notice())
    delays = []
    for _ in range(MOST_ATTEMPTS):
        box.deliver_due(budget_s=10)
        found = kept(box, one)
        if found.next_at is not None:
            delays.append(found.next_at - clock.now)
            clock.now = found.next_at
    assert delays[:3] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
    assert max(delays) == LONGEST_DELAY
    assert (len(delays), kept(box, one).next_at) == (MOST_ATTEMPTS - 1, None)
    assert kept(box, one).sealed  # a person may still send it


def test_a_failed_one_is_not_tried_before_its_time() -> None:
    sender, clock = saying(Attempt.NOT_SENT), Clock()
    box = new_outbox(sender, clock)
    box.put(REGION, notice())
    box.deliver_due(budget_s=10)
    clock.now += FIRST_DELAY - timedelta(seconds=1)
    box.deliver_due(budget_s=10)
    assert len(sender.seen) == 1


def test_the_dice_shorten_a_delay_by_half_at_most() -> None:
    clock = Clock()
    box = new_outbox(saying(Attempt.NOT_SENT), clock, dice=b"\0\0")
    one = box.put(REGION, notice())
    box.deliver_due(budget_s=10)
    assert kept(box, one).next_at == START + FIRST_DELAY / 2


def test_an_impossible_one_is_given_up_at_once() -> None:
    box = new_outbox(saying(Attempt.IMPOSSIBLE), Clock())
    one = box.put(REGION, notice())
    box.deliver_due(budget_s=10)
    found = kept(box, one)
    assert (found.state, found.next_at, found.attempts) == (NoticeState.FAILED, None, 1)


def test_a_code_that_is_of_no_use_any_more_is_not_sent() -> None:
    sender, clock = Recorder(), Clock()
    box = new_outbox(sender, clock)
    one = box.put(REGION, notice(until=START + timedelta(minutes=10)))
    clock.now += timedelta(minutes=10)
    box.deliver_due(budget_s=10)
    assert (kept(box, one).reason, kept(box, one).sealed, sender.seen) == ("too-late", b"", [])


def test_no_attempt_begins_after_the_budget() -> None:
    clock, sender = Clock(), Recorder()

    def slow(_: Message) -> Outcome:
        clock.now += timedelta(seconds=6)
        return Outcome(Attempt.SENT)

    sender.does = slow
    box = new_outbox(sender, clock)
    for _ in range(5):
        box.put(REGION, notice())
    assert len(box.deliver_due(budget_s=10)) == 2


def test_two_processes_that_deliver_at_once_send_each_once() -> None:
    sender, clock = Recorder(), Clock()
    box = new_outbox(sender, clock)
    for _ in range(50):
        box.put(REGION, notice())
    threads = [threading.Thread(target=box.deliver_due, kwargs={"budget_s": 10}) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(sender.seen) == len({seen.id for seen in sender.seen}) == 50


def test_a_channel_without_a_sender_keeps_its_notifications() -> None:
    box = new_outbox(Recorder(), Clock())
    one = box.put(REGION, notice(channel=NoticeChannel.SMS, recipient="+7 900 000-63-91"))
    box.deliver_due(budget_s=10)
    assert (kept(box, one).state, one.masked) == (NoticeState.QUEUED, "+7 *** 91")


def test_parameters_that_do_not_fit_are_refused_before_anything_is_kept() -> None:
    box = new_outbox(Recorder(), Clock())
    with pytest.raises(Refusal):
        box.put(REGION, notice(parameters={"bad": "1"}))
    assert box.store.due(START, 10) == []


HOSTILE = {
    NoticeChannel.EMAIL: [
        "", "x", "a@b", "a@b.org\r\nBcc: c@d.org", "a@b.org\n", "a b@c.org", "a@b.org,c@d.org",
        "<a@b.org>", '"a"@b.org', "a@b.org\0", "а@b.org", "a@б.рф", "a..b@c.org", ".a@b.org",
        "a@-b.org", "a" * 65 + "@b.org", "a@" + "b" * 250 + ".org", "a@b.org ORCPT=x", "a@@b.org",
        "a@[127.0.0.1]",
    ],
    NoticeChannel.SMS: ["", "112", "79000006391", "+7900", "+7" + "0" * 20, "+7٩٠٠٠٠٠٦٣٩١",
        "+7900000\n6391",
    ],
    NoticeChannel.WEBHOOK: [
        "", "ftp://a.org/", "file:///etc/passwd", "https://", "https://u:p@a.org/", "https://u@a.org/",
        "https://a.org/#x", "https://a.org/ x", "https://a.org/\r\nX: y", "https://a.org:99999/",
        "https://a.org:0/", "https://[::1/", "javascript:alert(1)", "https://a.org/" + "x" * 2000,
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "raw"), [(channel, raw) for channel, all_raw in HOSTILE.items() for raw in all_raw]
)
def test_a_recipient_that_is_none_is_refused_and_not_repeated(
    channel: NoticeChannel, raw: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        new_outbox(Recorder(), Clock()).put(REGION, notice(channel=channel, recipient=raw))
    assert refusal.value.code == "recipient-wrong"
    assert not raw or raw not in refusal.value.sentence


def test_a_webhook_is_listed_by_its_host_alone() -> None:
    box = new_outbox(Recorder(), Clock())
    url = "https://clinic.example.org:8443/hooks/topsecret?token=1"
    one = box.put(REGION, notice(channel=NoticeChannel.WEBHOOK, recipient=url))
    assert one.masked == "clinic.example.org/…"


def test_what_is_sealed_is_recipient_and_parameters_together() -> None:
    sealer = KeyStoreSealer(SECRET)
    one = new_outbox(Recorder(), Clock()).put(REGION, notice())
    plain = json.loads(sealer.open(one.sealed, context=f"{REGION}/{one.id}".encode()))
    assert plain == [ADDRESS, {"application": "A-1"}]


def test_the_memory_store_does_not_serve_in_production() -> None:
    with pytest.raises(UsageError):
        InsecureMemoryOutboxStore(production=True)
