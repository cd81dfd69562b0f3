"""The desk's use case: which problem is told for which failure, and that none escapes."""

from collections.abc import Iterator

import pytest

from cardservice.domain.verdict import Outcome
from cardservice.errors import (
    AuthenticationError,
    CardRemovedError,
    CardServiceError,
    LinkError,
    MalformedDataError,
    PeerError,
    ReaderUnavailableError,
    TimeBudgetError,
    UsageError,
)
from cardservice.verify.examination import Problem
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from tests.chain import NOW, desk, issued_card, issuer, link_to, new_ephemeral
from tests.unit.policycard.golden_records import octets_of
from tests.unit.verify.answering import CHIP_SECURITY, EF_SOD, HOLDER, ROOT, AnsweringCard


class FailingLink:
    """Answers like the card below until the time comes; then every call raises."""

    def __init__(self, error: CardServiceError, card: AnsweringCard, *, after: int = 0) -> None:
        self.atr = b"\x3b\x00"
        self._error = error
        self._card = card
        self._after = after
        self.resets = 0

    def exchange(self, command: bytes) -> bytes:
        if len(self._card.asked) >= self._after:
            raise self._error
        return self._card.exchange(command)

    def reset(self) -> bytes:
        self.resets += 1
        raise self._error


EMPTY = AnsweringCard({})
CASES: list[tuple[CardServiceError, Problem]] = [
    (CardRemovedError("gone"), Problem.CARD_REMOVED),
    (TimeBudgetError("slow"), Problem.CARD_TOO_SLOW),
    (ReaderUnavailableError("no reader", remedy="none"), Problem.READER_FAILED),
    (LinkError("anything else"), Problem.READER_FAILED),
    (MalformedDataError("no TLV"), Problem.CARD_UNREADABLE),
    (AuthenticationError("MAC"), Problem.CARD_UNREADABLE),
    (PeerError("rule"), Problem.CARD_UNREADABLE),
    (UsageError("ours"), Problem.CARD_UNREADABLE),
]


@pytest.mark.parametrize(("error", "problem"), CASES, ids=[type(one).__name__ for one, _ in CASES])
def test_each_failure_is_told_as_its_problem(error: CardServiceError, problem: Problem) -> None:
    examination = desk(None).examine(FailingLink(error, EMPTY))
    assert (examination.problem, examination.verdict) == (problem, None)


def test_a_card_without_policy_applications_is_told_as_such() -> None:
    examination = desk(None).examine(link_to_answers({}))
    assert examination.problem is Problem.NOT_A_POLICY_CARD


def test_a_card_that_demands_rights_is_told_as_such() -> None:
    examination = desk(None).examine(link_to_answers({ROOT: "9000", EF_SOD: "6982"}))
    assert examination.problem is Problem.ACCESS_REFUSED


class AnsweringLink:
    """A link to an answering card that can be reset as often as one likes."""

    def __init__(self, card: AnsweringCard) -> None:
        self.atr = b"\x3b\x00"
        self.exchange = card.exchange
        self.resets = 0

    def reset(self) -> bytes:
        self.resets += 1
        return self.atr


def link_to_answers(answers: dict[str, str]) -> AnsweringLink:
    return AnsweringLink(AnsweringCard(answers))


NAMES_A_KEY = {
    ROOT: "9000",
    HOLDER: "9000",
    CHIP_SECURITY: octets_of("chip-security").hex() + "9000",
}


def test_a_card_that_does_not_prove_its_chip_is_reset_once_and_read_again() -> None:
    link = link_to_answers(NAMES_A_KEY)
    examination = desk(None).examine(link)
    assert link.resets == 1
    assert examination.verdict is not None
    assert examination.verdict.outcome is Outcome.INVALID


def test_a_card_that_leaves_when_it_is_reset_is_a_removed_card() -> None:
    link = FailingLink(CardRemovedError("gone"), AnsweringCard(NAMES_A_KEY), after=3)
    assert desk(None).examine(link).problem is Problem.CARD_REMOVED


def test_a_card_that_leaves_while_it_proves_its_chip_is_a_removed_card_and_no_copy() -> None:
    for after in (3, 4):
        link = FailingLink(CardRemovedError("gone"), AnsweringCard(NAMES_A_KEY), after=after)
        assert desk(None).examine(link).problem is Problem.CARD_REMOVED


def test_time_and_commands_are_counted_whatever_came_of_it() -> None:
    ticks: Iterator[float] = iter((100.0, 100.25))
    judge = Judge(issuer().trust(), register=None, clock=lambda: NOW)
    examiner = CardExaminer(judge, new_ephemeral=new_ephemeral, timer=lambda: next(ticks))
    examination = examiner.examine(link_to_answers({}))
    assert examination.elapsed_ms == 250.0
    assert examination.commands == 2


def test_a_good_card_takes_the_commands_that_the_terminal_needs_and_no_more() -> None:
    issued = issued_card()
    examination = desk(issued.register).examine(link_to(issued.card))
    assert examination.problem is None
    # SELECT, EF.ChipSecurity, 2 for the chip's proof, 5 for EF.SOD, 4 other files.
    assert examination.commands <= 14


def test_the_printed_form_of_an_examination_shows_no_holder() -> None:
    issued = issued_card()
    examination = desk(issued.register).examine(link_to(issued.card))
    assert examination.holder is not None
    assert examination.holder.surname not in repr(examination)
    assert examination.holder.enp not in repr(examination)
