"""What runs out is renewed in time, and what was revoked stays revoked."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardservice.errors import Refusal
from cardservice.home.folder import open_root, open_signer, write_atomically
from cardservice.home.renewal import SIGNER_SPARE, renew
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.pki.keys import KeyStoreError
from cardservice.pki.revocations import Revocation, parse_revocation_list
from tests.chain import START
from tests.unit.home.homes import Premises, new_premises


@pytest.fixture
def home(tmp_path: Path) -> Premises:
    return new_premises(tmp_path, at=START)


def renewed(home: Premises, at: datetime) -> list[str]:
    return renew(home.folder, home.keys, entropy=secrets.token_bytes, at=at)


def test_the_next_list_has_the_next_number_and_holds_from_now(home: Premises) -> None:
    at = START + timedelta(days=6)
    assert renewed(home, at) == ["revocation list 2 issued"]
    fresh = parse_revocation_list(home.folder.revocations.read_bytes())
    assert (fresh.number, fresh.this_update) == (2, at)
    assert fresh.next_update == at + timedelta(days=7)


def test_what_was_revoked_stays_revoked(home: Premises) -> None:
    root = open_root(home.folder, home.keys)
    entries = [Revocation(5, START), Revocation(7, START + timedelta(days=1))]
    write_atomically(home.folder.revocations, root.issue_revocations(entries, number=8, at=START))
    renewed(home, START + timedelta(days=2))
    fresh = parse_revocation_list(home.folder.revocations.read_bytes())
    assert (fresh.number, fresh.revoked) == (9, frozenset({5, 7}))


def test_a_signer_with_time_left_is_kept(home: Premises) -> None:
    before = home.folder.signer.read_bytes()
    end = open_signer(home.folder, home.keys).usage.end
    renewed(home, end - SIGNER_SPARE)
    assert home.folder.signer.read_bytes() == before


def test_a_signer_whose_time_is_short_is_replaced_with_a_new_key(home: Premises) -> None:
    old = open_signer(home.folder, home.keys)
    at = old.usage.end - SIGNER_SPARE + timedelta(seconds=1)
    done = renewed(home, at)
    assert done[-1] == "new document signer issued"
    new = open_signer(home.folder, home.keys)
    assert new.certificate.public_key != old.certificate.public_key
    assert new.certificate.serial != old.certificate.serial
    assert new.usage.holds(at)


def test_the_keys_of_former_signers_stay_in_the_store(home: Premises) -> None:
    end = open_signer(home.folder, home.keys).usage.end
    renewed(home, end)
    assert len([name for name in home.keys.names() if name.startswith("signer-")]) == 2


def test_without_the_roots_key_nothing_is_changed(home: Premises) -> None:
    before = home.folder.revocations.read_bytes()
    away = Premises(home.folder, InsecureMemoryKeyStore(production=False))
    with pytest.raises(KeyStoreError, match="no key root"):
        renewed(away, START)
    assert home.folder.revocations.read_bytes() == before


@pytest.mark.parametrize("octets", [b"", b"\x30\x00"])
def test_a_damaged_list_is_not_taken_for_an_empty_one(home: Premises, octets: bytes) -> None:
    home.folder.revocations.write_bytes(octets)
    with pytest.raises(Refusal) as refusal:
        renewed(home, START)
    assert refusal.value.code == "home-damaged"
    assert home.folder.revocations.read_bytes() == octets
