"""The hand at a reader of a test."""

import pytest

from simulators.card import Interface
from simulators.models.timing import Timing
from simulators.reader import CardGoneError
from simulators.reader.errors import ReaderSetupError
from simulators.testing import CardReader, PolicyCard, PolicyCards, TrayOfTest
from simulators.tray import TrayError
from simulators.zoo import Way, Zoo
from tests.unit.tray.making import wait_until

LIFE_CYCLE = bytes.fromhex("00CADF0100")
BLANK = bytes.fromhex("079000")


def no_zoo() -> Zoo:
    raise AssertionError("nobody needs a zoo for this")


@pytest.fixture
def reader(tray: TrayOfTest) -> CardReader:
    tray.add_reader("desk", interface=Interface.CONTACTLESS)
    return CardReader(tray, "desk")


@pytest.fixture
def card(tray: TrayOfTest) -> PolicyCard:
    return PolicyCards(tray, no_zoo, Way.CONTACT)(blank=True)


def test_a_card_goes_in_answers_and_comes_out(reader: CardReader, card: PolicyCard) -> None:
    assert (reader.name, reader.interface, reader.card) == ("desk", Interface.CONTACTLESS, None)
    reader.insert(card)
    assert reader.card == "blank"
    assert reader.connect().exchange(LIFE_CYCLE) == BLANK
    assert (reader.remove(), reader.remove()) == ("blank", None)


def test_a_card_may_be_named_by_its_name(reader: CardReader, card: PolicyCard) -> None:
    reader.insert("blank")
    with pytest.raises(TrayError):
        reader.insert(card)
    assert reader.card == "blank"


def test_a_swap_leaves_the_other_card(
    reader: CardReader, card: PolicyCard, tray: TrayOfTest
) -> None:
    other = PolicyCards(tray, no_zoo, Way.CONTACT)(blank=True)
    reader.insert(card)
    reader.swap(other)
    assert (reader.card, tray.cards["blank"].reader) == ("blank-2", None)


def test_a_tapped_card_leaves_by_itself(reader: CardReader, card: PolicyCard) -> None:
    reader.tap(card, hold_s=0.01)
    wait_until(lambda: reader.card is None)
    assert reader.card is None


def test_a_hand_pulls_the_card_in_the_middle(reader: CardReader, card: PolicyCard) -> None:
    reader.insert(card)
    reader.pull_after(commands=2, during=True)
    link = reader.connect()
    assert link.exchange(LIFE_CYCLE) == BLANK
    with pytest.raises(CardGoneError):
        link.exchange(LIFE_CYCLE)
    assert reader.card is None


def test_faults_begin_and_end(reader: CardReader, card: PolicyCard) -> None:
    reader.insert(card)
    link = reader.connect()
    reader.set_faults({"faults": [{"what": "status", "sw": "6F00"}]})
    assert link.exchange(LIFE_CYCLE) == b"\x6f\x00"
    reader.set_faults(None)
    assert link.exchange(LIFE_CYCLE) == BLANK
    with pytest.raises(ReaderSetupError):
        reader.set_faults("no such plan")


def test_the_clock_counts_modelled_seconds_and_never_goes_back() -> None:
    with TrayOfTest(timing=Timing.named("virtual")) as tray:
        tray.add_reader("desk")
        reader = CardReader(tray, "desk")
        card = PolicyCards(tray, no_zoo, Way.CONTACT)(blank=True)
        seen = [reader.clock()]
        for _ in range(3):
            reader.insert(card)
            reader.connect().exchange(LIFE_CYCLE)
            seen.append(reader.clock())
            reader.remove()
            seen.append(reader.clock())
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert seen[1] < seen[3] < seen[5]


def test_without_a_model_no_time_passes(reader: CardReader, card: PolicyCard) -> None:
    reader.insert(card)
    reader.connect().exchange(LIFE_CYCLE)
    assert reader.clock() == 0
