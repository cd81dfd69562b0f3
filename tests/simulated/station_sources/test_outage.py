"""The office is away, answers late or twice, a station is killed: told in order, counted once."""

from uuid import UUID

import pytest

from cardservice.domain.lives import OrderState
from cardservice.errors import SourceUnavailableError
from cardservice.personalization.telling import Reporter
from cardservice.registry.stations import GiveBackOrder, give_back_order, return_expired_leases
from tests.office_world import World
from tests.registry import stations_world as office
from tests.registry.offices import REGION
from tests.simulated.station_sources.stage import (
    LEASE_MINUTES,
    Station,
    Stations,
    journal_made,
    order_to_make,
    outcome_of,
    pass_minutes,
)


def made_at(station: Station, order_id: str, serial: int) -> int:
    number = serial << 32
    journal_made(station.journal, order_id, number)
    return number


def told(world: World) -> list[str]:
    """Return the orders whose cards the office was told of, in that order."""
    facts = [one.fact for one in world.desk.audit()]
    return [str(one.subject_id) for one in facts if one.action == "order.personalize"]


def test_an_outage_lets_a_station_work_on_and_tell_later_in_order(stations: Stations) -> None:
    orders = [order_to_make(stations.world) for _ in range(4)]
    with stations.station() as station:
        jobs = station.jobs.take(4)
        reporter = Reporter(station.journal, station.jobs)
        station.link.is_down = True
        for serial, order_id in enumerate(reversed(orders), 2):
            made_at(station, order_id, serial)
        with pytest.raises(SourceUnavailableError):
            reporter.tell_all()
        with pytest.raises(SourceUnavailableError):
            station.jobs.take(1)
        with pytest.raises(SourceUnavailableError):
            station.jobs.renew()
        assert (len(jobs), reporter.untold) == (4, 4)
        pass_minutes(stations.world, LEASE_MINUTES + 1)
        return_expired_leases(stations.world.desk.office, REGION)
        station.link.is_down = False
        assert (reporter.tell_all(), reporter.untold, reporter.refused) == (4, 0, ())
    assert told(stations.world) == orders[::-1]


def test_what_is_found_lost_before_the_line_breaks_is_named_after_it(stations: Stations) -> None:
    gone, ours = (order_to_make(stations.world) for _ in range(2))
    desk = stations.world.desk
    with stations.station() as station:
        station.jobs.take(2)
        command = GiveBackOrder(
            region=REGION,
            key=desk.key(),
            order_id=UUID(gone),
            version=office.order_now(desk, UUID(gone)).version,
        )
        give_back_order(desk.office, station.actor, command)
        station.link.loses = ["lease-renewal"]
        with pytest.raises(SourceUnavailableError):
            station.jobs.renew()
        assert station.jobs.renew() == [gone]
        assert station.state(stations.world, ours) == OrderState.LEASED


@pytest.mark.parametrize("lost", ["leases", "lease-renewal", "card", "return"])
def test_a_lost_answer_is_asked_for_again_and_nothing_happens_twice(
    stations: Stations, lost: str
) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        station.link.loses = [lost]
        if lost == "leases":
            with pytest.raises(SourceUnavailableError):
                station.jobs.take(1)
        (job,) = station.jobs.take(1)
        if lost == "lease-renewal":
            with pytest.raises(SourceUnavailableError):
                station.jobs.renew()
        assert station.jobs.renew() == []
        if lost == "return":
            with pytest.raises(SourceUnavailableError):
                station.jobs.give_back(order_id)
            station.jobs.give_back(order_id)
            assert station.state(stations.world, order_id) == OrderState.QUEUED
            return
        assert job.order is not None
        made = outcome_of(order_id, job.order.card_number)
        if lost == "card":
            with pytest.raises(SourceUnavailableError):
                station.jobs.tell(made)
        station.jobs.tell(made)
    assert told(stations.world) == [order_id]
    assert office.stock(stations.world.desk).issued == 1


def test_what_arrives_twice_is_done_once(stations: Stations) -> None:
    orders = [order_to_make(stations.world) for _ in range(3)]
    with stations.station() as station:
        station.link.twice = True
        jobs = station.jobs.take(3)
        assert sorted(job.order_id for job in jobs) == sorted(orders)
        assert station.jobs.renew() == []
        for job in jobs[:2]:
            assert job.order is not None
            station.jobs.tell(outcome_of(job.order_id, job.order.card_number))
        station.jobs.give_back(jobs[2].order_id)
        assert station.state(stations.world, jobs[2].order_id) == OrderState.QUEUED
    assert told(stations.world) == [job.order_id for job in jobs[:2]]


def test_a_station_killed_after_the_office_was_told_tells_again_and_is_believed(
    stations: Stations,
) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        (job,) = station.jobs.take(1)
        assert job.order is not None
        journal_made(station.journal, order_id, job.order.card_number)
        (life,) = station.journal.unreported()
        station.jobs.tell(outcome_of(order_id, life.number or 0, chip=life.chip))
    # The journal never heard of it, and the lease book has forgotten the order.
    with stations.open("station", station.token, station.actor, journal=station.journal) as after:
        reporter = Reporter(after.journal, after.jobs)
        assert (reporter.tell_all(), reporter.refused) == (1, ())
    assert told(stations.world) == [order_id]


def test_a_station_killed_before_the_answer_came_tells_again_and_is_believed(
    stations: Stations,
) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        station.jobs.take(1)
        made_at(station, order_id, 9)
        station.link.loses = ["card"]
        with pytest.raises(SourceUnavailableError):
            Reporter(station.journal, station.jobs).tell_all()
    with stations.open("station", station.token, station.actor, journal=station.journal) as after:
        assert Reporter(after.journal, after.jobs).tell_all() == 1
    assert told(stations.world) == [order_id]


def test_a_station_that_lost_its_lease_book_tells_of_its_cards_all_the_same(
    stations: Stations,
) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        station.jobs.take(1)
        made_at(station, order_id, 9)
    with stations.open("anew", station.token, station.actor, journal=station.journal) as after:
        reporter = Reporter(after.journal, after.jobs)
        assert (reporter.tell_all(), reporter.refused) == (1, ())
    assert told(stations.world) == [order_id]


def test_a_station_started_anew_has_what_it_leased_and_gives_it_out_once(
    stations: Stations,
) -> None:
    orders = [order_to_make(stations.world) for _ in range(3)]
    with stations.station() as station:
        station.jobs.take(2)
    with stations.open("station", station.token, station.actor) as after:
        again = after.jobs.again(orders[0])
        assert again is not None
        assert [job.order_id for job in after.jobs.take(5)] == orders[1:]
        assert after.jobs.take(5) == []


def test_an_order_of_an_earlier_run_is_had_again_unless_another_station_took_it(
    stations: Stations,
) -> None:
    ours, theirs = (order_to_make(stations.world) for _ in range(2))
    with stations.station("one") as one, stations.station("two") as two:
        assert len(one.jobs.take(2)) == 2
        pass_minutes(stations.world, LEASE_MINUTES + 1)
        return_expired_leases(stations.world.desk.office, REGION)
        two.jobs.again(theirs)
        found = one.jobs.again(ours)
        assert found is not None
        assert found.order_id == ours
        assert one.jobs.again(theirs) is None
        assert one.jobs.again(str(UUID(int=5))) is None


def test_what_another_station_made_is_kept_aside_and_blocks_nothing(stations: Stations) -> None:
    theirs, ours = (order_to_make(stations.world) for _ in range(2))
    with stations.station("one") as one, stations.station("two") as two:
        one.jobs.take(2)
        pass_minutes(stations.world, LEASE_MINUTES + 1)
        return_expired_leases(stations.world.desk.office, REGION)
        assert two.jobs.again(theirs) is not None
        two.jobs.tell(outcome_of(theirs, 5 << 32))
        made_at(one, theirs, 6)
        made_at(one, ours, 7)
        reporter = Reporter(one.journal, one.jobs)
        assert reporter.tell_all() == 1
        assert reporter.tell_all() == 0
        (kept,) = reporter.refused
        assert (kept.code, kept.outcome.order_id) == ("lease-not-yours", theirs)
    assert told(stations.world) == [theirs, ours]
