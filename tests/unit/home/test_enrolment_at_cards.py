"""An enrolled desk taps a card of its issuer: proven, with nothing typed."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from cardservice.data import Table, read_table
from cardservice.domain.orders import PolicyOrder
from cardservice.domain.rows import Accepted, read_rows
from cardservice.domain.verdict import Outcome, ProtocolName
from cardservice.home.issuer import open_home, utc_now
from cardservice.home.trust_points import roll_over
from cardservice.verify.examination import Examination, Problem
from simulators.card import Interface, SoftwareCard, blank_card
from tests.chain import link_to
from tests.unit.home.desks import WISH, Desk
from tests.unit.home.homes import new_premises


@dataclass
class Practice:
    """A station that makes cards, and a desk in the same home that reads them."""

    desk: Desk
    policy: PolicyOrder

    def card(self) -> SoftwareCard:
        """Return a card just made, which now lies on a contactless reader."""
        home, card = open_home(self.desk.issuer.settings()), blank_card()
        home.station(self.desk.issuer.keys).make(link_to(card), home.order_for(self.policy))
        return SoftwareCard(card.memory, interface=Interface.CONTACTLESS)

    def tap(self, card: SoftwareCard) -> Examination:
        home = open_home(self.desk.issuer.settings())
        enrolment = home.enrolment(self.desk.keys)
        return home.examiner(enrolment=enrolment).examine(link_to(card))


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    premises = new_premises(tmp_path / "home")
    rows = read_rows(read_table(Table.HOLDERS).splitlines(), today=utc_now().date())
    policy = next(row.order for row in rows if isinstance(row, Accepted))
    return Practice(Desk(premises, premises.folder, WISH, premises.keys), policy)


def require_valid(examination: Examination) -> None:
    assert examination.verdict is not None
    assert examination.verdict.outcome is Outcome.VALID
    assert examination.proved


def test_a_desk_that_is_not_enrolled_is_not_let_in(practice: Practice) -> None:
    assert practice.tap(practice.card()).problem is Problem.ACCESS_REFUSED


def test_an_enrolled_desk_needs_no_typing(practice: Practice) -> None:
    practice.desk.enrol(at=utc_now())
    examination = practice.tap(practice.card())
    require_valid(examination)
    assert examination.verdict is not None
    assert ProtocolName.TERMINAL_AUTHENTICATION in examination.verdict.ran


def test_a_card_of_the_old_trust_point_learns_the_new_one_at_the_desk(practice: Practice) -> None:
    card, now = practice.card(), utc_now()
    roll_over(practice.desk.issuer.folder, practice.desk.issuer.keys, at=now)
    practice.desk.enrol(at=now)
    require_valid(practice.tap(card))
    require_valid(practice.tap(card))  # now the card has both


def test_a_card_made_after_a_rollover_is_read_by_a_desk_of_before(practice: Practice) -> None:
    practice.desk.enrol(at=utc_now())
    roll_over(practice.desk.issuer.folder, practice.desk.issuer.keys, at=utc_now())
    require_valid(practice.tap(practice.card()))


def test_a_desk_of_another_issuer_is_not_let_in(practice: Practice, tmp_path: Path) -> None:
    other = new_premises(tmp_path / "other")
    stranger = Desk(other, practice.desk.folder, WISH, practice.desk.keys)
    stranger.enrol(at=utc_now())
    examination = practice.tap(practice.card())
    assert (examination.verdict, examination.holder) == (None, None)
