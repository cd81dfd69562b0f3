"""The real card walks through every state of the table, and meets every event in each.

After every single command the status word and what holds in the card's session must be what the
table says, whether the command was legal or not.
"""

import random
from collections.abc import Iterator

import pytest

from simulators.card import SoftwareCard
from simulators.card.protocol_events import AFTER_RESET, Event, Fact, State
from simulators.card.protocol_states import outcome, reachable
from tests.adversarial.card.stage import Moment, Stage
from tests.unit.simulators.card.desks import card_with_trust_point
from tests.unit.simulators.card.issuing import in_range

STARTS = {"contact": AFTER_RESET, "contactless": frozenset({Fact.IN_RANGE})}


def _card_at(interface: str) -> SoftwareCard:
    card = card_with_trust_point()
    return card if interface == "contact" else in_range(card)


def _walk(stage: Stage, moments: dict[State, Moment]) -> Iterator[tuple[State, Event, int, State]]:
    """Yield what every event did in every state, nearest states first; keep all in ``moments``."""
    cells = stage.card.memory.cells()
    start = stage.state
    moments[start] = stage.freeze()
    waiting = [start]
    for state in waiting:
        for event in Event:
            stage.thaw(moments[state])
            sw = stage.terminal.perform(event, state)
            after = stage.state
            yield state, event, sw, after
            if after not in moments:
                stage.card.memory._cells = dict(cells)
                moments[after] = stage.freeze()
                waiting.append(after)


@pytest.mark.parametrize("interface", STARTS)
def test_in_every_state_every_command_gets_the_tables_answer_and_a_reset_begins_anew(
    interface: str,
) -> None:
    stage, start = Stage(_card_at(interface)), STARTS[interface]
    moments: dict[State, Moment] = {}
    for state, event, sw, after in _walk(stage, moments):
        assert (sw, after) == outcome(state, event), f"{event.name} in {sorted(map(str, state))}"
    assert set(moments) == set(reachable(start))
    for moment in moments.values():
        stage.thaw(moment)
        stage.card.reset()
        assert stage.state == start


@pytest.mark.parametrize("seed", range(4))
def test_a_long_way_through_the_states_meets_the_answers_of_the_table(seed: int) -> None:
    """One session after another without going back: what a walk state by state cannot see."""
    chance = random.Random(seed)  # noqa: S311 - a way through states, not a secret
    stage = Stage(_card_at("contact" if seed % 2 else "contactless"))
    cells = stage.card.memory.cells()
    for _ in range(1500):
        state = stage.state
        event = _next_event(chance, state)
        stage.card.memory._cells = dict(cells)
        assert (stage.terminal.perform(event, state), stage.state) == outcome(state, event)


def _next_event(chance: random.Random, state: State) -> Event:
    """Prefer good commands, to get far; a second first part would make another certificate."""
    good = [event for event in Event if outcome(state, event)[0] == 0x9000]
    events = good if chance.random() < 0.8 else list(Event)
    if Fact.CHAINING in state:
        events = [Event.PSO_LAST_PART]
    return chance.choice(events)
