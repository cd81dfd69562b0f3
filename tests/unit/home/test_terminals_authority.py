"""CVCA, document verifier and links in an issuer's home: founded, renewed, rolled over."""

from datetime import date, datetime
from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.home.folder import write_atomically
from cardservice.home.renewal import renew
from cardservice.home.terminals_authority import CVCA_DAYS
from cardservice.home.trust_points import (
    CVCA_SPARE,
    MOST_LINKS,
    VERIFIER_SPARE,
    TerminalFolder,
    create_authority,
    load_trust,
    renew_verifier,
    renew_verifier_if_due,
    roll_over,
    trust_point_for_cards,
)
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.pki.cv.certificates import parse_certificate
from cardservice.pki.cv.chains import verify_issued, verify_trust_point
from cardservice.pki.cv.terms import ALL_RIGHTS, Role
from cardservice.pki.keys import KeyStoreError
from tests.chain import FUND, START
from tests.unit.home.desks import days
from tests.unit.home.homes import Premises, new_premises

TODAY = START.date()


@pytest.fixture
def home(tmp_path: Path) -> Premises:
    return new_premises(tmp_path / "home", at=START)


def rolled(home: Premises, at: datetime) -> list[str]:
    return roll_over(home.folder, home.keys, at=at)


def code_of(call: object) -> str:
    assert callable(call)
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.code


def test_a_new_home_has_a_cvca_and_a_verifier_under_it(home: Premises) -> None:
    trust = load_trust(home.folder)
    cvca, verifier = trust.cvca, trust.verifier
    assert (cvca.chr, verifier.chr) == (b"RUCVCA7700100001", b"RUDV7700100001")
    trusted = verify_issued(verifier, verify_trust_point(cvca))
    assert trusted.certificate.chat.role is Role.DOMESTIC_DV
    assert (cvca.chat.rights, verifier.chat.rights) == (ALL_RIGHTS, ALL_RIGHTS)
    assert cvca.effective == verifier.effective == TODAY
    assert cvca.expiration == TODAY + days(CVCA_DAYS - 1)
    assert verifier.expiration == TODAY + days(89)
    assert (trust.links, trust.presented) == ((), (verifier,))


def test_a_home_of_before_gets_its_authority_once(home: Premises) -> None:
    paths = TerminalFolder(home.folder.path)
    paths.cvca.unlink()
    assert code_of(lambda: load_trust(home.folder)) == "no-cvca"
    assert trust_point_for_cards(home.folder, on=TODAY) is None
    assert renew_verifier_if_due(home.folder, home.keys, at=START) == []
    done = create_authority(home.folder, home.keys, at=START)
    # The number of the key whose certificate is gone is not given again.
    assert done[0] == f"CVCA RUCVCA7700100002 made, valid to {TODAY + days(CVCA_DAYS - 1)}"
    assert done[1].startswith("document verifier RUDV7700100002 made")
    assert code_of(lambda: create_authority(home.folder, home.keys, at=START)) == "cvca-exists"


def test_a_verifier_is_renewed_with_a_new_key_in_its_last_fortnight(home: Premises) -> None:
    old = load_trust(home.folder).verifier
    at = START + days(89) - VERIFIER_SPARE
    assert renew_verifier_if_due(home.folder, home.keys, at=at) == []
    done = renew_verifier_if_due(home.folder, home.keys, at=at + days(1))
    new = load_trust(home.folder).verifier
    assert done == [f"document verifier RUDV7700100002 made, valid to {new.expiration}"]
    assert new.public_key != old.public_key
    assert new.expiration == (at + days(90)).date()


def test_renewing_a_home_leaves_a_fresh_verifier_alone(home: Premises) -> None:
    before = TerminalFolder(home.folder.path).verifier.read_bytes()
    renew(home.folder, home.keys, entropy=lambda count: b"\x01" * count, at=START)
    assert renew_verifier_if_due(home.folder, home.keys, at=START) == []
    assert TerminalFolder(home.folder.path).verifier.read_bytes() == before


@pytest.mark.parametrize("wished", [0, 91, 1000])
def test_a_verifier_holds_ninety_days_at_most_and_no_key_is_made_for_more(
    home: Premises, wished: int
) -> None:
    before = home.keys.names()
    with pytest.raises(UsageError, match="1 to 90 days"):
        renew_verifier(home.folder, home.keys, at=START, days=wished)
    assert home.keys.names() == before


def test_a_verifier_ends_with_its_cvca_and_is_not_made_again_and_again(home: Premises) -> None:
    near = START + days(CVCA_DAYS - 10)
    renew_verifier(home.folder, home.keys, at=near)
    trust = load_trust(home.folder)
    assert trust.verifier.expiration == trust.cvca.expiration
    assert renew_verifier_if_due(home.folder, home.keys, at=near + days(1)) == []
    assert days(90) < CVCA_SPARE


def test_an_expired_cvca_makes_no_verifier(home: Premises) -> None:
    after = START + days(CVCA_DAYS)
    assert code_of(lambda: renew_verifier(home.folder, home.keys, at=after)) == "cvca-expired"


def test_a_rollover_makes_the_next_cvca_a_link_to_it_and_a_verifier_under_it(
    home: Premises,
) -> None:
    old = load_trust(home.folder).cvca
    done = rolled(home, START + days(100))
    trust = load_trust(home.folder)
    assert [one.split(" made")[0] for one in done] == [
        "CVCA RUCVCA7700100002",
        "document verifier RUDV7700100002",
    ]
    assert trust.trust_points[0].octets == old.octets
    (link,) = trust.links
    assert (link.car, link.chr) == (old.chr, trust.cvca.chr)
    new = verify_issued(link, verify_trust_point(old))
    assert new.certificate.public_key == trust.cvca.public_key
    assert verify_issued(trust.verifier, new).certificate.car == trust.cvca.chr


def test_links_of_all_rollovers_are_kept_and_lead_from_the_oldest(home: Premises) -> None:
    for count in range(1, 4):
        rolled(home, START + days(count))
    trust = load_trust(home.folder)
    holder = verify_trust_point(trust.trust_points[0])
    for certificate in trust.presented:
        holder = verify_issued(certificate, holder)
    assert holder.certificate is trust.verifier
    assert len(trust.presented) == 4


def test_a_cvca_that_expired_can_still_be_rolled_over(home: Premises) -> None:
    at = START + days(CVCA_DAYS + 30)
    old = load_trust(home.folder).cvca
    rolled(home, at)
    trust = load_trust(home.folder)
    assert verify_issued(trust.links[0], verify_trust_point(old)).certificate == trust.links[0]
    assert trust.cvca.effective == old.expiration
    assert trust.cvca.is_valid_on(at.date())
    assert trust.verifier.is_valid_on(at.date())


class Interrupted(Exception):  # noqa: N818 - the power, not an error
    """The power went."""


@pytest.mark.parametrize("writes", range(4))
def test_a_rollover_that_was_interrupted_leaves_a_whole_home_and_can_be_done_again(
    home: Premises, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = writes

    def write(path: Path, octets: bytes) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Interrupted
        write_atomically(path, octets)

    monkeypatch.setattr("cardservice.home.trust_points.write_atomically", write)
    with pytest.raises(Interrupted):
        rolled(home, START + days(1))
    monkeypatch.undo()
    trust = load_trust(home.folder)
    holder = verify_trust_point(trust.trust_points[0])
    for certificate in trust.presented:
        holder = verify_issued(certificate, holder)
    renew_verifier_if_due(home.folder, home.keys, at=START + days(1))
    assert load_trust(home.folder).verifier.car == load_trust(home.folder).cvca.chr
    rolled(home, START + days(2))
    trust = load_trust(home.folder)
    assert trust.verifier.car == trust.cvca.chr


def test_without_the_cvcas_key_nothing_is_changed(home: Premises) -> None:
    before = {path: path.read_bytes() for path in home.folder.path.rglob("*") if path.is_file()}
    away = InsecureMemoryKeyStore(production=False)
    for change in (roll_over, renew_verifier):
        with pytest.raises(KeyStoreError, match="no key cvca-00001"):
            change(home.folder, away, at=START)
    after = {path: path.read_bytes() for path in home.folder.path.rglob("*") if path.is_file()}
    assert after == before


def known_to_cards(home: Premises, on: date) -> bytes:
    octets = trust_point_for_cards(home.folder, on=on)
    assert octets is not None
    return parse_certificate(octets).chr


def test_new_cards_get_the_new_trust_point_when_every_desk_has_the_link(home: Premises) -> None:
    assert known_to_cards(home, TODAY) == b"RUCVCA7700100001"
    rolled(home, START + days(50))
    assert known_to_cards(home, TODAY + days(56)) == b"RUCVCA7700100001"
    assert known_to_cards(home, TODAY + days(57)) == b"RUCVCA7700100002"


@pytest.mark.parametrize("name", ["cvca", "verifier"])
def test_a_damaged_certificate_is_told_by_its_file(home: Premises, name: str) -> None:
    path: Path = getattr(TerminalFolder(home.folder.path), name)
    path.write_bytes(b"\x7f\x21\x00")
    with pytest.raises(Refusal, match=f"{name}.cvcert") as refusal:
        load_trust(home.folder)
    assert refusal.value.code == "home-damaged"


def test_a_verifier_of_another_issuer_is_not_taken_for_ours(home: Premises, tmp_path: Path) -> None:
    other = new_premises(tmp_path / "other", at=START)
    rolled(other, START)
    paths = TerminalFolder(home.folder.path)
    paths.verifier.write_bytes(TerminalFolder(other.folder.path).verifier.read_bytes())
    assert code_of(lambda: load_trust(home.folder)) == "home-damaged"


def test_links_that_go_in_a_ring_are_found(home: Premises) -> None:
    for count in range(1, 3):
        rolled(home, START + days(count))
    trust, paths = load_trust(home.folder), TerminalFolder(home.folder.path)
    ring = paths.link(trust.trust_points[0].chr)
    ring.write_bytes(trust.links[1].octets)  # it names the second as its authority
    assert code_of(lambda: load_trust(home.folder)) == "home-damaged"
    assert MOST_LINKS == 16


def test_references_carry_the_code_of_the_fund(home: Premises) -> None:
    assert FUND.code.encode() in load_trust(home.folder).cvca.chr
