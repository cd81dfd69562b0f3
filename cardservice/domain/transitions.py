"""Transition tables: the life of a thing as data.

A row says from which state which event leads where, who may bring it about, and whether a ground
must be given. What is not in the table is refused with the state it found.

Source: domain.md, "States".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from cardservice.domain.roles import Role
from cardservice.domain.texts import NOTE_LENGTH, parse_text
from cardservice.errors import Refusal, UsageError

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)

GROUND_LENGTH: Final = NOTE_LENGTH


class StateRefusal(Refusal):
    """An event is not in the table for the state it found; ``found`` is that state."""

    def __init__(self, life: str, found: StrEnum, event: StrEnum) -> None:
        state, words = found.value.replace("-", " "), event.value.replace("-", " ")
        sentence = (
            f"The {life.replace('-', ' ')} is in the state “{state}”; “{words}” is not possible."
        )
        super().__init__(f"state-{life}-{found.value}", sentence)
        self.found = found


@dataclass(frozen=True, slots=True)
class Transition(Generic[S, E]):
    """One row: from where, by what, to where, who may, and whether they must say why."""

    source: S
    event: E
    target: S
    roles: frozenset[Role]
    ground: bool = False


@dataclass(frozen=True, slots=True)
class TransitionTable(Generic[S, E]):
    """The life of one kind of thing.

    Attributes:
        life: the thing's name, as codes have it.
        states, events: all there are.
        initial: the state a new one has.
        final: the states nothing leads out of.
        rows: the transitions; a state and an event at most once.
    """

    life: str
    states: type[S]
    events: type[E]
    initial: S
    final: frozenset[S]
    rows: tuple[Transition[S, E], ...]

    def __post_init__(self) -> None:
        pairs = [(row.source, row.event) for row in self.rows]
        if len(set(pairs)) != len(pairs):
            raise UsageError(f"the table of the {self.life} has a state and an event twice")
        if not self.rows or any(not row.roles for row in self.rows):
            raise UsageError(f"the table of the {self.life} has a row that nobody may use")
        leaving = {row.source for row in self.rows}
        if leaving & self.final or leaving | self.final != set(self.states):
            raise UsageError(f"the table of the {self.life} has wrong final states")

    def row(self, state: S, event: E) -> Transition[S, E]:
        """Return the row for ``event`` in ``state``.

        Raises:
            StateRefusal: there is none; code ``state-LIFE-STATE``.
        """
        for row in self.rows:
            if row.source == state and row.event == event:
                return row
        raise StateRefusal(self.life, state, event)

    def after(self, state: S, event: E, *, role: Role, ground: str = "") -> S:
        """Return the state after ``event``.

        Args:
            state: as found.
            event: what is to happen.
            role: of who brings it about.
            ground: why, in their words; kept by the caller.

        Raises:
            StateRefusal: the event is not in the table for ``state``.
            Refusal: ``role-not-allowed``, ``ground-missing``, ``ground-too-long`` or
                ``control-character``.
        """
        row = self.row(state, event)
        if role not in row.roles:
            sentence = f"This role may not do “{event.value.replace('-', ' ')}”."
            raise Refusal("role-not-allowed", sentence)
        text = parse_text(ground, field="ground", words="ground", limit=GROUND_LENGTH)
        if row.ground and not text:
            raise Refusal("ground-missing", "The ground is missing.", field="ground")
        return row.target

    def possible(self, state: S, role: Role) -> tuple[Transition[S, E], ...]:
        """Return what ``role`` may do in ``state``: what a page offers as buttons."""
        return tuple(row for row in self.rows if row.source == state and role in row.roles)


def rows(
    sources: Iterable[S], event: E, target: S, roles: Iterable[Role], *, ground: bool = False
) -> Iterator[Transition[S, E]]:
    """Return one row for each of ``sources``."""
    allowed = frozenset(roles)
    for source in sources:
        yield Transition(source, event, target, allowed, ground)
