"""Many sessions at once: bounded, each its client's own, and removed when their time is up."""

from dataclasses import dataclass

import pytest

from cardservice.errors import Refusal
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.examining import Examined, Exchange, Steps
from cardservice.verify.relay_book import Limits, RelaySessions
from cardservice.verify.relaying import Answers

FEW = Limits(sessions=3, of_client=2, idle_s=30, life_s=120)
GOOD = b"\x90\x00"


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def endless(closed: list[bool] | None = None) -> Steps[Examined]:
    try:
        while True:
            yield Exchange(b"\x00")
    finally:
        if closed is not None:
            closed.append(True)


def short() -> Steps[Examined]:
    yield Exchange(b"\x00")
    return Examination(problem=Problem.CARD_MUTE), None


def at_once() -> Steps[Examined]:
    if False:
        yield Exchange(b"\x00")
    return Examination(problem=Problem.CARD_UNREADABLE), None


def book(timer: Seconds | None = None, limits: Limits = FEW) -> RelaySessions:
    return RelaySessions(timer=timer or Seconds(), limits=limits)


def refused(book: RelaySessions, client: str, id_: str, step: int = 1) -> str:
    with pytest.raises(Refusal) as refusal:
        book.take(client, id_, Answers(step=step, answers=(GOOD,)))
    return refusal.value.code


def full(book: RelaySessions, client: str) -> bool:
    try:
        book.open(client, endless())
    except Refusal as refusal:
        return refusal.code == "sessions-full"
    return False


def test_one_client_cannot_take_the_place_of_the_others() -> None:
    sessions = book()
    assert [full(sessions, one) for one in ("a", "a", "a", "b", "b")] == [
        *(False, False, True),
        *(False, True),
    ]
    assert len(sessions) == 3


def test_a_session_that_is_over_makes_room() -> None:
    sessions = book(limits=Limits(sessions=1, of_client=1))
    for _ in range(3):
        id_, _ = sessions.open("a", short())
        reply = sessions.take("a", id_, Answers(step=1, answers=(GOOD,)))
        assert reply.examination is not None
        assert refused(sessions, "a", id_) == "session-unknown"
    assert len(sessions) == 0


def test_what_ends_at_once_is_told_at_once_and_not_kept() -> None:
    sessions = book()
    _, reply = sessions.open("a", at_once())
    assert reply.examination is not None
    assert len(sessions) == 0


def test_a_session_is_its_clients_own() -> None:
    sessions = book()
    id_, _ = sessions.open("a", endless())
    assert refused(sessions, "b", id_) == "session-unknown"
    with pytest.raises(Refusal):
        sessions.end("b", id_)
    assert sessions.take("a", id_, Answers(step=1, answers=(GOOD,))).step == 2


def test_a_session_nobody_answers_is_closed_after_its_idle_time() -> None:
    timer, closed = Seconds(), list[bool]()
    sessions = book(timer)
    id_, _ = sessions.open("a", endless(closed))
    timer.now = 30
    sessions.remove_old()
    assert closed == []
    timer.now = 30.1
    sessions.remove_old()
    assert (closed, len(sessions)) == ([True], 0)
    assert refused(sessions, "a", id_) == "session-unknown"


def test_a_session_kept_awake_ends_with_its_life() -> None:
    timer = Seconds()
    sessions = book(timer, Limits(life_s=60))
    id_, reply = sessions.open("a", endless())
    while timer.now < 60:
        timer.now += 20
        reply = sessions.take("a", id_, Answers(step=reply.step, answers=(GOOD,)))
    timer.now += 1
    assert refused(sessions, "a", id_, reply.step) == "session-unknown"
    assert len(sessions) == 0


def test_a_wrong_step_harms_nobody_elses_session_nor_its_own() -> None:
    sessions = book()
    id_, _ = sessions.open("a", endless())
    assert refused(sessions, "a", id_, 7) == "step-wrong"
    assert sessions.take("a", id_, Answers(step=1, answers=(GOOD,))).step == 2


def test_ten_thousand_half_open_sessions_are_refused_more_and_others_served_later() -> None:
    timer, limits = Seconds(), Limits()
    sessions = book(timer, limits)
    opened = sum(not full(sessions, f"{number % 60}") for number in range(12_500))
    assert opened == len(sessions) == limits.sessions
    assert full(sessions, "somebody else")
    timer.now = limits.idle_s + 1
    assert not full(sessions, "somebody else")
    assert len(sessions) == 1
