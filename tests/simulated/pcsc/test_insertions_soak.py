"""Two minutes of cards in and out of sixteen PC/SC readers; `bench.soak` does it for longer."""

import json
from dataclasses import replace
from queue import SimpleQueue
from threading import Lock

import pytest
from pytest_mock import MockerFixture

from bench.soak import insertions
from bench.soak.__main__ import GROWTH_MAX, main
from bench.soak.insertions import Footprint, Hand, InsertionResult, soak_insertions
from cardservice.transport.events import CardPresented, CardRemoved, ReaderEvent
from simulators.tray import Tray

INSERTIONS = 1760
SMALL = Footprint(kib=1000, pcscd_kib=1000, threads=4, files=9, zombies=0)


@pytest.mark.pcsc
@pytest.mark.timeout(300)
def test_two_minutes_on_sixteen_readers_lose_no_event_and_leave_nothing_behind() -> None:
    result = soak_insertions(INSERTIONS)
    assert result.readers == 16
    assert dict(result.failed) == {}  # First, for it says why.
    assert result.insertions == result.removals == result.conversations == INSERTIONS
    assert not result.lost
    assert not result.extra
    assert result.warm is not None
    assert result.last is not None
    assert result.last.zombies == 0
    assert (result.last.threads, result.last.files) == (result.warm.threads, result.warm.files)
    assert result.growth <= GROWTH_MAX


def test_an_event_that_does_not_come_counts_as_lost_and_one_without_a_cause_as_extra(
    mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insertions, "LOST_S", 0.01)
    result = InsertionResult(readers=1)
    hand = Hand(mocker.create_autospec(Tray), "A", result)
    hand.told = _queue(CardRemoved("A", 0.0))
    hand.work(mocker.Mock(), 1, Lock())
    assert dict(result.lost) == {"CardPresented": 1, "CardRemoved": 1}
    assert dict(result.extra) == {"CardRemoved": 1}
    assert result.conversations == 0


@pytest.mark.parametrize(
    "change", [{"threads": 5}, {"files": 10}, {"zombies": 1}], ids=["thread", "file", "zombie"]
)
def test_what_stays_behind_is_found(change: dict[str, int]) -> None:
    result = InsertionResult(readers=1, warm=SMALL, last=SMALL)
    assert result.sound
    result.last = replace(SMALL, **change)
    assert not result.sound


@pytest.mark.parametrize("process", ["kib", "pcscd_kib"])
def test_growth_is_that_of_the_worse_process(process: str) -> None:
    result = InsertionResult(readers=1, warm=SMALL, last=replace(SMALL, **{process: 1100}))
    assert result.growth == pytest.approx(0.1)


def test_a_soak_that_lost_an_event_ends_with_exit_code_1(
    mocker: MockerFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    result = InsertionResult(readers=2, insertions=4, conversations=4, warm=SMALL, last=SMALL)
    mocker.patch("bench.soak.__main__.soak_insertions", return_value=result)
    assert main(["insertions"]) == 0
    result.lost["CardRemoved"] = 1
    assert main(["insertions"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[1])["lost"] == {"CardRemoved": 1}


def _queue(*events: ReaderEvent) -> SimpleQueue[ReaderEvent]:
    queue: SimpleQueue[ReaderEvent] = SimpleQueue()
    for event in events:
        queue.put(event)
    return queue


def test_a_presentation_that_was_told_is_no_lost_one(
    mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insertions, "LOST_S", 0.01)
    result = InsertionResult(readers=1)
    hand = Hand(mocker.create_autospec(Tray), "A", result)
    hand.told = _queue(CardPresented("A", b"\x3b\x00", 0.0), CardRemoved("A", 0.0))
    watch = mocker.Mock()
    watch.open.return_value.exchange.return_value = b"\x90\x00"
    hand.work(watch, 1, Lock())
    assert not result.lost
    assert result.conversations == result.insertions == 1
