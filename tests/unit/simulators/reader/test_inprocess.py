import threading
from collections.abc import Callable

import pytest

from simulators.reader import CardGoneError, InProcessReader, ReaderBusyError
from tests.pcsc_stack import ATR_T1, OK, EchoCard, breakage

COMMAND = b"\x00\xb0\x00\x00\x00"
WAIT_S = 5.0


@pytest.fixture
def card() -> EchoCard:
    return EchoCard()


@pytest.fixture
def reader(card: EchoCard) -> InProcessReader:
    reader = InProcessReader("A")
    reader.insert(card)
    return reader


def test_a_card_answers_through_its_reader(reader: InProcessReader, card: EchoCard) -> None:
    link = reader.connect()
    assert (link.atr, link.exchange(COMMAND), link.reset()) == (ATR_T1, COMMAND + OK, ATR_T1)
    assert card.history == ["power up", "reset"]


def test_an_empty_reader_has_nothing_to_connect_to() -> None:
    with pytest.raises(CardGoneError):
        InProcessReader("A").connect()


def test_a_removed_card_is_gone_for_every_member(reader: InProcessReader, card: EchoCard) -> None:
    link = reader.connect()
    reader.remove()
    reader.remove()
    assert card.history[-1] == "power down"
    actions: list[Callable[[], bytes]] = [lambda: link.exchange(COMMAND), link.reset]
    for action in actions:
        with pytest.raises(CardGoneError):
            action()
    link.close()


def test_an_old_link_never_reaches_the_next_card(reader: InProcessReader) -> None:
    link = reader.connect()
    reader.remove()
    reader.insert(EchoCard())
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)


def test_an_answer_of_a_card_that_left_meanwhile_does_not_arrive(
    reader: InProcessReader, card: EchoCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(_: bytes) -> bytes:
        reader.remove()
        return OK

    monkeypatch.setattr(card, "reaction", leave)
    with pytest.raises(CardGoneError, match="middle"):
        reader.connect().exchange(COMMAND)


def test_a_card_that_raises_has_gone_and_says_nothing_of_the_command() -> None:
    reader = InProcessReader("A")
    reader.insert(EchoCard(reaction=breakage))
    with pytest.raises(CardGoneError) as caught:
        reader.connect().exchange(COMMAND)
    assert COMMAND.hex() not in str(caught.value)


def test_a_reader_holds_one_card_and_one_link(reader: InProcessReader) -> None:
    with pytest.raises(ReaderBusyError):
        reader.insert(EchoCard())
    link = reader.connect()
    with pytest.raises(ReaderBusyError):
        reader.connect()
    link.close()
    assert reader.connect().exchange(COMMAND) == COMMAND + OK


def test_closing_resets_the_card_and_ends_the_link(reader: InProcessReader, card: EchoCard) -> None:
    link = reader.connect()
    link.close()
    link.close()
    assert card.history == ["power up", "reset"]
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)


def test_closing_an_old_link_leaves_the_new_one_alone(reader: InProcessReader) -> None:
    old = reader.connect()
    old.close()
    new = reader.connect()
    old.close()
    assert new.exchange(COMMAND) == COMMAND + OK


def test_subscribers_hear_of_the_card_that_is_in_and_of_all_that_follows(
    reader: InProcessReader,
) -> None:
    heard: list[bytes | None] = []
    end = reader.subscribe(heard.append)
    reader.remove()
    reader.insert(EchoCard(atr=b"\x3b\x01\x07"))
    end()
    end()
    reader.remove()
    assert heard == [ATR_T1, None, b"\x3b\x01\x07"]


def test_a_subscriber_may_connect_when_it_hears_of_a_card() -> None:
    reader, answers = InProcessReader("A"), []
    reader.subscribe(lambda atr: answers.append(atr and reader.connect().exchange(COMMAND)))
    reader.insert(EchoCard())
    assert answers == [COMMAND + OK]


def test_whoever_waits_wakes_at_the_change(reader: InProcessReader) -> None:
    assert not reader.wait(occupied=False, timeout_s=0)
    threading.Timer(0.01, reader.remove).start()
    assert reader.wait(occupied=False, timeout_s=WAIT_S)
    assert not reader.occupied
