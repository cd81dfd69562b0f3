"""Trace files: for their owner alone, never overwritten, and judged line by line when read."""

import json
import stat
import threading
from pathlib import Path

import pytest

from simulators.card import Interface
from simulators.trace import JsonLinesSink, Record, TraceError, read_traces, replay_on_image, traced
from simulators.trace.records import encode
from simulators.tray.plastic import PlainPlastic, SoftwarePlastic
from tests.unit.simulators.card.issuing import personalized
from tests.unit.trace.conversations import Seat, issued_image, read_plainly, record


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "tap.trace"


def _write(place: Path, *, append: bool = False) -> Seat:
    memory = personalized().memory
    with JsonLinesSink(place, append=append) as sink:
        card = traced(SoftwarePlastic(memory), Interface.CONTACT, sink)
        seat = Seat(card, memory)
        read_plainly(seat)
    return seat


def test_what_is_written_is_read_and_replayed(place: Path) -> None:
    _write(place)
    (trace,) = read_traces(place)
    assert replay_on_image(issued_image(), trace).difference is None
    assert trace.header.interface == "contact"
    assert [one.number for one in trace.entries] == list(range(1, len(trace.entries) + 1))


def test_the_file_is_for_its_owner_alone(place: Path) -> None:
    _write(place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_an_existing_file_is_refused_and_left_as_it_is(place: Path) -> None:
    place.write_text("mine")
    with pytest.raises(TraceError, match="exists") as caught:
        JsonLinesSink(place)
    assert "another name" in caught.value.remedy
    assert place.read_text() == "mine"


def test_appending_must_be_asked_for_and_adds_a_session(place: Path) -> None:
    _write(place)
    _write(place, append=True)
    first, second = read_traces(place)
    assert first.header.session != second.header.session
    assert len(first.entries) == len(second.entries)


@pytest.mark.parametrize("content", ["mine\n", '{"trace": "other"}\n', '{"a": 1}\n'])
def test_nothing_is_appended_to_a_file_that_is_no_trace(place: Path, content: str) -> None:
    place.write_text(content)
    with pytest.raises(TraceError, match="no trace"):
        JsonLinesSink(place, append=True)
    assert place.read_text() == content


def test_nothing_is_appended_to_a_line_that_was_cut_off(place: Path) -> None:
    _write(place)
    place.write_bytes(place.read_bytes()[:-10])
    with pytest.raises(TraceError, match="cut off"):
        JsonLinesSink(place, append=True)


def test_each_line_is_in_the_file_when_the_answer_is_there(place: Path) -> None:
    with JsonLinesSink(place) as sink:
        card = traced(PlainPlastic(personalized()), Interface.CONTACT, sink)
        card.execute(bytes.fromhex("00CADF0100"))
        assert len(place.read_text().splitlines()) == 2


def test_sessions_that_are_written_at_the_same_time_are_told_apart(place: Path) -> None:
    with JsonLinesSink(place) as sink:

        def talk() -> None:
            memory = personalized().memory
            read_plainly(Seat(traced(SoftwarePlastic(memory), Interface.CONTACT, sink), memory))

        threads = [threading.Thread(target=talk) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    traces = read_traces(place)
    assert len(traces) == 4
    assert all(replay_on_image(issued_image(), one).difference is None for one in traces)


def test_a_file_that_cannot_be_written_does_not_disturb_the_card(place: Path) -> None:
    sink = JsonLinesSink(place)
    sink._stream.close()
    card = traced(PlainPlastic(personalized()), Interface.CONTACT, sink)
    assert card.execute(bytes.fromhex("00CADF0100")) == bytes.fromhex("0F9000")
    with pytest.raises(TraceError, match="cannot be written"):
        sink.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="cannot be written"):
        JsonLinesSink(tmp_path / "no" / "tap.trace")


def _lines(place: Path) -> list[str]:
    trace = record(issued_image(), read_plainly)
    records: list[Record] = [trace.header, *trace.entries]
    lines = [encode(one) for one in records]
    place.write_text("\n".join(lines) + "\n")
    return lines


DAMAGES = {
    "no JSON": "{",
    "a list": "[]",
    "no number": '{"session": "S", "event": "reset"}',
    "a number out of order": '{"session": "S", "number": 7, "at": 0, "event": "reset", "sent": []}',
    "an unknown event": '{"session": "S", "number": 1, "at": 0, "event": "tea", "sent": []}',
    "odd hexadecimal": '{"session":"S","number":1,"at":0,"event":"reset","sent":["0"]}',
    "a masked length of nothing": (
        '{"session":"S","number":1,"at":0,"event":"reset","sent":[{"masked":0}]}'
    ),
    "sealed octets of another length": (
        '{"session":"S","number":1,"at":0,"event":"reset","sent":[{"masked":4,"sealed":"AAAA"}]}'
    ),
    "endless time": '{"session":"S","number":1,"at":1e999,"event":"reset","sent":[]}',
    "another session": '{"session":"T","number":1,"at":0,"event":"reset","sent":[]}',
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_line_is_named_with_what_to_do(place: Path, damage: str) -> None:
    lines = _lines(place)
    session = json.loads(lines[0])["session"]
    lines[1] = DAMAGES[damage].replace('"S"', f'"{session}"')
    place.write_text("\n".join(lines) + "\n")
    with pytest.raises(TraceError, match=r"line 2 is damaged") as caught:
        read_traces(place)
    assert "delete line 2" in caught.value.remedy
    assert "\n" not in f"{caught.value}{caught.value.remedy}"


def test_empty_lines_and_other_line_ends_are_no_damage(place: Path) -> None:
    lines = _lines(place)
    place.write_bytes("\r\n".join([*lines, "", ""]).encode())
    assert len(read_traces(place)[0].entries) == len(lines) - 1


def test_a_header_that_comes_twice_is_damage(place: Path) -> None:
    lines = _lines(place)
    place.write_text(f"{lines[0]}\n{lines[0]}\n")
    with pytest.raises(TraceError, match="this session began before"):
        read_traces(place)


def test_a_trace_of_a_later_version_is_told_from_a_damaged_one(place: Path) -> None:
    lines = _lines(place)
    place.write_text(lines[0].replace('"version": 1', '"version": 2') + "\n")
    with pytest.raises(TraceError, match="version 2") as caught:
        read_traces(place)
    assert caught.value.remedy == "use the version of the program that wrote it"


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\x00\xff", b'{"trace": "pcap"}'])
def test_a_foreign_file_is_no_trace(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    with pytest.raises(TraceError, match=r"no trace|empty"):
        read_traces(place)


def test_a_missing_file_is_named(place: Path) -> None:
    with pytest.raises(TraceError, match="cannot be read"):
        read_traces(place)
