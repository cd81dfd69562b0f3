"""What readers do for a tray: cards that leave by themselves, and entries that are left out."""

from pathlib import Path

import pytest

from simulators.reader import (
    Card,
    CardGoneError,
    CardPulledError,
    CardSilentError,
    InProcessReader,
)
from simulators.reader.driver import write_entries
from simulators.tray import Tray
from tests.pcsc_stack import OK, EchoCard
from tests.unit.tray.making import COMMAND, add_echo

PORTS = (21_000, 21_002, 21_004)


class Leaver(EchoCard):
    """A card that leaves with its first command, or at a reset."""

    def __init__(self, answer: bytes | None) -> None:
        super().__init__(reaction=lambda _: self.leave())
        self.answer = answer

    def leave(self) -> bytes:
        raise CardPulledError(last_answer=self.answer)


@pytest.fixture
def out() -> list[Card]:
    """The cards that left the reader."""
    return []


@pytest.fixture
def reader(out: list[Card]) -> InProcessReader:
    return InProcessReader("A", on_out=out.append)


def test_the_last_answer_of_a_card_that_leaves_arrives(
    reader: InProcessReader, out: list[Card]
) -> None:
    card = Leaver(COMMAND + OK)
    reader.insert(card)
    link = reader.connect()
    assert link.exchange(COMMAND) == COMMAND + OK
    assert (reader.occupied, out, card.history[-1]) == (False, [card], "power down")
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)


def test_a_card_that_leaves_without_an_answer_is_gone(
    reader: InProcessReader, out: list[Card]
) -> None:
    card = Leaver(None)
    reader.insert(card)
    with pytest.raises(CardGoneError):
        reader.connect().exchange(COMMAND)
    assert (reader.occupied, out) == (False, [card])


def test_closing_the_link_to_a_card_that_leaves_at_the_reset_is_harmless(
    reader: InProcessReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Leaver(None)
    reader.insert(card)
    monkeypatch.setattr(card, "reset", card.leave)
    reader.connect().close()
    assert not reader.occupied


def test_a_card_that_left_takes_no_other_with_it(reader: InProcessReader, out: list[Card]) -> None:
    card, other = EchoCard(), EchoCard()
    reader.insert(card)
    reader.remove()
    reader.insert(other)
    reader.lose(card)
    assert (reader.occupied, out) == (True, [card])


def test_a_silent_card_stays_in(reader: InProcessReader, out: list[Card]) -> None:
    def silence(_: bytes) -> bytes:
        raise CardSilentError

    reader.insert(EchoCard(reaction=silence))
    with pytest.raises(CardGoneError):
        reader.connect().exchange(COMMAND)
    assert (reader.occupied, out) == (True, [])


def test_a_card_loses_its_power_whatever_a_subscriber_does(
    reader: InProcessReader, out: list[Card]
) -> None:
    def refuse(atr: bytes | None) -> None:
        if atr is None:
            raise RuntimeError

    card = EchoCard()
    reader.subscribe(refuse)
    reader.insert(card)
    with pytest.raises(RuntimeError):
        reader.remove()
    assert (reader.occupied, out, card.history[-1]) == (False, [card], "power down")


def test_entries_that_are_left_out_do_not_rename_the_others(tmp_path: Path) -> None:
    driver = tmp_path / "driver.so"
    driver.touch()
    folder = write_entries(tmp_path / "all", PORTS, driver=driver, absent={0, 2})
    (file,) = folder.iterdir()
    names = [line for line in file.read_text().splitlines() if line.startswith("FRIENDLYNAME")]
    assert names == ['FRIENDLYNAME "Cardsim 2"']


def test_a_card_in_a_reader_of_this_process_is_noticed_at_once(tray: Tray) -> None:
    assert not tray.wait_until_noticed("A", 0)
    add_echo(tray, "card")
    tray.insert("card", "A")
    assert tray.wait_until_noticed("A", 0)
