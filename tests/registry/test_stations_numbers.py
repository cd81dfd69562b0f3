"""Places in the status list: drawn at a lease, each for one order, in all regions, for ever."""

from dataclasses import replace

from cardservice.registry.ports_making import CardNumber
from cardservice.registry.stations_numbers import INDEX_BITS, LIST_NUMBER
from tests.registry.offices import REGION, START, Desk, refused
from tests.registry.stations_world import (
    OTHER_STATION,
    STATION,
    keep,
    lease,
    new_blanks,
    new_order,
    new_policy,
    order_for,
    order_now,
    personalized,
)
from tests.registry.test_cards import new_card
from tests.registry.test_stations_updates import give_back, new_update

FIRST = LIST_NUMBER << INDEX_BITS


def drawing(desk: Desk, *indexes: int) -> Desk:
    """Return the same desk in an office that draws these, the last one again and again."""
    left = list(indexes)

    def draw(count: int) -> bytes:
        return (left.pop(0) if len(left) > 1 else left[0]).to_bytes(count)

    return replace(desk, office=replace(desk.office, draw=draw))


def number_of(desk: Desk, order_id: object) -> int:
    found = order_now(desk, order_id).new_card_number  # type: ignore[arg-type]
    assert found is not None
    return found


def allotted(desk: Desk, number: int) -> CardNumber | None:
    with desk.reading() as work:
        found: CardNumber | None = work.card_numbers.find(number)
    return found


def test_a_lease_of_a_new_card_allots_a_place_below_their_number(desk: Desk) -> None:
    few = drawing(desk.with_settings(status_list_places=1000), 12_345)
    order = new_order(few)
    lease(few, order)
    assert number_of(few, order.id) == FIRST | 345
    assert allotted(few, FIRST | 345) == CardNumber(
        number=FIRST | 345, region=REGION, order_id=order.id, station=STATION.name, at=START
    )


def test_every_lease_allots_another_place_and_the_earlier_one_stays_given_out(desk: Desk) -> None:
    two = drawing(desk, 5, 5, 6)
    order = new_order(two)
    give_back(two, lease(two, order))
    lease(two, order, OTHER_STATION)
    assert number_of(two, order.id) == FIRST | 6
    first = allotted(two, FIRST | 5)
    assert first is not None
    assert (first.order_id, first.station) == (order.id, STATION.name)


def test_a_place_that_a_card_of_an_older_program_has_is_not_allotted(desk: Desk) -> None:
    new_card(desk, FIRST | 7)
    order = order_for(desk, new_policy(desk, 2)[0])
    lease(drawing(desk, 7, 8), order)
    assert number_of(desk, order.id) == FIRST | 8


def test_a_list_without_a_free_place_refuses_the_lease_and_leaves_the_order(desk: Desk) -> None:
    full = drawing(desk, 9)
    lease(full, new_order(full, 1))
    second = new_order(full, 2)
    refused("status-list-full", lambda: lease(full, second))
    assert order_now(full, second.id).state == "queued"


def test_a_place_of_another_region_is_not_allotted_again(either_desk: Desk) -> None:
    order = new_order(either_desk)
    elsewhere = replace(order, region="00001")

    def copy(work: object) -> None:
        with either_desk.reading() as kept:
            policy = kept.policies.get(REGION, order.policy_id)
            person = kept.people.get(REGION, policy.person_id)
        work.people.add(replace(person, region="00001"))  # type: ignore[attr-defined]
        other = replace(policy, region="00001", enp="0000000000000099")
        work.policies.add(other)  # type: ignore[attr-defined]
        work.orders.add(replace(elsewhere, application_id=None))  # type: ignore[attr-defined]
        work.card_numbers.add(  # type: ignore[attr-defined]
            CardNumber(
                number=FIRST | 3, region="00001", order_id=order.id, station="other", at=START
            )
        )

    either_desk.office.database.transaction(copy, region="00001")
    lease(drawing(either_desk, 3, 4), order)
    assert number_of(either_desk, order.id) == FIRST | 4

    def again(work: object) -> None:
        taken = CardNumber(
            number=FIRST | 3, region=REGION, order_id=order.id, station="ours", at=START
        )
        work.card_numbers.add(taken)  # type: ignore[attr-defined]

    refused("duplicate", lambda: keep(either_desk, again))


def test_work_on_a_card_that_there_is_allots_nothing(desk: Desk) -> None:
    order, _ = new_update(desk)
    lease(desk, order)
    assert order_now(desk, order.id).new_card_number is None


def test_a_card_with_a_place_of_another_order_is_refused(desk: Desk) -> None:
    new_blanks(desk)
    first, second = (lease(desk, new_order(desk, number)) for number in (1, 2))
    foreign = number_of(desk, first.id)
    refused("card-number-of-another-order", lambda: personalized(desk, second, number=foreign))
    assert personalized(desk, first, number=foreign).state == "personalized"


def test_a_card_with_an_earlier_place_of_its_order_or_with_none_allotted_is_taken(
    desk: Desk,
) -> None:
    new_blanks(desk)
    order = new_order(desk, 1)
    give_back(desk, lease(desk, order))
    with desk.reading() as work:
        earlier = work.orders.get(REGION, order.id).new_card_number
    assert personalized(desk, lease(desk, order), number=earlier).state == "personalized"
    unknown = lease(desk, new_order(desk, 2))
    assert personalized(desk, unknown, number=77).state == "personalized"
