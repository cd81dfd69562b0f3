"""A card's whole way: made, handed over, presented, blocked, ended; with and without a net."""

from datetime import timedelta

import pytest

from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import Outcome, Reason
from cardservice.home.desk_refresh import Reported
from cardservice.registry.presentations import card_hash
from tests.simulated.clinic.desks import DeskAt, Place, check
from tests.simulated.clinic.town import HeldCard, Town

BY_RULE = timedelta(hours=72)


@pytest.fixture
def card(town: Town) -> HeldCard:
    """A card that its holder has and that the list knows."""
    found = town.good_card()
    town.publish()
    return found


def offline(desk: DeskAt) -> DeskAt:
    desk.at_work.reach.lose()
    return desk


def test_a_card_is_good_from_its_hand_over_and_not_before(town: Town, desk: DeskAt) -> None:
    card = town.held_card()
    town.publish()
    assert desk.refresh() == set()
    for one in (desk, offline(desk)):
        verdict = one.tap(card.software)
        assert (verdict.outcome, verdict.deciding.reason) == (Outcome.INVALID, Reason.CARD_BLOCKED)
    town.hand_over(card)
    desk.refresh()
    assert desk.tap(card.software).outcome is Outcome.VALID


def test_a_good_card_is_valid_by_register_and_by_list(card: HeldCard, desk: DeskAt) -> None:
    online = desk.tap(card.software)
    assert online.outcome is Outcome.VALID
    assert check(online, Reason.POLICY_GOOD).outcome is Outcome.VALID
    by_list = offline(desk).tap(card.software)
    assert by_list.outcome is Outcome.VALID
    assert check(by_list, Reason.POLICY_BY_LIST).outcome is Outcome.VALID


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("block", "mislaid"), Reason.CARD_BLOCKED),
        (("termination", "stolen"), Reason.CARD_TERMINATED),
    ],
)
def test_a_card_ended_at_the_office_is_so_at_once_online_and_offline_by_the_next_list(
    town: Town, card: HeldCard, desk: DeskAt, command: tuple[str, str], said: Reason
) -> None:
    town.end_card(card, *command)
    assert desk.tap(card.software).deciding.reason is said
    assert offline(desk).tap(card.software).outcome is Outcome.VALID  # the old list says so
    town.publish()
    assert desk.refresh() == set()
    verdict = offline(desk).tap(card.software)
    assert (verdict.outcome, verdict.deciding.reason) == (Outcome.INVALID, said)


def test_without_the_service_a_card_is_judged_with_the_age_of_what_is_known(
    town: Town, card: HeldCard, place: Place
) -> None:
    with place.at_work() as desk:
        assert desk.refresh() == set()
    town.door.shut()
    town.clock.go(hours=10)
    with place.at_work() as again:
        assert "service-unreachable" in again.refresh()
        verdict = again.tap(card.software)
        assert (verdict.outcome, verdict.grade) == (Outcome.VALID, TimeGrade.AT_LEAST)
        found = check(verdict, Reason.CARD_ACTIVE)
        assert found.at_least
        assert found.age is not None
        assert found.age >= timedelta(hours=10)


@pytest.mark.parametrize("restarted", [False, True])
def test_after_three_days_without_the_service_nothing_is_valid(
    town: Town, card: HeldCard, place: Place, restarted: bool
) -> None:
    with place.at_work() as desk:
        assert desk.refresh() == set()
        town.door.shut()
        town.clock.go(seconds=(BY_RULE - timedelta(minutes=5)).total_seconds())
        assert offline(desk).tap(card.software).outcome is Outcome.VALID
        town.clock.go(minutes=10)
        if not restarted:
            assert desk.tap(card.software).outcome is Outcome.UNDECIDED
    if restarted:
        with place.at_work() as again:
            assert again.tap(card.software).outcome is Outcome.UNDECIDED


def test_what_was_presented_meanwhile_is_told_once_when_the_service_is_back(
    town: Town, card: HeldCard, place: Place
) -> None:
    with place.at_work() as desk:
        desk.refresh()
        town.door.shut()
        for _ in range(3):
            offline(desk).tap(card.software)
    with place.at_work() as again:
        assert again.waiting == 3
        town.open_service()
        assert again.refresh() == set()
        assert again.report() == Reported(taken=3)
        assert again.report() == Reported()
    assert presented(town, card) == 3


def test_an_answer_that_is_lost_makes_no_presentation_two(
    town: Town, card: HeldCard, desk: DeskAt
) -> None:
    desk.tap(card.software)
    batch = desk.at_work.queue.first(100)
    assert desk.at_work.calls.report(batch).taken
    assert desk.report() == Reported(taken=1)
    assert presented(town, card) == 1


def presented(town: Town, card: HeldCard) -> int:
    """Return how many presentations of a card the register holds."""
    hashes, day = [card_hash(card.number, town.home.keys.cards)], timedelta(days=1)
    with town.desk.reading() as work:
        at = town.clock()
        return len(work.presentations.of_cards(hashes, from_=at - day, until=at + day))
