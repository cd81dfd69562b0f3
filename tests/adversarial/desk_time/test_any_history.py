"""Whatever happens to a PC and its clocks, a desk never believes more than has passed."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cardservice.desk.proven_time import SLEEP
from cardservice.desk.signed_time import TimeProofError
from cardservice.domain.proven_time import TimeGrade
from cardservice.pki.trust import CLOCK_TOLERANCE
from tests.unit.desk.world import Pc
from tests.unit.pki.office import NOW

WEEK_S = 7 * 24 * 3600
spans = st.integers(min_value=0, max_value=WEEK_S).map(lambda one: timedelta(seconds=one))
shifts = st.integers(min_value=-20 * WEEK_S, max_value=20 * WEEK_S).map(
    lambda one: timedelta(seconds=one)
)


class History(RuleBasedStateMachine):
    """A PC that runs, sleeps, is killed and started, and whose clock anybody sets."""

    def __init__(self) -> None:
        super().__init__()
        self.true = NOW
        self.pc = Pc()
        self.time = self.pc.start()

    @rule(span=spans)
    def run(self, span: timedelta) -> None:
        self.true += span
        self.pc.clocks.run(span)

    @rule(span=spans)
    def sleep(self, span: timedelta) -> None:
        self.true += span
        self.pc.clocks.sleep(span)

    @rule(shift=shifts)
    def set_the_clock(self, shift: timedelta) -> None:
        self.pc.clocks.wall += shift

    @rule()
    def keep(self) -> None:
        self.time.keep_if_due()

    @rule(span=spans, stopped=st.booleans())
    def start_again(self, span: timedelta, *, stopped: bool) -> None:
        if stopped:
            self.time.stop()
        self.true += span
        self.pc.clocks.sleep(span)
        self.time = self.pc.start()

    @rule()
    def prove(self) -> None:
        moment = self.pc.prove(self.time, self.true)
        assert (moment.at, moment.grade) == (self.true, TimeGrade.PROVEN)

    @rule(span=st.integers(min_value=61, max_value=WEEK_S))
    def lie_about_the_past(self, span: int) -> None:
        known = self.time.now()
        try:
            self.pc.prove(self.time, min(known.at, self.true) - timedelta(seconds=span))
        except TimeProofError:
            return
        # Then no more was known than what the PC's clock said; a proof would have refused it.
        assert known.grade is not TimeGrade.PROVEN

    @invariant()
    def what_is_called_proven_or_passed_has_passed(self) -> None:
        moment = self.time.now()
        if moment.grade is TimeGrade.PROVEN:
            assert moment.at <= self.true
        if moment.grade is TimeGrade.UNKNOWN and self.pc.disk:
            assert moment.at <= self.true
            assert self.pc.clocks.wall < moment.at - CLOCK_TOLERANCE
        assert all(one.at <= self.true for one in self.pc.disk)

    @invariant()
    def what_is_at_least_known_is_the_pcs_clock_or_later(self) -> None:
        moment = self.time.now()
        if moment.grade is TimeGrade.AT_LEAST:
            assert moment.at >= self.pc.clocks.wall

    @invariant()
    def what_was_kept_is_never_undone(self) -> None:
        if self.pc.disk:
            assert self.time.now().at >= self.pc.disk[-1].at
        kept = [one.at for one in self.pc.disk]
        assert kept == sorted(kept)


History.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
test_any_history = History.TestCase


def test_the_slack_for_a_sleep_is_less_than_the_slack_between_clocks() -> None:
    assert SLEEP < CLOCK_TOLERANCE
