"""Cards go into readers and out of them, one reader at a time."""

import threading

import pytest
from typing_extensions import override

from simulators.reader import CardGoneError, ReaderBusyError
from simulators.tray import (
    EventKind,
    PlainPlastic,
    SoftwarePlastic,
    Tray,
    TrayClosedError,
    TrayError,
    UnknownNameError,
)
from tests.pcsc_stack import ATR_T1, OK, EchoCard
from tests.unit.simulators.card.hosts import PaceHost, chip_authenticate
from tests.unit.simulators.card.issuing import CHIP_POINT
from tests.unit.tray.making import (
    COMMAND,
    PATIENCE_S,
    CardAtLink,
    Notes,
    add_echo,
    software_plastic,
    wait_until,
)

GET_LIFE_CYCLE = "00CADF01"
VERIFY = "00200001"
WRONG_PIN_BLOCK = b"0000" + b"\xff" * 4
TWO_TRIES_LEFT = 0x63C2
NO_SESSION = bytes.fromhex("6985")


def test_a_card_is_in_the_reader_it_was_put_into(tray: Tray, card: EchoCard) -> None:
    tray.insert("card", "A")
    assert (tray.readers["A"].card, tray.cards["card"].reader) == ("card", "A")
    assert (tray.readers["B"].card, tray.readers["A"].address) == (None, None)
    link = tray.connect("A")
    assert (link.atr, link.exchange(COMMAND)) == (ATR_T1, COMMAND + OK)
    assert tray.remove("A") == "card"
    assert (tray.readers["A"].card, tray.cards["card"].reader) == (None, None)
    assert card.history == ["power up", "power down"]


def test_removing_nothing_is_harmless(tray: Tray) -> None:
    assert tray.remove("A") is None


@pytest.mark.usefixtures("card")
def test_what_happened_is_told_in_order(tray: Tray, notes: Notes) -> None:
    tray.insert("card", "A")
    tray.remove("A")
    tray.insert("card", "B")
    assert notes.told == [
        (EventKind.INSERTED, "A", "card", ""),
        (EventKind.REMOVED, "A", "card", ""),
        (EventKind.INSERTED, "B", "card", ""),
    ]
    numbers = [one.number for one in notes.all]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


@pytest.mark.usefixtures("card")
def test_a_card_cannot_be_in_two_readers(tray: Tray) -> None:
    tray.insert("card", "A")
    for move in (tray.insert, tray.swap):
        with pytest.raises(TrayError, match="card 'card' is in 'A'") as caught:
            move("card", "B")
        assert caught.value.remedy == "remove it first"
    with pytest.raises(TrayError):
        tray.tap("card", "B", hold_s=0)
    assert tray.connect("A").exchange(COMMAND) == COMMAND + OK


@pytest.mark.usefixtures("card")
def test_a_reader_holds_one_card(tray: Tray) -> None:
    tray.insert("card", "A")
    add_echo(tray, "other")
    with pytest.raises(TrayError, match="a card is in 'A'"):
        tray.insert("other", "A")
    assert tray.cards["other"].reader is None
    tray.insert("other", "B")


def test_a_swap_puts_one_card_in_place_of_another(tray: Tray, card: EchoCard) -> None:
    other = add_echo(tray, "other")
    tray.insert("card", "A")
    link = tray.connect("A")
    tray.swap("other", "A")
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)
    assert tray.connect("A").exchange(COMMAND) == COMMAND + OK
    assert (card.commands, other.commands) == ([], [COMMAND])
    tray.swap("other", "A")
    assert tray.cards["other"].reader == "A"


def test_a_refused_swap_leaves_the_card_where_it_is(tray: Tray, card: EchoCard) -> None:
    add_echo(tray, "other")
    tray.insert("card", "A")
    tray.insert("other", "B")
    with pytest.raises(TrayError):
        tray.swap("other", "A")
    assert (tray.readers["A"].card, card.history) == ("card", ["power up"])


@pytest.mark.usefixtures("card")
def test_a_tapped_card_leaves_by_itself(tray: Tray, notes: Notes) -> None:
    tray.tap("card", "B", hold_s=0.02)
    assert tray.readers["B"].card == "card"
    wait_until(lambda: tray.readers["B"].card is None)
    assert notes.kinds == [EventKind.INSERTED, EventKind.REMOVED]


@pytest.mark.usefixtures("card")
def test_the_end_of_a_tap_does_not_remove_a_card_that_was_inserted_since(tray: Tray) -> None:
    add_echo(tray, "other")
    tray.tap("card", "A", hold_s=0.02)
    tray.swap("card", "A")
    tray.tap("other", "B", hold_s=0.04)
    wait_until(lambda: tray.readers["B"].card is None)
    assert tray.readers["A"].card == "card"


def test_what_contacts_wrote_the_antenna_finds(tray: Tray) -> None:
    tray.add_card("policy", software_plastic())
    tray.insert("policy", "A")
    by_contacts = chip_authenticate(CardAtLink(tray.connect("A")), CHIP_POINT).host
    assert by_contacts.send(VERIFY, WRONG_PIN_BLOCK)[1] == TWO_TRIES_LEFT
    tray.remove("A")
    tray.insert("policy", "B")
    at_reader = CardAtLink(tray.connect("B"))
    pace = PaceHost(at_reader).run()
    over_the_air = chip_authenticate(at_reader, CHIP_POINT, through=pace).host
    assert over_the_air.send(VERIFY)[1] == TWO_TRIES_LEFT


def test_a_session_does_not_outlive_the_stay_in_a_reader(tray: Tray) -> None:
    tray.add_card("policy", software_plastic())
    tray.insert("policy", "A")
    host = chip_authenticate(CardAtLink(tray.connect("A")), CHIP_POINT).host
    tray.swap("policy", "A")
    assert tray.connect("A").exchange(host.wrap(GET_LIFE_CYCLE, le=b"\x00")) == NO_SESSION


@pytest.mark.usefixtures("card")
def test_names_are_given_once(tray: Tray) -> None:
    with pytest.raises(TrayError, match="there is a reader 'A' already"):
        tray.add_reader("A")
    with pytest.raises(TrayError, match="there is a card 'card' already"):
        tray.add_card("card", PlainPlastic(EchoCard()))


def test_one_card_cannot_come_under_two_names(tray: Tray) -> None:
    plastic = software_plastic()
    tray.add_card("one", plastic)
    assert plastic.memory is not None
    for again in (plastic, SoftwarePlastic(plastic.memory)):
        with pytest.raises(TrayError, match="under another name"):
            tray.add_card("two", again)


@pytest.mark.usefixtures("card")
def test_names_that_nobody_has_are_refused(tray: Tray) -> None:
    with pytest.raises(UnknownNameError, match="there is no reader 'C'"):
        tray.insert("card", "C")
    with pytest.raises(UnknownNameError, match="there is no card 'other'"):
        tray.insert("other", "A")
    with pytest.raises(UnknownNameError):
        tray.discard_card("other")


@pytest.mark.usefixtures("card")
def test_a_discarded_card_is_no_longer_there(tray: Tray) -> None:
    tray.insert("card", "A")
    with pytest.raises(TrayError, match="is in 'A'"):
        tray.discard_card("card")
    tray.remove("A")
    tray.discard_card("card")
    assert "card" not in tray.cards


@pytest.mark.usefixtures("card")
def test_readers_of_this_process_only_have_links_here(tray: Tray) -> None:
    tray.attach_pcsc_reader("elsewhere", "127.0.0.1", 1)
    with pytest.raises(TrayError, match="one of PC/SC"):
        tray.connect("elsewhere")
    with pytest.raises(CardGoneError):
        tray.connect("A")
    tray.insert("card", "A")
    tray.connect("A")
    with pytest.raises(ReaderBusyError):
        tray.connect("A")


def test_a_closed_tray_takes_nothing_in_and_has_no_threads(card: EchoCard, tray: Tray) -> None:
    Notes(tray)
    tray.insert("card", "A")
    link = tray.connect("A")
    add_echo(tray, "other")
    tray.tap("other", "B", hold_s=PATIENCE_S)
    tray.close()
    tray.close()
    assert [one.name for one in threading.enumerate() if one.name.startswith("tray")] == []
    assert card.history[-1] == "power down"
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)
    with pytest.raises(TrayClosedError):
        tray.insert("card", "A")
    with pytest.raises(TrayClosedError):
        tray.add_reader("C")
    with pytest.raises(TrayClosedError):
        tray.add_card("third", PlainPlastic(EchoCard()))
    with pytest.raises(TrayClosedError):
        tray.add_pcsc_readers(2)


def test_a_card_that_does_not_power_up_is_refused(tray: Tray, notes: Notes) -> None:
    class Dead(EchoCard):
        @override
        def power_up(self) -> bytes:
            raise RuntimeError

    tray.add_card("dead", PlainPlastic(Dead()))
    with pytest.raises(TrayError, match="'dead' does not power up"):
        tray.insert("dead", "A")
    assert (tray.readers["A"].card, tray.cards["dead"].reader) == (None, None)
    assert notes.kinds == [EventKind.INSERTED, EventKind.BROKEN, EventKind.REMOVED]


def test_a_card_that_cannot_be_presented_never_was_in_the_reader(tray: Tray, notes: Notes) -> None:
    class Unfit(PlainPlastic):
        @override
        def at(self, *_: object, **__: object) -> EchoCard:
            raise RuntimeError

    tray.add_card("unfit", Unfit(EchoCard()))
    with pytest.raises(TrayError):
        tray.insert("unfit", "A")
    assert (tray.readers["A"].card, tray.cards["unfit"].reader) == (None, None)
    assert notes.kinds == []
