"""Guessing the CAN, the PIN and the PUK: how long it takes, what it blocks, what it never does."""

from collections.abc import Iterator

import pytest

from simulators.card import CountedClock, Interface, NonVolatileMemory, SoftwareCard, image
from simulators.card.protocol_events import Event
from tests.adversarial.card.stage import Stage
from tests.adversarial.card.terminal import PIN_BLOCK, PUK_BLOCK, Plain
from tests.unit.simulators.card.desks import card_with_trust_point
from tests.unit.simulators.card.hosts import OK
from tests.unit.simulators.card.issuing import Drawn

E = Event
PACE = (E.MSE_PACE, E.NONCE, E.MAP, E.AGREE, E.TOKEN)
WAITS = [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64]


class Guesser:
    """A card whose power is cut after each guess, so that nothing volatile is left."""

    def __init__(self, interface: Interface) -> None:
        self.memory = NonVolatileMemory(card_with_trust_point().memory.cells())
        self.interface = interface

    def stage(self) -> Stage:
        self.clock = CountedClock()
        card = SoftwareCard(
            self.memory, interface=self.interface, entropy=Drawn(), clock=self.clock
        )
        return Stage(card)

    def guess(self, *events: Event) -> tuple[int, int]:
        """Return the last SW, and the seconds of card time that the guess took."""
        sw = self.stage().perform(*events)
        return sw, self.clock.seconds


@pytest.mark.parametrize("interface", Interface)
def test_each_wrong_can_after_the_fifth_costs_twice_the_time_of_the_one_before(
    interface: Interface,
) -> None:
    guesser = Guesser(interface)
    wrong = (*PACE[:-1], E.TOKEN_WRONG)
    guesses = [guesser.guess(*wrong) for _ in range(len(WAITS) + 2)]
    assert [sw for sw, _ in guesses] == [0x6300] * len(guesses)
    assert [seconds for _, seconds in guesses] == [*WAITS, 64, 64]
    assert guesser.guess(*PACE) == (OK, 64)
    assert guesser.guess(*PACE) == (OK, 0)


def test_a_thousand_runs_broken_off_never_block_the_can_and_never_wait_longer() -> None:
    guesser = Guesser(Interface.CONTACTLESS)
    waits = [guesser.guess(E.MSE_PACE, E.NONCE) for _ in range(1000)]
    assert waits == [(OK, wait) for wait in (*WAITS, *[64] * (1000 - len(WAITS)))]
    assert guesser.guess(*PACE) == (OK, 64)
    assert guesser.guess(E.MSE_PACE, E.NONCE) == (OK, 0)


@pytest.mark.parametrize(
    "harmless",
    [(E.MSE_PACE,), (E.MSE_PACE, E.NONCE_UNMARKED), (E.MSE_PACE, E.MAP), (E.MSE_PACE, E.TOKEN)],
)
def test_a_run_that_never_had_its_nonce_is_no_guess(harmless: tuple[Event, ...]) -> None:
    guesser = Guesser(Interface.CONTACTLESS)
    for _ in range(10):
        guesser.guess(*harmless)
    assert guesser.memory.get(image.PACE_FAILURES) in (None, b"\x00")
    assert guesser.guess(*PACE) == (OK, 0)


def test_one_right_guess_forgives_all_wrong_ones_also_in_the_middle_of_a_session_of_guesses() -> (
    None
):
    guesser = Guesser(Interface.CONTACT)
    for _ in range(8):
        guesser.guess(E.MSE_PACE, E.NONCE)
    stage = guesser.stage()
    assert stage.perform(*PACE) == OK
    assert guesser.memory.get(image.PACE_FAILURES) == b"\x00"


CHANNELS: dict[str, tuple[Interface, tuple[Event, ...]]] = {
    "plain": (Interface.CONTACT, (E.SELECT,)),
    "chip authentication": (Interface.CONTACT, (E.MSE_CA, E.CA_POINT)),
    "PACE": (Interface.CONTACTLESS, PACE),
    "PACE and chip authentication": (Interface.CONTACTLESS, (*PACE, E.MSE_CA, E.CA_POINT)),
    "terminal authentication": (
        Interface.CONTACTLESS,
        (
            *(E.MSE_CA, E.CA_POINT, E.MSE_DST_CVCA, E.PSO_DV, E.MSE_DST_DV, E.PSO_TERMINAL),
            *(E.MSE_AT, E.GET_CHALLENGE, E.TERMINAL_PROOF),
        ),
    ),
}
WRONG_PUK = Plain("002C0001", b"00000000" + PIN_BLOCK)


def _answers(guesser: Guesser, opening: tuple[Event, ...], guess: Plain) -> Iterator[int]:
    """Make the guess in a fresh session each time, without end."""
    while True:
        stage = guesser.stage()
        assert stage.perform(*opening) == OK
        yield stage.terminal.exchange(guess, stage.state)[1]


def _first(answers: Iterator[int], count: int) -> list[int]:
    return [next(answers) for _ in range(count)]


@pytest.mark.parametrize("channel", CHANNELS)
def test_three_wrong_pins_block_the_pin_across_sessions_and_the_puk_opens_it(channel: str) -> None:
    interface, opening = CHANNELS[channel]
    guesser = Guesser(interface)
    wrong = _answers(guesser, opening, Plain("00200001", b"0000" + b"\xff" * 4))
    assert _first(wrong, 5) == [0x63C2, 0x63C1, 0x63C0, 0x6983, 0x6983]
    for blocked in (Plain("00200001", PIN_BLOCK), Plain("00240001", PIN_BLOCK * 2)):
        assert _first(_answers(guesser, opening, blocked), 1) == [0x6983]
    reset = _answers(guesser, opening, Plain("002C0001", PUK_BLOCK + PIN_BLOCK))
    assert _first(reset, 1) == [OK]
    assert _first(_answers(guesser, opening, Plain("00200001", PIN_BLOCK)), 1) == [OK]


@pytest.mark.parametrize("channel", ["plain", "PACE"])
def test_ten_wrong_puks_block_the_puk_for_good_and_leave_the_pin_as_it_was(channel: str) -> None:
    interface, opening = CHANNELS[channel]
    guesser = Guesser(interface)
    answers = _first(_answers(guesser, opening, WRONG_PUK), 12)
    assert answers == [*range(0x63C9, 0x63BF, -1), 0x6983, 0x6983]
    right = _answers(guesser, opening, Plain("002C0001", PUK_BLOCK + PIN_BLOCK))
    assert _first(right, 1) == [0x6983]
    assert _first(_answers(guesser, opening, Plain("00200001", PIN_BLOCK)), 1) == [OK]


def test_a_blocked_pin_and_puk_leave_the_tap_and_the_can_as_they_were() -> None:
    guesser = Guesser(Interface.CONTACTLESS)
    guesser.memory.put(image.PIN_TRIES, b"\x00")
    guesser.memory.put(image.PUK_TRIES, b"\x00")
    assert guesser.guess(*PACE) == (OK, 0)
    assert guesser.guess(*CHANNELS["terminal authentication"][1]) == (OK, 0)


def test_in_range_without_a_right_no_try_is_lost_however_often_somebody_asks() -> None:
    guesser = Guesser(Interface.CONTACTLESS)
    before = guesser.memory.cells()
    for opening in ((E.SELECT,), (E.MSE_CA, E.CA_POINT)):
        for event in (E.VERIFY_WRONG, E.VERIFY, E.VERIFY_EMPTY, E.CHANGE, E.RESET_PIN):
            assert guesser.guess(*opening, event)[0] == 0x6982
    assert guesser.memory.cells() == before
