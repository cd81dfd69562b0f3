"""The status list follows the register: every state of a card, every way it changes, every mark."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest

from cardservice.domain.lives import CardState
from cardservice.errors import UsageError
from cardservice.home.status_lists_rows import RegisterRows, register_rows
from cardservice.pki.status_list import StatusType
from cardservice.registry.cards import TerminationReason
from cardservice.registry.delivery_hand_over import OldCard
from cardservice.registry.ports import Work
from cardservice.registry.ports_making import Card
from cardservice.registry.stations_numbers import INDEX_BITS, LIST_NUMBER
from cardservice.registry.status_lists import (
    NOT_MADE,
    STATUS_OF,
    Built,
    KeptList,
    Mark,
    bring_up_to_date,
    build,
    status_of,
    worst,
)
from tests.registry.offices import REGION, START, Desk
from tests.registry.stations_world import (
    OTHER_STATION,
    card_now,
    keep,
    lease,
    new_blanks,
    new_order,
    order_now,
    personalized,
)
from tests.registry.test_cards import block, new_card, report, terminate, unblock
from tests.registry.test_delivery_hand_over import handed, with_old_card
from tests.registry.test_stations_updates import give_back

PLACES = 1 << 10
OTHER_REGION = "45000"
FIRST = LIST_NUMBER << INDEX_BITS
OLD_PROGRAMS = 0  # the list of numbers that helpers of other tests make up
VALID, INVALID, SUSPENDED = StatusType.VALID, StatusType.INVALID, StatusType.SUSPENDED


@contextmanager
def rows_of(desk: Desk) -> Iterator[RegisterRows]:
    with register_rows(desk.office.database) as rows:  # type: ignore[arg-type]
        yield rows


def whole(desk: Desk) -> Built:
    with rows_of(desk) as rows:
        return build(rows, number=LIST_NUMBER, places=PLACES)


def followed(desk: Desk, kept: KeptList) -> Built:
    """Return the list brought up to date; it is what building it as a whole gives."""
    with rows_of(desk) as rows:
        built = bring_up_to_date(kept, rows)
    assert built.kept.array.octets == whole(desk).kept.array.octets
    assert built.kept.marks == whole(desk).kept.marks
    return built


def small(desk: Desk) -> Desk:
    """Return the desk in an office whose list has a thousand places."""
    return desk.with_settings(status_list_places=PLACES)


def status(built: Built, number: int) -> StatusType:
    return built.kept.array.get(number & ((1 << INDEX_BITS) - 1))


def test_every_state_of_a_card_has_a_status_and_only_an_active_one_is_valid() -> None:
    assert STATUS_OF.keys() == {state.value for state in CardState}
    assert [state for state, one in STATUS_OF.items() if one is VALID] == [CardState.ACTIVE]
    assert STATUS_OF[CardState.TERMINATED] is INVALID
    assert StatusType.APPLICATION_SPECIFIC not in STATUS_OF.values()


@pytest.mark.parametrize("state", [NOT_MADE, "a state of a later program"])
def test_what_is_not_known_is_not_called_valid(state: str | None) -> None:
    assert status_of(state) is SUSPENDED


def test_the_worst_of_several_counts() -> None:
    assert worst([VALID, SUSPENDED, INVALID]) is INVALID
    assert worst([SUSPENDED, VALID]) is SUSPENDED
    assert worst([]) is VALID


@pytest.mark.parametrize("state", [state.value for state in CardState])
def test_a_card_is_built_into_its_place_by_its_state(desk: Desk, state: str) -> None:
    new_card(desk, FIRST | 9, state)
    built = whole(desk)
    assert built.whole
    assert status(built, FIRST | 9) is STATUS_OF[state]
    assert status(built, FIRST | 8) is status(built, FIRST | 10) is VALID


def test_a_card_on_another_list_is_not_on_this_one(desk: Desk) -> None:
    new_card(desk, (LIST_NUMBER + 1) << INDEX_BITS | 9, "blocked")
    built = whole(desk)
    assert (built.changed, status(built, FIRST | 9)) == (0, VALID)


@pytest.mark.parametrize("states", [("terminated", "blocked"), ("blocked", "terminated")])
def test_of_two_cards_that_share_a_place_across_regions_the_worse_one_counts(
    desk: Desk, states: tuple[str, str]
) -> None:
    for region, state in zip((REGION, OTHER_REGION), states, strict=True):
        card = replace(_card(desk, FIRST | 4), region=region, state=state)
        desk.office.database.transaction(partial(_add, card=card), region=region)
    assert status(whole(desk), FIRST | 4) is INVALID


def test_a_card_beyond_the_list_is_no_reason_to_leave_it_out(desk: Desk) -> None:
    new_card(desk, FIRST | PLACES, "blocked")
    with pytest.raises(UsageError, match="more places"):
        whole(desk)


def test_a_place_is_suspended_from_the_lease_on_until_its_card_is_active(
    either_desk: Desk,
) -> None:
    desk = small(either_desk)
    new_blanks(desk)
    order = new_order(desk)
    kept = whole(desk).kept
    leased = lease(desk, order)
    number = order_now(desk, order.id).new_card_number or 0
    built = followed(desk, kept)
    assert (built.whole, built.changed, status(built, number)) == (False, 1, SUSPENDED)
    answer = personalized(desk, leased, number=number)
    card = card_now(desk, answer.made["card"])
    assert card.number == number
    built = followed(desk, built.kept)
    assert (built.changed, status(built, number)) == (0, SUSPENDED)
    keep(desk, lambda work: work.cards.change(replace(card, state=CardState.BLOCKED.value)))
    unblock(desk, card_now(desk, card.id), desk.approver)
    built = followed(desk, built.kept)
    assert (built.changed, status(built, number)) == (1, VALID)


def test_a_hand_over_makes_the_card_valid_and_ends_the_one_before(desk: Desk) -> None:
    old, order = with_old_card(desk)
    numbers = [card_now(desk, one).number for one in (old, order.card_id or old)]
    with rows_of(desk) as rows:
        kept = build(rows, number=OLD_PROGRAMS, places=PLACES).kept
    assert [kept.array.get(number) for number in numbers] == [VALID, SUSPENDED]
    handed(desk, order, old_card=OldCard.TAKEN_BACK)
    with rows_of(desk) as rows:
        built = bring_up_to_date(kept, rows)
    assert [built.kept.array.get(number) for number in numbers] == [INVALID, VALID]
    assert (built.whole, built.changed) == (False, 2)


def test_a_place_of_a_lease_that_came_to_nothing_stays_suspended(desk: Desk) -> None:
    desk = small(desk)
    order = new_order(desk)
    kept = whole(desk).kept
    numbers = []
    for station in (None, OTHER_STATION):
        more = {} if station is None else {"station": station}
        leased = lease(desk, order, **more)
        numbers.append(order_now(desk, order.id).new_card_number or 0)
        if station is None:
            give_back(desk, leased)
    built = followed(desk, kept)
    assert [status(built, number) for number in numbers] == [SUSPENDED, SUSPENDED]


def test_what_happens_to_a_card_reaches_the_list_step_by_step(either_desk: Desk) -> None:
    desk = either_desk
    card, holder = new_card(desk, FIRST | 3)
    built = whole(desk)
    seen = [status(built, card.number)]
    steps: tuple[Callable[[Card], object], ...] = (
        lambda now: block(desk, now, desk.clerk),
        lambda now: unblock(desk, now, desk.approver),
        lambda now: report(desk, now.id, holder),
    )
    for step in steps:
        step(card_now(desk, card.id))
        built = followed(desk, built.kept)
        seen.append(status(built, card.number))
    assert seen == [VALID, SUSPENDED, VALID, INVALID]
    assert not built.whole


def test_nothing_happened_means_nothing_changed_and_the_marks_stay(desk: Desk) -> None:
    card, _ = new_card(desk, FIRST | 3)
    block(desk, card, desk.clerk)
    first = whole(desk)
    second = followed(desk, first.kept)
    assert (second.whole, second.changed) == (False, 0)
    assert second.kept.marks == first.kept.marks == {REGION: _last(desk)}


def test_a_region_that_came_after_the_mark_is_read_from_its_beginning(desk: Desk) -> None:
    kept = whole(desk).kept
    assert kept.marks == {}
    card, _ = new_card(desk, FIRST | 3)
    block(desk, card, desk.clerk)
    built = followed(desk, kept)
    assert (built.whole, status(built, card.number)) == (False, SUSPENDED)


@pytest.mark.parametrize("number", [1, 999], ids=["another entry", "an entry that is not there"])
def test_a_mark_of_another_history_makes_the_list_be_built_as_a_whole(
    desk: Desk, number: int
) -> None:
    card, _ = new_card(desk, FIRST | 3)
    block(desk, card, desk.clerk)
    array = whole(desk).kept.array
    array.set(7, INVALID)  # of that other history
    kept = KeptList(number=LIST_NUMBER, marks={REGION: Mark(number, bytes(32))}, array=array)
    built = followed(desk, kept)
    assert built.whole
    assert status(built, FIRST | 7) is VALID


def test_more_cards_than_are_asked_for_at_once_all_reach_the_list(desk: Desk) -> None:
    cards = [_card(desk, FIRST | place) for place in range(250)]
    keep(desk, lambda work: work.cards.add(*cards))
    kept = whole(desk).kept
    for card in cards:
        terminate(desk, card, desk.clerk, TerminationReason.LOST)
    built = followed(desk, kept)
    assert built.changed == 250
    assert status(built, FIRST | 249) is INVALID


def _card(desk: Desk, number: int) -> Card:
    return Card(
        region=REGION,
        id=desk.office.new_id(),
        number=number,
        state=CardState.ACTIVE.value,
        created_at=START,
        updated_at=START,
    )


def _add(work: Work, *, card: Card) -> None:
    work.cards.add(card)


def _last(desk: Desk) -> Mark:
    entry = desk.audit()[-1]
    return Mark(entry.number, entry.hash)
