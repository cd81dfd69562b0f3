"""A station and a real office: leased, renewed, given back, told of; two stations, one queue."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from pytest_mock import MockerFixture

from cardservice.domain.lives import OrderState
from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.officelink.registry_jobs import UNFIT_MINUTES, RegistryJobs
from cardservice.personalization.jobs import Work
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.registry.stations import return_expired_leases
from tests.office_world import World
from tests.registry import forms
from tests.registry import stations_world as office
from tests.registry.offices import REGION, START, refused
from tests.simulated.station_sources.stage import (
    LEASE_MINUTES,
    Stations,
    good_number,
    journal_made,
    order_for_card,
    order_to_make,
    outcome_of,
    pass_minutes,
)

ORDERS = 40


def test_two_stations_that_take_all_they_can_have_no_order_in_common(stations: Stations) -> None:
    orders = {order_to_make(stations.world) for _ in range(ORDERS)}

    def all_of(jobs: RegistryJobs) -> list[str]:
        found = []
        while taken := jobs.take(3):
            found += [one.order_id for one in taken]
        return found

    with (
        stations.station("one") as one,
        stations.station("two") as two,
        ThreadPoolExecutor(2) as pool,
    ):
        ours, theirs = pool.map(all_of, (one.jobs, two.jobs))
    assert not set(ours) & set(theirs)
    assert sorted(ours + theirs) == sorted(orders)
    assert ours
    assert theirs


def test_a_job_says_all_that_goes_onto_the_card_and_shows_nothing_of_its_person(
    stations: Stations,
) -> None:
    order_id = order_to_make(stations.world, patronymic="Пробович", snils=forms.SNILS)
    with stations.station() as station:
        (job,) = station.jobs.take(5)
    assert (job.order_id, job.work) == (order_id, Work.NEW_CARD)
    assert job.order is not None
    holder = job.order.holder
    assert (holder.surname, holder.patronymic, holder.snils) == (
        "Пробный",
        "Пробович",
        forms.SNILS,
    )
    assert job.order.insurance.ogrn == forms.INSURER
    assert (job.order.fund, job.order.issue_date) == ("00000", START.date())
    assert job.label == f"{order_id[-8:]} …{holder.enp[-4:]}"
    assert "Пробный" not in repr(job)


def test_a_new_card_gets_the_number_that_the_office_allotted(stations: Stations) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        (job,) = station.jobs.take(1)
    assert job.order is not None
    allotted = office.order_now(stations.world.desk, UUID(order_id)).new_card_number
    assert job.order.card_number == allotted


def test_an_empty_queue_gives_no_job(stations: Stations) -> None:
    with stations.station() as station:
        assert station.jobs.take(3) == []


def test_a_card_told_of_twice_is_counted_once(stations: Stations) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        (job,) = station.jobs.take(1)
        assert job.order is not None
        made = outcome_of(order_id, job.order.card_number)
        station.jobs.tell(made)
        station.jobs.tell(made)
    order = office.order_now(stations.world.desk, UUID(order_id))
    assert (order.state, order.attempts) == (OrderState.PERSONALIZED, 1)
    assert (office.stock(stations.world.desk).issued, order.card_id is None) == (1, False)


def test_a_limited_policy_ends_its_card_on_its_last_day(stations: Stations, world: World) -> None:
    order_id = order_to_make(world)
    order = office.order_now(world.desk, UUID(order_id))
    with world.desk.reading() as work:
        policy = work.policies.get(REGION, order.policy_id)
    limited = replace(policy, valid_until=date(2027, 1, 31))
    office.keep(world.desk, lambda work: work.policies.change(limited))
    with stations.station() as station:
        (job,) = station.jobs.take(1)
        assert job.order is not None
        assert job.order.expiry == date(2027, 1, 31)
        station.jobs.tell(outcome_of(order_id, job.order.card_number))
    card = office.card_now(world.desk, str(office.order_now(world.desk, order.id).card_id))
    assert card.valid_until == date(2027, 1, 31)


def test_a_record_that_was_written_is_told_of(stations: Stations, world: World) -> None:
    order_id = order_for_card(world, Work.CHANGE_INSURER, 77)
    with stations.station() as station:
        assert station.jobs.take(1) == []  # a station takes new cards of itself
        job = station.jobs.again(order_id)
        assert job is not None
        assert (job.work, job.card_number, job.order) == (Work.CHANGE_INSURER, 77, None)
        assert job.insurance is not None
        assert job.insurance.ogrn == forms.INSURER
        later = START + timedelta(hours=1)
        station.jobs.tell(outcome_of(order_id, 77, work=job.work, signed_at=later))
        assert station.state(world, order_id) == OrderState.HANDED_OVER


@pytest.mark.parametrize("work", [Work.NEW_PIN, Work.NEW_CAN, Work.UNBLOCK_PIN, Work.TERMINATE])
def test_work_on_a_card_is_told_of_without_a_signing_time(
    stations: Stations, world: World, work: Work
) -> None:
    order_id = order_for_card(world, work, 78)
    with stations.station() as station:
        assert station.jobs.take(1) == []  # a station takes new cards of itself
        job = station.jobs.again(order_id)
        assert job is not None
        assert (job.work, job.card_number, job.insurance) == (work, 78, None)
        done = outcome_of(order_id, 78, work=work, signed_at=None)
        station.jobs.tell(done)
        station.jobs.tell(done)
        assert station.state(world, order_id) == OrderState.HANDED_OVER


def test_an_order_that_nobody_insures_cannot_be_made(stations: Stations, world: World) -> None:
    order_id = str(office.new_order(world.desk, good_number(5_000)).id)
    with stations.station() as station:
        assert station.jobs.take(1) == []
        assert [(one.order_id, one.code) for one in station.jobs.unfit] == [
            (order_id, "ogrn-missing")
        ]


def test_leases_are_renewed_for_as_long_as_they_are_wanted(stations: Stations) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        station.jobs.take(1)
        for _ in range(4):
            pass_minutes(stations.world, LEASE_MINUTES // 2)
            assert station.jobs.renew() == []
            return_expired_leases(stations.world.desk.office, REGION)
        assert station.state(stations.world, order_id) == OrderState.LEASED


def test_a_job_given_back_is_in_the_queue_for_another_station(stations: Stations) -> None:
    order_id = order_to_make(stations.world)
    with stations.station("one") as one, stations.station("two") as two:
        one.jobs.take(1)
        assert two.jobs.take(1) == []
        one.jobs.give_back(order_id)
        one.jobs.give_back(order_id)
        assert [job.order_id for job in two.jobs.take(1)] == [order_id]
        assert one.jobs.renew() == []


def test_a_lost_lease_is_named_once_and_the_order_made_elsewhere(stations: Stations) -> None:
    order_id = order_to_make(stations.world)
    with stations.station("one") as one, stations.station("two") as two:
        one.jobs.take(1)
        pass_minutes(stations.world, LEASE_MINUTES + 1)
        assert [job.order_id for job in two.jobs.take(1)] == [order_id]
        assert one.jobs.renew() == [order_id]
        assert one.jobs.renew() == []
        two.jobs.tell(outcome_of(order_id, 7 << 32))
        refused("lease-not-yours", lambda: one.jobs.tell(outcome_of(order_id, 8 << 32)))


def test_a_card_made_under_a_lease_that_ended_is_told_of_if_nobody_took_the_order(
    stations: Stations,
) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        station.jobs.take(1)
        pass_minutes(stations.world, LEASE_MINUTES + 1)
        return_expired_leases(stations.world.desk.office, REGION)
        assert station.state(stations.world, order_id) == OrderState.QUEUED
        station.jobs.tell(outcome_of(order_id, 7 << 32))
        assert station.state(stations.world, order_id) == OrderState.PERSONALIZED


def test_an_order_that_a_card_holds_is_had_again_when_its_lease_ended(stations: Stations) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        station.jobs.take(1)
        journal_made(station.journal, order_id, 7 << 32)
        pass_minutes(stations.world, LEASE_MINUTES + 1)
        return_expired_leases(stations.world.desk.office, REGION)
        assert station.jobs.renew() == []
        assert station.state(stations.world, order_id) == OrderState.LEASED


def test_an_order_that_a_card_holds_is_neither_given_out_again_nor_given_back(
    stations: Stations,
) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        station.jobs.take(1)
        journal_made(station.journal, order_id, 7 << 32)
        station.jobs.give_back(order_id)
        assert station.state(stations.world, order_id) == OrderState.LEASED
        pass_minutes(stations.world, LEASE_MINUTES + 1)
        return_expired_leases(stations.world.desk.office, REGION)
        assert station.jobs.take(1) == []
    pass_minutes(stations.world, LEASE_MINUTES + 1)
    with stations.open("anew", station.token, station.actor, journal=station.journal) as after:
        return_expired_leases(stations.world.desk.office, REGION)
        assert after.jobs.take(1) == []
        assert after.jobs.again(order_id) is not None


def test_a_spoiled_card_brings_its_order_back_into_the_queue_and_costs_a_blank(
    stations: Stations,
) -> None:
    order_id = order_to_make(stations.world)
    spoiled = outcome_of(order_id, 7 << 32, spoiled="not-as-ordered")
    with stations.station() as station:
        station.jobs.take(1)
        station.jobs.tell(spoiled)
        station.jobs.tell(spoiled)
        assert station.state(stations.world, order_id) == OrderState.QUEUED
        assert office.stock(stations.world.desk).spoiled == 1
        (again,) = station.jobs.take(1)
        assert again.order is not None
        station.jobs.tell(outcome_of(order_id, again.order.card_number))
        assert station.state(stations.world, order_id) == OrderState.PERSONALIZED


def test_a_card_given_up_after_it_was_told_of_ends_at_the_office_too(stations: Stations) -> None:
    order_id = order_to_make(stations.world)
    with stations.station() as station:
        (job,) = station.jobs.take(1)
        assert job.order is not None
        number = job.order.card_number
        station.jobs.tell(outcome_of(order_id, number))
        card_id = office.order_now(stations.world.desk, UUID(order_id)).card_id
        station.jobs.tell(outcome_of(order_id, number, spoiled="lost"))
        assert station.state(stations.world, order_id) == OrderState.QUEUED
        assert office.card_now(stations.world.desk, str(card_id)).state == "terminated"


def test_the_good_card_of_another_station_is_not_ended_by_our_spoiled_one(
    stations: Stations,
) -> None:
    order_id = order_to_make(stations.world)
    with stations.station("one") as one, stations.station("two") as two:
        one.jobs.take(1)
        pass_minutes(stations.world, LEASE_MINUTES + 1)
        (job,) = two.jobs.take(1)
        assert job.order is not None
        two.jobs.tell(outcome_of(order_id, job.order.card_number))
        spoiled = outcome_of(order_id, 7 << 32, spoiled="broken")
        refused("lease-not-yours", lambda: one.jobs.tell(spoiled))
        assert two.state(stations.world, order_id) == OrderState.PERSONALIZED


def test_an_order_that_cannot_be_made_is_named_and_keeps_no_other_waiting(
    stations: Stations, world: World
) -> None:
    bad = order_to_make(world, snils="112-233-445 96")
    good = order_to_make(world)
    with stations.station() as station:
        assert [job.order_id for job in station.jobs.take(2)] == [good]
        (unfit,) = station.jobs.unfit
        assert (unfit.order_id, unfit.code, unfit.field) == (bad, "snils-check-digit", "snils")
        assert "112-233" not in unfit.sentence
        pass_minutes(world, UNFIT_MINUTES + 1)
        return_expired_leases(world.desk.office, REGION)
        assert station.state(world, bad) == OrderState.QUEUED


def test_a_photo_is_fitted_to_the_card_and_none_is_wanted(
    stations: Stations, world: World, mocker: MockerFixture
) -> None:
    order_id = order_to_make(world)
    with stations.station() as station:
        (job,) = station.jobs.take(1)
        assert job.order is not None
        assert job.order.photo is None
        station.jobs.give_back(order_id)
    seen: list[bytes] = []

    def fit(octets: bytes) -> Photo:
        seen.append(octets)
        return Photo(PhotoFormat.JPEG, b"\xff\xd8\xff\xe0")

    stations.fit = fit
    with stations.station("other") as station:
        mocker.patch.object(station.link, "octets", return_value=b"a photo")
        (job,) = station.jobs.take(1)
    assert job.order is not None
    assert job.order.photo == Photo(PhotoFormat.JPEG, b"\xff\xd8\xff\xe0")
    assert seen == [b"a photo"]


def test_a_photo_that_cannot_be_fitted_stops_its_own_order_only(
    stations: Stations, world: World, mocker: MockerFixture
) -> None:
    first, second = (order_to_make(world) for _ in range(2))
    absent = Refusal("no-photo", "There is none.")
    with stations.station() as station:
        mocker.patch.object(station.link, "octets", side_effect=[b"no picture", absent])
        assert [job.order_id for job in station.jobs.take(1)] == [second]
        assert [(one.order_id, one.code) for one in station.jobs.unfit] == [
            (first, "photo-unreadable")
        ]


def test_a_station_whose_token_ended_is_told_so_and_nothing_is_refused(
    stations: Stations, world: World
) -> None:
    order_id = order_to_make(world)
    with stations.station() as station:
        actor = station.actor
    with stations.open("stranger", "epc_nobody", actor) as stranger:
        assert unavailable(lambda: stranger.jobs.take(1)) == "registry-token"
        made = outcome_of(order_id, 7 << 32)
        assert unavailable(lambda: stranger.jobs.tell(made)) == "registry-token"


def unavailable(do: Callable[[], object]) -> str:
    """Expect that ``do`` finds nobody to ask; return the code."""
    with pytest.raises(SourceUnavailableError) as caught:
        do()
    return caught.value.code
