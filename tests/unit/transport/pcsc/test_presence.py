from cardservice.transport.events import CardPresented, CardRemoved
from cardservice.transport.pcsc.codes import ReaderFlag
from cardservice.transport.pcsc.presence import ReaderState, changes

AT = 3.5
ATR = b"\x3b\x00"
HIGHEST_COUNT = 0xFFFF


def empty(count: int = 0) -> ReaderState:
    return ReaderState(count << 16 | ReaderFlag.EMPTY)


def holding(count: int, flags: ReaderFlag = ReaderFlag.PRESENT, atr: bytes = ATR) -> ReaderState:
    return ReaderState(count << 16 | flags, atr)


def test_nothing_changed_nothing_told() -> None:
    assert changes("A", empty(), empty(), AT) == []
    assert changes("A", holding(1), holding(1), AT) == []


def test_a_card_in_use_is_the_same_card() -> None:
    in_use = holding(1, ReaderFlag.PRESENT | ReaderFlag.INUSE | ReaderFlag.EXCLUSIVE)
    assert changes("A", holding(1), in_use, AT) == []


def test_insertion_and_removal_are_told() -> None:
    assert changes("A", empty(), holding(1), AT) == [CardPresented("A", ATR, AT)]
    assert changes("A", holding(1), empty(2), AT) == [CardRemoved("A", AT)]


def test_a_moved_counter_is_a_swap_even_across_its_wrap() -> None:
    swap = [CardRemoved("A", AT), CardPresented("A", ATR, AT)]
    assert changes("A", holding(1), holding(3), AT) == swap
    assert changes("A", holding(HIGHEST_COUNT), holding(1), AT) == swap


def test_a_card_that_does_not_answer_is_presented_without_an_atr() -> None:
    mute = holding(1, ReaderFlag.PRESENT | ReaderFlag.MUTE, b"")
    assert changes("A", empty(), mute, AT) == [CardPresented("A", b"", AT)]


def test_a_card_with_neither_an_atr_nor_a_word_that_it_is_mute_is_unfinished() -> None:
    assert holding(1, atr=b"").unfinished
    assert not holding(1).unfinished
    assert not holding(1, ReaderFlag.PRESENT | ReaderFlag.MUTE, b"").unfinished
    assert not empty().unfinished


def test_what_we_claim_to_know_keeps_the_counter_and_drops_the_news() -> None:
    told = holding(5, ReaderFlag.PRESENT | ReaderFlag.CHANGED)
    assert told.known == 5 << 16 | ReaderFlag.PRESENT
