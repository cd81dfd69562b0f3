from collections.abc import Callable, Iterator

import pytest

from cardservice.errors import CardRemovedError, TimeBudgetError
from cardservice.transport.budget import TimeBudgetLink

BUDGET_S = 1.0
COMMAND = b"\x00\xb0\x00\x00\x00"


class SlowLink:
    """A card whose every answer moves the clock on."""

    atr = b"\x3b\x00"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.now = 100.0
        self.asked = 0
        self.closed = False
        self.gone = False

    def exchange(self, command: bytes) -> bytes:
        self.asked += 1
        self.now += self.seconds
        if self.gone:
            raise CardRemovedError("gone")
        return command

    def reset(self) -> bytes:
        return self.exchange(self.atr)

    def close(self) -> None:
        self.closed = True

    def clock(self) -> float:
        return self.now


@pytest.fixture
def card() -> SlowLink:
    return SlowLink(0.375)


@pytest.fixture
def link(card: SlowLink) -> Iterator[TimeBudgetLink]:
    link = TimeBudgetLink(card, BUDGET_S, card.clock)
    yield link
    link.close()
    assert card.closed


def test_within_its_budget_a_card_is_heard(link: TimeBudgetLink, card: SlowLink) -> None:
    assert link.atr == card.atr
    assert [link.exchange(COMMAND), link.reset()] == [COMMAND, card.atr]
    assert link.left_s == 0.25


def test_the_answer_that_oversteps_is_dropped(link: TimeBudgetLink, card: SlowLink) -> None:
    link.exchange(COMMAND)
    link.exchange(COMMAND)
    with pytest.raises(TimeBudgetError, match="longer"):
        link.exchange(COMMAND)
    assert card.asked == 3


def test_a_card_without_budget_is_not_asked_again(link: TimeBudgetLink, card: SlowLink) -> None:
    card.seconds = BUDGET_S
    for _ in range(2):
        with pytest.raises(TimeBudgetError):
            link.reset()
    assert card.asked == 1


def test_time_between_commands_is_not_the_card_s(link: TimeBudgetLink, card: SlowLink) -> None:
    link.exchange(COMMAND)
    card.now += 100 * BUDGET_S
    assert link.exchange(COMMAND) == COMMAND


def test_time_that_ends_in_a_failure_counts(link: TimeBudgetLink, card: SlowLink) -> None:
    card.gone = True
    with pytest.raises(CardRemovedError):
        link.exchange(COMMAND)
    assert link.left_s < BUDGET_S


def test_a_fast_card_cannot_keep_us_for_ever() -> None:
    card = SlowLink(0.0)
    link = TimeBudgetLink(card, BUDGET_S, card.clock, max_commands=3)
    actions: list[Callable[[], bytes]] = [lambda: link.exchange(COMMAND), link.reset]
    for action in (*actions, link.reset):
        action()
    for action in actions:
        with pytest.raises(TimeBudgetError, match="more often"):
            action()
    assert card.asked == 3
