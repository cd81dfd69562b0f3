"""The roots of a home and the links between them; the root is rolled over whole or not at all."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal
from cardservice.home.anchors import MOST_FORMER, read_anchors, roll_root_over
from cardservice.home.folder import (
    issue_signer,
    open_root,
    open_signer,
    read_fund,
    write_atomically,
)
from cardservice.home.issuer import open_trust
from cardservice.home.renewal import renew
from cardservice.pki.anchors import AuthoritySet
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.extensions import is_demonstration
from cardservice.pki.keys import KeyStoreError
from cardservice.pki.service_tokens import MOST_ROOTS
from tests.chain import START
from tests.unit.home.homes import Premises, new_premises

DAY = timedelta(days=1)
LATER = START + 30 * DAY
FULL = "no space left"


@pytest.fixture
def home(tmp_path: Path) -> Premises:
    return new_premises(tmp_path / "home", at=START)


def roll_over(home: Premises, at: datetime = LATER) -> list[str]:
    return roll_root_over(home.folder, home.keys, entropy=secrets.token_bytes, at=at)


def outcome(home: Premises, signer: bytes, at: datetime) -> Outcome:
    """Return whether the home believes a document signer that signs now."""
    trust = open_trust(home.folder, production=False)
    return trust.judge_signer(signer, signing_time=at, now=at).outcome


def test_a_home_that_was_never_rolled_over_has_one_root_and_no_links(home: Premises) -> None:
    found = read_anchors(home.folder)
    assert found.offered == found.roots == (home.folder.root.read_bytes(),)
    assert (found.former, found.links) == ((), ())


def test_signers_of_the_former_and_of_the_present_root_are_believed(home: Premises) -> None:
    old = open_signer(home.folder, home.keys).certificate.der
    assert roll_over(home) == ["root made, valid to 2051-12-01", "link to it made"]
    assert outcome(home, old, START + DAY) is Outcome.VALID  # by the list of the former root
    root = open_root(home.folder, home.keys)
    fund = read_fund(home.folder)
    new = issue_signer(
        home.folder, home.keys, root, fund, entropy=secrets.token_bytes, at=LATER
    ).certificate.der
    renew(home.folder, home.keys, entropy=secrets.token_bytes, at=LATER)
    for signer in (old, new):
        assert outcome(home, signer, LATER) is Outcome.VALID


def test_the_link_leads_from_the_former_root_to_the_present_one(home: Premises) -> None:
    former = home.folder.root.read_bytes()
    roll_over(home)
    (link,) = read_anchors(home.folder).links
    AuthoritySet([former], [link])  # raises if it did not
    present = parse_certificate(home.folder.root.read_bytes())
    assert parse_certificate(link).public_key == present.public_key
    assert present.subject == parse_certificate(former).subject
    assert read_anchors(home.folder).offered == (present.der, former, link)


@pytest.mark.parametrize("demonstration", [True, False])
def test_the_next_root_is_for_demonstration_as_the_former_one(
    tmp_path: Path, *, demonstration: bool
) -> None:
    home = new_premises(tmp_path / "home", at=START, demonstration=demonstration)
    roll_over(home)
    present = parse_certificate(home.folder.root.read_bytes())
    assert is_demonstration(present) is demonstration


@pytest.mark.parametrize("stops_at", [0, 1, 2])
def test_an_interrupted_rollover_leaves_the_old_root_whole_and_can_be_done_again(
    home: Premises, monkeypatch: pytest.MonkeyPatch, stops_at: int
) -> None:
    former, written = home.folder.root.read_bytes(), 0

    def cut(path: Path, octets: bytes) -> None:
        nonlocal written
        if written == stops_at:
            raise OSError(FULL)
        written += 1
        write_atomically(path, octets)

    with monkeypatch.context() as broken:
        broken.setattr("cardservice.home.anchors.write_atomically", cut)
        with pytest.raises(OSError, match=FULL):
            roll_over(home)
    assert open_root(home.folder, home.keys).certificate.der == former
    assert read_anchors(home.folder).roots == (former,)
    roll_over(home, LATER + DAY)
    found = read_anchors(home.folder)
    assert (found.former, len(found.links)) == ((former,), 1)
    AuthoritySet([former], found.links)


def test_a_root_whose_signing_time_is_over_makes_no_successor(home: Premises) -> None:
    before = home.keys.names(), sorted(home.folder.root.parent.iterdir())
    for at in (START - DAY, START + 6 * 365 * DAY):
        with pytest.raises(Refusal) as refused:
            roll_over(home, at)
        assert refused.value.code == "root-not-in-use"
    assert (home.keys.names(), sorted(home.folder.root.parent.iterdir())) == before


def test_the_key_of_a_former_root_signs_nothing_in_the_name_of_the_present_one(
    home: Premises, tmp_path: Path
) -> None:
    elsewhere = new_premises(tmp_path / "elsewhere", at=START)
    roll_over(home)
    (elsewhere.folder.root).write_bytes(home.folder.root.read_bytes())
    with pytest.raises(KeyStoreError, match="put it back"):
        open_root(elsewhere.folder, elsewhere.keys)


@pytest.mark.parametrize("name", ["root.der", "former-20261101093000.der"])
def test_a_damaged_root_is_named(home: Premises, name: str) -> None:
    roll_over(home)
    (home.folder.root.parent / name).write_bytes(b"0\x00")
    with pytest.raises(Refusal) as refused:
        open_trust(home.folder, production=False)
    assert refused.value.code == "home-damaged"


def test_no_more_roots_are_offered_than_a_desk_takes(home: Premises) -> None:
    octets = home.folder.root.read_bytes()
    for number in range(MOST_FORMER + 1):
        assert len(read_anchors(home.folder).offered) <= MOST_ROOTS
        for kind in ("former", "link"):
            (home.folder.root.parent / f"{kind}-{number:014}.der").write_bytes(octets)
    with pytest.raises(Refusal) as refused:
        read_anchors(home.folder)
    assert refused.value.code == "home-damaged"
