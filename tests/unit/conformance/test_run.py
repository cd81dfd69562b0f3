import threading
from collections.abc import Callable

import pytest

from cardservice.conformance.bounded import BoundedLink
from cardservice.conformance.known import Known
from cardservice.conformance.pack import CASES
from cardservice.conformance.presenting import Presentation
from cardservice.conformance.results import Result
from cardservice.conformance.run import Plan, Run
from cardservice.conformance.terminal import Terminal
from cardservice.conformance.terms import Interface, Outcome, Stage
from cardservice.conformance.trial import MAX_EXCHANGES, attempt
from cardservice.errors import CardRemovedError, TimeBudgetError
from tests.unit.conformance.doubles import ScriptedLink, a_case

OK = b"\x90\x00"


def asked(terminal: Terminal) -> None:
    terminal.exchange(b"\x00\xca\xdf\x01")


def tried(answer: Callable[[bytes], bytes], body: Callable[[Terminal], None]) -> Result:
    link = BoundedLink(lambda: ScriptedLink(answer))
    try:
        return attempt(
            a_case(body=body), lambda: link, Known(), Interface.CONTACT, Stage.PERSONALIZED
        )
    finally:
        link.close()


def test_a_case_that_raises_nothing_holds_and_keeps_what_was_said() -> None:
    result = tried(lambda _: OK, asked)
    assert result.outcome is Outcome.HELD
    assert [one.sent for one in result.exchanges] == ["(reset)", "00CADF01"]


def test_a_card_that_leaves_fails_the_case_and_is_remembered_as_lost() -> None:
    def gone(_: bytes) -> bytes:
        raise CardRemovedError("gone")

    result = tried(gone, asked)
    assert (result.outcome, result.lost) == (Outcome.FAILED, True)
    assert result.exchanges[-1].answered == "(no answer)"


def test_after_three_cases_without_an_answer_the_rest_is_not_run() -> None:
    def dying(command: bytes) -> bytes:
        if command[:2] == b"\x00\xa4" and command[2] == 4:
            return OK
        if command[:4] == b"\x00\xca\xdf\x01" and not dying_now:
            dying_now.append(True)
            return b"\x0f" + OK
        raise CardRemovedError("gone")

    dying_now: list[bool] = []
    results = run_over(dying, Plan(only=("FL-*", "CM-*")))
    lost = [one for one in results if one.lost]
    assert len(lost) == 3
    assert results[-1].outcome is Outcome.NOT_RUN
    assert "the card no longer answers" in {one.why for one in results}


def test_a_run_ends_at_the_first_failure_if_asked_to() -> None:
    def wrong(command: bytes) -> bytes:
        return b"\x0f" + OK if command[:4] == b"\x00\xca\xdf\x01" else OK

    results = run_over(wrong, Plan(only=("CM-*",), stop_at_first=True))
    assert [one.outcome for one in results].count(Outcome.FAILED) == 1
    assert "the run ended at the first failure" in {one.why for one in results}


def run_over(answer: Callable[[bytes], bytes], plan: Plan) -> list[Result]:
    card = Presentation({Interface.CONTACT: lambda: ScriptedLink(answer)})
    return Run(CASES, plan, card, Known()).go()


def test_octets_that_break_a_case_fail_it_and_say_no_more_than_the_kind() -> None:
    def broken(_: Terminal) -> None:
        raise IndexError("secret octets")

    result = tried(lambda _: OK, broken)
    assert result.outcome is Outcome.FAILED
    assert result.why == "the answer was not understood (IndexError)"


def test_a_case_without_end_is_cut_off() -> None:
    def endless(terminal: Terminal) -> None:
        while True:
            asked(terminal)

    result = tried(lambda _: OK, endless)
    assert result.outcome is Outcome.FAILED
    assert len(result.exchanges) == MAX_EXCHANGES


def test_a_card_that_never_answers_costs_its_time_and_the_next_link_is_a_new_one() -> None:
    never, opened = threading.Event(), list[ScriptedLink]()

    def wait(_: bytes) -> bytes:
        never.wait()
        return OK

    def opening() -> ScriptedLink:
        opened.append(ScriptedLink(wait if not opened else lambda _: OK))
        return opened[-1]

    link = BoundedLink(opening)
    link.begin(0.02)
    with pytest.raises(TimeBudgetError):
        link.exchange(b"\x00\xa4\x00\x0c")
    link.begin(10.0)
    assert link.exchange(b"\x00\xa4\x00\x0c") == OK
    assert len(opened) == 2
    never.set()
    link.close()
