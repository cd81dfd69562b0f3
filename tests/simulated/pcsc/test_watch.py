"""The reader loop over real PC/SC: nothing that happens at a reader is missed."""

import signal
import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue

import pytest

from cardservice.errors import UsageError
from cardservice.transport.events import (
    CardPresented,
    CardRemoved,
    ReaderAdded,
    ReaderEvent,
    ReaderRemoved,
    ServiceLost,
    ServiceRestored,
)
from cardservice.transport.pcsc.watch import PcscWatch
from simulators.reader import VirtualReaderSlot
from simulators.reader.daemon import PrivatePcscd
from simulators.reader.driver import MAX_READERS
from tests.pcsc_stack import ATR_T1, OK, PATIENCE_S, EchoCard

pytestmark = pytest.mark.pcsc
OTHER_ATR = bytes.fromhex("3b00")


class Watched:
    """A started watch and what it has told."""

    def __init__(self) -> None:
        self.watch = PcscWatch()
        self._events: SimpleQueue[ReaderEvent] = SimpleQueue()
        self.watch.start(self._events.put)

    def next(self, count: int = 1) -> list[ReaderEvent]:
        return [self._events.get(timeout=PATIENCE_S) for _ in range(count)]

    def silent(self) -> bool:
        try:
            self._events.get_nowait()
        except Empty:
            return True
        return False


@pytest.fixture
def watched(pcscd: PrivatePcscd) -> Iterator[Watched]:  # noqa: ARG001 - must run before
    watched = Watched()
    yield watched
    watched.watch.stop()


@pytest.fixture
def slots(pcscd: PrivatePcscd) -> Iterator[list[VirtualReaderSlot]]:
    slots = [VirtualReaderSlot(slot.host, slot.port) for slot in pcscd.slots]
    yield slots
    for slot in slots:
        slot.remove()


def shapes(events: list[ReaderEvent]) -> list[tuple[type, str]]:
    return [(type(event), getattr(event, "reader", "")) for event in events]


def test_readers_then_cards_come_and_go(
    pcscd: PrivatePcscd, watched: Watched, slots: list[VirtualReaderSlot]
) -> None:
    first, second = (slot.name for slot in pcscd.slots)
    assert watched.next(2) == [ReaderAdded(first), ReaderAdded(second)]
    slots[0].insert(EchoCard())
    (presented,) = watched.next()
    assert isinstance(presented, CardPresented)
    assert (presented.reader, presented.atr) == (first, ATR_T1)
    slots[0].remove()
    (removed,) = watched.next()
    assert shapes([removed]) == [(CardRemoved, first)]
    assert isinstance(removed, CardRemoved)
    assert removed.at >= presented.at


def test_a_card_that_is_in_already_is_presented(
    pcscd: PrivatePcscd, slots: list[VirtualReaderSlot]
) -> None:
    slots[1].insert(EchoCard())
    watched = Watched()
    assert shapes(watched.next(3))[-1] == (CardPresented, pcscd.slots[1].name)
    watched.watch.stop()


def test_a_swap_is_a_removal_and_a_presentation(
    pcscd: PrivatePcscd, watched: Watched, slots: list[VirtualReaderSlot]
) -> None:
    name = pcscd.slots[0].name
    slots[0].insert(EchoCard())
    watched.next(3)
    for atr in (OTHER_ATR, ATR_T1):
        slots[0].remove()
        slots[0].insert(EchoCard(atr=atr))
        removed, presented = watched.next(2)
        assert shapes([removed, presented]) == [(CardRemoved, name), (CardPresented, name)]
        assert isinstance(presented, CardPresented)
        assert presented.atr == atr


def test_both_readers_tell_of_their_own_cards(
    pcscd: PrivatePcscd, watched: Watched, slots: list[VirtualReaderSlot]
) -> None:
    watched.next(2)
    names = {slot.name for slot in pcscd.slots}
    for kind, action in ((CardPresented, "insert"), (CardRemoved, "remove")):
        for slot in slots:
            slot.insert(EchoCard()) if action == "insert" else slot.remove()
        assert set(shapes(watched.next(2))) == {(kind, name) for name in names}


def test_our_own_conversation_is_no_event(
    pcscd: PrivatePcscd, watched: Watched, slots: list[VirtualReaderSlot]
) -> None:
    slots[0].insert(EchoCard())
    watched.next(3)
    link = watched.watch.open(pcscd.slots[0].name)
    assert link.exchange(b"\x00\xb0\x00\x00\x00") == b"\x00\xb0\x00\x00\x00" + OK
    link.reset()
    link.close()
    slots[0].remove()
    assert shapes(watched.next()) == [(CardRemoved, pcscd.slots[0].name)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_of_the_service_is_told_and_survived(
    pcscd: PrivatePcscd,
    watched: Watched,
    slots: list[VirtualReaderSlot],
    number: signal.Signals,
) -> None:
    first, second = (slot.name for slot in pcscd.slots)
    slots[0].insert(EchoCard())
    watched.next(3)
    pcscd.stop() if number is signal.SIGTERM else pcscd.crash()
    told = watched.next(4)
    assert shapes(told[:3]) == [
        (CardRemoved, first),
        (ReaderRemoved, first),
        (ReaderRemoved, second),
    ]
    assert isinstance(told[3], ServiceLost)
    assert "pcscd" in told[3].remedy
    pcscd.start()
    assert watched.next() == [ServiceRestored()]
    assert set(shapes(watched.next(3))) == {
        (ReaderAdded, first),
        (ReaderAdded, second),
        (CardPresented, first),
    }


@pytest.mark.usefixtures("pcsc_namespace")
def test_a_service_that_is_not_there_yet_is_told_once_and_awaited() -> None:
    watched = Watched()
    assert isinstance(watched.next()[0], ServiceLost)
    with PrivatePcscd(readers=2):
        assert watched.next() == [ServiceRestored()]
        assert {type(event) for event in watched.next(2)} == {ReaderAdded}
    watched.watch.stop()


def test_stopping_ends_every_thread_and_every_event(
    watched: Watched, slots: list[VirtualReaderSlot]
) -> None:
    watched.next(2)
    watched.watch.stop()
    watched.watch.stop()
    assert not [
        thread.name for thread in threading.enumerate() if thread.name.startswith("reader ")
    ]
    slots[0].insert(EchoCard())
    assert slots[0].wait_until_noticed(PATIENCE_S)
    assert watched.silent()


def test_a_watch_starts_once_and_again_after_a_stop(watched: Watched) -> None:
    with pytest.raises(UsageError):
        watched.watch.start(lambda _: None)
    watched.next(2)
    watched.watch.stop()
    again: SimpleQueue[ReaderEvent] = SimpleQueue()
    watched.watch.start(again.put)
    assert isinstance(again.get(timeout=PATIENCE_S), ReaderAdded)


@pytest.mark.usefixtures("pcsc_namespace")
def test_sixteen_readers_hold_sixteen_cards_apart() -> None:
    with PrivatePcscd(readers=MAX_READERS) as pcscd:
        watched = Watched()
        assert shapes(watched.next(MAX_READERS)) == [
            (ReaderAdded, slot.name) for slot in pcscd.slots
        ]
        slots = [VirtualReaderSlot(slot.host, slot.port) for slot in pcscd.slots]
        atrs = {slot.name: bytes((0x3B, 0x01, n)) for n, slot in enumerate(pcscd.slots)}
        for slot, atr in zip(slots, atrs.values(), strict=True):
            slot.insert(EchoCard(atr=atr))
        seen = watched.next(MAX_READERS)
        assert {
            event.reader: event.atr for event in seen if isinstance(event, CardPresented)
        } == atrs
        for slot in slots:
            slot.remove()
        assert {type(event) for event in watched.next(MAX_READERS)} == {CardRemoved}
        watched.watch.stop()


def test_a_sink_that_raises_loses_no_later_event(
    slots: list[VirtualReaderSlot], caplog: pytest.LogCaptureFixture
) -> None:
    taken: SimpleQueue[ReaderEvent] = SimpleQueue()

    def sink(event: ReaderEvent) -> None:
        taken.put(event)
        raise LookupError("a page without room")

    watch = PcscWatch()
    watch.start(sink)
    slots[0].insert(EchoCard())
    told = [taken.get(timeout=PATIENCE_S) for _ in range(3)]
    watch.stop()
    assert isinstance(told[-1], CardPresented)
    assert "was not taken" in caplog.text
