"""What a desk keeps on its disk, and what it makes of it when it starts again."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardservice.desk.kept import FILE_DAMAGED, FILE_UNWRITTEN, NotRestored, restore
from cardservice.desk.proven_time import TimeBound
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.register import CardStatus
from cardservice.home.desk_kept import DeskFiles, FileNote
from tests.unit.desk.world import HOUR, LIST, MINUTE, Desk, Pc, trust_token
from tests.unit.pki.office import NOW
from tests.unit.pki.status_lists import BLOCKED, ISSUED, signed

BOUND = TimeBound(at=NOW, proved_at=NOW - HOUR)
LONGEST = 1 << 20


@pytest.fixture
def notes() -> list[FileNote]:
    return []


@pytest.fixture
def files(tmp_path: Path, notes: list[FileNote]) -> DeskFiles:
    return DeskFiles(tmp_path / "desk", note=notes.append)


def fill(files: DeskFiles) -> None:
    files.keep_bound(BOUND)
    files.keep_trust(trust_token())
    files.keep_list(LIST, signed())


def test_a_new_desk_has_kept_nothing_and_notes_nothing(
    files: DeskFiles, notes: list[FileNote]
) -> None:
    kept = (files.bound(), files.trust(), files.status_list(LIST, longest=LONGEST))
    assert (kept, notes) == ((None, None, None), [])


def test_what_is_kept_is_found_again(files: DeskFiles) -> None:
    token, octets = trust_token(), signed()
    files.keep_bound(BOUND)
    files.keep_trust(token)
    files.keep_list(LIST, octets)
    assert (files.bound(), files.trust()) == (BOUND, token)
    assert files.status_list(LIST, longest=LONGEST) == octets


def test_a_bound_without_a_proof_is_kept_as_such(files: DeskFiles) -> None:
    files.keep_bound(TimeBound(at=NOW, proved_at=None))
    assert files.bound() == TimeBound(at=NOW, proved_at=None)


def test_the_files_are_their_owners_alone_and_nothing_else_lies_beside(
    files: DeskFiles, tmp_path: Path
) -> None:
    fill(files)
    paths = sorted((tmp_path / "desk").iterdir())
    assert [one.name for one in paths] == ["status-list-1.cwt", "time.json", "trust.jws"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "desk").stat().st_mode) == 0o700


DAMAGES = [b"", b"\xff\x00", b"{", b"[]", b"[" * 100_000, b'{"format": 2}', b'{"format": 1}']
TIMES = ['"2026-11-13"', '"2026-11-13T09:00:00"', "7", '"soon"', "null", "[]", "{}"]
BOUNDS = [f'{{"format": 1, "at": {at}, "proved_at": null}}'.encode() for at in TIMES]


@pytest.mark.parametrize("octets", [*DAMAGES, *BOUNDS])
def test_a_damaged_bound_is_no_bound_and_is_noted_once(
    octets: bytes, files: DeskFiles, notes: list[FileNote], tmp_path: Path
) -> None:
    fill(files)
    (tmp_path / "desk" / "time.json").write_bytes(octets)
    assert (files.bound(), files.bound()) == (None, None)
    assert notes == [FileNote(FILE_DAMAGED, "time.json")]


def test_a_file_longer_than_it_may_be_is_not_read_to_its_end(
    files: DeskFiles, notes: list[FileNote], tmp_path: Path
) -> None:
    fill(files)
    (tmp_path / "desk" / "status-list-1.cwt").write_bytes(bytes(11))
    assert files.status_list(LIST, longest=11) == bytes(11)
    assert files.status_list(LIST, longest=10) is None
    assert notes == [FileNote(FILE_DAMAGED, "status-list-1.cwt")]


def test_a_folder_that_cannot_be_written_is_noted_and_stops_nothing(
    notes: list[FileNote], tmp_path: Path
) -> None:
    (tmp_path / "desk").write_bytes(b"a file in its place")
    files = DeskFiles(tmp_path / "desk", note=notes.append)
    files.keep_bound(BOUND)
    files.keep_bound(BOUND)
    assert notes == [FileNote(FILE_UNWRITTEN, "time.json")]
    (tmp_path / "desk").unlink()
    files.keep_bound(BOUND)
    assert files.bound() == BOUND


def started(files: DeskFiles, wall: datetime) -> tuple[Desk, Pc, tuple[NotRestored, ...]]:
    pc = Pc()
    pc.clocks.wall = wall
    bound = files.bound()
    if bound is not None:
        pc.disk.append(bound)
    time = pc.start()
    desk = Desk(now=time.now().at)
    return desk, pc, restore(files, desk.knowledge, time)


def test_a_desk_that_starts_again_knows_what_it_knew(files: DeskFiles) -> None:
    fill(files)
    desk, _, faults = started(files, NOW + HOUR)
    assert faults == ()
    answer = desk.look_up(BLOCKED)
    assert answer is not None
    assert (answer.card, answer.as_of) == (CardStatus.BLOCKED, ISSUED)


@pytest.mark.parametrize("name", ["trust.jws", "status-list-1.cwt"])
@pytest.mark.parametrize("damage", ["cut", "bent", "lost", "filled"])
def test_a_damaged_file_is_nothing_kept_and_never_believed(
    name: str, damage: str, files: DeskFiles, tmp_path: Path
) -> None:
    fill(files)
    path = tmp_path / "desk" / name
    whole = path.read_bytes()
    if damage == "lost":
        path.unlink()
    else:
        bent = whole[:-9] + bytes((whole[-9] ^ 1,)) + whole[-8:]
        path.write_bytes({"cut": whole[:-1], "bent": bent, "filled": bytes(99)}[damage])
    desk, _, faults = started(files, NOW + HOUR)
    assert desk.look_up(0) is None
    assert len(faults) == (damage != "lost")


def test_without_its_own_file_the_time_is_that_of_what_was_verified(
    files: DeskFiles, tmp_path: Path
) -> None:
    fill(files)
    (tmp_path / "desk" / "time.json").unlink()
    pc = Pc()
    pc.clocks.wall = NOW
    time = pc.start()
    restore(files, Desk(now=NOW).knowledge, time)
    pc.clocks.wall = NOW - timedelta(days=3)
    moment = time.now()
    assert moment.grade is TimeGrade.UNKNOWN
    assert moment.at == NOW - 5 * MINUTE
    assert moment.since_proof is None
