"""The journal's file outlives a crash, drops what nobody was promised, refuses what was damaged."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.journal import (
    CardMade,
    Entry,
    Intent,
    Kept,
    OutcomeReported,
    StationStarted,
)
from cardservice.personalization.journal_compaction import compacted
from cardservice.personalization.journal_frames import PREFACE_LEN, encode_frame, encode_preface
from cardservice.storage.journal_file import Disk, JournalFile
from cardservice.storage.journal_file_reading import check_journal
from tests.chain import NOW, SIGNED

CHIP = bytes(8)
ENTRIES: list[Entry] = [
    StationStarted(),
    Intent(order="a", lane=1, number=1),
    CardMade(chip=CHIP, order="a", number=1, signed_at=SIGNED),
]
NO_WAITING = Disk(sync=lambda _: None)


def opened(path: Path, disk: Disk = NO_WAITING) -> JournalFile:
    return JournalFile(path, clock=lambda: NOW, disk=disk)


def entries_of(path: Path) -> list[Entry]:
    file = opened(path)
    found = [kept.entry for kept in file.entries()]
    file.close()
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def ends(path: Path) -> list[int]:
    """Return where each entry of a written journal ends, octets, after the preface's end."""
    file, ends = opened(path), [PREFACE_LEN]
    for entry in ENTRIES:
        file.append(entry)
        ends.append(path.stat().st_size)
    file.close()
    return ends


def test_what_was_appended_is_there_after_opening_again(path: Path, ends: list[int]) -> None:
    assert entries_of(path) == ENTRIES
    assert [kept.sequence for kept in _kept(path)] == [1, 2, 3]
    assert path.stat().st_mode & 0o777 == 0o600
    health = check_journal(path)
    assert (health.entries, health.last_sequence, health.whole_octets) == (3, 3, ends[-1])
    assert (health.torn_octets, health.damage) == (0, None)


def _kept(path: Path) -> list[Kept]:
    file = opened(path)
    kept = list(file.entries())
    file.close()
    return kept


def test_an_entry_is_written_through_before_it_counts(path: Path) -> None:
    opened(path).close()
    seen: list[int] = []
    file = opened(path, Disk(sync=lambda _: seen.append(path.stat().st_size)))
    file.append(ENTRIES[0])
    assert seen == [path.stat().st_size]
    file.close()


def test_a_new_journal_and_its_name_are_written_through(path: Path) -> None:
    seen: list[bool] = []
    opened(path, Disk(sync=lambda _: seen.append(path.exists()))).close()
    assert seen == [False, True]


def test_a_journal_cut_at_any_octet_keeps_its_whole_entries_and_goes_on(
    path: Path, ends: list[int]
) -> None:
    whole = path.read_bytes()
    for size in range(PREFACE_LEN, len(whole)):
        path.write_bytes(whole[:size])
        held = sum(end <= size for end in ends) - 1
        torn = size - ends[held]
        assert check_journal(path).torn_octets == torn, size
        file = opened(path)
        assert path.stat().st_size == ends[held], size
        assert file.append(StationStarted()).sequence == held + 1
        file.close()
        assert entries_of(path) == [*ENTRIES[:held], StationStarted()], size


@pytest.mark.usefixtures("ends")
def test_a_journal_with_any_octet_changed_is_refused_and_left_as_it_is(path: Path) -> None:
    whole = path.read_bytes()
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        path.write_bytes(damaged)
        assert check_journal(path).damage is not None, at
        with pytest.raises(Refusal, match="Keep the file") as refused:
            opened(path)
        assert refused.value.code == "journal-damaged"
        assert path.read_bytes() == damaged, at


@pytest.mark.parametrize("octets", [b"", b"{}", bytes(100), encode_preface(0)[:-1]])
def test_a_file_that_is_no_journal_is_refused(path: Path, octets: bytes) -> None:
    path.write_bytes(octets)
    with pytest.raises(Refusal, match="at octet 0"):
        opened(path)
    assert path.read_bytes() == octets


def test_a_missing_doubled_or_swapped_entry_is_damage(path: Path, ends: list[int]) -> None:
    whole = path.read_bytes()
    head, one, two, three = (whole[a:b] for a, b in zip([0, *ends], ends, strict=False))
    for order in ([one, three], [two, three], [one, one, two], [one, three, two]):
        path.write_bytes(head + b"".join(order))
        assert "missing" in str(check_journal(path).damage)


@pytest.mark.usefixtures("ends")
def test_a_whole_frame_that_holds_no_entry_of_ours_is_damage(path: Path) -> None:
    path.write_bytes(path.read_bytes() + encode_frame(4, b'{"entry":"of tomorrow"}'))
    assert "no entry" in str(check_journal(path).damage)


def test_two_programs_do_not_write_one_journal(path: Path) -> None:
    file = opened(path)
    with pytest.raises(Refusal) as refused:
        opened(path)
    assert refused.value.code == "journal-in-use"
    file.close()
    opened(path).close()


def test_a_damaged_journal_is_not_kept_locked(path: Path) -> None:
    path.write_bytes(b"")
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            opened(path)
        assert refused.value.code == "journal-damaged"


def test_a_long_journal_is_read_across_every_edge(path: Path) -> None:
    file = opened(path)
    for number in range(500):
        file.append(Intent(order="x" * (1 + number % 64), lane=1, number=number))
    numbers = [kept.entry.number for kept in file.entries() if isinstance(kept.entry, Intent)]
    assert numbers == list(range(500))
    file.close()


# --- less of it


def shortened(path: Path) -> None:
    file = opened(path)
    file.append(OutcomeReported(chip=CHIP))
    file.replace(compacted(list(file.entries())))
    file.close()


@pytest.mark.usefixtures("ends")
def test_a_compacted_journal_goes_on_with_the_next_number(path: Path) -> None:
    shortened(path)
    assert entries_of(path) == [ENTRIES[2], OutcomeReported(chip=CHIP)]
    file = opened(path)
    assert file.append(StationStarted()).sequence == 5
    file.close()
    assert [kept.sequence for kept in _kept(path)] == [3, 4, 5]


def test_a_journal_compacted_to_nothing_does_not_begin_anew(path: Path) -> None:
    file = opened(path)
    file.append(StationStarted())
    file.replace(iter(()))
    assert file.append(StationStarted()).sequence == 2
    file.close()
    assert [kept.sequence for kept in _kept(path)] == [2]


@pytest.mark.usefixtures("ends")
def test_after_compaction_no_later_entry_may_be_missing(path: Path) -> None:
    shortened(path)
    whole = path.read_bytes()
    file = opened(path)
    file.append(StationStarted())
    size = path.stat().st_size
    file.append(StationStarted())
    file.close()
    path.write_bytes(whole + path.read_bytes()[size:])
    assert "missing" in str(check_journal(path).damage)


@pytest.mark.usefixtures("ends")
def test_a_compaction_cut_at_any_step_leaves_the_old_journal_or_the_new(path: Path) -> None:
    old = path.read_bytes()
    for step, expected in ((1, ENTRIES), (2, ENTRIES[2:])):
        path.write_bytes(old)
        file = opened(path, Disk(sync=FailingAt(step)))
        with pytest.raises(Refusal) as refused:
            file.replace(iter(list(file.entries())[2:]))
        assert refused.value.code == "journal-failed"
        # Whatever is appended now is in the file of that name, or refused.
        appended = [StationStarted()] if step == 1 else []
        if appended:
            file.append(appended[0])
        else:
            with pytest.raises(Refusal, match="start again"):
                file.append(StationStarted())
        file.close()
        assert entries_of(path) == [*expected, *appended]
        assert not path.with_name("journal.new").exists()


class FailingAt:
    """Writes through, but for one time."""

    def __init__(self, step: int) -> None:
        self._left = step

    def __call__(self, _: int) -> None:
        self._left -= 1
        if not self._left:
            raise OSError(5, "the disk")


@pytest.mark.usefixtures("ends")
def test_entries_that_fail_to_be_read_leave_the_journal_as_it_was(path: Path) -> None:
    def failing() -> Iterator[Kept]:
        raise OSError(28, "no room")
        yield

    old, file = path.read_bytes(), opened(path)
    with pytest.raises(Refusal, match="Make room"):
        file.replace(failing())
    assert file.append(StationStarted()).sequence == 4
    file.close()
    assert path.read_bytes().startswith(old)
