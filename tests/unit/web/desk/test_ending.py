"""Presentations that are over: reported once, remembered without a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self

import pytest

from cardservice.desk.presentations import BearerCheck, Presentation
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.verdict import Outcome, Reason
from cardservice.transport.events import ReaderRemoved, ServiceLost
from cardservice.verify.examination import Examination
from cardservice.web.desk.clerk import ClerkDesk
from cardservice.web.desk.parts import DeskParts
from cardservice.web.desk.past import MOST_REMEMBERED, History, Past
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.desk.standing import DeskStanding
from cardservice.web.desk.typed import TypedNumber
from tests.unit.web.desk.following import WatchedHub, is_judged
from tests.unit.web.doubles import PATIENCE_S, READER, DoubleExaminer, DoubleWatch
from tests.unit.web.examples import (
    BANK_CARD,
    CAN,
    CLOSED,
    FIELD_CARD,
    OPENED,
    VALID,
    WRONG_CAN,
)

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MOMENT = Moment(at=AT, grade=TimeGrade.PROVEN)
NUMBERED = replace(VALID, card_number=0x0123456789AB)
UNPROVED = replace(FIELD_CARD, card_number=0x0123456789AB)


class Desk:
    """A runner that reports into a list."""

    def __init__(self, *, hold_s: float = 0.0) -> None:
        self.hub, self.watch = WatchedHub(), DoubleWatch()
        known: dict[bytes, Examination] = {
            b"valid": NUMBERED,
            b"field": UNPROVED,
            b"bank": BANK_CARD,
            b"closed": CLOSED,
        }
        self.examiner = DoubleExaminer(known, {(b"closed", CAN): OPENED})
        self.reports: list[Presentation] = []
        self.runner = DeskRunner(
            hub=self.hub,
            watch=self.watch,
            examiner=self.examiner,
            hold_s=hold_s,
            report=self.reports.append,
            moments=lambda: MOMENT,
        )

    def __enter__(self) -> Self:
        self.runner.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.stop()

    def present(self, card: bytes) -> int:
        """Put a card on the reader and return its presentation once it is judged."""
        self.watch.present(card)
        return self.hub.wait_for(is_judged).presentation


def test_a_presentation_is_reported_when_its_card_leaves_with_what_the_clerk_found() -> None:
    with Desk() as desk:
        number = desk.present(b"valid")
        assert desk.reports == []
        ClerkDesk(desk.hub, DeskParts()).state_birth_date(READER, number, "15.05.1980")
        desk.watch.remove()
        (told,) = desk.reports
    assert (told.outcome, told.reason) == (Outcome.VALID, "chip-proved")
    assert (told.bearer, told.card_number) == (BearerCheck.BIRTH_DATE, 0x0123456789AB)
    assert (told.at, told.grade, told.offline) == (AT, TimeGrade.PROVEN, False)
    assert len(desk.reports) == 1


def test_the_number_of_a_card_that_proves_nothing_is_never_reported() -> None:
    with Desk() as desk:
        desk.present(b"field")
        desk.watch.remove()
    assert desk.reports[0].card_number is None


@pytest.mark.parametrize("ends", ["swap", "unplugged", "service", "stop"])
def test_a_presentation_ends_once_however_it_ends(ends: str) -> None:
    with Desk() as desk:
        desk.present(b"valid")
        if ends == "swap":
            desk.watch.present(b"bank")
            desk.hub.wait_for(lambda one: one.examination is BANK_CARD)
        elif ends == "unplugged":
            desk.watch.tell(ReaderRemoved(READER))
        elif ends == "service":
            desk.watch.tell(ServiceLost("away", "start it"))
    assert desk.reports[0].reason == "chip-proved"
    assert len({one.id for one in desk.reports}) == len(desk.reports) == 1 + (ends == "swap")


def test_a_card_taken_away_too_early_is_reported_as_that() -> None:
    with Desk() as desk:
        gate = desk.examiner.gate(b"valid")
        desk.watch.present(b"valid")
        assert desk.examiner.entered[b"valid"].wait(PATIENCE_S)
        desk.watch.remove()
        gate.set()
    assert [(one.outcome, one.reason) for one in desk.reports] == [(None, "card-removed")]


def test_wrong_numbers_are_counted_with_the_card_they_were_typed_for() -> None:
    with Desk() as desk:
        number = desk.present(b"closed")
        for typed in (WRONG_CAN, WRONG_CAN, CAN):
            desk.hub.hand_over(TypedNumber(reader=READER, presentation=number, can=typed))
            desk.hub.wait_for(is_judged)
        desk.watch.remove()
        desk.present(b"bank")
    assert [one.wrong_numbers for one in desk.reports] == [2, 0]


def test_a_held_verdict_is_reported_when_it_goes_and_the_bearer_still_counts() -> None:
    with Desk(hold_s=3600.0) as desk:
        number = desk.present(b"valid")
        desk.watch.remove()
        assert desk.reports == []
        ClerkDesk(desk.hub, DeskParts()).refuse_bearer(READER, number)
        desk.present(b"bank")
        assert [one.bearer for one in desk.reports] == [BearerCheck.NOT_THE_HOLDER]


def test_a_presentation_without_the_service_is_reported_as_offline() -> None:
    with Desk() as desk:
        desk.hub.update(lambda one: replace(one, standing=DeskStanding(online=False)))
        desk.present(b"valid")
        desk.watch.remove()
    assert desk.reports[0].offline is True


def test_todays_list_has_no_person_in_it() -> None:
    with Desk() as desk:
        desk.present(b"valid")
        desk.watch.remove()
        (past,) = desk.hub.state.history.past
    assert (past.reader, past.outcome, past.reason) == (READER, Outcome.VALID, Reason.CHIP_PROVED)
    assert not any(one in repr(past) for one in ("ИВАНОВ", "0054910834000015", "1980", "19088"))


def test_the_list_keeps_the_newest_and_no_more_than_it_may() -> None:
    history = History()
    for minute in range(MOST_REMEMBERED + 5):
        at = AT + timedelta(seconds=minute)
        history = history.with_past(Past(at=at, reader="A", outcome=None))
    assert len(history.past) == MOST_REMEMBERED
    assert history.past[0].at == AT + timedelta(seconds=MOST_REMEMBERED + 4)


def test_the_list_is_of_one_day() -> None:
    yesterday = History().with_past(Past(at=AT - timedelta(days=1), reader="A", outcome=None))
    assert len(yesterday.with_past(Past(at=AT, reader="A", outcome=None)).past) == 1
    assert yesterday.of_day(AT.date()).past == ()
    assert yesterday.of_day(AT.date() - timedelta(days=1)) is yesterday
