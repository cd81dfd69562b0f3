"""A recorded conversation is had again, and the first difference is found where it is."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from simulators.card import Interface, image
from simulators.card.field import FieldCard
from simulators.card.files import EF_OWNER
from simulators.trace import (
    Entry,
    ListSink,
    Masking,
    Trace,
    TracedCard,
    TraceError,
    replay,
    replay_on_image,
    traces_of,
)
from simulators.trace.pieces import Piece
from tests.unit.simulators.card.hosts import FOMS_ROOT, OK, select_aid, send
from tests.unit.simulators.card.issuing import INSURER, OWNER
from tests.unit.trace.conversations import (
    Cells,
    Talk,
    blank_image,
    issued_image,
    personalize,
    read_plainly,
    read_protected,
    record,
    recorded_card,
    seat_without_memory,
)

Conversation = tuple[Callable[[], Cells], Talk, Interface]
CONVERSATIONS: dict[str, Conversation] = {
    "personalization": (blank_image, personalize, Interface.CONTACT),
    "plain reading": (issued_image, read_plainly, Interface.CONTACT),
    "PACE and chip authentication": (issued_image, read_protected, Interface.CONTACTLESS),
}


@cache
def _recorded(name: str) -> tuple[Cells, Trace]:
    make, talk, interface = CONVERSATIONS[name]
    cells = make()
    return cells, record(cells, talk, interface)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_the_same_image_answers_octet_for_octet_again(name: str) -> None:
    cells, trace = _recorded(name)
    outcome = replay_on_image(cells, trace)
    assert outcome.difference is None
    assert outcome.events == len(trace.entries)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_an_unmasked_trace_is_replayed_too(name: str) -> None:
    make, talk, interface = CONVERSATIONS[name]
    cells = make()
    trace = record(cells, talk, interface, masking=Masking.NONE)
    assert all(piece.clear is not None for entry in trace.entries for piece in entry.sent)
    assert replay_on_image(cells, trace).difference is None


def test_a_replay_leaves_the_image_as_it_was() -> None:
    cells, trace = _recorded("personalization")
    before = dict(cells)
    replay_on_image(cells, trace)
    assert cells == before


def _with_answer(trace: Trace, number: int, *answer: Piece) -> Trace:
    entries = list(trace.entries)
    entries[number - 1] = replace(entries[number - 1], answer=answer)
    return Trace(trace.header, tuple(entries))


def _entry(trace: Trace, about: str) -> Entry:
    return next(one for one in trace.entries if about in str(one.decoded.get("about")))


def test_an_altered_status_word_in_the_trace_is_the_first_difference() -> None:
    cells, trace = _recorded("plain reading")
    number = _entry(trace, "EF.ChipSecurity").number
    masked, _ = trace.entries[number - 1].answer or ()
    altered = _with_answer(trace, number, masked, Piece(2, clear=b"\x62\x82"))
    found = replay_on_image(cells, altered).difference
    assert found is not None
    assert (found.number, found.where) == (number, "status word")
    assert "EF.ChipSecurity" in found.event
    assert (found.expected_meaning, found.got_meaning) == (
        "end of the file before Ne octets",
        "done",
    )


def test_an_octet_changed_on_the_card_is_found_inside_a_masked_span_and_not_shown() -> None:
    cells, trace = _recorded("plain reading")
    changed = dict(cells)
    octets = bytearray(changed[EF_OWNER.cell])
    octets[40] ^= 1
    changed[EF_OWNER.cell] = bytes(octets)
    found = replay_on_image(changed, trace, anyway=True).difference
    assert found is not None
    assert found.number == _entry(trace, "owner EF").number
    assert found.where == f"octet 41 of {len(OWNER)} of the data (masked)"
    assert found.expected == found.got == f"‹{len(OWNER)} masked›9000"


def test_an_answer_of_another_length_is_told_with_both_lengths() -> None:
    cells, trace = _recorded("plain reading")
    changed = {**cells, EF_OWNER.cell: cells[EF_OWNER.cell] + b"\x00"}
    found = replay_on_image(changed, trace, anyway=True).difference
    assert found is not None
    assert f"{len(OWNER) + 2} octets were expected, {len(OWNER) + 3} came" in found.where


def test_a_refusal_instead_of_data_is_told_in_words() -> None:
    cells, trace = _recorded("plain reading")
    found = replay_on_image({**cells, image.PROFILE: b"\x02"}, trace, anyway=True).difference
    assert found is not None
    assert found.got == "6982"
    assert found.got_meaning == "security status not satisfied"


def test_another_image_is_refused_unless_it_is_wanted() -> None:
    cells, trace = _recorded("plain reading")
    changed = {**cells, image.PIN_TRIES: b"\x02"}
    with pytest.raises(TraceError, match="not the image of the recording"):
        replay_on_image(changed, trace)
    assert replay_on_image(changed, trace, anyway=True).difference is None


def test_the_image_as_it_is_after_the_conversation_is_not_that_before() -> None:
    sink = ListSink()
    _, seat = recorded_card(blank_image(), sink)
    personalize(seat)
    (trace,) = traces_of(sink.records)
    with pytest.raises(TraceError):
        replay_on_image(seat.memory.cells(), trace)


def test_an_image_with_other_secrets_does_not_open_what_is_masked() -> None:
    cells, trace = _recorded("plain reading")
    with pytest.raises(TraceError, match="do not open"):
        replay_on_image({**cells, image.CHIP_KEY: bytes(31) + b"\x01"}, trace, anyway=True)


def _field_card(owner: bytes = OWNER) -> FieldCard:
    return FieldCard(owner=owner, insurers={0x0301: INSURER}, pointer=0x0301)


def _read_owner(card: TracedCard) -> None:
    send_to = seat_without_memory(card)
    assert send(send_to, "00A4040C07464F4D535F4944")[1] == OK
    assert send(send_to, "00A4020C020201")[1] == OK
    assert send(send_to, "00B0000080")[1] == OK


def _field_trace() -> Trace:
    sink = ListSink()
    _read_owner(TracedCard(_field_card(), sink))
    (trace,) = traces_of(sink.records)
    return trace


def test_a_card_without_memory_is_replayed_by_lengths_and_what_is_in_clear() -> None:
    trace = _field_trace()
    assert replay(trace, _field_card()).difference is None
    assert replay(trace, _field_card(owner=OWNER[:-1] + b"\x99")).difference is None
    found = replay(trace, _field_card(owner=OWNER[:100])).difference
    assert found is not None
    assert found.where == "130 octets were expected, 102 came"


def test_a_card_without_memory_leaves_nothing_sealed_in_its_trace() -> None:
    masked = [
        piece
        for entry in _field_trace().entries
        for piece in entry.answer or ()
        if piece.clear is None
    ]
    assert [piece.length for piece in masked] == [128]
    assert all(piece.sealed is None for piece in masked)


def test_a_withheld_command_cannot_be_sent_again_and_the_event_is_named() -> None:
    sink = ListSink()
    card = TracedCard(_field_card(), sink)
    card.execute(bytes.fromhex("0020000108") + b"2580" + b"\xff" * 4)
    (trace,) = traces_of(sink.records)
    with pytest.raises(TraceError, match="event 1: octets of the command are masked"):
        replay(trace, _field_card())


def test_a_card_that_was_silent_and_now_answers_differs() -> None:
    cells, trace = _recorded("plain reading")
    number = _entry(trace, "EF.ChipSecurity").number
    entries = list(trace.entries)
    entries[number - 1] = replace(entries[number - 1], answer=None)
    found = replay_on_image(cells, Trace(trace.header, tuple(entries))).difference
    assert found is not None
    assert (found.number, found.expected) == (number, "no answer")


def test_another_answer_to_reset_is_a_difference() -> None:
    cells, trace = _recorded("plain reading")
    altered = _with_answer(trace, 1, Piece(2, clear=b"\x3b\x00"))
    found = replay_on_image(cells, altered).difference
    assert found is not None
    assert (found.number, found.event, found.where) == (1, "power up", "octet 2 of the ATR")


def test_a_session_key_is_as_fresh_for_each_recording_as_for_each_run() -> None:
    cells, first = _recorded("PACE and chip authentication")
    second = record(cells, read_protected, Interface.CONTACTLESS, masking=Masking.NONE)
    third = record(cells, read_protected, Interface.CONTACTLESS, masking=Masking.NONE)
    nonces = [_entry(one, "PACE step 1").answer for one in (second, third)]
    assert nonces[0] != nonces[1]
    assert first.header.salt != second.header.salt


def test_the_card_is_selected_as_recorded() -> None:
    cells = issued_image()
    sink = ListSink()
    _, seat = recorded_card(cells, sink)
    assert select_aid(seat, FOMS_ROOT) == OK
    (trace,) = traces_of(sink.records)
    assert [one.kind.value for one in trace.commands] == ["command"]
    assert replay_on_image(cells, trace).events == 1
