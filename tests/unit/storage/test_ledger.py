"""The ledger remembers, survives a cut, and says when it cannot be believed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cardservice.domain.numbers import Enp
from cardservice.domain.register import CardStatus
from cardservice.errors import Refusal
from cardservice.storage.ledger import CardLedger, LedgerEntry

NOW = datetime(2030, 1, 1, tzinfo=UTC)
ENP = Enp("0054910834000015")
OTHER = Enp("0087599796000427")


def entry(number: int, *, days: int = 0, status: CardStatus = CardStatus.ACTIVE) -> LedgerEntry:
    signed_at = NOW + timedelta(days=days)
    return LedgerEntry(enp=ENP, card_number=number, signed_at=signed_at, status=status)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


def opened(path: Path) -> CardLedger:
    return CardLedger(path, clock=lambda: NOW)


def test_what_was_recorded_is_known_after_opening_again(path: Path) -> None:
    opened(path).record(entry(7))
    answer = opened(path).look_up(ENP, card_number=7)
    assert answer.card is CardStatus.ACTIVE
    assert answer.newest_record == NOW
    assert answer.trust_layer
    assert answer.as_of == NOW


def test_the_newest_record_of_a_policy_counts_whatever_the_order(path: Path) -> None:
    ledger = opened(path)
    for number, days in ((1, 0), (2, 9), (3, 4)):
        ledger.record(entry(number, days=days))
    assert ledger.look_up(ENP, card_number=1).newest_record == NOW + timedelta(days=9)


def test_the_last_status_of_a_card_counts(path: Path) -> None:
    ledger = opened(path)
    ledger.record(entry(7))
    ledger.record(entry(7, status=CardStatus.BLOCKED))
    assert opened(path).look_up(ENP, card_number=7).card is CardStatus.BLOCKED


def test_an_unknown_policy_and_card_are_unknown(path: Path) -> None:
    ledger = opened(path)
    ledger.record(entry(7))
    answer = ledger.look_up(OTHER, card_number=8)
    assert (answer.card, answer.newest_record, answer.trust_layer) == (
        CardStatus.UNKNOWN,
        None,
        False,
    )
    assert not ledger.knows_card(8)
    assert ledger.knows_card(7)


def test_a_last_line_cut_short_is_dropped_and_the_rest_kept(path: Path) -> None:
    ledger = opened(path)
    ledger.record(entry(1))
    ledger.record(entry(2))
    path.write_bytes(path.read_bytes()[:-5])
    again = opened(path)
    assert again.knows_card(1)
    assert not again.knows_card(2)
    again.record(entry(3))
    assert opened(path).knows_card(3)


@pytest.mark.parametrize("line", [b"{}", b"null", b"\xff", b'{"enp":1}', b"x" * 2000])
def test_a_damaged_line_is_refused_and_the_file_left_alone(path: Path, line: bytes) -> None:
    opened(path).record(entry(1))
    damaged = line + b"\n" + path.read_bytes()
    path.write_bytes(damaged)
    with pytest.raises(Refusal, match="Line 1") as refused:
        opened(path)
    assert refused.value.code == "ledger-damaged"
    assert path.read_bytes() == damaged


def test_the_file_is_its_owners_alone(path: Path) -> None:
    opened(path).record(entry(1))
    assert path.stat().st_mode & 0o077 == 0
