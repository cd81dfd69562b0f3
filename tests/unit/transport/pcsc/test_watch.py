"""The reader loop against a service in memory, for what no virtual reader can be made to do."""

from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from cardservice.transport.events import (
    CardPresented,
    CardRemoved,
    ReaderAdded,
    ReaderEvent,
    ReaderRemoved,
    ServiceLost,
    ServiceRestored,
)
from cardservice.transport.pcsc.codes import ScardCode
from cardservice.transport.pcsc.watch import PcscWatch
from tests.unit.transport.pcsc.fake_scard import FakeReader, FakeScard

AT = 7.0
ATR, OTHER = b"\x3b\x00", b"\x3b\x80"
WAIT_S = 5.0


@pytest.fixture
def scard() -> FakeScard:
    return FakeScard(readers={"A": FakeReader()})


@pytest.fixture
def told(scard: FakeScard) -> Iterator[SimpleQueue[ReaderEvent]]:
    watch = PcscWatch(scard, clock=lambda: AT)
    told: SimpleQueue[ReaderEvent] = SimpleQueue()
    watch.start(told.put)
    yield told
    watch.stop()


def next_events(told: SimpleQueue[ReaderEvent], count: int) -> list[ReaderEvent]:
    return [told.get(timeout=WAIT_S) for _ in range(count)]


def test_a_swap_too_fast_to_be_seen_empty_is_told(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    scard.put("A", ATR)
    assert next_events(told, 2) == [ReaderAdded("A"), CardPresented("A", ATR, AT)]
    scard.put("A", None, OTHER)
    assert next_events(told, 2) == [CardRemoved("A", AT), CardPresented("A", OTHER, AT)]


def test_a_removal_caught_half_made_is_no_mute_card(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    scard.put("A", ATR)
    next_events(told, 2)
    scard.put("A", None, unfinished=3)
    assert next_events(told, 1) == [CardRemoved("A", AT)]
    scard.put("A", OTHER)
    assert next_events(told, 1) == [CardPresented("A", OTHER, AT)]


def test_a_card_that_never_gets_an_atr_is_told_of_all_the_same(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    scard.put("A", b"")
    assert next_events(told, 2) == [ReaderAdded("A"), CardPresented("A", b"", AT)]


def test_the_same_card_back_at_once_is_told_too(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    scard.put("A", ATR)
    next_events(told, 2)
    scard.put("A", None, ATR)
    assert next_events(told, 2) == [CardRemoved("A", AT), CardPresented("A", ATR, AT)]


def test_an_unplugged_reader_loses_its_card_first(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    scard.put("A", ATR)
    next_events(told, 2)
    scard.unplug("A")
    assert next_events(told, 2) == [CardRemoved("A", AT), ReaderRemoved("A")]


def test_a_reader_plugged_in_later_is_followed(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    assert next_events(told, 1) == [ReaderAdded("A")]
    scard.put("B", ATR)
    assert next_events(told, 2) == [ReaderAdded("B"), CardPresented("B", ATR, AT)]


def test_no_reader_at_all_is_no_fault(scard: FakeScard) -> None:
    scard.readers.clear()
    watch, told = PcscWatch(scard, clock=lambda: AT), SimpleQueue[ReaderEvent]()
    watch.start(told.put)
    scard.put("A", ATR)
    assert next_events(told, 2) == [ReaderAdded("A"), CardPresented("A", ATR, AT)]
    watch.stop()


def test_a_lost_service_is_told_once_with_its_remedy(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    next_events(told, 1)
    scard.run(running=False)
    removed, lost = next_events(told, 2)
    assert removed == ReaderRemoved("A")
    assert isinstance(lost, ServiceLost)
    assert lost.remedy not in lost.message
    tried = scard.calls.count("establish")
    assert scard.wait_for_calls("establish", tried + 2)
    scard.run(running=True)
    assert next_events(told, 2) == [ServiceRestored(), ReaderAdded("A")]


def test_a_reader_that_fails_for_a_moment_is_followed_again(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    scard.put("A", ATR)
    next_events(told, 2)
    scard.fail_once("A")
    assert next_events(told, 2) == [CardRemoved("A", AT), CardPresented("A", ATR, AT)]


def test_a_service_that_closed_the_conversation_is_lost_and_no_lack_of_permission(
    scard: FakeScard, told: SimpleQueue[ReaderEvent]
) -> None:
    next_events(told, 1)
    scard.codes = {"list": ScardCode.SECURITY_VIOLATION, "establish": ScardCode.NO_SERVICE}
    removed, lost = next_events(told, 2)
    assert removed == ReaderRemoved("A")
    assert isinstance(lost, ServiceLost)
    assert "pcscd" in lost.remedy
