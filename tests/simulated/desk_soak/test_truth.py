"""What counts as missed, made up, twice or wrong, and what a card that left early excuses."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from bench.soak.desk_truth import (
    LATE_S,
    LAY_S,
    RECOVERY_S,
    Answer,
    Book,
    Down,
    Findings,
    NotingHub,
    Rules,
    Seen,
    Span,
    Stay,
    judge,
    spans_of,
)
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.verify.examination import Examination, Problem
from cardservice.web.desk.begun import Begun
from cardservice.web.desk.state import DeskState, Phase, ReaderState
from tests.simulated.desk_agent.service import utc_now

GOOD: Answer = ("valid", "chip-proved")
GONE: Answer = (None, "card-removed")
RULES = Rules(allowed={"valid": {GOOD}, "mute": {GONE}}, restless={"mute"})
STAY = Stay("valid", "A", 100.0, 110.0)
SEEN = Seen(id=UUID(int=1), reader="A", at=100.4, judged_at=101.0, results=1, answer=GOOD)


def found(*seen: Seen, stay: Stay = STAY, downs: tuple[Down, ...] = ()) -> Findings:
    to = Findings()
    judge([stay], downs, seen, RULES, to)
    return to


def test_a_card_that_lay_and_was_judged_once_as_it_is_leaves_nothing_wrong() -> None:
    to = found(SEEN)
    assert not to.wrong
    assert (to.presentations, to.spans, to.lay, to.answers["chip-proved"]) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        ([], "missed"),
        ([SEEN, replace(SEEN, id=uuid4(), at=105.0)], "twice"),
        ([replace(SEEN, results=2)], "two results"),
        ([replace(SEEN, answer=("invalid", "chip-copied"))], "wrong result"),
        ([replace(SEEN, answer=(None, "reader-failed"))], "wrong result"),
        ([replace(SEEN, answer=GONE)], "wrong result"),
        ([replace(SEEN, results=0, judged_at=None, answer=("valid", "x"))], "no result"),
    ],
)
def test_what_is_wrong_is_named(seen: list[Seen], kind: str) -> None:
    assert dict(found(*seen).wrong) == {kind: 1}


@pytest.mark.parametrize("change", [{"reader": "B"}, {"at": 99.0}, {"at": 110.1 + LATE_S}])
def test_a_presentation_without_a_card_is_made_up(change: dict[str, float | str]) -> None:
    made_up = replace(SEEN, id=uuid4(), **change)  # type: ignore[arg-type]
    assert dict(found(SEEN, made_up).wrong) == {"made up": 1}


def test_a_card_that_lay_shorter_may_go_unseen_and_is_counted() -> None:
    to = found(stay=replace(STAY, end=STAY.start + LAY_S - 0.1))
    assert not to.wrong
    assert (to.lay, to.unseen) == (0, 1)


@pytest.mark.parametrize("reason", ["card-removed", "reader-failed"])
@pytest.mark.parametrize("judged_at", [None, 109.5, 110.5])
def test_a_card_that_left_while_it_was_read_is_a_named_problem(
    reason: str, judged_at: float | None
) -> None:
    seen = replace(SEEN, answer=(None, reason), judged_at=judged_at, results=int(bool(judged_at)))
    to = found(seen)
    assert not to.wrong
    assert to.cut == 1


def test_a_card_is_mute_only_if_it_was_gone_already() -> None:
    mute = replace(SEEN, answer=(None, "card-mute"))
    gone = found(replace(mute, judged_at=STAY.end + 0.1))
    assert (dict(gone.wrong), gone.cut) == ({}, 1)
    for judged_at in (STAY.start + 0.5, STAY.end - 0.1):
        assert found(replace(mute, judged_at=judged_at)).wrong["wrong result"] == 1


def test_a_card_that_left_excuses_no_verdict_and_no_other_problem() -> None:
    for answer in (("invalid", "data-altered"), (None, "card-unreadable")):
        assert found(replace(SEEN, answer=answer, judged_at=109.9)).wrong["wrong result"] == 1


def test_a_restless_card_may_come_back_and_has_to_come() -> None:
    mute = replace(STAY, card="mute")
    first = replace(SEEN, answer=GONE)
    assert not found(first, replace(first, at=102.0), stay=mute).wrong
    assert found(stay=mute).wrong["missed"] == 1


def test_a_stay_is_cut_where_pcscd_went_and_each_part_is_presented_anew() -> None:
    down = Down(104.0, 104.5)
    first, second = spans_of(STAY, [down])
    assert (first.end, first.lay) == (104.0, True)
    assert second.seen_from == 104.5 + RECOVERY_S
    again = replace(SEEN, id=uuid4(), at=106.0)
    assert not found(SEEN, again, downs=(down,)).wrong
    assert found(SEEN, downs=(Down(103.0, 103.5),)).wrong["missed"] == 1


def test_a_card_put_in_without_a_pcscd_is_seen_from_its_return_on() -> None:
    (span,) = spans_of(STAY, [Down(99.0, 103.0)])
    assert span == Span("valid", "A", 100.0, 110.0, 103.0 + RECOVERY_S, most=2)
    (late,) = spans_of(STAY, [Down(90.0, 99.0)])
    assert late.seen_from == 99.0 + RECOVERY_S
    assert list(spans_of(STAY, [Down(110.0, 111.0)])) == [Span("valid", "A", 100.0, 110.0, 100.0)]


def test_a_pcscd_that_ends_may_tell_of_a_card_once_more() -> None:
    ending = Down(99.9, 100.5)
    before, after = replace(SEEN, judged_at=None, results=0, answer=GONE, at=100.1), SEEN
    left = replace(STAY, end=101.5)
    assert not found(before, after, stay=left, downs=(ending,)).wrong["twice"]
    third = replace(SEEN, at=101.0)
    assert found(before, after, third, stay=left, downs=(ending,)).wrong["twice"] == 1


def presented(begun: Begun) -> ReaderState:
    return ReaderState(reader="A").with_card(1, 100.4, begun=begun)


@pytest.fixture
def begun() -> Begun:
    return Begun(moment=Moment(at=utc_now(), grade=TimeGrade.PROVEN))


def test_a_book_has_each_presentation_once_with_what_came_of_it(begun: Begun) -> None:
    book = Book()
    hub = NotingHub(book)
    card = presented(begun)
    judged = card.with_result(1, Examination(problem=Problem.NOT_A_POLICY_CARD), 101.0)
    for state in (card, judged, judged):
        hub.update(lambda desk, state=state: desk.with_reader(state))  # type: ignore[misc]
    hub.update(lambda desk: desk.with_reader(judged.without_card(hold=False)))
    hub.update(lambda desk: desk.without_reader("A"))
    assert book.take() == [
        Seen(
            id=begun.id,
            reader="A",
            at=100.4,
            judged_at=101.0,
            results=1,
            answer=(None, "not-a-policy-card"),
        )
    ]
    assert book.take() == []


def test_a_book_sees_a_second_result_and_one_that_never_came(begun: Begun) -> None:
    book = Book()
    card = presented(begun)
    first = card.with_result(1, Examination(problem=Problem.CARD_MUTE), 101.0)
    other = replace(first, examination=Examination(problem=Problem.CARD_MUTE))
    states = [DeskState().with_reader(one) for one in (card, first, other)]
    for before, after in zip(states, [*states[1:], DeskState()], strict=True):
        book.note(before, after)
    book.note(states[0], DeskState())
    assert [one.results for one in book.take()] == [2, 0]
    assert card.phase is Phase.READING
