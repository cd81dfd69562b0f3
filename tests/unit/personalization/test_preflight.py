"""Rows on their way through processes: order, lots, deaths, bounds, the end."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.preflight import (
    LOT,
    ROW_FATAL,
    Candidate,
    Fault,
    Results,
    Trial,
    Tried,
    try_all,
)
from cardservice.personalization.preparing_crew import CrewFailedError
from tests.chain import an_order

ODD = Fault("odd", "The row's number is odd.", "row")
KNOWN = Fault("known", "It was known before.")
PERSON = "Петрова"


@dataclass(frozen=True)
class Rows:
    """A trial that refuses odd rows; at ``deadly`` ones the process ends, or breaks.

    With ``once``, a file that is not there yet, a deadly row kills one process only.
    """

    deadly: tuple[int, ...] = ()
    breaking: tuple[int, ...] = ()
    once: Path | None = None

    def __call__(self) -> Trial:
        return self._try

    def _try(self, candidate: Candidate) -> Sequence[Fault]:
        if candidate.row in self.breaking:
            raise KeyError(PERSON)
        if candidate.row in self.deadly and not (self.once and self.once.exists()):
            if self.once:
                self.once.touch()
            os._exit(9)
        return (ODD,) if candidate.row % 2 else ()


def never_ready() -> Trial:
    raise RuntimeError(PERSON)


def candidates(rows: int) -> Iterator[Candidate]:
    order = an_order()
    return (Candidate(row=row, order=order) for row in range(1, rows + 1))


def expected(rows: int) -> list[Tried]:
    return [Tried(row, (ODD,) if row % 2 else ()) for row in range(1, rows + 1)]


def test_rows_come_back_in_their_order_whatever_process_tried_them() -> None:
    assert list(try_all(candidates(200), Rows(), processes=3)) == expected(200)


def test_no_rows_give_no_results() -> None:
    assert list(try_all([], Rows(), processes=2)) == []


def test_a_row_refused_before_is_not_tried_and_keeps_its_place() -> None:
    refused = [Candidate(row=row, faults=(KNOWN,)) for row in range(1, 40)]
    mixed = [*refused, Candidate(row=40, order=an_order(), notes=("look",)), *refused[:1]]
    results = list(try_all(mixed, Rows(deadly=(1,)), processes=1))
    assert [one.row for one in results] == [*range(1, 41), 1]
    assert results[0] == Tried(1, (KNOWN,))
    assert results[39] == Tried(40, (), ("look",))
    assert results[39].good


def test_a_process_that_dies_once_costs_no_row(tmp_path: Path) -> None:
    deadly = Rows(deadly=(20,), once=tmp_path / "died")
    assert list(try_all(candidates(50), deadly, processes=2)) == expected(50)
    assert (tmp_path / "died").exists()


def test_only_the_row_that_kills_its_process_again_and_again_is_fatal() -> None:
    results = list(try_all(candidates(40), Rows(deadly=(20,)), processes=2))
    wanted = expected(40)
    wanted[19] = Tried(20, (ROW_FATAL,))
    assert results == wanted


def test_an_error_that_escapes_a_trial_shows_nothing_of_the_row(
    capfd: pytest.CaptureFixture[str],
) -> None:
    (result,) = try_all(candidates(1), Rows(breaking=(1,)), processes=1)
    assert result == Tried(1, (ROW_FATAL,))
    said = capfd.readouterr()
    assert PERSON not in said.out + said.err
    assert PERSON not in ROW_FATAL.sentence


def test_processes_that_cannot_begin_are_told_of_and_not_started_for_ever() -> None:
    with pytest.raises(CrewFailedError) as caught:
        list(try_all(candidates(5), never_ready, processes=2))
    assert caught.value.code == "worker-not-started"


def test_only_a_bounded_number_of_rows_is_taken_ahead() -> None:
    taken: list[int] = []

    def endless() -> Iterator[Candidate]:
        for row in count(1):
            taken.append(row)
            yield Candidate(row=row, order=an_order())

    results: Results = try_all(endless(), Rows(), processes=2)
    assert next(results).row == 1
    results.close()
    assert len(taken) <= 20 * LOT


def test_no_process_is_left_when_the_results_are_closed_early() -> None:
    before = set(multiprocessing.active_children())
    results = try_all(candidates(500), Rows(), processes=2)
    next(results)
    assert set(multiprocessing.active_children()) - before
    results.close()
    assert set(multiprocessing.active_children()) == before


def test_no_process_is_left_when_the_caller_is_interrupted() -> None:
    def interrupted() -> Iterator[Candidate]:
        yield from candidates(3 * LOT)
        raise KeyboardInterrupt

    before = set(multiprocessing.active_children())
    with pytest.raises(KeyboardInterrupt):
        list(try_all(interrupted(), Rows(), processes=2))
    assert set(multiprocessing.active_children()) == before


def test_a_fault_is_the_refusal_as_a_value() -> None:
    refusal = Refusal("code", "A sentence.", field="enp")
    assert Fault.of(refusal) == Fault("code", "A sentence.", "enp")


def test_the_printed_form_of_a_candidate_shows_no_person() -> None:
    assert an_order().holder.enp not in repr(Candidate(row=1, order=an_order()))
