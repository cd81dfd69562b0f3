"""Time, faults and traces between a card and its reader, each switched at the reader."""

from collections.abc import Mapping

import pytest

from simulators.faults import FaultPlan
from simulators.models.timing import Timing
from simulators.reader import CardGoneError
from simulators.reader.inprocess import InProcessReader
from simulators.trace import Entry, Header, ListSink, Masking
from simulators.tray import EventKind, Tray
from tests.pcsc_stack import ATR_T1, OK, EchoCard
from tests.unit.simulators.card.hosts import FOMS_ROOT, select_aid
from tests.unit.simulators.card.hosts import OK as SW_OK
from tests.unit.tray.making import (
    COMMAND,
    CardAtLink,
    Notes,
    add_echo,
    software_plastic,
    wait_until,
)

WRONG_SW = {"what": "status", "sw": "6F00"}
CANNOT = bytes.fromhex("6F00")
GET_LIFE_CYCLE = bytes.fromhex("00CADF0100")
LIFE_CYCLE = bytes.fromhex("0F") + OK
A_DAY_MS = 86_400_000
LONG_MS = 600_000


def plan(*faults: Mapping[str, object]) -> FaultPlan:
    return FaultPlan.from_mapping({"faults": list(faults)})


def reader_in(tray: Tray, name: str) -> InProcessReader:
    reader = tray.readers[name].in_process
    assert reader is not None
    return reader


@pytest.mark.usefixtures("card")
def test_faults_hold_for_the_card_that_is_in_and_those_to_come(tray: Tray) -> None:
    tray.insert("card", "A")
    link = tray.connect("A")
    assert link.exchange(COMMAND) == COMMAND + OK
    tray.set_faults("A", plan(WRONG_SW))
    assert link.exchange(COMMAND) == CANNOT
    add_echo(tray, "other")
    tray.swap("other", "A")
    link = tray.connect("A")
    assert link.exchange(COMMAND) == CANNOT
    tray.set_faults("A", None)
    assert link.exchange(COMMAND) == COMMAND + OK


@pytest.mark.usefixtures("card")
def test_faults_of_one_reader_are_not_those_of_another(tray: Tray) -> None:
    tray.set_faults("A", plan(WRONG_SW))
    tray.insert("card", "B")
    assert tray.connect("B").exchange(COMMAND) == COMMAND + OK


@pytest.mark.usefixtures("card")
def test_a_plan_counts_on_from_card_to_card(tray: Tray) -> None:
    tray.set_faults("A", plan({**WRONG_SW, "when": {"nth": 2}}))
    answers = []
    for _ in range(3):
        tray.insert("card", "A")
        answers.append(tray.connect("A").exchange(COMMAND))
        tray.remove("A")
    assert answers == [COMMAND + OK, CANNOT, COMMAND + OK]


@pytest.mark.usefixtures("card")
def test_a_fault_that_strikes_is_told_without_the_command(tray: Tray, notes: Notes) -> None:
    tray.set_faults("A", plan(WRONG_SW))
    tray.insert("card", "A")
    tray.connect("A").exchange(COMMAND + b"secret")
    kind, reader, name, detail = notes.told[-1]
    assert (kind, reader, name) == (EventKind.FAULT, "A", "card")
    assert detail.startswith("status")
    assert b"secret".hex() not in detail


@pytest.mark.parametrize("moment", ["before", "unanswered", "after"])
def test_a_fault_pulls_the_card_out(tray: Tray, notes: Notes, card: EchoCard, moment: str) -> None:
    tray.set_faults("A", plan({"what": "pull", "moment": moment, "when": {"nth": 1}}))
    tray.insert("card", "A")
    link = tray.connect("A")
    if moment == "after":
        assert link.exchange(COMMAND) == COMMAND + OK
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)
    assert len(card.commands) == (0 if moment == "before" else 1)
    assert tray.readers["A"].card is None
    assert notes.told[-1] == (EventKind.REMOVED, "A", "card", "pulled by a fault")


def test_a_power_cut_at_a_write_leaves_the_card_in_and_its_memory_whole(
    tray: Tray, notes: Notes
) -> None:
    plastic = software_plastic()
    tray.add_card("policy", plastic)
    tray.set_faults("A", plan({"what": "power-cut", "when": {"nth": 1}}))
    tray.insert("policy", "A")
    link = tray.connect("A")
    with pytest.raises(CardGoneError):
        link.exchange(GET_LIFE_CYCLE)
    link.close()
    assert tray.connect("A").exchange(GET_LIFE_CYCLE) == LIFE_CYCLE
    assert EventKind.POWER_CUT in notes.kinds
    assert tray.readers["A"].card == "policy"


@pytest.mark.usefixtures("card")
def test_a_lost_insertion_is_not_announced_although_the_card_is_in(
    tray: Tray, notes: Notes
) -> None:
    heard: list[bytes | None] = []
    reader_in(tray, "A").subscribe(heard.append)
    tray.lose_insertions("A")
    tray.insert("card", "A")
    assert (heard, tray.readers["A"].card) == ([], "card")
    assert tray.connect("A").exchange(COMMAND) == COMMAND + OK
    tray.swap("card", "A")
    assert heard == [ATR_T1]
    assert notes.told[1] == (EventKind.FAULT, "A", "card", "insertion not announced")


@pytest.mark.usefixtures("card")
def test_a_plan_may_lose_insertions(tray: Tray) -> None:
    heard: list[bytes | None] = []
    reader_in(tray, "A").subscribe(heard.append)
    tray.set_faults("A", plan({"what": "lost-insertion", "when": {"nth": 2}}))
    for _ in range(3):
        tray.insert("card", "A")
        tray.remove("A")
    assert heard == [ATR_T1, None, ATR_T1, None]


@pytest.mark.usefixtures("card")
def test_a_slow_card_does_not_hold_up_the_hand(tray: Tray, notes: Notes) -> None:
    tray.set_faults("A", plan({"what": "delay", "ms": LONG_MS}))
    tray.tap("card", "A", hold_s=0.02)
    with pytest.raises(CardGoneError):
        tray.connect("A").exchange(COMMAND)
    wait_until(lambda: tray.readers["A"].card is None)
    assert notes.kinds[-1] is EventKind.REMOVED


def test_virtual_time_is_counted_with_the_delays_of_faults(tray: Tray) -> None:
    tray.add_card("policy", software_plastic())
    tray.set_timing("A", Timing.named("virtual"))
    tray.set_faults("A", plan({"what": "delay", "ms": LONG_MS}))
    tray.insert("policy", "A")
    assert tray.connect("A").exchange(GET_LIFE_CYCLE) == LIFE_CYCLE
    spent = tray.readers["A"].time_spent
    assert spent is not None
    assert spent.reader_ns > 0
    assert LONG_MS * 1_000_000 < spent.line_ns < A_DAY_MS * 1_000_000


@pytest.mark.parametrize("mode", ["real", "virtual", "none"])
def test_a_card_answers_alike_whatever_its_time(mode: str) -> None:
    with Tray(timing=Timing.named(mode, "fastest")) as tray:
        tray.add_reader("A")
        tray.add_card("policy", software_plastic())
        tray.insert("policy", "A")
        assert tray.connect("A").exchange(GET_LIFE_CYCLE) == LIFE_CYCLE


def test_an_empty_reader_spends_no_time(tray: Tray) -> None:
    assert tray.readers["A"].time_spent is None


@pytest.mark.usefixtures("card")
def test_what_is_recorded_is_what_the_terminal_sees_faults_included(tray: Tray) -> None:
    sink = ListSink()
    tray.set_faults("A", plan(WRONG_SW))
    tray.record("A", sink, masking=Masking.NONE)
    tray.insert("card", "A")
    tray.connect("A").exchange(COMMAND)
    header, *entries = sink.records
    assert isinstance(header, Header)
    commands = [one for one in entries if isinstance(one, Entry) and one.kind == "command"]
    assert [one.answer for one in commands] == [commands[0].answer]
    assert commands[0].answer is not None
    assert [piece.clear for piece in commands[0].answer] == [CANNOT]


@pytest.mark.usefixtures("card")
def test_recording_begins_and_ends_with_the_next_card(tray: Tray) -> None:
    sink = ListSink()
    tray.insert("card", "A")
    tray.record("A", sink)
    tray.connect("A").exchange(COMMAND)
    assert sink.records == []
    tray.swap("card", "A")
    tray.record("A", None)
    tray.connect("A").exchange(COMMAND)
    tray.remove("A")
    length = len(sink.records)
    assert length > 2
    tray.insert("card", "A")
    assert len(sink.records) == length


def test_a_recorded_software_card_works_with_a_model_of_time(tray: Tray) -> None:
    sink = ListSink()
    tray.add_card("policy", software_plastic())
    tray.set_timing("A", Timing.named("virtual"))
    tray.record("A", sink)
    tray.insert("policy", "A")
    assert select_aid(CardAtLink(tray.connect("A")), FOMS_ROOT) == SW_OK
    header = sink.records[0]
    assert isinstance(header, Header)
    assert header.replayable_entropy
    assert header.masking is Masking.PERSONAL
