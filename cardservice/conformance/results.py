"""How cases came out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cardservice.conformance.case import Case
from cardservice.conformance.recording import Exchange
from cardservice.conformance.terms import Group, Interface, Outcome, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case at one presentation.

    Attributes:
        why: what failed, or why it was not run; empty when it held.
        exchanges: what was said, masked.
        seconds: wall time.
        lost: the card stopped answering, or the reader is gone.
    """

    case: Case
    interface: Interface
    stage: Stage
    outcome: Outcome
    why: str = ""
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)
    seconds: float = 0.0
    lost: bool = False

    @property
    def name(self) -> str:
        """The case's number and how the card was presented."""
        return f"{self.case.number} ({self.interface}, {self.stage})"


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of one or all groups."""

    held: int
    failed: int
    not_run: int

    @property
    def all_held(self) -> bool:
        """True when a case held and none failed."""
        return self.held > 0 and self.failed == 0


def summary(results: Iterable[Result]) -> Summary:
    """Return how many of ``results`` came out how."""
    outcomes = [result.outcome for result in results]
    return Summary(*(outcomes.count(outcome) for outcome in Outcome))


def by_group(results: Iterable[Result]) -> dict[Group, list[Result]]:
    """Return the results of each group that has any, in the order of the groups."""
    found: dict[Group, list[Result]] = {}
    for result in results:
        found.setdefault(result.case.group, []).append(result)
    return {group: found[group] for group in Group if group in found}
