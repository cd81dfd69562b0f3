"""Readers of this process disappear and come back."""

import pytest

from simulators.faults import FaultPlan
from simulators.reader import CardGoneError
from simulators.tray import EventKind, Tray, TrayError
from tests.pcsc_stack import OK, EchoCard
from tests.unit.tray.making import COMMAND, Notes, wait_until


@pytest.mark.usefixtures("card")
def test_a_reader_that_disappears_takes_the_conversation_with_it(tray: Tray, notes: Notes) -> None:
    tray.insert("card", "A")
    link = tray.connect("A")
    tray.take_reader_away("A")
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)
    assert list(tray.readers) == ["B"]
    assert tray.cards["card"].reader is None
    for use in (lambda: tray.insert("card", "A"), lambda: tray.connect("A")):
        with pytest.raises(TrayError, match="'A' has disappeared") as caught:
            use()
        assert caught.value.remedy == "restore it first"
    assert notes.kinds == [EventKind.INSERTED, EventKind.READER_GONE, EventKind.REMOVED]


@pytest.mark.usefixtures("card")
def test_a_reader_comes_back_empty(tray: Tray, notes: Notes) -> None:
    tray.take_reader_away("A")
    tray.take_reader_away("B")
    tray.restore_reader("A")
    tray.restore_reader("A")
    assert list(tray.readers) == ["A"]
    tray.insert("card", "A")
    assert tray.connect("A").exchange(COMMAND) == COMMAND + OK
    assert [one.reader for one in notes.all if one.kind is EventKind.READER_ADDED] == ["A"]


def test_removing_from_a_reader_that_is_away_is_harmless(tray: Tray) -> None:
    tray.take_reader_away("A")
    assert tray.remove("A") is None


@pytest.mark.parametrize("executed", [False, True])
def test_a_fault_lets_a_reader_disappear_in_a_command(
    tray: Tray, notes: Notes, card: EchoCard, *, executed: bool
) -> None:
    fault = {"what": "reader-gone", "executed": executed, "when": {"nth": 2}}
    tray.set_faults("A", FaultPlan.from_mapping({"faults": [fault]}))
    tray.insert("card", "A")
    link = tray.connect("A")
    assert link.exchange(COMMAND) == COMMAND + OK
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)
    assert len(card.commands) == 1 + executed
    assert "A" not in tray.readers
    assert tray.cards["card"].reader is None
    assert notes.told[-1] == (EventKind.REMOVED, "A", "card", "the reader disappeared")


@pytest.mark.usefixtures("card")
def test_a_reader_that_a_fault_took_away_is_back_by_itself(tray: Tray) -> None:
    fault = {"what": "reader-gone", "back_after_ms": 20, "when": {"times": 1}}
    tray.set_faults("A", FaultPlan.from_mapping({"faults": [fault]}))
    tray.insert("card", "A")
    with pytest.raises(CardGoneError):
        tray.connect("A").exchange(COMMAND)
    wait_until(lambda: "A" in tray.readers)
    tray.insert("card", "A")
    assert tray.connect("A").exchange(COMMAND) == COMMAND + OK


def test_somebody_elses_reader_cannot_be_taken_away(tray: Tray) -> None:
    tray.attach_pcsc_reader("elsewhere", "127.0.0.1", 1)
    with pytest.raises(TrayError, match="somebody else's"):
        tray.take_reader_away("elsewhere")
    assert "elsewhere" in tray.readers


def test_a_tray_without_a_service_has_none_to_restart(tray: Tray) -> None:
    with pytest.raises(TrayError, match="no pcscd"):
        tray.restart_pcscd()
    assert tray.pcscd_pid is None
