"""Events are numbered once and told to each sink in its own time."""

import threading

import pytest

from simulators.tray import EventKind, Tray, TrayEvent
from simulators.tray.events import QUEUE_EVENTS, Bulletin, Subscriber
from tests.pcsc_stack import EchoCard
from tests.unit.tray.making import PATIENCE_S, Notes


@pytest.fixture
def bulletin() -> Bulletin:
    return Bulletin(lambda: 1.5)


def publish(bulletin: Bulletin, count: int) -> None:
    for _ in range(count):
        bulletin.publish(EventKind.FAULT, "A", "card", "detail")


def test_an_event_says_what_where_and_when(bulletin: Bulletin) -> None:
    told: list[TrayEvent] = []
    bulletin.subscribe(told.append)
    publish(bulletin, 1)
    assert bulletin.settle(PATIENCE_S)
    assert told == [TrayEvent(1, 1.5, EventKind.FAULT, "A", "card", "detail")]
    bulletin.close()


def test_all_sinks_are_told_the_same_from_when_they_began(bulletin: Bulletin) -> None:
    early: list[TrayEvent] = []
    late: list[TrayEvent] = []
    bulletin.subscribe(early.append)
    publish(bulletin, 2)
    bulletin.subscribe(late.append)
    publish(bulletin, 2)
    bulletin.close()
    assert [one.number for one in early] == [1, 2, 3, 4]
    assert late == early[2:]


def test_a_sink_that_ended_is_told_nothing_more(bulletin: Bulletin) -> None:
    told: list[TrayEvent] = []
    end = bulletin.subscribe(told.append)
    publish(bulletin, 1)
    end()
    end()
    publish(bulletin, 1)
    assert [one.number for one in told] == [1]


def test_a_slow_sink_stops_nobody_and_is_told_how_many_it_lost(bulletin: Bulletin) -> None:
    may_go_on, began = threading.Event(), threading.Event()
    slow: list[TrayEvent] = []
    quick: list[TrayEvent] = []

    def take_slowly(event: TrayEvent) -> None:
        began.set()
        assert may_go_on.wait(PATIENCE_S)
        slow.append(event)

    bulletin.subscribe(take_slowly)
    publish(bulletin, 1)
    assert began.wait(PATIENCE_S)
    publish(bulletin, QUEUE_EVENTS + 7)
    end = bulletin.subscribe(quick.append)
    publish(bulletin, 1)
    end()
    assert [one.number for one in quick] == [QUEUE_EVENTS + 9]
    may_go_on.set()
    assert bulletin.settle(PATIENCE_S)
    publish(bulletin, 1)
    bulletin.close()
    *_, last_before, loss, after = slow
    assert last_before.number == QUEUE_EVENTS + 1
    assert (loss.kind, loss.number, loss.detail) == (EventKind.EVENTS_LOST, QUEUE_EVENTS + 9, "8")
    assert after.number == loss.number + 1


def test_what_comes_while_some_are_lost_is_lost_too_so_that_numbers_never_go_back() -> None:
    told: list[TrayEvent] = []
    subscriber = Subscriber(told.append, limit=2)
    events = [TrayEvent(number, 0.0, EventKind.FAULT, "A", None) for number in range(1, 5)]
    for one in events[:3]:
        subscriber.offer(one)
    first = subscriber._take()
    subscriber.offer(events[3])
    second, loss = subscriber._take(), subscriber._take()
    assert [first, second] == events[:2]
    assert loss == TrayEvent(4, 0.0, EventKind.EVENTS_LOST, "", None, "2")


def test_a_sink_that_raises_is_told_the_next_and_disturbs_no_other(
    bulletin: Bulletin, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[int] = []

    def refuse(event: TrayEvent) -> None:
        told.append(event.number)
        raise RuntimeError("secret")

    other: list[TrayEvent] = []
    bulletin.subscribe(refuse)
    bulletin.subscribe(other.append)
    publish(bulletin, 2)
    bulletin.close()
    assert (told, len(other)) == ([1, 2], 2)
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_sink_may_end_itself(bulletin: Bulletin) -> None:
    told: list[int] = []

    def once(event: TrayEvent) -> None:
        told.append(event.number)
        end()

    end = bulletin.subscribe(once)
    publish(bulletin, 1)
    bulletin.close()
    publish(bulletin, 1)
    assert told == [1]


@pytest.mark.usefixtures("card")
def test_a_sink_may_use_the_tray(tray: Tray, notes: Notes) -> None:
    done = threading.Event()

    def send_back(event: TrayEvent) -> None:
        if event.kind is EventKind.INSERTED:
            tray.remove(event.reader)
            done.set()

    tray.subscribe(send_back)
    tray.insert("card", "A")
    assert done.wait(PATIENCE_S)
    assert tray.readers["A"].card is None
    assert notes.kinds == [EventKind.INSERTED, EventKind.REMOVED]


def test_a_sink_may_close_the_tray(tray: Tray, card: EchoCard) -> None:
    closed = threading.Event()

    def close(_: TrayEvent) -> None:
        tray.close()
        closed.set()

    tray.subscribe(close)
    tray.insert("card", "A")
    assert closed.wait(PATIENCE_S)
    assert card.history[-1] == "power down"


def test_events_carry_the_time_of_the_trays_clock() -> None:
    with Tray(clock=lambda: 42.0) as tray:
        told: list[TrayEvent] = []
        tray.subscribe(told.append)
        tray.add_reader("A")
    assert [(one.number, one.at) for one in told] == [(1, 42.0)]
