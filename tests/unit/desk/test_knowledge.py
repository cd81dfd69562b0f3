"""What a desk answers itself: from lists alone, from the service alone, and from both."""

from collections.abc import Callable
from datetime import datetime

import pytest

from cardservice.desk.trust_bundle import TrustError
from cardservice.domain.register import AnswerSource, CardStatus, RegisterAnswer
from cardservice.pki.status_list import (
    StatusArray,
    StatusListError,
    StatusListFault,
    StatusType,
    compress,
)
from cardservice.pki.trust import CLOCK_TOLERANCE
from tests.unit.desk.world import (
    ENP,
    HOUR,
    LIST,
    MINUTE,
    SECOND,
    Desk,
    other_signer,
    revocations,
    said,
    trust_token,
)
from tests.unit.pki.office import NOW
from tests.unit.pki.status_lists import BLOCKED, ENDED, ISSUED, PLACES, SERIAL, URI, signed

ACTIVE, TERMINATED = CardStatus.ACTIVE, CardStatus.TERMINATED
GOOD = 0


def informed(ask: Callable[..., RegisterAnswer | None] | None = None) -> Desk:
    desk = Desk(ask=ask)
    desk.knowledge.take_trust(trust_token())
    desk.knowledge.take_list(LIST, signed())
    return desk


def status(desk: Desk, place: int, number: int = LIST) -> CardStatus:
    answer = desk.look_up(place, number)
    assert answer is not None
    return answer.card


def fault_of(desk: Desk, octets: bytes, number: int = LIST) -> StatusListFault:
    with pytest.raises(StatusListError) as caught:
        desk.knowledge.take_list(number, octets)
    return caught.value.fault


def test_a_list_says_of_each_card_whether_it_is_good() -> None:
    desk = informed()
    assert status(desk, GOOD) is ACTIVE
    assert status(desk, BLOCKED) is CardStatus.BLOCKED
    assert status(desk, ENDED) is TERMINATED
    assert status(desk, PLACES) is CardStatus.UNKNOWN


def test_a_status_that_is_kept_free_is_not_good() -> None:
    array = StatusArray(PLACES)
    array.set(3, StatusType.APPLICATION_SPECIFIC)
    desk = informed()
    desk.knowledge.take_list(LIST, signed(lst=compress(array.frozen())))
    assert status(desk, 3) is CardStatus.UNKNOWN


def test_an_answer_of_a_list_says_so_and_how_old_it_is() -> None:
    answer = informed().look_up(GOOD)
    assert answer == RegisterAnswer(
        newest_record=None,
        trust_layer=False,
        card=ACTIVE,
        as_of=ISSUED,
        source=AnswerSource.STATUS_LIST,
    )


def test_of_a_card_without_a_number_or_of_another_list_nothing_is_known() -> None:
    desk = informed()
    assert desk.knowledge.look_up(ENP, card_number=None) is None
    assert desk.look_up(GOOD, number=2) is None
    assert Desk().look_up(GOOD) is None


def test_a_desk_without_trust_takes_no_list() -> None:
    assert fault_of(Desk(), signed()) is StatusListFault.OTHER_LIST


def test_a_list_of_a_number_that_trust_does_not_name_is_not_taken() -> None:
    assert fault_of(informed(), signed(), number=2) is StatusListFault.OTHER_LIST


def test_a_list_older_than_the_newest_known_changes_nothing() -> None:
    desk = informed()
    held = desk.knowledge.held_list(LIST)
    assert fault_of(desk, signed(issued=ISSUED - SECOND)) is StatusListFault.OLDER
    assert desk.knowledge.held_list(LIST) is held


def test_the_newest_known_list_is_remembered_though_trust_named_none_meanwhile() -> None:
    desk = informed()
    desk.knowledge.take_trust(trust_token(issued=NOW, lists={}))
    assert desk.knowledge.held_list(LIST) is None
    desk.knowledge.take_trust(trust_token(issued=NOW))
    assert fault_of(desk, signed(issued=ISSUED - SECOND)) is StatusListFault.OLDER


def test_a_list_whose_signer_was_revoked_meanwhile_is_dropped() -> None:
    desk = informed()
    revoked = revocations(SERIAL, number=2, at=NOW)
    token = trust_token(other_signer(), issued=NOW, revocations=(revoked,))
    desk.knowledge.take_trust(token)
    assert desk.knowledge.held_list(LIST) is None
    assert desk.look_up(GOOD) is None
    assert fault_of(desk, signed()) is StatusListFault.SIGNER_REFUSED


def test_trust_that_is_not_believed_changes_nothing() -> None:
    desk = informed()
    before = desk.knowledge.trust
    with pytest.raises(TrustError):
        desk.knowledge.take_trust(trust_token(issued=NOW - HOUR))
    assert desk.knowledge.trust is before
    assert status(desk, GOOD) is ACTIVE


def asked(answer: RegisterAnswer | None) -> Callable[..., RegisterAnswer | None]:
    return lambda _enp, _number: answer


def test_the_service_is_asked_first_and_the_list_when_it_is_silent() -> None:
    online = informed(asked(said(ACTIVE))).look_up(BLOCKED)
    assert online == said(ACTIVE)  # newer than the list: the card was handed over since
    offline = informed(asked(None)).look_up(BLOCKED)
    assert offline is not None
    assert (offline.card, offline.source) == (CardStatus.BLOCKED, AnswerSource.STATUS_LIST)


def test_a_card_that_a_list_has_ended_stays_ended_whatever_is_answered() -> None:
    answer = informed(asked(said(ACTIVE))).look_up(ENDED)
    assert answer is not None
    assert answer.card is TERMINATED


def test_of_a_card_the_newer_of_both_speaks() -> None:
    stale = said(ACTIVE, as_of=ISSUED - SECOND)
    answer = informed(asked(stale)).look_up(BLOCKED)
    assert answer is not None
    assert (answer.card, answer.newest_record) == (CardStatus.BLOCKED, stale.newest_record)
    answer = informed(asked(stale)).look_up(PLACES)
    assert answer == stale


@pytest.mark.parametrize(
    ("as_of", "believed"),
    [(NOW + CLOCK_TOLERANCE, True), (NOW + CLOCK_TOLERANCE + SECOND, False)],
)
def test_an_answer_from_a_time_to_come_is_left_aside(as_of: datetime, *, believed: bool) -> None:
    answer = informed(asked(said(ACTIVE, as_of=as_of))).look_up(GOOD)
    assert answer is not None
    assert (answer.source is AnswerSource.REGISTER) == believed


def test_the_next_list_is_asked_for_by_name_and_no_older_than_the_last() -> None:
    desk = informed()
    expected = desk.knowledge.expected_list(LIST)
    assert (expected.uri, expected.newest_known) == (URI, ISSUED)
    desk.knowledge.take_list(LIST, signed(issued=ISSUED + MINUTE))
    assert desk.knowledge.expected_list(LIST).newest_known == ISSUED + MINUTE
