"""The state table in itself: it has no hole and no dead row, and says nothing unsafe."""

from scripts.card_states import PAGE, PLACES, page, place_of, plainest
from simulators.card.protocol_events import (
    AFTER_RESET,
    RUNS,
    SESSION,
    Event,
    Fact,
    State,
)
from simulators.card.protocol_states import TABLE, outcome, reachable, row_for

STARTS = (AFTER_RESET, frozenset({Fact.IN_RANGE}))
STATES = [state for start in STARTS for state in reachable(start)]
STEPS = [(state, event, *outcome(state, event)) for state in STATES for event in Event]


def test_every_row_decides_somewhere_and_some_row_decides_everywhere() -> None:
    deciding = {id(row_for(state, event)) for state in STATES for event in Event}
    assert [row for row in TABLE if id(row) not in deciding] == []


def test_at_most_one_business_is_unfinished_and_none_outlives_a_refusal() -> None:
    assert max(len(state & RUNS) for state in STATES) == 1
    assert {sw for _, _, sw, after in STEPS if after & RUNS} == {0x9000}


def test_there_is_one_session_at_a_time_and_its_rights_are_nowhere_else() -> None:
    of_iso = SESSION - {Fact.SCP03, Fact.PIN_VERIFIED, Fact.CHALLENGE}
    for state in STATES:
        assert not {Fact.ISO, Fact.SCP03} <= state
        assert Fact.ISO in state or not state & of_iso


def _gained(fact: Fact) -> set[tuple[Event, int]]:
    return {(event, sw) for state, event, sw, after in STEPS if fact in after - state}


def test_every_right_is_gained_in_one_way_only() -> None:
    assert _gained(Fact.SCP03) == {(Event.HOST_PROOF, 0x9000)}
    assert _gained(Fact.PACE_RIGHTS) == {(Event.TOKEN, 0x9000)}
    assert _gained(Fact.CHIP_AUTHENTICATED) == {(Event.CA_POINT, 0x9000)}
    assert _gained(Fact.AUTHENTICATED) == {(Event.TERMINAL_PROOF, 0x9000)}
    assert _gained(Fact.PIN_VERIFIED) == {(Event.VERIFY, 0x9000), (Event.CHANGE, 0x9000)}


def test_a_terminal_is_authenticated_only_with_its_certificate_chosen_and_a_fresh_challenge() -> (
    None
):
    needed = {Fact.CHIP_AUTHENTICATED, Fact.AT_SET, Fact.CHALLENGE}
    for state, event, sw, after in STEPS:
        if event is Event.TERMINAL_PROOF and sw == 0x9000:
            assert needed <= state
            assert Fact.CHALLENGE not in after


def test_a_terminal_writes_only_when_authenticated_and_with_the_holders_pin() -> None:
    stores = (Event.STORE_WHOLE, Event.STORE_FIRST, Event.STORE_NEXT, Event.STORE_LAST)
    for state, event, sw, _ in STEPS:
        if event in stores and sw == 0x9000:
            assert Fact.SCP03 in state or {Fact.AUTHENTICATED, Fact.PIN_VERIFIED} <= state


def test_a_broken_secure_messaging_command_leaves_nothing_of_the_session() -> None:
    broken: list[State] = [after for _, _, sw, after in STEPS if sw in (0x6987, 0x6988)]
    assert broken
    assert all(not after & (SESSION | RUNS) for after in broken)


def test_in_range_no_command_opens_scp03_and_no_pin_is_taken_before_a_right() -> None:
    for state, event, sw, after in STEPS:
        if Fact.IN_RANGE in state:
            assert Fact.SCP03 not in after
            if event in (Event.VERIFY, Event.CHANGE, Event.RESET_PIN) and sw == 0x9000:
                assert state & {Fact.PACE_RIGHTS, Fact.AUTHENTICATED}


def test_every_named_state_can_be_reached_and_is_its_own_plainest_form() -> None:
    states = plainest()
    assert set(states) == set(PLACES)
    assert all(place_of(state) == name for name, state in states.items())


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
