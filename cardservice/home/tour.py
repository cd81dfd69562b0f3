"""The main job, once for each of a few holders: make a card, then read it as a clinic would."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from cardservice.domain.numbers import mask_enp
from cardservice.domain.orders import PolicyOrder
from cardservice.domain.verdict import Outcome
from cardservice.home.issuer import Home
from cardservice.personalization.station import Station
from cardservice.transport.budget import TimeBudgetLink
from cardservice.transport.link import CardLink
from cardservice.verify.examination import Examination
from cardservice.verify.examiner import CardExaminer

T = TypeVar("T")

_P95: Final = 95


@dataclass(frozen=True, slots=True)
class Stage:
    """How long one half of a card's way took.

    Attributes:
        ms: wall time.
        card_ms: of it, waiting for reader and card; the rest is host work.
        commands: command APDUs sent.
    """

    ms: float
    card_ms: float
    commands: int


@dataclass(frozen=True, slots=True)
class TouredCard:
    """One card of the tour; ``enp_masked`` shows the last four digits."""

    enp_masked: str
    examination: Examination
    personalize: Stage
    verify: Stage

    @property
    def outcome(self) -> Outcome:
        """The verdict's outcome; a card that could not be read is undecided."""
        verdict = self.examination.verdict
        return Outcome.UNDECIDED if verdict is None else verdict.outcome


class TimedLink:
    """A link that adds up how long the card took, and how often it was asked."""

    def __init__(self, link: CardLink) -> None:
        self._link = link
        self._card_s = 0.0
        self._commands = 0

    @property
    def atr(self) -> bytes:
        return self._link.atr

    def exchange(self, command: bytes) -> bytes:
        """As the link below."""
        self._commands += 1
        began = time.perf_counter()
        try:
            return self._link.exchange(command)
        finally:
            self._card_s += time.perf_counter() - began

    def reset(self) -> bytes:
        """As the link below; counts as the card's time, not as a command."""
        began = time.perf_counter()
        try:
            return self._link.reset()
        finally:
            self._card_s += time.perf_counter() - began

    def stage(self, action: Callable[[], T]) -> tuple[T, Stage]:
        """Return the action's result and what it took since this call."""
        card_s, commands, began = self._card_s, self._commands, time.perf_counter()
        result = action()
        ms = (time.perf_counter() - began) * 1000
        return result, Stage(ms, (self._card_s - card_s) * 1000, self._commands - commands)


@dataclass(frozen=True, slots=True)
class Tour:
    """Everything a tour works with; ``budget_s`` is the time one card may take."""

    home: Home
    station: Station
    examiner: CardExaminer
    budget_s: float

    def visit(self, policy: PolicyOrder, link: CardLink) -> TouredCard:
        """Make one card of the blank behind ``link``, then read it as a clinic would.

        Raises:
            CardServiceError: as ``Station.make``.
        """
        timed = TimedLink(TimeBudgetLink(link, self.budget_s, time.monotonic))
        order = self.home.order_for(policy)
        _, personalize = timed.stage(lambda: self.station.make(timed, order))
        timed.reset()
        examination, verify = timed.stage(lambda: self.examiner.examine(timed))
        return TouredCard(mask_enp(policy.holder.enp), examination, personalize, verify)


def report(cards: Sequence[TouredCard], *, refused_rows: int) -> dict[str, Any]:
    """Return the tour as one JSON object; times in milliseconds, commands as medians a card."""
    outcomes = [card.outcome for card in cards]
    personalize, verify = [one.personalize for one in cards], [one.verify for one in cards]
    return {
        "cards": len(cards),
        **{outcome.value: outcomes.count(outcome) for outcome in Outcome},
        "refused_rows": refused_rows,
        "personalize_ms": _percentiles(personalize),
        "verify_ms": _percentiles(verify),
        "apdus": {
            "personalize": statistics.median_low([one.commands for one in personalize]),
            "verify": statistics.median_low([one.commands for one in verify]),
        },
        "host_share": round(1 - _sum_card_ms(cards) / _sum_ms(cards), 3),
        "verdicts": [_verdict(card) for card in cards],
    }


def _percentiles(stages: Sequence[Stage]) -> dict[str, float]:
    ordered = sorted(stage.ms for stage in stages)
    last = len(ordered) - 1
    return {
        "p50": round(statistics.median(ordered), 3),
        "p95": round(ordered[min(last, len(ordered) * _P95 // 100)], 3),
    }


def _sum_ms(cards: Sequence[TouredCard]) -> float:
    return sum(card.personalize.ms + card.verify.ms for card in cards)


def _sum_card_ms(cards: Sequence[TouredCard]) -> float:
    return sum(card.personalize.card_ms + card.verify.card_ms for card in cards)


def _verdict(card: TouredCard) -> dict[str, Any]:
    examination, verdict = card.examination, card.examination.verdict
    return {
        "enp": card.enp_masked,
        "outcome": card.outcome.value,
        "problem": examination.problem,
        "checks": {} if verdict is None else {one.name: one.outcome for one in verdict.checks},
        "personalize_ms": round(card.personalize.ms, 3),
        "verify_ms": round(card.verify.ms, 3),
    }
