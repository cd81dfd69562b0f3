"""The queue of presentations: in order, each once, whatever ends the process."""

import errno
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from cardservice.desk.presentations import BearerCheck, Presentation, Substitute
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal
from cardservice.home import desk_queue
from cardservice.home.desk_queue import PresentationQueue

AT = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)


def presentation(number: int) -> Presentation:
    return Presentation(
        id=UUID(int=number),
        at=AT + timedelta(seconds=number),
        grade=TimeGrade.AT_LEAST,
        outcome=Outcome.VALID if number % 2 else None,
        reason="data-intact",
        card_number=number << 32 | 7,
        offline=bool(number % 3),
        wrong_numbers=number % 4,
        bearer=BearerCheck.PHOTO if number % 2 else None,
        substitute=Substitute.CARD_FORGOTTEN if number % 5 == 0 else None,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "presentations.jsonl"


@pytest.fixture
def queue(path: Path) -> Iterator[PresentationQueue]:
    found = PresentationQueue(path)
    yield found
    found.close()


def reopened(path: Path) -> list[Presentation]:
    queue = PresentationQueue(path)
    found = list(queue.first(1000))
    queue.close()
    return found


def test_what_was_added_is_found_again_whole_and_in_order(
    queue: PresentationQueue, path: Path
) -> None:
    given = [presentation(one) for one in range(20)]
    for one in given:
        queue.add(one)
    queue.close()
    assert reopened(path) == given


def test_what_was_added_is_in_the_file_before_anything_is_closed(
    queue: PresentationQueue, path: Path
) -> None:
    queue.add(presentation(1))
    copy = path.with_name("copy.jsonl")
    copy.write_bytes(path.read_bytes())
    assert reopened(copy) == [presentation(1)]


def test_the_file_is_its_owners_alone(queue: PresentationQueue, path: Path) -> None:
    queue.add(presentation(1))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_presentation_waits_once(queue: PresentationQueue) -> None:
    queue.add(presentation(1))
    queue.add(presentation(1))
    assert queue.state.waiting == 1


def test_what_is_done_is_not_told_again_after_a_restart(
    queue: PresentationQueue, path: Path
) -> None:
    for one in range(5):
        queue.add(presentation(one))
    queue.done([UUID(int=0), UUID(int=3), UUID(int=77)])
    queue.close()
    assert reopened(path) == [presentation(1), presentation(2), presentation(4)]


def test_a_file_of_which_all_is_done_names_no_card(queue: PresentationQueue, path: Path) -> None:
    queue.add(presentation(1))
    queue.done([UUID(int=1)])
    assert path.read_bytes() == b""


def test_a_cut_at_any_octet_loses_the_record_that_was_cut_and_none_before(path: Path) -> None:
    queue = PresentationQueue(path)
    for one in range(3):
        queue.add(presentation(one))
    whole = path.read_bytes()
    before = whole.rindex(b"\n", 0, -1) + 1
    queue.close()
    for length in range(before, len(whole)):
        path.write_bytes(whole[:length])
        assert reopened(path) == [presentation(0), presentation(1)]
    path.write_bytes(whole)
    assert len(reopened(path)) == 3


def test_a_record_of_what_is_done_that_was_cut_leaves_everything_to_be_told_again(
    path: Path,
) -> None:
    queue = PresentationQueue(path)
    queue.add(presentation(0))
    queue.add(presentation(1))
    told = len(path.read_bytes())
    queue.done([UUID(int=0)])
    whole = path.read_bytes()
    queue.close()
    for length in range(told, len(whole)):
        path.write_bytes(whole[:length])
        assert reopened(path) == [presentation(0), presentation(1)]


def test_after_a_torn_line_the_next_record_is_whole(path: Path) -> None:
    queue = PresentationQueue(path)
    queue.add(presentation(0))
    queue.close()
    path.write_bytes(path.read_bytes() + b'0badc0de {"id":')
    again = PresentationQueue(path)
    again.add(presentation(1))
    assert again.state.damaged == 0
    again.close()
    assert reopened(path) == [presentation(0), presentation(1)]


@pytest.mark.parametrize("at", range(0, 200, 7))
def test_a_flipped_octet_is_counted_and_a_copy_is_left(path: Path, at: int) -> None:
    queue = PresentationQueue(path)
    for one in range(3):
        queue.add(presentation(one))
    queue.close()
    octets = bytearray(path.read_bytes())
    octets[at] ^= 1
    path.write_bytes(octets)
    again = PresentationQueue(path)
    assert again.state.damaged == 1
    assert again.state.waiting == 2
    again.close()
    assert path.with_suffix(".damaged").read_bytes() == octets


@pytest.mark.parametrize(
    "said",
    [b"{}", b"[]", b"null", b'{"done":7}', b'{"done":["x"]}', b'{"done":{}}', b"[" * 9000, b"\xff"],
)
def test_a_line_with_a_good_sum_and_another_content_stops_nothing(path: Path, said: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(desk_queue._sum(said) + said + b"\n")
    queue = PresentationQueue(path)
    queue.add(presentation(1))
    assert list(queue.first(10)) == [presentation(1)]
    queue.close()


def test_what_finds_no_room_is_counted_and_none_that_waits_gives_way(path: Path) -> None:
    queue = PresentationQueue(path, most=2)
    for one in range(5):
        queue.add(presentation(one))
    state = queue.state
    assert (state.waiting, state.overflowed) == (2, 3)
    assert list(queue.first(9)) == [presentation(0), presentation(1)]
    queue.done([UUID(int=0)])
    queue.add(presentation(9))
    assert list(queue.first(9)) == [presentation(1), presentation(9)]
    queue.close()


def test_a_full_disk_loses_nothing_while_the_desk_runs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = PresentationQueue(path)
    queue.add(presentation(0))
    real, full = os.write, True

    def half(file: int, octets: bytes) -> int:
        return real(file, octets[: len(octets) // 2]) if full else real(file, octets)

    monkeypatch.setattr(os, "write", half)
    queue.add(presentation(1))
    assert queue.state.unwritten == 1
    full = False
    queue.add(presentation(2))
    assert queue.state.unwritten == 0
    queue.close()
    assert reopened(path) == [presentation(0), presentation(1), presentation(2)]


def test_a_part_of_a_line_that_cannot_be_cut_off_is_cut_off_before_the_next(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = PresentationQueue(path)
    real, cut = os.write, os.ftruncate
    monkeypatch.setattr(os, "write", lambda file, octets: real(file, octets[:9]))

    def refuse(_file: int, _length: int) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(os, "ftruncate", refuse)
    queue.add(presentation(1))
    monkeypatch.setattr(os, "write", real)
    monkeypatch.setattr(os, "ftruncate", cut)
    queue.add(presentation(2))
    queue.close()
    assert reopened(path) == [presentation(1), presentation(2)]


def test_adding_never_raises_even_when_the_file_is_gone(queue: PresentationQueue) -> None:
    queue.close()
    queue.add(presentation(1))
    assert queue.state.unwritten == 1


def test_history_is_left_behind_and_what_waits_is_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_queue, "_HISTORY", 10)
    queue = PresentationQueue(path)
    queue.add(presentation(0))
    for one in range(1, 60):
        queue.add(presentation(one))
        queue.done([UUID(int=one)])
    assert len(path.read_bytes().splitlines()) <= 14
    queue.add(presentation(61))
    queue.close()
    assert reopened(path) == [presentation(0), presentation(61)]


def test_a_file_that_cannot_be_written_is_said_at_the_start(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(Refusal) as refused:
        PresentationQueue(path)
    assert refused.value.code == "home-damaged"


def test_no_number_of_a_card_is_shown_by_what_is_printed() -> None:
    one = presentation(11)
    assert str(one.card_number) not in repr(one)
