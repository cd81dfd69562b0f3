"""What the station's figures are made of: tables, lanes without a card, watches, models."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bench.station_flat_lane import IdleLane
from bench.station_lanes_pace import Marks
from bench.station_models import CHIPS, CONTACT_FAST, ModelStation, model_station
from bench.station_rows import write_table
from bench.station_watching import Watched
from cardservice.domain.rows import Accepted, read_rows
from cardservice.personalization.jobs import Job, Outcome
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.lane_worker import Bin, Effort, JobDone, Stop
from cardservice.personalization.lanes import LaneState, LaneView
from cardservice.personalization.order import PreparedOrder, prepare
from cardservice.personalization.station import Station
from simulators.card import blank_card
from tests.chain import SIGNED, StandingClock, an_order, desk, issuer, link_to

AT = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)
MS = 1_000_000


def test_a_table_has_as_many_good_rows_as_asked_for_and_no_policy_number_twice(
    tmp_path: Path,
) -> None:
    write_table(tmp_path / "holders.csv", 500)
    lines = (tmp_path / "holders.csv").read_bytes().splitlines(keepends=True)
    rows = [one for one in read_rows(lines, today=AT.date()) if isinstance(one, Accepted)]
    assert len(rows) == len({one.order.holder.enp for one in rows}) == len(lines) - 1 == 500


def _kinds(kept: MemoryJournal) -> list[type[object]]:
    return [type(one.entry) for one in kept.entries()]


def test_a_lane_without_a_card_has_kept_what_a_card_has_kept() -> None:
    idle, real = MemoryJournal(lambda: AT), MemoryJournal(lambda: AT)
    job = Job(order_id="o-1", order=an_order())
    lane = IdleLane(1, (one.to_bytes(8) for one in count()), threading.Semaphore(1))
    done = lane.do(job, prepare(an_order()), LaneShare(StationJournal(idle)))
    Station(
        issuer().keys,
        examiner=desk(None, now=SIGNED),
        issued=None,
        entropy=lambda octets: bytes(range(octets)),
        clock=StandingClock(),
        journal=StationJournal(real),
    ).make(link_to(blank_card()), an_order(), order_id="o-1")
    assert _kinds(idle) == _kinds(real)
    assert done.outcome.number == an_order().card_number


def test_a_lane_without_a_card_makes_as_many_as_it_is_allowed() -> None:
    lane = IdleLane(1, iter(()), threading.Semaphore(2))
    asked = iter((False, False, False, True))
    assert lane.await_card(lambda: next(asked))
    assert lane.await_card(lambda: next(asked))
    assert not lane.await_card(lambda: next(asked))


class Passing:
    """A lane whose cards take 30 ms, 20 of them the card's and the line's, 5 before and after."""

    reader = "passing"

    def __init__(self) -> None:
        self.ns = 0

    def await_card(self, stop: Stop) -> bool:
        self.ns += 5 * MS
        return True

    def do(self, job: Job, prepared: PreparedOrder | None, share: LaneShare) -> JobDone:
        self.ns += 30 * MS
        outcome = Outcome(order_id=job.order_id, work=job.work, chip=bytes(8), number=1)
        return JobDone(outcome, Effort(chip_ns=12 * MS, line_ns=8 * MS, host_ns=10 * MS))

    def release(self, bin_: Bin, stop: Stop) -> None:
        self.ns += 5 * MS

    def close(self) -> None:
        pass


def test_all_of_a_cards_time_is_the_hosts_but_its_own_answering_and_the_first_does_not_count() -> (
    None
):
    lane = Passing()
    watched = Watched(lane, lambda: lane.ns)
    share = LaneShare(StationJournal(MemoryJournal(lambda: AT)))
    for _ in range(3):
        watched.await_card(lambda: False)
        watched.do(Job(order_id="o-1"), None, share)
        watched.release(Bin.GOOD, lambda: False)
    assert watched.host_ns() == [20 * MS, 20 * MS]


def _views(made: Sequence[int]) -> list[LaneView]:
    view = LaneView(number=1, reader="a reader", state=LaneState.WORKING, since=AT)
    return [replace(view, number=at, made=cards) for at, cards in enumerate(made, start=1)]


def test_a_lanes_rate_is_of_its_whole_cards_while_all_lanes_were_at_work() -> None:
    shown, now = _views([0, 0]), 0.0
    marks = Marks(lambda: shown, lambda: now)
    story = [(1.0, [1, 0]), (2.0, [2, 1]), (4.0, [3, 1]), (5.0, [3, 2]), (6.0, [4, 2])]
    story += [(7.0, [5, 2]), (9.0, [5, 3])]
    for at, cards in story:
        now, shown[:] = at, _views(cards)
        marks.look()
    marks.wait(2, since=3.0)
    assert marks.rates(1, since=3.0) == [1 / 2, 1 / 4]


@pytest.fixture(scope="module")
def models() -> Iterator[ModelStation]:
    with model_station(2) as lent:
        yield lent


def test_a_slower_chip_takes_longer_at_the_chip_and_nowhere_else(models: ModelStation) -> None:
    splits = [models.card(chip) for chip in CHIPS]
    assert splits[0].chip_ns < splits[1].chip_ns < splits[2].chip_ns
    assert len({one.reader_ns for one in splits}) == 1
    assert splits[0].line_ns == pytest.approx(splits[2].line_ns, rel=0.02)


def test_a_photo_and_a_slow_line_cost_line_time(models: ModelStation) -> None:
    plain, fast = models.card("fastest"), models.card("fastest", line=CONTACT_FAST)
    assert models.card("fastest", photo=True).line_ns > 2 * plain.line_ns > 3 * fast.line_ns
    assert fast.chip_ns == plain.chip_ns
