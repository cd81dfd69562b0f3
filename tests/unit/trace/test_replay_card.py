"""A card that is only a recording: it says its half, and which command was another one."""

import pytest

from simulators.card import CardMuteError, Interface
from simulators.trace import (
    ConversationDiffersError,
    ListSink,
    ReplayCard,
    Trace,
    TracedCard,
    TraceError,
    traces_of,
)
from tests.unit.simulators.card.hosts import FOMS_ROOT, OK, apdu, send
from tests.unit.trace.conversations import (
    Seat,
    issued_image,
    read_plainly,
    read_protected,
    record,
    say_nothing,
    seat_without_memory,
)


def test_a_terminal_has_the_whole_conversation_again_with_a_recording() -> None:
    cells = issued_image()
    trace = record(cells, read_protected, Interface.CONTACTLESS)
    card = ReplayCard(trace, cells=cells)
    assert not card.finished
    read_protected(seat_without_memory(card))
    assert card.finished
    assert card.difference is None


def test_the_first_other_command_is_named_and_all_after_it_are_refused() -> None:
    cells = issued_image()
    card = ReplayCard(record(cells, read_plainly), cells=cells)
    seat = seat_without_memory(card)
    assert send(seat, apdu("00A4040C", FOMS_ROOT))[1] == OK
    with pytest.raises(
        ConversationDiffersError, match=r"event 3: .* READ BINARY \(5 octets\) came"
    ):
        seat.execute(bytes.fromhex("00B0820000"))
    with pytest.raises(ConversationDiffersError):
        seat.execute(bytes.fromhex("00B0810000"))
    assert card.difference is not None
    assert card.difference.endswith("octet 3 differs")
    assert not card.finished


def test_a_wrong_pin_is_another_command_though_the_recording_masks_it() -> None:
    cells = issued_image()
    trace = record(cells, lambda seat: assert_verified(seat, b"2580"))
    card = ReplayCard(trace, cells=cells)
    with pytest.raises(ConversationDiffersError) as caught:
        assert_verified(seat_without_memory(card), b"2581")
    assert "2581" not in str(caught.value)
    assert "32353831" not in str(caught.value)


def assert_verified(seat: Seat, pin: bytes) -> None:
    """VERIFY with this PIN succeeds."""
    assert send(seat, apdu("00200001", pin.ljust(8, b"\xff")))[1] == OK


@pytest.mark.parametrize("came", ["00CADF01", "00CADF010000"])
def test_a_command_that_ends_sooner_or_goes_on_is_another_one(came: str) -> None:
    trace = record(issued_image(), assert_life_cycle)
    with pytest.raises(ConversationDiffersError, match="event 1: 00CADF0100 was recorded"):
        ReplayCard(trace).execute(bytes.fromhex(came))


def assert_life_cycle(seat: Seat) -> None:
    """GET DATA DF01 succeeds."""
    assert send(seat, "00CADF0100")[1] == OK


def test_a_command_after_the_end_differs() -> None:
    trace = record(issued_image(), say_nothing)
    with pytest.raises(ConversationDiffersError, match="after the end of the recording"):
        ReplayCard(trace).execute(bytes.fromhex("00CADF0100"))


def test_masked_answers_need_the_memory_of_the_card() -> None:
    trace = record(issued_image(), read_plainly)
    with pytest.raises(TraceError, match="octets of the answer are masked"):
        ReplayCard(trace)


class _Silent:
    """A card that answers to reset only."""

    atr = b"\x3b\x00"

    def power_up(self) -> bytes:
        return self.atr

    def power_down(self) -> None:
        """Nothing to forget."""

    def reset(self) -> bytes:
        return self.atr

    def execute(self, command: bytes) -> bytes:
        raise CardMuteError("silent")


def _silence() -> Trace:
    sink = ListSink()
    card = TracedCard(_Silent(), sink)
    card.power_up()
    with pytest.raises(CardMuteError):
        card.execute(bytes.fromhex("00CADF0100"))
    (trace,) = traces_of(sink.records)
    return trace


def test_a_silence_is_recorded_and_kept_again() -> None:
    trace = _silence()
    assert trace.entries[-1].answer is None
    assert trace.entries[-1].decoded["meaning"] == "no answer"
    card = ReplayCard(trace)
    assert card.power_up() == card.reset() == b"\x3b\x00"
    with pytest.raises(CardMuteError):
        card.execute(bytes.fromhex("00CADF0100"))
