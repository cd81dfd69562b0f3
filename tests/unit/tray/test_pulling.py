"""A hand pulls a card out at the chosen command, and cards that leave by themselves."""

import pytest

from simulators.card import CardMuteError, PowerCut
from simulators.reader import CardGoneError
from simulators.tray import EventKind, Tray, TrayError
from tests.pcsc_stack import OK, EchoCard, breakage
from tests.unit.tray.making import COMMAND, Notes, add_echo


def answered(tray: Tray, commands: int) -> int:
    """Return how many of so many commands were answered."""
    link = tray.connect("A")
    for number in range(commands):
        try:
            link.exchange(COMMAND)
        except CardGoneError:
            return number
    return commands


@pytest.mark.parametrize("commands", [1, 2, 5])
@pytest.mark.parametrize("during", [False, True])
def test_the_card_goes_with_exactly_that_command(
    tray: Tray, notes: Notes, card: EchoCard, commands: int, *, during: bool
) -> None:
    tray.insert("card", "A")
    tray.pull_after("A", commands=commands, during=during)
    assert answered(tray, 9) == (commands - 1 if during else commands)
    assert len(card.commands) == commands
    assert (tray.readers["A"].card, card.history[-1]) == (None, "power down")
    how = "pulled during a command" if during else "pulled after a command"
    assert notes.told[-1] == (EventKind.REMOVED, "A", "card", how)


@pytest.mark.usefixtures("card")
def test_commands_are_counted_from_the_order(tray: Tray) -> None:
    tray.insert("card", "A")
    link = tray.connect("A")
    link.exchange(COMMAND)
    tray.pull_after("A", commands=1)
    assert link.exchange(COMMAND) == COMMAND + OK
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)


@pytest.mark.usefixtures("card")
def test_an_order_may_wait_for_the_card_and_holds_once(tray: Tray) -> None:
    tray.pull_after("A", commands=2)
    tray.insert("card", "A")
    assert answered(tray, 9) == 2
    tray.insert("card", "A")
    assert answered(tray, 9) == 9


@pytest.mark.usefixtures("card")
def test_an_order_is_forgotten_with_the_card_it_waited_for(tray: Tray) -> None:
    tray.insert("card", "A")
    tray.pull_after("A", commands=2)
    tray.swap("card", "A")
    assert answered(tray, 9) == 9


@pytest.mark.parametrize("commands", [0, -1])
def test_an_order_for_no_command_is_refused(tray: Tray, commands: int) -> None:
    with pytest.raises(TrayError, match="commands are none"):
        tray.pull_after("A", commands=commands)


def test_a_card_that_raises_counts_as_pulled_out(tray: Tray, notes: Notes) -> None:
    add_echo(tray, "broken", breakage)
    tray.insert("broken", "A")
    with pytest.raises(CardGoneError):
        tray.connect("A").exchange(COMMAND)
    assert (tray.readers["A"].card, tray.cards["broken"].reader) == (None, None)
    assert notes.told[1:] == [
        (EventKind.BROKEN, "A", "broken", "RuntimeError"),
        (EventKind.REMOVED, "A", "broken", "stopped answering"),
    ]
    assert COMMAND.hex() not in repr(notes.all)


@pytest.mark.parametrize(
    ("error", "told"), [(PowerCut, [EventKind.POWER_CUT]), (CardMuteError, [])]
)
def test_a_silent_card_stays_and_a_reset_wakes_it(
    tray: Tray, notes: Notes, error: type[Exception], told: list[EventKind]
) -> None:
    def silence(_: bytes) -> bytes:
        raise error

    card = add_echo(tray, "silent", silence)
    tray.insert("silent", "A")
    link = tray.connect("A")
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)
    card.reaction = lambda command: command
    link.reset()
    assert link.exchange(COMMAND) == COMMAND
    assert (tray.readers["A"].card, notes.kinds[1:]) == ("silent", told)


def test_an_empty_answer_is_none(tray: Tray) -> None:
    add_echo(tray, "empty", lambda _: b"")
    tray.insert("empty", "A")
    with pytest.raises(CardGoneError):
        tray.connect("A").exchange(COMMAND)
    assert tray.readers["A"].card == "empty"
