"""Numbered writes and transactions."""

from collections.abc import Mapping

import pytest

from simulators.card.memory import MemoryFailureError, NonVolatileMemory, PowerCut

OLD = {"a": b"1", "b": b"2", "c": b"3"}
CHANGES: Mapping[str, bytes | None] = {"a": b"9", "b": None, "d": b"4"}
NEW = {"a": b"9", "c": b"3", "d": b"4"}


def test_a_single_write_is_one_step_and_happens_or_not() -> None:
    memory = NonVolatileMemory(OLD)
    memory.put("a", b"9")
    assert (memory.get("a"), memory.writes) == (b"9", 1)
    memory.cut_power_at(2)
    with pytest.raises(PowerCut):
        memory.put("a", b"8")
    assert memory.get("a") == b"9"


def test_a_transaction_writes_and_removes_cells_together() -> None:
    memory = NonVolatileMemory(OLD)
    memory.transaction(CHANGES)
    assert memory.cells() == NEW
    assert memory.writes == 2 * len(CHANGES) + 2


@pytest.mark.parametrize("write", range(1, 9))
def test_whatever_write_the_power_goes_at_the_next_power_up_finds_old_or_new(write: int) -> None:
    memory = NonVolatileMemory(OLD)
    memory.cut_power_at(write)
    with pytest.raises(PowerCut):
        memory.transaction(CHANGES)
    memory.recover()
    complete = write > len(CHANGES) + 1
    assert memory.cells() == (NEW if complete else OLD)


@pytest.mark.parametrize("write", range(5, 9))
@pytest.mark.parametrize("during_recovery", range(1, 5))
def test_a_second_cut_during_recovery_is_recovered_from_too(
    write: int, during_recovery: int
) -> None:
    memory = NonVolatileMemory(OLD)
    memory.cut_power_at(write)
    with pytest.raises(PowerCut):
        memory.transaction(CHANGES)
    memory.cut_power_at(memory.writes + during_recovery)
    with pytest.raises(PowerCut):
        memory.recover()
    memory.recover()
    assert memory.cells() == NEW


def test_a_forgotten_journal_does_not_come_back_with_the_next_transaction() -> None:
    memory = NonVolatileMemory(OLD)
    memory.cut_power_at(2)
    with pytest.raises(PowerCut):
        memory.transaction(CHANGES)
    memory.recover()
    memory.transaction({"c": b"5"})
    assert memory.cells() == {**OLD, "c": b"5"}


def test_cells_that_cannot_be_kept_stay_as_they_were() -> None:
    def refuse(_cells: Mapping[str, bytes]) -> None:
        raise OSError(28, "No space left on device")

    memory = NonVolatileMemory(OLD, persist=refuse)
    with pytest.raises(MemoryFailureError):
        memory.put("a", b"9")
    with pytest.raises(MemoryFailureError):
        memory.transaction(CHANGES)
    memory.recover()
    assert memory.cells() == OLD


def test_every_change_is_kept_before_it_is_answered() -> None:
    kept: list[dict[str, bytes]] = []
    memory = NonVolatileMemory(OLD, persist=lambda cells: kept.append(dict(cells)))
    memory.put("a", b"7")
    memory.transaction(CHANGES)
    assert kept == [{**OLD, "a": b"7"}, NEW]
