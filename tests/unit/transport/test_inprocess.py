"""Foreign readers seen from this side: their octets come through, their errors become ours."""

from collections.abc import Callable

import pytest

from cardservice.errors import (
    CardRemovedError,
    ReaderUnavailableError,
    TimeBudgetError,
    UsageError,
)
from cardservice.transport.events import CardPresented, CardRemoved, ReaderAdded, ReaderEvent
from cardservice.transport.inprocess import InProcessWatch, SeamLink, open_seam

AT = 11.0
ATR = b"\x3b\x00"


class ForeignError(Exception):
    remedy = "turn it off and on again"


class ForeignLink:
    """A link of another package that can be told to fail."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.closed = 0
        self.atr = ATR

    def exchange(self, command: bytes) -> bytes:
        if self.failure is not None:
            raise self.failure
        return command[::-1]

    def reset(self) -> bytes:
        return self.exchange(ATR)[::-1]

    def close(self) -> None:
        self.closed += 1


class ForeignReader:
    def __init__(self, name: str, *, occupied: bool = False) -> None:
        self.name = name
        self.occupied = occupied
        self.callbacks: list[Callable[[bytes | None], None]] = []

    def subscribe(self, callback: Callable[[bytes | None], None]) -> Callable[[], None]:
        self.callbacks.append(callback)
        if self.occupied:
            callback(ATR)
        return lambda: self.callbacks.remove(callback)

    def connect(self) -> ForeignLink:
        if not self.occupied:
            raise ForeignError("empty")
        return ForeignLink()


def asking(link: SeamLink) -> list[Callable[[], bytes]]:
    return [lambda: link.exchange(b""), link.reset]


def test_octets_pass_both_ways() -> None:
    foreign = ForeignLink()
    link = SeamLink(foreign)
    assert (link.atr, link.exchange(b"\x01\x02"), link.reset()) == (ATR, b"\x02\x01", ATR)
    link.close()
    assert foreign.closed == 1


@pytest.mark.parametrize("failure", [ForeignError(), KeyError("x"), OSError(), TimeoutError()])
def test_whatever_a_foreign_link_raises_is_a_removed_card(failure: Exception) -> None:
    link = SeamLink(ForeignLink(failure))
    for action in asking(link):
        with pytest.raises(CardRemovedError) as caught:
            action()
        assert caught.value.__cause__ is failure


def test_an_error_of_ours_stays_itself() -> None:
    link = SeamLink(ForeignLink(TimeBudgetError("used up")))
    for action in asking(link):
        with pytest.raises(TimeBudgetError):
            action()


def test_a_foreign_remedy_is_kept() -> None:
    with pytest.raises(ReaderUnavailableError) as caught:
        open_seam(ForeignReader("A").connect)
    assert caught.value.remedy == ForeignError.remedy


def test_readers_are_added_and_cards_told() -> None:
    readers = ForeignReader("A"), ForeignReader("B", occupied=True)
    told: list[ReaderEvent] = []
    watch = InProcessWatch(readers, clock=lambda: AT)
    watch.start(told.append)
    readers[0].callbacks[0](ATR)
    readers[0].callbacks[0](None)
    assert told == [
        ReaderAdded("A"),
        ReaderAdded("B"),
        CardPresented("B", ATR, AT),
        CardPresented("A", ATR, AT),
        CardRemoved("A", AT),
    ]


def test_a_stopped_watch_has_unsubscribed() -> None:
    reader = ForeignReader("A")
    watch = InProcessWatch([reader])
    watch.start(lambda _: None)
    with pytest.raises(UsageError):
        watch.start(lambda _: None)
    watch.stop()
    watch.stop()
    assert reader.callbacks == []


def test_a_watch_opens_the_card_of_a_reader_it_knows() -> None:
    watch = InProcessWatch([ForeignReader("A", occupied=True), ForeignReader("B")])
    assert watch.open("A").exchange(b"\x01\x02") == b"\x02\x01"
    with pytest.raises(ReaderUnavailableError, match="empty"):
        watch.open("B")
    with pytest.raises(ReaderUnavailableError, match="no reader is called") as caught:
        watch.open("C")
    assert caught.value.remedy == "choose from ['A', 'B']"
