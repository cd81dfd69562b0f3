"""What a journal comes to: every card and every order, whatever happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import Refusal
from cardservice.personalization.journal import (
    CardEnded,
    CardMade,
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Entry,
    Finalized,
    Intent,
    Kept,
    KeysReplaced,
    OrderGivenBack,
    OutcomeReported,
    SpoiledReason,
    StationStarted,
    Verified,
)
from cardservice.personalization.journal_compaction import compacted
from cardservice.personalization.recovery import Recovery, recover
from cardservice.personalization.recovery_lives import FINDINGS, Standing, Verdict
from cardservice.personalization.recovery_rules import ACTIONS, Action, Found, action_for

AT = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)
CHIP, OTHER = bytes(8), b"\x01" * 8
POINT = b"\x04" + bytes(64)


def kept(entries: Iterable[Entry]) -> list[Kept]:
    return [Kept(number, AT, entry) for number, entry in enumerate(entries, 1)]


def story(chip: bytes = CHIP, order: str = "a", number: int = 1) -> list[Entry]:
    """Return the entries of a card made without faults."""
    return [
        Intent(order=order, lane=1, number=number),
        CardSeen(chip=chip, order=order, lane=1),
        KeysReplaced(chip=chip),
        ChipKeyMade(chip=chip, point=POINT),
        DataStored(chip=chip, order=order, number=number, signed_at=AT),
        Finalized(chip=chip),
        Verified(chip=chip),
        CardMade(chip=chip, order=order, number=number, signed_at=AT),
        OutcomeReported(chip=chip),
    ]


EXPECTED = [
    *[(Standing.SEEN, Verdict.TO_BE_FINISHED), (Standing.KEYED, Verdict.TO_BE_FINISHED)],
    *[(Standing.KEY_MADE, Verdict.TO_BE_FINISHED), (Standing.STORED, Verdict.LOOK)],
    *[(Standing.FINALIZED, Verdict.TO_BE_FINISHED), (Standing.VERIFIED, Verdict.TO_BE_FINISHED)],
    *[(Standing.MADE, Verdict.MADE), (Standing.MADE, Verdict.MADE)],
]


@pytest.mark.parametrize("length", range(2, 10))
def test_a_journal_that_ends_anywhere_says_what_is_to_be_done(length: int) -> None:
    recovery = recover(kept(story()[:length]))
    life = recovery.cards[CHIP]
    assert (life.standing, life.finding.verdict) == EXPECTED[length - 2]
    assert life.finding.need.endswith(".")
    assert [one.chip for one in recovery.open_cards()] == ([CHIP] if length < 8 else [])
    assert [one.chip for one in recovery.unreported()] == ([CHIP] if length == 8 else [])


@pytest.mark.parametrize("length", range(1, 10))
def test_an_order_is_bound_once_a_card_may_be_personalized_for_it(length: int) -> None:
    recovery = recover(kept(story()[:length]))
    holder = recovery.holder_of("a")
    assert (holder is not None) is (length >= 5)
    assert recovery.orders["a"].is_made is (length >= 8)
    assert (recovery.bearer_of(1) is not None) is (length >= 5)


def spoiled(chip: bytes = CHIP) -> CardSpoiled:
    return CardSpoiled(chip=chip, reason=SpoiledReason.LOST)


@pytest.mark.parametrize("length", range(2, 10))
def test_a_card_spoiled_anywhere_frees_its_order_and_keeps_its_number(length: int) -> None:
    recovery = recover(kept([*story()[:length], spoiled()]))
    life = recovery.cards[CHIP]
    assert (life.finding.verdict, life.reported) == (Verdict.SPOILED, False)
    assert recovery.holder_of("a") is None
    assert (recovery.bearer_of(1) is not None) is (length >= 5)
    assert recovery.unreported() == [life]


def test_a_blank_card_with_data_may_take_those_of_another_order() -> None:
    again = DataStored(chip=CHIP, order="b", number=2, signed_at=AT)
    recovery = recover(kept([*story()[:5], again]))
    assert recovery.holder_of("a") is None
    assert recovery.holder_of("b") == recovery.cards[CHIP]
    assert (recovery.bearer_of(1), recovery.bearer_of(2)) == (None, recovery.cards[CHIP])


def test_an_order_given_back_is_not_known_any_more() -> None:
    recovery = recover(kept([*story()[:3], OrderGivenBack(order="a")]))
    assert recovery.orders == {}


def test_a_spoiled_card_is_waited_for_until_it_is_ended_and_told_of() -> None:
    told, ended = OutcomeReported(chip=CHIP), CardEnded(chip=CHIP)
    start = [*story()[:3], spoiled()]
    for more, waits in (([], 1), ([told], 1), ([ended], 1), ([ended, told], 0), ([told, ended], 0)):
        assert len(recover(kept([*start, *more])).pending) == waits


@pytest.mark.parametrize(
    "entries",
    [
        [KeysReplaced(chip=CHIP)],
        [Verified(chip=CHIP)],
        [*story()[:2], Verified(chip=CHIP)],
        [*story()[:2], DataStored(chip=CHIP, order="a", number=1, signed_at=AT)],
        [*story(), CardSeen(chip=CHIP, order="b", lane=1)],
        [*story(), *story()[4:5]],
        [*story()[:6], *story()[4:5]],
        [spoiled(), spoiled()],
        [CardEnded(chip=CHIP)],
        [*story()[:3], OutcomeReported(chip=CHIP)],
        [*story()[:5], OrderGivenBack(order="a")],
    ],
)
def test_entries_that_are_no_story_are_refused(entries: list[Entry]) -> None:
    with pytest.raises(Refusal) as refused:
        recover(kept(entries))
    assert refused.value.code == "journal-contradicts"


def test_entries_out_of_their_order_are_refused_whatever_their_times_say() -> None:
    one, two = kept([StationStarted(), StationStarted()])
    with pytest.raises(Refusal):
        recover([two, one])
    assert recover([one, Kept(2, AT.replace(year=2020), StationStarted())]).sequence == 2


def test_every_standing_has_a_finding_and_an_action_for_every_card() -> None:
    assert set(FINDINGS) == set(Standing)
    assert set(ACTIONS) == {None, *Standing}
    assert {len(row) for row in ACTIONS.values()} == {len(Found)}


def test_a_made_card_that_was_told_of_is_used_and_one_that_was_not_is_finished() -> None:
    for length, action in ((8, Action.FINISH), (9, Action.REFUSE_USED)):
        life = recover(kept(story()[:length])).cards[CHIP]
        assert action_for(life, Found.PERSONALIZED) is action
        assert action_for(life, Found.BLANK_ISSUER) is Action.REFUSE_TWIN


# --- compaction


@dataclass(frozen=True)
class Draw:
    """One card of a made-up day: for which order, how far it came, what became of it then."""

    order: int
    length: int
    is_rewritten: bool
    is_spoiled: bool
    ends: bool


DAYS = st.lists(
    st.builds(
        Draw,
        order=st.integers(0, 3),
        length=st.integers(1, 9),
        is_rewritten=st.booleans(),
        is_spoiled=st.booleans(),
        ends=st.booleans(),
    ),
    max_size=6,
)


def told(day: list[Draw]) -> list[Entry]:
    """Return what a station wrote that day."""
    entries: list[Entry] = []
    for chip, draw in enumerate(day):
        serial = bytes([chip]) * 8
        wanted = story(serial, f"order-{draw.order}", chip)
        if draw.is_rewritten:
            other = story(serial, f"first-order-{chip}", chip + 50)
            entries += [*other[:5], wanted[0], *wanted[4 : draw.length]]
        else:
            entries += [StationStarted(), *wanted[: draw.length]]
        if draw.is_spoiled and draw.length > 1:
            entries.append(spoiled(serial))
            entries += [CardEnded(chip=serial), OutcomeReported(chip=serial)] if draw.ends else []
    return entries


def sum_of(recovery: Recovery) -> tuple[object, ...]:
    return recovery.cards, recovery.orders, recovery.numbers, recovery.pending


@given(DAYS)
def test_a_compacted_journal_comes_to_the_same(day: list[Draw]) -> None:
    entries = kept(told(day))
    short = list(compacted(entries))
    assert sum_of(recover(short)) == sum_of(recover(entries))
    assert list(compacted(short)) == short


def test_the_point_of_a_card_is_forgotten_once_it_is_made_and_told_of() -> None:
    entries = kept(story(CHIP, "a", 1))
    assert recover(entries[:-1]).cards[CHIP].point is not None
    assert recover(entries).cards[CHIP].point is None
    spoiled_before = kept([*story(CHIP, "a", 1)[:5], spoiled(CHIP), OutcomeReported(chip=CHIP)])
    assert recover(spoiled_before).cards[CHIP].point is not None


def test_whoever_would_read_the_journal_again_is_told_of_every_entry_once() -> None:
    entries, seen = kept(story(CHIP, "a", 1)), list[Kept]()
    recover(iter(entries), each=seen.append)
    assert seen == entries


@given(DAYS)
def test_a_journal_read_in_two_parts_comes_to_the_same(
    day: list[Draw],
) -> None:
    entries = kept(told(day))
    carried_on = recover(entries[: len(entries) // 2])
    for one in entries[len(entries) // 2 :]:
        carried_on.apply(one)
    assert sum_of(carried_on) == sum_of(recover(entries))


def test_of_a_card_made_and_told_of_only_the_outcome_is_kept() -> None:
    entries = kept([StationStarted(), *story(), *story(OTHER, "b", 2)[:4]])
    assert [type(one.entry) for one in compacted(entries)] == [
        CardMade,
        OutcomeReported,
        *[Intent, CardSeen, KeysReplaced, ChipKeyMade],
    ]
