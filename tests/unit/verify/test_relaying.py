"""One card, read step by step for somebody else: what is handed out, taken and refused."""

from collections.abc import Iterator
from itertools import cycle
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.domain.verdict import Outcome
from cardservice.errors import CardServiceError, Refusal
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.examining import Examined, Exchange, Reset, Step, Steps
from cardservice.verify.ports import PresentedCard
from cardservice.verify.relaying import (
    MAX_ANSWER,
    MAX_COMMANDS,
    MAX_RESETS,
    Answers,
    Failure,
    RelaySession,
    Reply,
)
from simulators.card.tampering import clone_without_chip_key
from tests.chain import desk, issued_card, link_to

NOT_FOUND = b"\x6a\x82"


def session(steps: Steps[Examined] | None = None, **more: float) -> RelaySession:
    return RelaySession(steps or desk(None).examining(b""), timer=lambda: 0.0, **more)


def answered(step: int, *said: bytes, failure: Failure | None = None) -> Answers:
    return Answers(step=step, answers=said, failure=failure)


def carried(card: PresentedCard, relayed: RelaySession) -> Examination:
    """Return what came of a card whose client does what it is told, and nothing else."""
    reply = relayed.reply
    while reply.examination is None:
        if reply.reset:
            card.reset()
        said = tuple(card.exchange(one) for one in reply.commands)
        reply = relayed.take(answered(reply.step, *said))
    return reply.examination


def endless(step: Step) -> Steps[Examined]:
    """An examination without end, which ends with the problem it is told."""
    try:
        while True:
            yield step
            if isinstance(step, Reset):
                yield Exchange(b"\x00")
    except CardServiceError:
        return Examination(problem=Problem.CARD_TOO_SLOW), None


def code(relayed: RelaySession, sent: Answers) -> str:
    with pytest.raises(Refusal) as refused:
        relayed.take(sent)
    return refused.value.code


def test_a_relayed_card_has_the_verdict_that_it_has_at_a_desk() -> None:
    issued = issued_card()
    here = desk(issued.register).examine(link_to(issued.card))
    there = carried(link_to(issued.card), session(desk(issued.register).examining(b"")))
    assert (here.verdict, here.commands) == (there.verdict, there.commands)
    assert there.verdict is not None
    assert there.verdict.outcome is Outcome.VALID


def test_a_copy_is_reset_before_it_is_read_without_proof() -> None:
    issued = issued_card()
    resets: list[int] = []
    link = link_to(clone_without_chip_key(issued.card))

    class Counting:
        atr = b""
        exchange = staticmethod(link.exchange)

        def reset(self) -> bytes:
            resets.append(1)
            return link.reset()

    found = carried(Counting(), session(desk(issued.register).examining(b"")))
    assert found.verdict is not None
    assert (found.verdict.outcome, len(resets)) == (Outcome.INVALID, 1)


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (Failure.CARD_REMOVED, Problem.CARD_REMOVED),
        (Failure.READER_FAILED, Problem.READER_FAILED),
    ],
)
def test_what_fails_at_the_client_is_the_problem_told(failure: Failure, problem: Problem) -> None:
    relayed = session(desk(None).examining(b"\x3b"))
    reply = relayed.take(answered(1, failure=failure))
    while reply.examination is None:  # a reader that fails is tried once more in short blocks
        reply = relayed.take(answered(reply.step, failure=failure))
    assert reply.examination.problem is problem
    assert reply.step <= 3


def test_a_card_that_never_ends_is_given_up() -> None:
    relayed = session(endless(Exchange(b"\x00")))
    assert carried(AnyCard(), relayed).problem is Problem.CARD_TOO_SLOW
    assert relayed.reply.step == MAX_COMMANDS + 1


def test_a_card_that_is_reset_for_ever_is_given_up() -> None:
    relayed = session(endless(Reset()))
    assert carried(AnyCard(), relayed).problem is Problem.CARD_TOO_SLOW
    assert relayed.reply.step <= MAX_RESETS + 3


def test_card_and_client_have_their_time_and_no_more() -> None:
    ticks: Iterator[float] = iter((0.0, 1.0, 91.0))
    relayed = RelaySession(endless(Exchange(b"\x00")), timer=lambda: next(ticks), budget_s=90)
    assert relayed.take(answered(1, NOT_FOUND)).examination is None
    found = relayed.take(answered(2, NOT_FOUND)).examination
    assert found is not None
    assert found.problem is Problem.CARD_TOO_SLOW


def test_a_step_answered_again_alike_gets_the_same_reply_and_the_card_is_asked_once() -> None:
    relayed = session()
    first = relayed.take(answered(1, NOT_FOUND))
    assert relayed.take(answered(1, NOT_FOUND)) is first
    assert relayed.reply is first


@pytest.mark.parametrize(
    "sent",
    [
        answered(1, b"\x90\x00"),
        answered(1, failure=Failure.CARD_REMOVED),
        answered(3, NOT_FOUND),
        answered(0, NOT_FOUND),
    ],
)
def test_other_answers_to_a_step_and_other_steps_are_refused(sent: Answers) -> None:
    relayed = session()
    relayed.take(answered(1, NOT_FOUND))
    assert code(relayed, sent) == "step-wrong"


@pytest.mark.parametrize(
    "sent",
    [
        answered(1),
        answered(1, b"\x90"),
        answered(1, b""),
        answered(1, NOT_FOUND, NOT_FOUND),
        answered(1, bytes(MAX_ANSWER + 1)),
        answered(1, NOT_FOUND, failure=Failure.CARD_REMOVED),
    ],
)
def test_answers_that_no_card_gives_are_refused_and_cost_nothing(sent: Answers) -> None:
    relayed = session()
    assert code(relayed, sent) == "answers-wrong"
    assert relayed.take(answered(1, NOT_FOUND)).step == 2


def test_the_longest_answer_is_taken() -> None:
    assert session().take(answered(1, bytes(MAX_ANSWER - 2) + NOT_FOUND)).step == 2


def test_nothing_is_left_of_a_session_that_is_over() -> None:
    closed: list[bool] = []

    def steps() -> Steps[Examined]:
        try:
            yield Exchange(b"\x00")
            return Examination(problem=Problem.CARD_REMOVED), None
        finally:
            closed.append(True)

    relayed = session(steps())
    relayed.end()
    assert closed == [True]
    assert code(relayed, answered(1, NOT_FOUND)) == "session-unknown"


def test_a_mistake_of_ours_ends_the_session() -> None:
    def steps() -> Steps[Examined]:
        yield Exchange(b"\x00")
        raise ZeroDivisionError

    relayed = session(steps())
    with pytest.raises(ZeroDivisionError):
        relayed.take(answered(1, NOT_FOUND))
    assert relayed.over


def test_a_session_ended_while_its_step_is_taken_takes_no_more() -> None:
    box: list[RelaySession] = []

    def steps() -> Steps[Examined]:
        yield Exchange(b"\x00")
        other = Thread(target=box[0].end)
        other.start()
        other.join()
        yield Exchange(b"\x01")
        return Examination(problem=Problem.CARD_MUTE), None

    relayed = session(steps())
    box.append(relayed)
    relayed.take(answered(1, NOT_FOUND))
    assert code(relayed, answered(2, NOT_FOUND)) == "session-unknown"


def test_no_command_and_no_answer_is_printed() -> None:
    assert "5a" not in repr(Reply(step=1, commands=(b"\x5a",))) + repr(answered(1, b"\x5a\x5a"))


@settings(max_examples=200, deadline=None)
@given(said=st.lists(st.binary(min_size=2, max_size=300), min_size=1, max_size=20))
def test_whatever_a_client_answers_there_is_a_verdict_and_it_is_not_valid(
    said: list[bytes],
) -> None:
    issued = issued_card()
    relayed, answers = session(desk(issued.register).examining(b"")), cycle(said)
    reply = relayed.reply
    while reply.examination is None:
        reply = relayed.take(answered(reply.step, next(answers)))
    found = reply.examination
    assert found.verdict is None or found.verdict.outcome is not Outcome.VALID


class AnyCard:
    atr = b""

    def exchange(self, _: bytes) -> bytes:
        return b"\x90\x00"

    def reset(self) -> bytes:
        return b""
