"""The run: which cases, in which order, from a card's first state to its last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from cardservice.conformance.case import Case
from cardservice.conformance.known import Known
from cardservice.conformance.presenting import Presentation
from cardservice.conformance.results import Result
from cardservice.conformance.scratch import new_scratch
from cardservice.conformance.state import read_stage
from cardservice.conformance.terms import (
    Effect,
    Group,
    Interface,
    Need,
    Outcome,
    Stage,
    Where,
)
from cardservice.conformance.trial import attempt
from cardservice.errors import Refusal
from cardservice.policycard.profile import Profile

_GROUPS: Final = tuple(Group)
_FIRST_LOOK_S: Final = 30.0
_LOST_FOR_GOOD: Final = 3  # cases in a row in which the card did not answer at all
_TRIES: Final = frozenset({Need.PIN, Need.PUK})
_PERMISSIONS: Final = {Effect.WRITES: "--personalize", Effect.DESTROYS: "--destroy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the run may do and which cases were asked for.

    Attributes:
        allowed: the most that cases may leave behind.
        only: patterns of numbers, as ``PA-*``; all cases without any.
        stop_at_first: end at the first failure.
        profile: of the card that the run makes.
    """

    allowed: Effect = Effect.KEEPS
    only: tuple[str, ...] = ()
    stop_at_first: bool = False
    profile: Profile = Profile.FIELD

    def wants(self, case: Case) -> bool:
        """Say whether the case was asked for."""
        return not self.only or any(fnmatchcase(case.number, one) for one in self.only)


class _EndedError(Exception):
    """The run is over before all cases had their turn; says why."""


@dataclass(slots=True)
class Run:
    """One run over one card.

    Attributes:
        known: secrets of the card; a run that personalizes writes them.
        tell: called with each result as it comes.
    """

    cases: Sequence[Case]
    plan: Plan
    card: Presentation
    known: Known
    tell: Callable[[Result], None] = lambda _: None
    results: list[Result] = field(default_factory=list, init=False)
    _lost: int = field(default=0, init=False)
    _spares_tries: bool = field(default=False, init=False)

    def go(self) -> list[Result]:
        """Run all that may be run; return the results, of every case that was asked for.

        Raises:
            LinkError: there is no card to begin with.
            Refusal: the card is not in a state in which this can be done.
        """
        ended = ""
        try:
            self._live(self._first_stage())
        except _EndedError as error:
            ended = str(error)
        finally:
            self.card.end()
        self._account_for_rest(ended)
        return self.results

    def _first_stage(self) -> Stage:
        link = self.card.at(self.card.main)
        link.begin(_FIRST_LOOK_S)
        stage = read_stage(link)
        if self.plan.allowed >= Effect.WRITES:
            if stage is not Stage.BLANK:
                raise Refusal("card-not-blank", f"The card is {stage}; put in a blank one.")
            new_scratch(self.known, self.plan.profile)
        return stage

    def _live(self, stage: Stage | None) -> None:
        while stage is not None:
            for interface in self.card.readers:
                for case in self._turn(stage, interface):
                    self._run(case, stage, interface)
            stage = self._next_stage(stage)

    def _turn(self, stage: Stage, interface: Interface) -> list[Case]:
        chosen = [
            case
            for case in self.cases
            if stage in case.stages
            and case.leads_to is None
            and self.plan.wants(case)
            and self._concerns(case, interface)
        ]
        return sorted(chosen, key=lambda one: (_GROUPS.index(one.group), one.number))

    def _concerns(self, case: Case, interface: Interface) -> bool:
        guarded = self.known.is_guarded(interface)
        return {
            Where.ANYWHERE: True,
            Where.CONTACT: interface is Interface.CONTACT,
            Where.CONTACTLESS: interface is Interface.CONTACTLESS,
            Where.OPEN: not guarded,
            Where.GUARDED: guarded,
            Where.ONCE: interface is self.card.main,
        }[case.where]

    def _next_stage(self, stage: Stage) -> Stage | None:
        """Bring the card to its next state if that is allowed; return that state."""
        made = {result.case.number for result in self.results}
        for case in self.cases:
            if case.leads_to is None or stage not in case.stages or case.number in made:
                continue
            if case.effect <= self.plan.allowed:
                result = self._run(case, stage, self.card.main)
                return case.leads_to if result.outcome is Outcome.HELD else None
        return None

    def _run(self, case: Case, stage: Stage, interface: Interface) -> Result:
        obstacle = self._obstacle(case, stage, interface)
        if obstacle:
            return self._note(_not_run(case, stage, interface, obstacle))
        result = attempt(case, lambda: self.card.at(interface), self.known, interface, stage)
        return self._note(result)

    def _obstacle(self, case: Case, stage: Stage, interface: Interface) -> str:
        if case.effect > self.plan.allowed:
            return f"it changes the card, and {_PERMISSIONS[case.effect]} was not given"
        if self._spares_tries and case.needs & _TRIES:
            return "a case with PIN or PUK failed, and no more tries of the card are risked"
        missing = case.needs - self.known.needs_met(stage, interface)
        return f"not known: {', '.join(sorted(missing))}" if missing else ""

    def _note(self, result: Result) -> Result:
        self.results.append(result)
        self.tell(result)
        if result.outcome is Outcome.FAILED and self.plan.stop_at_first:
            raise _EndedError("the run ended at the first failure")
        if result.outcome is Outcome.FAILED and result.case.needs & _TRIES:
            # A PIN that is not the card's would soon block it. A card we made is ours to block.
            self._spares_tries = self.known.scratch is None
        self._lost = self._lost + 1 if result.lost else 0
        if self._lost >= _LOST_FOR_GOOD:
            raise _EndedError("the card no longer answers")
        return result

    def _account_for_rest(self, ended: str) -> None:
        """Say of every case that was asked for and had no turn, why."""
        met = {(result.case.number, result.interface) for result in self.results}
        for case in self.cases:
            if not self.plan.wants(case) or (case.leads_to and ended == ""):
                continue
            for interface in Interface:
                if (case.number, interface) not in met and self._concerns(case, interface):
                    stage = min(case.stages, key=lambda one: one.order)
                    why = self._why_no_turn(case, interface, ended)
                    result = _not_run(case, stage, interface, why)
                    self.results.append(result)
                    self.tell(result)

    def _why_no_turn(self, case: Case, interface: Interface, ended: str) -> str:
        if interface not in self.card.readers:
            return f"no {interface} reader"
        return ended or f"the card was never {' or '.join(sorted(case.stages))}"


def _not_run(case: Case, stage: Stage, interface: Interface, why: str) -> Result:
    return Result(case=case, interface=interface, stage=stage, outcome=Outcome.NOT_RUN, why=why)
