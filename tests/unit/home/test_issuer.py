"""A home put to use: whose orders, which register, what production refuses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardservice.data import Table, read_table
from cardservice.domain.orders import PolicyOrder
from cardservice.domain.register import CardStatus
from cardservice.domain.rows import Accepted, read_rows
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.errors import Refusal, UsageError
from cardservice.home.issuer import (
    DRAWS,
    Home,
    anywhere_examiner,
    new_scalar,
    open_home,
    scratch_home,
    utc_now,
)
from cardservice.settings import Settings
from cardservice.storage.ledger import LedgerEntry
from simulators.card import blank_card
from tests.chain import FUND, issued_card, link_to
from tests.unit.home.homes import Premises, new_premises, settings_at
from tests.unit.verify.readings import check_of


@pytest.fixture
def premises(tmp_path: Path) -> Premises:
    return new_premises(tmp_path / "home")


@pytest.fixture
def home(premises: Premises) -> Home:
    return open_home(premises.settings())


@pytest.fixture(scope="module")
def policy() -> PolicyOrder:
    rows = read_rows(read_table(Table.HOLDERS).splitlines(), today=utc_now().date())
    return next(row.order for row in rows if isinstance(row, Accepted))


def test_an_order_carries_the_fund_of_the_home_and_a_free_place(
    home: Home, policy: PolicyOrder
) -> None:
    order = home.order_for(policy)
    assert (order.fund, order.list_number) == (FUND.code, 1)
    assert (order.holder, order.insurance) == (policy.holder, policy.insurance)
    assert home.order_for(policy).list_index != order.list_index


def record(home: Home, policy: PolicyOrder, number: int) -> None:
    entry = LedgerEntry(enp=policy.holder.enp, card_number=number, signed_at=utc_now())
    home.ledger.record(entry)


def test_a_place_in_the_list_is_never_given_twice(
    home: Home, policy: PolicyOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(home, policy, 1 << 32 | 0x01010101)
    draws: Iterator[int] = iter((0x01010101, 0x01010101, 0x01020304, 0x01FFFFFF))
    monkeypatch.setattr("cardservice.home.issuer.secrets.randbelow", lambda _: next(draws))
    order = home.order_for(policy, taken=lambda number: number == 1 << 32 | 0x01020304)
    assert order.list_index == 0x01FFFFFF


def test_a_full_list_is_refused_after_a_bounded_number_of_draws(
    home: Home, policy: PolicyOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(home, policy, 1 << 32)
    draws: list[int] = []

    def always_taken(places: int) -> int:
        draws.append(places)
        return 0

    monkeypatch.setattr("cardservice.home.issuer.secrets.randbelow", always_taken)
    with pytest.raises(Refusal) as refusal:
        home.order_for(policy)
    assert refusal.value.code == "status-list-full"
    assert draws == [home.settings.status_list_places] * DRAWS


def test_a_card_made_at_home_is_in_its_ledger_and_valid_at_its_desk(
    premises: Premises, home: Home, policy: PolicyOrder
) -> None:
    card = blank_card()
    made = home.station(premises.keys).make(link_to(card), home.order_for(policy))
    said = check_of(made.examination, CheckName.CARD_NOT_BLOCKED).reason
    assert said is Reason.REGISTER_UNREACHABLE  # it was not asked about a card it cannot know
    answer = home.ledger.look_up(policy.holder.enp, card_number=made.order.card_number)
    assert (answer.card, answer.newest_record) == (CardStatus.ACTIVE, made.signed_at)
    verdict = home.examiner().examine(link_to(card)).verdict
    assert verdict is not None
    assert verdict.outcome is Outcome.VALID
    again = open_home(premises.settings()).examiner().examine(link_to(card)).verdict
    assert again is not None
    assert again.outcome is Outcome.VALID


def test_the_region_of_the_settings_is_that_of_the_desk(
    premises: Premises, home: Home, policy: PolicyOrder
) -> None:
    card = blank_card()
    home.station(premises.keys).make(link_to(card), home.order_for(policy))
    here = premises.settings().model_copy(update={"region": policy.insurance.okato})
    examination = open_home(here).examiner().examine(link_to(card))
    assert check_of(examination, CheckName.COVER_HERE).reason is Reason.COVER_TERRITORIAL


def test_a_card_of_another_issuer_is_not_believed(home: Home) -> None:
    examination = home.examiner().examine(link_to(issued_card().card))
    check = check_of(examination, CheckName.SIGNER_TRUSTED)
    assert (check.outcome, check.reason) == (Outcome.UNDECIDED, Reason.SIGNER_UNKNOWN)
    assert not examination.proved


def code_of(settings: Settings) -> str:
    with pytest.raises(Refusal) as refusal:
        open_home(settings)
    return refusal.value.code


def test_production_refuses_a_demonstration_home(premises: Premises) -> None:
    assert code_of(premises.settings(production=True)) == "demonstration-home"


def test_production_refuses_a_demonstration_root_though_the_marker_was_edited(
    premises: Premises,
) -> None:
    marker = json.loads(premises.folder.marker.read_text())
    premises.folder.marker.write_text(json.dumps({**marker, "demonstration": False}))
    assert code_of(premises.settings(production=True)) == "home-damaged"


def test_a_home_that_is_none_is_refused(tmp_path: Path) -> None:
    assert code_of(settings_at(tmp_path / "nowhere")) == "no-home"


@pytest.mark.parametrize("name", ["root", "revocations"])
def test_a_home_without_its_trust_anchors_is_refused(premises: Premises, name: str) -> None:
    path: Path = getattr(premises.folder, name)
    path.write_bytes(b"\x30\x00")
    assert code_of(premises.settings()) == "home-damaged"
    path.unlink()
    assert code_of(premises.settings()) == "home-damaged"


def test_without_a_home_any_card_can_be_read_and_none_is_trusted(tmp_path: Path) -> None:
    examiner = anywhere_examiner(settings_at(tmp_path))
    examination = examiner.examine(link_to(issued_card().card))
    assert check_of(examination, CheckName.CHIP_GENUINE).outcome is Outcome.VALID
    assert check_of(examination, CheckName.SIGNER_TRUSTED).reason is Reason.SIGNER_UNKNOWN
    assert examination.verdict is not None
    assert examination.verdict.outcome is Outcome.UNDECIDED


def test_a_scratch_home_is_gone_afterwards_and_refused_in_production(tmp_path: Path) -> None:
    with scratch_home(settings_at(tmp_path)) as (home, _):
        place = home.folder.path
        assert home.folder.marker.is_file()
    assert not place.exists()
    with pytest.raises(UsageError), scratch_home(settings_at(tmp_path, production=True)):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_fresh_scalar_is_any_but_zero_below_the_order() -> None:
    assert {new_scalar(4) for _ in range(400)} == {1, 2, 3}
