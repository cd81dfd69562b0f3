"""The tour's arithmetic: what is counted, what is masked, what a percentile is."""

from pathlib import Path

import pytest

from cardservice.data import Table, read_table
from cardservice.domain.orders import PolicyOrder
from cardservice.domain.rows import Accepted, read_rows
from cardservice.domain.verdict import CheckName, Outcome
from cardservice.errors import TimeBudgetError
from cardservice.home.issuer import Home, open_home, utc_now
from cardservice.home.tour import Stage, TimedLink, Tour, TouredCard, report
from cardservice.verify.examination import Examination, Problem
from simulators.card import blank_card
from tests.adversarial.verify.hostile import Says
from tests.chain import link_to
from tests.unit.home.homes import Premises, new_premises


@pytest.fixture
def premises(tmp_path: Path) -> Premises:
    return new_premises(tmp_path / "home")


@pytest.fixture
def home(premises: Premises) -> Home:
    return open_home(premises.settings())


def policies(count: int) -> list[PolicyOrder]:
    rows = read_rows(read_table(Table.HOLDERS).splitlines(), today=utc_now().date())
    return [row.order for row in rows if isinstance(row, Accepted)][:count]


def tour(premises: Premises, home: Home, *, budget_s: float = 20.0) -> Tour:
    return Tour(home, home.station(premises.keys), home.examiner(), budget_s)


def test_a_tour_makes_and_reads_each_card_and_masks_its_holder(
    premises: Premises, home: Home
) -> None:
    journey = tour(premises, home)
    cards = [journey.visit(policy, link_to(blank_card())) for policy in policies(2)]
    assert [card.outcome for card in cards] == [Outcome.VALID] * 2
    for card, policy in zip(cards, policies(2), strict=True):
        assert card.enp_masked[-4:] == policy.holder.enp[-4:]
        assert policy.holder.enp not in repr(card)
        assert card.personalize.commands > card.verify.commands > 0
        assert card.personalize.ms >= card.personalize.card_ms > 0
    result = report(cards, refused_rows=3)
    assert (result["cards"], result["valid"], result["refused_rows"]) == (2, 2, 3)
    assert result["apdus"]["verify"] == cards[0].verify.commands
    assert set(result["verdicts"][0]["checks"]) == set(CheckName)
    assert all(policy.holder.enp not in str(result) for policy in policies(2))


def test_a_tour_gives_a_card_no_more_than_its_time(premises: Premises, home: Home) -> None:
    with pytest.raises(TimeBudgetError):
        tour(premises, home, budget_s=1e-9).visit(policies(1)[0], link_to(blank_card()))


def toured(ms: float, outcome: Problem = Problem.CARD_MUTE) -> TouredCard:
    stage = Stage(ms=ms, card_ms=ms / 4, commands=int(ms))
    return TouredCard("•0000", Examination(problem=outcome), stage, stage)


def test_a_card_that_could_not_be_read_is_undecided_and_named_with_its_problem() -> None:
    result = report([toured(1.0)], refused_rows=0)
    assert (result["valid"], result["undecided"]) == (0, 1)
    assert result["verdicts"][0]["problem"] == "card-mute"
    assert result["verdicts"][0]["checks"] == {}


def test_percentiles_and_shares_are_what_they_are_called() -> None:
    result = report([toured(float(ms)) for ms in range(1, 101)], refused_rows=0)
    assert result["personalize_ms"] == {"p50": 50.5, "p95": 96.0}
    assert result["apdus"] == {"personalize": 50, "verify": 50}
    assert result["host_share"] == 0.75
    assert report([toured(7.0)], refused_rows=0)["verify_ms"] == {"p50": 7.0, "p95": 7.0}


def test_a_timed_link_counts_commands_of_its_stage_only() -> None:
    link = TimedLink(Says(b"\x90\x00"))
    link.exchange(b"\x00")
    answer, stage = link.stage(lambda: (link.exchange(b"\x00"), link.reset(), link.atr))
    assert answer == (b"\x90\x00", b"\x3b\x00", b"\x3b\x00")
    assert stage.commands == 1
    assert stage.ms >= stage.card_ms >= 0
