"""What a station with a journal refuses, and what its lanes keep from each other."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.errors import Refusal
from cardservice.personalization.journal import Intent, SpoiledReason
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.journal_turn import take_turn
from cardservice.personalization.recovery_lives import Standing
from cardservice.personalization.recovery_rules import Found
from cardservice.personalization.station import NotAsOrderedError, Station
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.ports import Examiner
from simulators.card import SoftwareCard, blank_card, image
from simulators.card.tampering import copy_of
from tests.chain import SIGNED, StandingClock, an_order, desk, issuer, link_to
from tests.unit.personalization.stations import SayingExaminer, Told

AT = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)
CHIP = bytes(8)


def new_journal() -> StationJournal:
    return StationJournal(MemoryJournal(lambda: AT))


def station(journal: StationJournal, told: Told, examiner: Examiner | None = None) -> Station:
    return Station(
        issuer().keys,
        examiner=examiner or desk(None, now=SIGNED),
        issued=told,
        entropy=lambda count: bytes(range(count)),
        clock=StandingClock(),
        journal=journal,
    )


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        action()
    return refused.value.code


def serial_of(card: SoftwareCard) -> bytes:
    return card.memory.get(image.CHIP_SERIAL) or b""


def test_no_second_card_is_made_for_an_order() -> None:
    journal, told = new_journal(), Told()
    ours, second = station(journal, told), blank_card()
    ours.make(link_to(blank_card()), an_order(), order_id="a")
    before = second.memory.cells()
    assert code_of(lambda: ours.make(link_to(second), an_order(), order_id="a")) == "order-made"
    assert second.memory.cells() == before
    assert len(told.cards) == 1


def test_a_number_given_to_one_chip_is_not_given_to_another() -> None:
    ours = station(new_journal(), Told())
    ours.make(link_to(blank_card()), an_order(index=7), order_id="a")
    again = an_order(index=7)
    assert code_of(lambda: ours.make(link_to(blank_card()), again, order_id="b")) == (
        "card-number-used"
    )
    made = ours.make(link_to(blank_card()), an_order(index=8), order_id="b")
    assert made.order.list_index == 8


def unread(journal: StationJournal, told: Told, card: SoftwareCard) -> None:
    """Let a station personalize a card for order "a" whose check then fails."""
    wrong = SayingExaminer(Examination(problem=Problem.CARD_UNREADABLE))
    with pytest.raises(NotAsOrderedError):
        station(journal, told, wrong).make(link_to(card), an_order(), order_id="a")


def test_while_a_card_may_be_the_orders_no_other_is_begun_for_it() -> None:
    journal, told, first, second = new_journal(), Told(), blank_card(), blank_card()
    unread(journal, told, first)
    ours, before = station(journal, told), second.memory.get(image.KEY_SET)
    assert code_of(lambda: ours.make(link_to(second), an_order(), order_id="a")) == (
        "order-on-another-card"
    )
    assert second.memory.get(image.KEY_SET) == before
    assert ours.make(link_to(first), an_order(), order_id="a").chip_serial == serial_of(first)
    made = ours.make(link_to(second), an_order(index=8), order_id="b")
    assert made.chip_serial == serial_of(second)


def test_a_card_finished_later_has_the_secrets_of_its_letter() -> None:
    journal, told, card = new_journal(), Told(), blank_card()
    unread(journal, told, card)
    made = station(journal, told).make(link_to(card), an_order(), order_id="a")
    assert (card.memory.get(image.PIN) or b"").rstrip(b"\xff") == made.secrets.pin.encode()
    assert card.memory.get(image.CAN) == made.secrets.can.encode()


def test_a_card_given_up_is_terminated_when_it_turns_up_and_its_order_is_free() -> None:
    journal, told, card = new_journal(), Told(), blank_card()
    unread(journal, told, card)
    journal.give_up(serial_of(card), SpoiledReason.BROKEN)
    ours = station(journal, told)
    ours.make(link_to(blank_card()), an_order(index=8), order_id="a")
    assert code_of(lambda: ours.make(link_to(card), an_order(index=9), order_id="b")) == (
        "card-spoiled"
    )
    assert card.memory.get(image.LIFE_CYCLE) == bytes((LifeCycle.TERMINATED,))
    life = journal.life_of(serial_of(card))
    assert life is not None
    assert life.standing is Standing.ENDED


def test_the_number_of_a_card_given_up_is_not_used_again() -> None:
    journal, told, card = new_journal(), Told(), blank_card()
    unread(journal, told, card)
    assert journal.number_of("a") == an_order().card_number
    journal.give_up(serial_of(card), SpoiledReason.LOST)
    ours = station(journal, told)
    assert code_of(lambda: ours.make(link_to(blank_card()), an_order(), order_id="a")) == (
        "card-number-used"
    )


def test_a_finished_card_is_not_finished_with_another_number() -> None:
    journal, told, card = new_journal(), Told(), blank_card()
    unread(journal, told, card)
    ours = station(journal, told)
    assert code_of(lambda: ours.make(link_to(card), an_order(index=8), order_id="a")) == (
        "card-of-another-order"
    )


@pytest.mark.parametrize("made_first", [True, False], ids=["made", "half-made"])
def test_a_second_card_with_one_serial_is_laid_aside(*, made_first: bool) -> None:
    journal, told, card = new_journal(), Told(), blank_card()
    twin = copy_of(card)
    if made_first:
        station(journal, told).make(link_to(card), an_order(), order_id="a")
    else:
        unread(journal, told, card)
    before = twin.memory.get(image.KEY_SET)
    again = an_order(index=8)
    assert code_of(lambda: station(journal, told).make(link_to(twin), again, order_id="b")) == (
        "chip-serial-twice"
    )
    assert twin.memory.get(image.KEY_SET) == before


def test_a_made_card_put_in_again_is_used() -> None:
    journal, told, card = new_journal(), Told(), blank_card()
    ours = station(journal, told)
    ours.make(link_to(card), an_order(), order_id="a")
    assert code_of(lambda: ours.make(link_to(card), an_order(index=8), order_id="b")) == (
        "card-not-blank"
    )


def test_two_lanes_do_not_get_one_order_or_one_card() -> None:
    journal = new_journal()
    one, two = (Intent(order=name, lane=1, number=index) for index, name in enumerate("ab", 1))
    with take_turn(journal, one, only_once=True) as turn:
        turn.meet(CHIP, Found.BLANK_TRANSPORT)
        assert code_of(take_turn(journal, one, only_once=True).__enter__) == "in-hand"
        assert code_of(lambda: journal.give_up(CHIP, SpoiledReason.LOST)) == "in-hand"
        assert code_of(lambda: journal.give_back("a")) == "in-hand"
        with take_turn(journal, two, only_once=True) as other:
            assert code_of(lambda: other.meet(CHIP, Found.BLANK_TRANSPORT)) == "in-hand"
        assert code_of(take_turn(journal, one, only_once=True).__enter__) == "in-hand"
    with take_turn(journal, one, only_once=True) as turn:
        assert turn.meet(CHIP, Found.BLANK_TRANSPORT)


def test_an_order_is_given_back_unless_a_card_holds_it() -> None:
    journal, told, card = new_journal(), Told(), blank_card()
    unread(journal, told, card)
    assert code_of(lambda: journal.give_back("a")) == "order-on-another-card"
    journal.give_up(serial_of(card), SpoiledReason.LOST)
    journal.give_back("a")
    assert journal.number_of("a") is None


def test_a_card_made_and_not_told_of_waits_and_is_told_of_once_it_is_put_back() -> None:
    journal, told, card = new_journal(), Told(broken=True), blank_card()
    ours = station(journal, told)
    with pytest.raises(OSError, match="disk"):
        ours.make(link_to(card), an_order(), order_id="a")
    assert [life.order for life in journal.unreported()] == ["a"]
    told.broken = False
    assert code_of(lambda: ours.make(link_to(blank_card()), an_order(), order_id="a")) == (
        "order-made"
    )
    ours.make(link_to(card), an_order(), order_id="a")
    assert (journal.unreported(), journal.open_cards(), len(told.cards)) == ([], [], 1)


def test_a_card_told_of_by_other_means_waits_no_more() -> None:
    journal, told, card = new_journal(), Told(broken=True), blank_card()
    with pytest.raises(OSError, match="disk"):
        station(journal, told).make(link_to(card), an_order(), order_id="a")
    journal.reported(serial_of(card))
    assert journal.unreported() == []
