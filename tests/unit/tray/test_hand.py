"""What the hand holds: one side of a card, which does nothing once it has left."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from typing_extensions import override

from simulators.card import Clock, Entropy, Interface, Meter
from simulators.card.meter import UNMETERED
from simulators.reader import Card, CardGoneError, CardPulledError, ReaderBusyError
from simulators.reader.inprocess import InProcessLink
from simulators.tray import PlainPlastic, Tray
from simulators.tray.events import Bulletin, EventKind
from simulators.tray.hand import PresentedCard, PullOrder
from simulators.tray.moving import Hand
from simulators.tray.places import Place
from simulators.tray.register import Register
from simulators.tray.slots import Address
from tests.pcsc_stack import OK, EchoCard
from tests.unit.tray.making import COMMAND, PATIENCE_S, add_echo

SHORT_S = 0.05
AGES_S = 600


def held(card: EchoCard) -> PresentedCard:
    def tell(_kind: EventKind, _detail: str) -> None:
        pass

    return PresentedCard(
        card, turn=threading.RLock(), left=threading.Event(), order=PullOrder(), tell=tell
    )


def test_a_card_that_has_left_is_not_asked() -> None:
    card = EchoCard()
    side = held(card)
    side.leave()
    actions: list[Callable[[], bytes]] = [
        lambda: side.execute(COMMAND),
        side.reset,
        side.power_up,
    ]
    for action in actions:
        with pytest.raises(CardPulledError):
            action()
    assert (card.commands, card.history) == ([], [])


def test_an_answer_of_a_card_that_left_meanwhile_is_lost() -> None:
    def leave(_: bytes) -> bytes:
        side.leave()
        return OK

    side = held(EchoCard(reaction=leave))
    with pytest.raises(CardPulledError) as caught:
        side.execute(COMMAND)
    assert caught.value.last_answer is None


def test_a_removal_waits_for_the_insertion_it_follows(tray: Tray) -> None:
    may_go_on, began = threading.Event(), threading.Event()

    class SlowToCome(PlainPlastic):
        @override
        def at(
            self,
            interface: Interface,
            *,
            entropy: Entropy | None = None,
            clock: Clock | None = None,
            meter: Meter = UNMETERED,
        ) -> Card:
            began.set()
            assert may_go_on.wait(PATIENCE_S)
            return super().at(interface)

    card = EchoCard()
    tray.add_card("slow", SlowToCome(card))
    with ThreadPoolExecutor(2) as pool:
        inserted = pool.submit(tray.insert, "slow", "A")
        assert began.wait(PATIENCE_S)
        removed = pool.submit(tray.remove, "A")
        with pytest.raises(TimeoutError):
            removed.result(SHORT_S)
        may_go_on.set()
        assert removed.result(PATIENCE_S) == "slow"
        assert inserted.exception(PATIENCE_S) is None
    assert card.history == ["power up", "power down"]
    with pytest.raises(CardGoneError):
        tray.connect("A")


class LateSlot:
    """A slot that tells of a card's leaving before it is free."""

    address: Address | None = None

    def __init__(self) -> None:
        self.card: Card | None = None

    def insert(self, card: Card, *, announced: bool) -> None:
        if self.card is not None or not announced:
            raise ReaderBusyError("a card is in the slot", remedy="remove it first")
        self.card = card

    def remove(self) -> None:
        self.card = None

    def connect(self) -> InProcessLink:
        raise CardGoneError

    def wait_until_noticed(self, timeout_s: float) -> bool:
        return self.card is not None


def test_a_card_goes_in_though_the_last_one_is_on_its_way_out() -> None:
    register = Register(Bulletin(lambda: 0.0))
    hand = Hand(register, on_vanish=lambda _place, _back: None)
    slot = LateSlot()
    place = Place("late", Interface.CONTACT, slot)
    register.add_place(place)
    register.add_card("card", PlainPlastic(EchoCard()))
    hand.insert("card", place)
    first = slot.card
    assert first is not None
    register.went_out(place, first)
    hand.insert("card", place)
    assert slot.card not in (None, first)


def test_a_card_that_waits_does_not_hold_up_the_hand(tray: Tray) -> None:
    began = threading.Event()

    class Waiter(PlainPlastic):
        @override
        def at(
            self,
            interface: Interface,
            *,
            entropy: Entropy | None = None,
            clock: Clock | None = None,
            meter: Meter = UNMETERED,
        ) -> Card:
            assert clock is not None
            patience = clock

            def wait(command: bytes) -> bytes:
                began.set()
                patience.wait(AGES_S)
                return command + OK

            return EchoCard(reaction=wait)

    tray.add_card("waiter", Waiter(EchoCard()))
    tray.insert("waiter", "A")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(tray.connect("A").exchange, COMMAND)
        assert began.wait(PATIENCE_S)
        tray.remove("A")
        assert isinstance(answer.exception(PATIENCE_S), CardGoneError)


def test_one_order_replaces_another(tray: Tray) -> None:
    add_echo(tray, "card")
    tray.insert("card", "A")
    tray.pull_after("A", commands=1)
    tray.pull_after("A", commands=2, during=True)
    link = tray.connect("A")
    assert link.exchange(COMMAND) == COMMAND + OK
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)
