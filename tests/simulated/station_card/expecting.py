"""What office, journal and chip say of an order that was done."""

from cardservice.domain.lives import CardState, OrderState
from cardservice.personalization.jobs import Work
from cardservice.personalization.recovery_services import ServiceStanding
from simulators.card import image
from tests.registry import forms
from tests.simulated.station_card.counter import NEW_PIN, OfficeCounter
from tests.simulated.test_station_crash_world import cell


def _expect_insurer(counter: OfficeCounter, order_id: str) -> None:
    seen, kept = counter.at_a_clinic(), counter.card_now(order_id)
    assert seen.insurance is not None
    assert seen.verdict is not None
    assert seen.insurance.ogrn == forms.INSURER
    assert seen.verdict.signed_at is not None
    assert seen.verdict.signed_at == kept.signed_at
    assert counter.made.signed_at < seen.verdict.signed_at
    assert counter.codes() == known(counter)


def _expect_pin(counter: OfficeCounter, order_id: str) -> None:
    pin, puk, can = counter.codes()
    (letter,) = counter.letter_lines()
    assert {pin, puk} <= set(letter)
    assert can == counter.made.secrets.can
    assert {pin, puk}.isdisjoint(known(counter))
    assert counter.card_now(order_id).state == CardState.ACTIVE


def _expect_can(counter: OfficeCounter, order_id: str) -> None:
    (letter,) = counter.letter_lines()
    pin, puk, can = counter.codes()
    assert can in letter
    assert (pin, puk) == known(counter)[:2]
    assert can != counter.made.secrets.can
    assert counter.card_now(order_id).state == CardState.ACTIVE


def _expect_unblocked(counter: OfficeCounter, order_id: str) -> None:
    assert counter.codes() == (NEW_PIN, *known(counter)[1:])
    assert counter.card_now(order_id).state == CardState.ACTIVE


def _expect_ended(counter: OfficeCounter, order_id: str) -> None:
    assert cell(counter.card(), image.LIFE_CYCLE) == bytes([image.LifeCycle.TERMINATED])
    assert counter.card_now(order_id).state == CardState.TERMINATED


EXPECT = {
    Work.CHANGE_INSURER: _expect_insurer,
    Work.NEW_PIN: _expect_pin,
    Work.NEW_CAN: _expect_can,
    Work.UNBLOCK_PIN: _expect_unblocked,
    Work.TERMINATE: _expect_ended,
}


def known(counter: OfficeCounter) -> tuple[str, str, str]:
    known = counter.made.secrets
    return known.pin, known.puk, known.can


def expect_done(counter: OfficeCounter, order_id: str, work: Work) -> None:
    """Expect that office, journal and chip say the same: the work is done."""
    service = counter.service(order_id)
    assert service is not None
    assert (service.standing, service.number) == (ServiceStanding.REPORTED, counter.number)
    assert service.chip == counter.made.chip_serial
    assert counter.order_now(order_id).state == OrderState.HANDED_OVER
    EXPECT[work](counter, order_id)
