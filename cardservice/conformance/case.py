"""A case as a value, and chapters that collect them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cardservice.conformance.script import needs_of, play
from cardservice.conformance.terms import Effect, Group, Need, Stage, Where

if TYPE_CHECKING:
    from cardservice.conformance.terminal import Terminal

Body = Callable[["Terminal"], None]
"""Talks to a card just reset, the MF current; raises CaseFailedError where the card is wrong."""

_BUDGET_S: Final = 30.0
_PACE_BUDGET_S: Final = 150.0
"""A card may wait 64 s before it answers, after many wrong CANs (card.md 4)."""
_PACE_NEEDS: Final = frozenset({Need.CAN, Need.READING, Need.CHIP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing the contract says, and how to see whether a card does it.

    Attributes:
        number: group prefix and three digits; never given to another case.
        title: a sentence that is true of a card that conforms.
        clause: of card.md.
        stages: in which states of the card it is run.
        where: on which presentation.
        needs: what must be known.
        effect: what it leaves behind.
        leads_to: the state it brings the card to; None for all others.
        body: the conversation.
    """

    number: str
    title: str
    clause: str
    body: Body = field(repr=False)
    stages: frozenset[Stage] = frozenset({Stage.PERSONALIZED})
    where: Where = Where.ANYWHERE
    needs: frozenset[Need] = frozenset()
    effect: Effect = Effect.KEEPS
    leads_to: Stage | None = None

    @property
    def group(self) -> Group:
        """The group its number says."""
        return Group[self.number[:2]]

    @property
    def budget_s(self) -> float:
        """Seconds the card may take for it."""
        return _PACE_BUDGET_S if self.needs & _PACE_NEEDS else _BUDGET_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What cases of one kind have in common."""

    stages: Iterable[Stage] = (Stage.PERSONALIZED,)
    where: Where = Where.ANYWHERE
    needs: Iterable[Need] = ()
    effect: Effect = Effect.KEEPS
    leads_to: Stage | None = None


USUAL: Final = Terms()


class Chapter:
    """Collects the cases of one module."""

    def __init__(self) -> None:
        self._cases: list[Case] = []

    def __iter__(self) -> Iterator[Case]:
        return iter(self._cases)

    def script(
        self, number: str, title: str, clause: str, script: str, terms: Terms = USUAL
    ) -> None:
        """Add a case that is a script (see ``script``); what it needs is found in it."""
        self._add(number, title, clause, lambda terminal: play(terminal, script), terms, script)

    def case(
        self, number: str, title: str, clause: str, terms: Terms = USUAL
    ) -> Callable[[Body], Body]:
        """Add the decorated function as a case."""

        def add(body: Body) -> Body:
            self._add(number, title, clause, body, terms, "")
            return body

        return add

    def _add(  # noqa: PLR0913, PLR0917 - the columns of the table, in its order
        self, number: str, title: str, clause: str, body: Body, terms: Terms, script: str
    ) -> None:
        self._cases.append(
            Case(
                number=number,
                title=title,
                clause=f"card.md §{clause}",
                body=body,
                stages=frozenset(terms.stages),
                where=terms.where,
                needs=frozenset(terms.needs) | needs_of(script),
                effect=terms.effect,
                leads_to=terms.leads_to,
            )
        )
