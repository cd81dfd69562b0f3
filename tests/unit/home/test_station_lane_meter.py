"""Where the time of a card went."""

import pytest

from cardservice.errors import CardRemovedError
from cardservice.home.station_lane_meter import (
    CONTACTLESS_OCTET_NS,
    READER_NS,
    Meter,
    MeteredLink,
    octet_ns,
)
from cardservice.personalization.lane_worker import Effort

MS = 1_000_000
FIELD = bytes.fromhex("3BF71300008131FE45464F4D534F4D53A9")  # TA1 13: 372 clocks, 4 bits
FAST = bytes.fromhex("3BF71800008131FE45464F4D534F4D53A2")  # TA1 18: 372 clocks, 12 bits
CONTACTLESS = bytes.fromhex("3B878001464F4D534F4D5340")


@pytest.mark.parametrize(
    ("atr", "nanoseconds"),
    [
        (FIELD, 11 * 372 * 250 // 4),  # at 4 MHz a clock takes 250 ns
        (FAST, 11 * 372 * 250 // 12),
        (bytes.fromhex("3BF79600"), 11 * 512 * 250 // 32),
        (bytes.fromhex("3B00"), 11 * 372 * 250),  # no TA1
        (bytes.fromhex("3B8001"), 11 * 372 * 250),
        (bytes.fromhex("3B107F"), 11 * 372 * 250),  # reserved Fi
        (bytes.fromhex("3B101A"), 11 * 372 * 250),  # reserved Di
        (bytes.fromhex("3B10"), 11 * 372 * 250),  # TA1 is announced and missing
        (b"", 11 * 372 * 250),
        (CONTACTLESS, CONTACTLESS_OCTET_NS),
        (bytes.fromhex("3B80800101"), CONTACTLESS_OCTET_NS),
    ],
)
def test_the_answer_to_reset_tells_how_long_an_octet_takes(atr: bytes, nanoseconds: int) -> None:
    assert octet_ns(atr) == nanoseconds


class Card:
    """A card that moves the clock on, and answers with as many octets as it is told."""

    atr = FIELD

    def __init__(self) -> None:
        self.now = 0
        self.takes = 100 * MS
        self.answer = bytes(8)
        self.closed = False

    def exchange(self, command: bytes) -> bytes:
        self.now += self.takes
        if not self.answer:
            raise CardRemovedError("gone")
        return self.answer

    def reset(self) -> bytes:
        self.now += self.takes
        return FAST

    def close(self) -> None:
        self.now += 30 * MS
        self.closed = True


def metered() -> tuple[Card, Meter, MeteredLink]:
    card, meter = Card(), Meter()
    return card, meter, MeteredLink(card, meter, lambda: card.now)


def test_chip_and_line_are_told_apart_and_the_rest_is_the_host_s() -> None:
    _, meter, link = metered()
    assert link.exchange(bytes(12)) == bytes(8)
    line_ns = 20 * octet_ns(FIELD) + READER_NS
    expected = Effort(chip_ns=100 * MS - line_ns, line_ns=line_ns, host_ns=50 * MS, commands=1)
    assert meter.effort(150 * MS) == expected


def test_no_line_takes_longer_than_the_answer_was_waited_for() -> None:
    card, meter, link = metered()
    card.takes = 1000
    link.exchange(bytes(200))
    assert meter.effort(1000) == Effort(chip_ns=0, line_ns=1000, host_ns=0, commands=1)
    assert meter.effort(0).host_ns == 0


def test_the_rate_after_a_reset_is_that_of_its_answer() -> None:
    _, meter, link = metered()
    assert link.reset() == FAST
    before = meter.line_ns
    link.exchange(bytes(12))
    assert meter.line_ns - before == 20 * octet_ns(FAST) + READER_NS


def test_a_card_that_left_has_taken_its_time_all_the_same() -> None:
    card, meter, link = metered()
    card.answer = b""
    with pytest.raises(CardRemovedError):
        link.exchange(bytes(5))
    assert (meter.waited_ns, meter.commands) == (100 * MS, 1)
    assert link.atr == FIELD
    link.close()
    assert card.closed


def test_a_reader_that_resets_the_card_at_its_end_takes_no_time_of_the_host() -> None:
    _, meter, link = metered()
    link.exchange(bytes(5))
    link.close()
    assert meter.waited_ns == 130 * MS
    assert meter.effort(150 * MS).host_ns == 20 * MS
    assert meter.commands == 1
