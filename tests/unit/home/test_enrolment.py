"""The desk's side: a key that stays, a request nobody can alter, a bundle that must fit."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from cardservice.errors import PeerError, Refusal, UsageError
from cardservice.home.enrolment import DeskFolder, install, load_enrolment, request_renewal
from cardservice.home.enrolment_files import (
    MAX_FILE,
    DeskWish,
    canonical,
    group_digits,
    name_rights,
    parse_bundle,
    parse_request,
    rights_named,
)
from cardservice.home.terminals import read_request
from cardservice.home.trust_points import load_trust, roll_over
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.pki.cv.chains import verify_chain, verify_trust_point
from cardservice.pki.cv.keys import plain_signer
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import create_request
from cardservice.pki.cv.terms import ALL_RIGHTS, TerminalRights
from cardservice.pki.keys import KeyStoreError
from cardservice.verify.access import Enrolment
from tests.chain import START
from tests.unit.home.desks import WISH, Desk, another_desk, days, new_desk

TODAY = START.date()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path)


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        action()
    return refusal.value.code


def loaded(desk: Desk, *, after: int = 0) -> Enrolment | None:
    return load_enrolment(desk.folder, desk.keys, on=TODAY + days(after))


def test_a_desk_that_was_never_enrolled_shows_nothing(desk: Desk) -> None:
    assert loaded(desk) is None
    desk.request()
    assert loaded(desk) is None


def test_a_request_names_the_desk_and_proves_its_key(desk: Desk) -> None:
    asked = read_request(desk.request())
    assert asked.wish == WISH
    assert asked.key.public_key.point in desk.keys.signing_key("desk-00001").public_key
    assert len(asked.fingerprint) == 32


def test_nothing_private_is_in_a_request_or_a_bundle(desk: Desk) -> None:
    octets = desk.request()
    scalar = desk.keys.signing_key("desk-00001").private_key.private_numbers().private_value
    files = octets + desk.certify(octets).bundle.encode()
    assert f"{scalar:064x}".encode() not in files
    assert scalar.to_bytes(32) not in files


def test_two_desks_never_have_the_same_references(desk: Desk) -> None:
    other = another_desk(desk, WISH)
    references = [read_request(one.request()).reference for one in (desk, other, desk)]
    assert len({one.mnemonic for one in references}) == 3
    assert [one.sequence for one in references] == ["00001", "00001", "00002"]


def test_an_enrolled_desk_shows_a_chain_and_signs_with_the_key_of_its_end(desk: Desk) -> None:
    enrolled = desk.enrol()
    enrolment = loaded(desk)
    assert enrolment is not None
    (chain,) = enrolment.chains
    assert (chain.holder, chain.rights) == (
        enrolled.bundle.terminal.chr,
        TerminalRights.READ_POLICY,
    )
    trust_point = verify_trust_point(load_trust(desk.issuer.folder).cvca)
    verified = verify_chain(trust_point, enrolled.bundle.certificates, on=TODAY)
    assert verified.terminal.verify(enrolment.sign(b"challenge"), b"challenge")


def test_after_a_rollover_it_shows_the_link_to_cards_that_need_it(desk: Desk) -> None:
    old = load_trust(desk.issuer.folder).cvca.chr
    roll_over(desk.issuer.folder, desk.issuer.keys, at=START)
    desk.enrol()
    enrolment = loaded(desk)
    assert enrolment is not None
    new = load_trust(desk.issuer.folder).cvca.chr
    for cars, shown in (((old,), 3), ((new, old), 2), ((new,), 2)):
        chain = enrolment.chains[0].starting_at(cars)
        assert chain is not None
        assert len(chain.certificates) == shown


def test_after_a_renewal_the_new_key_signs(desk: Desk) -> None:
    desk.enrol()
    second = desk.renew(at=START + days(5))
    enrolment = loaded(desk, after=8)
    assert enrolment is not None
    assert enrolment.chains[0].holder == second.bundle.terminal.chr
    terminal = second.bundle.verify(on=TODAY + days(8)).terminal
    assert terminal.verify(enrolment.sign(b"challenge"), b"challenge")


def test_a_certificate_that_ran_out_is_refused_with_what_to_do(desk: Desk) -> None:
    desk.enrol()
    assert loaded(desk, after=6) is not None
    with pytest.raises(Refusal, match="cardservice pki desk renew") as refusal:
        loaded(desk, after=7)
    assert refusal.value.code == "enrolment-expired"


def test_a_clock_that_is_behind_is_told(desk: Desk) -> None:
    desk.enrol()
    assert code_of(lambda: loaded(desk, after=-1)) == "enrolment-early"


def test_a_bundle_on_the_disk_that_was_altered_is_refused(desk: Desk) -> None:
    desk.enrol()
    path = DeskFolder(desk.folder.path).bundle
    members = json.loads(path.read_bytes())
    flipped = bytearray.fromhex(members["certificates"][-1])
    flipped[-1] ^= 1
    for certificates in ([*members["certificates"][:-1], flipped.hex()], [], ["00"], None):
        path.write_bytes(canonical({**members, "certificates": certificates}))
        assert code_of(lambda: loaded(desk)) == "home-damaged"


def test_a_bundle_on_the_disk_that_is_another_desks_is_refused(desk: Desk) -> None:
    other = another_desk(desk, replace(WISH, desk="Окно 2"))
    other.request()
    path = DeskFolder(other.folder.path).bundle
    path.write_bytes(desk.enrol().bundle.encode())
    with pytest.raises(Refusal, match="for another desk"):
        loaded(other)


def test_without_its_key_a_bundle_is_of_no_use(desk: Desk) -> None:
    desk.enrol()
    away = InsecureMemoryKeyStore(production=False)
    with pytest.raises(KeyStoreError, match="no key desk-00001"):
        load_enrolment(desk.folder, away, on=TODAY)


def test_a_desk_that_is_not_enrolled_has_nothing_to_renew(desk: Desk) -> None:
    assert code_of(lambda: request_renewal(desk.folder, desk.keys)) == "not-enrolled"
    assert desk.keys.names() == ()


def test_a_bundle_for_another_desk_is_refused(desk: Desk) -> None:
    other = another_desk(desk, replace(WISH, desk="Окно 2"))
    other.request()
    bundle = desk.certify(desk.request())
    with pytest.raises(Refusal, match="for another desk") as refusal:
        other.install(bundle)
    assert refusal.value.code == "bundle-refused"
    assert loaded(other) is None


def test_an_older_bundle_does_not_replace_a_newer_one(desk: Desk) -> None:
    first = desk.enrol()
    desk.renew(at=START)
    assert code_of(lambda: desk.install(first)) == "bundle-refused"
    enrolment = loaded(desk)
    assert enrolment is not None
    assert enrolment.chains[0].holder.endswith(b"00002")


def test_a_bundle_is_not_taken_before_or_after_its_week(desk: Desk) -> None:
    enrolled = desk.certify(desk.request())
    for after in (-1, 7):
        early_or_late = partial(desk.install, enrolled, at=START + days(after))
        assert code_of(early_or_late) == "bundle-refused"
    assert desk.install(enrolled, at=START + days(6)).wish.desk == WISH.desk


def test_a_bundle_is_taken_as_it_came(desk: Desk) -> None:
    octets = desk.certify(desk.request()).bundle.encode()
    install(desk.folder, desk.keys, octets, at=START)
    assert DeskFolder(desk.folder.path).bundle.read_bytes() == octets
    assert parse_bundle(octets).encode() == octets


def test_every_octet_of_a_request_counts(desk: Desk) -> None:
    octets = desk.request()
    for at in range(0, len(octets) - 1, 3):
        altered = octets[:at] + bytes((octets[at] ^ 0x01,)) + octets[at + 1 :]
        with pytest.raises(PeerError):
            parse_request(altered)
    assert code_of(lambda: read_request(octets[:-9])) == "desk-request-damaged"


def test_every_octet_of_a_bundle_counts_or_is_only_its_label(desk: Desk) -> None:
    octets = desk.certify(desk.request()).bundle.encode()
    holder, taken = parse_bundle(octets).terminal.chr, 0
    for at in range(0, len(octets) - 1, 3):
        altered = octets[:at] + bytes((octets[at] ^ 0x01,)) + octets[at + 1 :]
        with contextlib.suppress(Refusal):
            install(desk.folder, desk.keys, altered, at=START)
            taken += 1
        if taken == 0:
            continue
        enrolment = loaded(desk)
        assert enrolment is not None
        assert (enrolment.chains[0].holder, enrolment.chains[0].rights) == (holder, 1)
    assert taken < len(octets) // 10


@pytest.mark.parametrize(
    "change",
    [
        {"desk": "Окно 2"},
        {"clinic": "Another clinic"},
        {"rights": ["read-policy"]},
        {"vouched": "00"},
        {"more": 1},
    ],
)
def test_a_request_that_was_altered_is_refused(desk: Desk, change: dict[str, object]) -> None:
    members = json.loads(desk.request()) | change
    with pytest.raises(Refusal, match="does not verify") as refusal:
        read_request(canonical(members))
    assert refusal.value.code == "desk-request-damaged"


def signed(desk: Desk, change: dict[str, object]) -> bytes:
    """Return a request that its own key signs, whatever it says."""
    members = json.loads(desk.request()) | change
    del members["signature"]
    key = desk.keys.signing_key("desk-00001")
    said = canonical(members)
    return canonical({**members, "signature": plain_signer(key)(said).hex()})


@pytest.mark.parametrize(
    "change",
    [
        {"desk": ""},
        {"desk": "x" * 65},
        {"desk": "Window \x1b[2J"},
        {"desk": "\u202eabc"},
        {"desk": 7},
        {"clinic": " "},
        {"clinic": None},
        {"rights": []},
        {"rights": ["everything"]},
        {"rights": "read-policy"},
        {"rights": [["read-policy"]]},
        {"rights": {"read-policy": 1}},
        {"vouched": "0"},
        {"vouched": None},
        {"kind": "cardservice desk bundle"},
        {"format": 2},
        {"request": "7f2100"},
        {"request": 5},
    ],
)
def test_a_signed_request_that_says_nonsense_is_refused(
    desk: Desk, change: dict[str, object]
) -> None:
    octets = signed(desk, change)
    assert code_of(lambda: read_request(octets)) == "desk-request-damaged"


@pytest.mark.parametrize("reference", [("RU", "../../X", "00001"), ("RU", "ABCDEFGHI", "0000A")])
def test_a_reference_that_no_desk_has_is_refused_before_it_becomes_a_file(
    desk: Desk, reference: tuple[str, str, str]
) -> None:
    desk.request()
    key = desk.keys.signing_key("desk-00001")
    request = create_request(key, holder=HolderReference(*reference))
    members = json.loads(desk.request()) | {"request": request.hex()}
    del members["signature"]
    signature = plain_signer(key)(canonical(members)).hex()
    octets = canonical({**members, "signature": signature})
    with pytest.raises(Refusal, match="a reference that no desk has"):
        read_request(octets)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        b"[" * 60_000,
        b'"' + b"x" * MAX_FILE + b'"',
        b'"\\ud800"',
    ],
)
def test_what_is_no_json_of_ours_is_refused(octets: bytes) -> None:
    for parse in (parse_request, parse_bundle):
        with pytest.raises(PeerError):
            parse(octets)


def test_half_a_character_in_a_name_is_refused(desk: Desk) -> None:
    octets = desk.request().replace("Окно".encode(), b"\\ud800")
    assert code_of(lambda: read_request(octets)) == "desk-request-damaged"


def test_rights_have_names_both_ways() -> None:
    assert name_rights(ALL_RIGHTS) == ["read-policy", "read-history", "write-insurer"]
    assert rights_named(name_rights(ALL_RIGHTS)) == ALL_RIGHTS


def test_a_desk_wishes_for_rights_that_there_are() -> None:
    for rights in (TerminalRights(0), TerminalRights(8), ALL_RIGHTS | TerminalRights(16)):
        with pytest.raises(UsageError):
            DeskWish(desk="1", clinic="x", rights=rights)


def test_a_fingerprint_is_read_in_groups() -> None:
    assert group_digits("0123456789") == "0123 4567 89"


def test_the_days_of_a_desk_are_those_of_utc(desk: Desk) -> None:
    desk.install(desk.certify(desk.request(), at=START + timedelta(hours=14)), at=START)
    assert loaded(desk) is not None
