"""A card at an enrolled desk: with the service, without it, after the list and the key changed."""

from datetime import timedelta

import pytest

from cardservice.domain.verdict import Outcome, ProtocolName, Reason, Verdict
from cardservice.home.demonstration import DemonstrationCards, make_demonstration
from cardservice.home.issuer import open_home
from cardservice.settings import load_settings
from cardservice.texts.demonstration import DemonstrationCard
from cardservice.verify.examination import Examination
from tests.simulated.desk_agent.conftest import AtWork, Place
from tests.simulated.desk_agent.service import BLOCKED, PLACES, Service

INDEX = (1 << 32) - 1


@pytest.fixture
def cards(service: Service) -> DemonstrationCards:
    service.blocked.discard(BLOCKED)  # a card of these may have drawn that place
    premises = service.premises
    settings = load_settings(home=premises.folder.path, status_list_places=PLACES)
    return make_demonstration(open_home(settings), premises.keys)


def shown(
    desk: AtWork, cards: DemonstrationCards, card: DemonstrationCard = DemonstrationCard.GOOD
) -> Examination:
    link = cards.tray.workbench(card)
    try:
        return desk.desk.examiners.live.examine(link)
    finally:
        link.close()


def verdict_of(examination: Examination) -> Verdict:
    assert examination.verdict is not None, examination.problem
    return examination.verdict


def block(service: Service, examination: Examination) -> None:
    assert examination.card_number is not None
    service.blocked.add(examination.card_number & INDEX)
    service.list_age -= timedelta(seconds=1)


def test_a_desk_that_was_just_enrolled_and_has_no_list_is_never_sure(
    desk: AtWork, cards: DemonstrationCards
) -> None:
    assert verdict_of(shown(desk, cards)).outcome is Outcome.UNDECIDED


def test_a_good_card_is_valid_online_and_offline_and_blocked_once_the_list_says_so(
    desk: AtWork, service: Service, cards: DemonstrationCards
) -> None:
    desk.fetch_all()
    online = shown(desk, cards)
    assert verdict_of(online).outcome is Outcome.VALID
    service.list_age -= timedelta(minutes=1)  # one that is later than the card
    desk.fetch_all()
    desk.desk.reach.lose()
    offline = shown(desk, cards)
    assert verdict_of(offline).outcome is Outcome.VALID
    block(service, offline)
    desk.fetch_all()
    desk.desk.reach.lose()
    blocked = verdict_of(shown(desk, cards))
    assert (blocked.outcome, blocked.deciding.reason) == (Outcome.INVALID, Reason.CARD_BLOCKED)


def test_a_renewed_certificate_leaves_cards_readable(
    desk: AtWork, cards: DemonstrationCards
) -> None:
    desk.fetch_all()
    desk.refresher.renew()
    # Held to the reader, this one shows its holder to nobody without a certificate.
    verdict = verdict_of(shown(desk, cards, DemonstrationCard.CONTACTLESS))
    assert verdict.outcome is Outcome.VALID
    assert ProtocolName.TERMINAL_AUTHENTICATION in verdict.ran


def test_a_desk_judges_after_a_restart_by_what_it_kept(
    place: Place, service: Service, cards: DemonstrationCards
) -> None:
    place.enrol()
    service.list_age -= timedelta(minutes=1)  # the list is later than the card
    with place.at_work() as desk:
        desk.fetch_all()
    service.address = "http://127.0.0.1:1"
    with place.at_work() as again:
        verdict = verdict_of(shown(again, cards))
    assert verdict.outcome is Outcome.VALID
    assert any(check.at_least for check in verdict.checks)
