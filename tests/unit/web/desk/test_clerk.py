"""What a clerk finds out, scans and asks: kept to the presentation it belongs to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
from typing_extensions import override

from cardservice.desk.presentations import BearerCheck, Presentation, Substitute
from cardservice.desk.substitutes import (
    RegisterUnreachableError,
    SubstituteAnswer,
    SubstituteQuestion,
)
from cardservice.domain.lives import PolicyState
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal
from cardservice.papers.statement.signed import sign_statement
from cardservice.web.desk.aside import PaperShown, RegisterShown, RegisterTold, ScanUnknown
from cardservice.web.desk.begun import Begun
from cardservice.web.desk.clerk import ClerkDesk
from cardservice.web.desk.hub import Change, DeskHub
from cardservice.web.desk.parts import DeskParts
from cardservice.web.desk.standing import DeskStanding
from cardservice.web.desk.state import DeskState, PhotoPhase, PhotoState, ReaderState
from cardservice.web.desk.typed import TypedNumber
from tests.unit.papers.examples import key, statement, trusted
from tests.unit.web.doubles import PATIENCE_S, READER
from tests.unit.web.examples import CAN, CLOSED, VALID

KEY, STATEMENT, TRUSTED = key(), statement(), trusted()
NOW = Moment(at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC), grade=TimeGrade.PROVEN)
JUDGED = (
    ReaderState(reader=READER).with_card(7, 5.0, begun=Begun(moment=NOW)).with_result(7, VALID, 5.4)
)
PICTURED = replace(JUDGED, photo=PhotoState(PhotoPhase.SHOWN, b"png"))
ENP = "0054910834000015"
IN_FORCE = SubstituteAnswer(
    in_force=True,
    state=PolicyState.ACTIVE,
    valid_until=None,
    insurer=None,
    okato=None,
    programmes=frozenset(),
    asked_on=date(2026, 11, 22),
)


class DoubleRegister:
    """Answers as it is told to."""

    def __init__(self, answer: SubstituteAnswer | Exception = IN_FORCE) -> None:
        self.answer = answer
        self.asked: list[SubstituteQuestion] = []

    def ask(self, question: SubstituteQuestion) -> SubstituteAnswer:
        self.asked.append(question)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


HUBS: list[DeskHub] = []


@pytest.fixture(autouse=True)
def _close_hubs() -> Iterator[None]:
    yield
    while HUBS:
        HUBS.pop().close()


class Desk:
    """A hub with one reader, a clerk, and what was reported."""

    def __init__(
        self,
        state: ReaderState = JUDGED,
        *,
        register: DoubleRegister | None = None,
        moment: Moment = NOW,
        paper_s: float = 60.0,
    ) -> None:
        self.hub = DeskHub()
        HUBS.append(self.hub)
        self.hub.update(lambda desk: desk.with_reader(state))
        self.reports: list[Presentation] = []
        self.hub.reports_go_to(self.reports.append)
        parts = DeskParts(
            statement_keys=lambda: (TRUSTED,),
            substitutes=register,
            moments=lambda: moment,
            paper_s=paper_s,
        )
        self.clerk = ClerkDesk(self.hub, parts)

    @property
    def reader(self) -> ReaderState:
        known = self.hub.state.reader(READER)
        assert known is not None
        return known


@pytest.fixture
def register() -> DoubleRegister:
    return DoubleRegister()


@pytest.mark.parametrize("stated", ["15.05.1980", "15 5 1980", "15051980", "1980-05-15"])
def test_the_right_birth_date_confirms_the_bearer(stated: str) -> None:
    desk = Desk()
    desk.clerk.state_birth_date(READER, 7, stated)
    assert desk.reader.clerk.bearer is BearerCheck.BIRTH_DATE


@pytest.mark.parametrize("stated", ["16.05.1980", "31.02.1980", "1980", "", "05.15.1980"])
def test_another_birth_date_or_none_at_all_confirms_nobody(stated: str) -> None:
    desk = Desk()
    desk.clerk.state_birth_date(READER, 7, stated)
    assert (desk.reader.clerk.bearer, desk.reader.clerk.wrong_dates) == (None, 1)


def test_the_clerks_finding_changes_nothing_of_the_chips_verdict() -> None:
    desk = Desk()
    desk.clerk.refuse_bearer(READER, 7)
    assert desk.reader.examination is VALID
    assert desk.reader.clerk.bearer is BearerCheck.NOT_THE_HOLDER


def test_only_a_photo_that_is_on_the_page_confirms_the_bearer() -> None:
    desk = Desk()
    with pytest.raises(Refusal) as refused:
        desk.clerk.confirm_photo(READER, 7)
    assert refused.value.code == "photo-not-shown"
    assert desk.reader.clerk.bearer is None
    shown = Desk(PICTURED)
    shown.clerk.confirm_photo(READER, 7)
    assert shown.reader.clerk.bearer is BearerCheck.PHOTO


@pytest.mark.parametrize("presentation", [6, 8])
def test_nothing_is_confirmed_of_another_card_than_the_clerk_saw(presentation: int) -> None:
    desk = Desk(PICTURED)
    with pytest.raises(Refusal, match="not on the reader any more"):
        desk.clerk.confirm_photo(READER, presentation)
    with pytest.raises(Refusal, match="not on the reader any more"):
        desk.clerk.state_birth_date(READER, presentation, "15.05.1980")
    with pytest.raises(Refusal, match="not on the reader any more"):
        desk.clerk.refuse_bearer(READER, presentation)
    assert desk.reader == PICTURED


def test_a_scanned_certificate_is_shown_and_remembered_without_its_person() -> None:
    desk = Desk()
    desk.clerk.scan(sign_statement(STATEMENT, KEY))
    shown = desk.hub.state.aside
    assert isinstance(shown, PaperShown)
    assert shown.statement == STATEMENT
    (past,) = desk.hub.state.history.past
    assert (past.outcome, past.reader) == (Outcome.VALID, None)
    assert STATEMENT.surname not in repr(desk.hub.state)


def test_an_altered_certificate_is_invalid_and_nothing_of_it_is_shown() -> None:
    desk = Desk()
    text = sign_statement(STATEMENT, KEY)
    place = len(text) - 8
    other = "A" if text[place] != "A" else "B"
    desk.clerk.scan(text[:place] + other + text[place + 1 :])
    shown = desk.hub.state.aside
    assert isinstance(shown, PaperShown)
    assert shown.statement is None
    assert desk.hub.state.history.past[0].outcome is not Outcome.VALID


@pytest.mark.parametrize("days", [-1, 400])
def test_a_certificate_serves_on_its_own_days_by_the_desks_own_time(days: int) -> None:
    desk = Desk(moment=replace(NOW, at=NOW.at + timedelta(days=days)))
    desk.clerk.scan(sign_statement(STATEMENT, KEY))
    assert desk.hub.state.history.past[0].outcome is Outcome.INVALID


def test_a_desk_that_knows_no_day_calls_no_certificate_valid() -> None:
    desk = Desk(moment=replace(NOW, grade=TimeGrade.UNKNOWN))
    desk.clerk.scan(sign_statement(STATEMENT, KEY))
    assert desk.hub.state.history.past[0].outcome is Outcome.UNDECIDED


def test_scanned_digits_are_the_number_of_the_only_card_that_asks() -> None:
    asking = ReaderState(reader=READER).with_card(3, 5.0).with_result(3, CLOSED, 5.1)
    desk = Desk(asking)
    taken: list[TypedNumber] = []
    desk.hub.numbers_go_to(taken.append)
    desk.clerk.scan(CAN)
    assert taken == [TypedNumber(reader=READER, presentation=3, can=CAN)]


def test_scanned_digits_go_to_no_card_when_two_ask() -> None:
    asking = ReaderState(reader=READER).with_card(3, 5.0).with_result(3, CLOSED, 5.1)
    desk = Desk(asking)
    desk.hub.update(lambda one: one.with_reader(replace(asking, reader="B")))
    taken: list[TypedNumber] = []
    desk.hub.numbers_go_to(taken.append)
    desk.clerk.scan(CAN)
    assert taken == []
    assert isinstance(desk.hub.state.aside, ScanUnknown)


@pytest.mark.parametrize("text", ["4601234567890", "https://example.org/", "oms1:ABC", CAN])
def test_anything_else_that_is_scanned_is_not_kept(text: str) -> None:
    desk = Desk()
    desk.clerk.scan(text)
    assert isinstance(desk.hub.state.aside, ScanUnknown)
    assert desk.hub.state.history.past == ()
    assert text not in repr(desk.hub.state)


def test_the_register_is_asked_once_and_recorded_with_the_card_that_failed(
    register: DoubleRegister,
) -> None:
    desk = Desk(register=register)
    desk.clerk.ask_register(
        Substitute.CARD_INVALID,
        enp="0054 9108 3400 0015",
        birth_date="15.05.1980",
        card=(READER, 7),
    )
    (asked,) = register.asked
    assert (asked.enp, asked.birth_date) == (ENP, date(1980, 5, 15))
    assert desk.reader.clerk.substitute is Substitute.CARD_INVALID
    assert desk.reader.clerk.told is RegisterTold.IN_FORCE
    assert desk.reports == []  # It is told with the card, when that leaves.


def test_without_a_card_the_question_itself_is_reported(register: DoubleRegister) -> None:
    desk = Desk(register=register)
    desk.hub.update(lambda one: replace(one, standing=DeskStanding(online=False)))
    desk.clerk.ask_register(Substitute.CARD_FORGOTTEN, enp=ENP, birth_date="15051980", card=None)
    (told,) = desk.reports
    assert (told.substitute, told.card_number, told.offline) == (
        Substitute.CARD_FORGOTTEN,
        None,
        True,
    )
    assert told.outcome is None


@pytest.mark.parametrize(
    ("enp", "born", "code"),
    [
        ("0054910834000016", "15.05.1980", "enp-check-digit"),
        ("123", "15.05.1980", "enp-length"),
        (ENP, "31.02.1980", "birth-date-malformed"),
    ],
)
def test_what_cannot_be_is_not_asked_nor_recorded(
    register: DoubleRegister, enp: str, born: str, code: str
) -> None:
    desk = Desk(register=register)
    desk.clerk.ask_register(Substitute.CARD_FORGOTTEN, enp=enp, birth_date=born, card=None)
    shown = desk.hub.state.aside
    assert isinstance(shown, RegisterShown)
    assert shown.refusal is not None
    assert shown.refusal[0] == code
    assert (register.asked, desk.reports) == ([], [])


@pytest.mark.parametrize("none", [True, False])
def test_a_register_out_of_reach_says_so_and_the_try_is_recorded(none: bool) -> None:
    away = None if none else DoubleRegister(RegisterUnreachableError("away"))
    desk = Desk(register=away)
    desk.clerk.ask_register(Substitute.CARD_FORGOTTEN, enp=ENP, birth_date="15.05.1980", card=None)
    shown = desk.hub.state.aside
    assert isinstance(shown, RegisterShown)
    assert shown.refusal == ("register-unreachable", "The register cannot be reached.")
    assert len(desk.reports) == 1


def test_an_answer_that_comes_too_late_takes_no_place_of_another() -> None:
    desk = Desk()

    class Slow(DoubleRegister):
        @override
        def ask(self, question: SubstituteQuestion) -> SubstituteAnswer:
            desk.clerk.scan("anything else")
            return super().ask(question)

    desk.clerk = ClerkDesk(desk.hub, DeskParts(substitutes=Slow(), moments=lambda: NOW))
    desk.clerk.ask_register(Substitute.CARD_FORGOTTEN, enp=ENP, birth_date="15.05.1980", card=None)
    assert isinstance(desk.hub.state.aside, ScanUnknown)


def test_a_paper_is_put_away_by_the_clerk() -> None:
    desk = Desk()
    desk.clerk.scan(sign_statement(STATEMENT, KEY))
    desk.clerk.put_away()
    assert desk.hub.state.aside is None


def test_no_number_name_or_date_is_in_what_is_printed_of_a_question(
    register: DoubleRegister,
) -> None:
    desk = Desk(register=register)
    desk.clerk.ask_register(Substitute.CARD_FORGOTTEN, enp=ENP, birth_date="15.05.1980", card=None)
    said = repr((desk.hub.state, register.asked, desk.reports))
    assert ENP not in said
    assert "1980" not in said


def test_a_paper_goes_from_the_page_after_its_time() -> None:
    gone = Event()
    desk = Desk(paper_s=0.01)
    seen = desk.hub.update

    def watched(change: Change) -> DeskState:
        state = seen(change)
        if state.aside is None:
            gone.set()
        return state

    desk.hub.update = watched  # type: ignore[method-assign]
    desk.clerk.scan("anything else")
    assert gone.wait(PATIENCE_S)
