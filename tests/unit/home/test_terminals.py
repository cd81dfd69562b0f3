"""The issuer's side: who is certified, with which rights, for how long, and who is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.home.enrolment_files import DeskWish, canonical, write_request
from cardservice.home.terminals import Decision, end_desk, enrol, read_request
from cardservice.home.terminals_authority import open_cvca
from cardservice.home.terminals_register import DeskRegister, Ground
from cardservice.home.trust_points import TerminalFolder, load_trust, renew_verifier, roll_over
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.keystores.software_keys import EcdsaP256Key
from cardservice.pki.cv.chains import verify_chain, verify_trust_point
from cardservice.pki.cv.keys import plain_signer
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import authenticate_request, create_request, verify_request
from cardservice.pki.cv.terms import ALL_RIGHTS, TerminalRights
from cardservice.pki.keys import KeyStoreError
from tests.chain import START
from tests.unit.home.desks import CLERK, WISH, Desk, another_desk, days, new_desk

READ, HISTORY, WRITE = TerminalRights
TODAY = START.date()
Action = Callable[[], object]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path)


def register(desk: Desk) -> DeskRegister:
    return DeskRegister(TerminalFolder(desk.issuer.folder.path).desks)


def code_of(action: Action) -> str:
    with pytest.raises(Refusal) as refusal:
        action()
    return refusal.value.code


def test_a_certified_desk_has_a_chain_from_the_cvca_for_a_week(desk: Desk) -> None:
    enrolled = desk.certify(desk.request())
    trust_point = verify_trust_point(load_trust(desk.issuer.folder).cvca)
    chain = verify_chain(trust_point, enrolled.bundle.certificates, on=TODAY)
    terminal = chain.terminal.certificate
    assert (terminal.effective, terminal.expiration) == (TODAY, TODAY + days(6))
    assert terminal.public_key.point in desk.keys.signing_key("desk-00001").public_key


def test_the_register_says_who_certified_whom_and_when(desk: Desk) -> None:
    enrolled = desk.certify(desk.request())
    (known,) = register(desk).desks()
    assert known == enrolled.desk
    assert (known.name, known.clinic, known.enrolled) == (WISH.desk, WISH.clinic, START)
    (line,) = TerminalFolder(desk.issuer.folder.path).desks.read_text().splitlines()
    said = json.loads(line)
    assert (said["by"], said["reason"]) == (CLERK, "first certificate")


def test_a_first_request_needs_a_person_who_compared_its_fingerprint(desk: Desk) -> None:
    octets = desk.request()
    with pytest.raises(Refusal) as refusal:
        desk.certify(octets, confirmed=False)
    assert refusal.value.code == "desk-unconfirmed"
    fingerprint = read_request(octets).fingerprint
    assert fingerprint in refusal.value.sentence.replace(" ", "")
    assert register(desk).desks() == ()


def test_a_fingerprint_may_be_typed_with_gaps_and_capitals_and_must_be_whole(desk: Desk) -> None:
    asked = read_request(desk.request())

    def with_fingerprint(text: str) -> object:
        decision = Decision(by=CLERK, fingerprint=text)
        home = desk.issuer
        return enrol(home.folder, home.keys, asked, decision, at=START)

    for wrong in ("", asked.fingerprint[:-1], asked.fingerprint[::-1], "0" * 32):
        assert code_of(partial(with_fingerprint, wrong)) == "desk-unconfirmed"
    assert with_fingerprint(f" {asked.fingerprint[:9].upper()} {asked.fingerprint[9:]}\n")


@pytest.mark.parametrize(
    ("asked", "allowed", "given"),
    [
        (ALL_RIGHTS, None, READ),
        (ALL_RIGHTS, READ | HISTORY, READ | HISTORY),
        (READ, ALL_RIGHTS, READ),
        (HISTORY | WRITE, READ | WRITE, WRITE),
    ],
)
def test_a_desk_has_the_rights_that_it_asks_for_and_is_allowed(
    tmp_path: Path, asked: TerminalRights, allowed: TerminalRights | None, given: TerminalRights
) -> None:
    desk = new_desk(tmp_path, wish=replace(WISH, rights=asked))
    enrolled = desk.certify(desk.request(), rights=allowed)
    assert enrolled.bundle.verify(on=TODAY).rights == given
    assert enrolled.desk.rights == enrolled.bundle.wish.rights == given


def test_a_desk_never_has_rights_that_the_verifier_has_not(desk: Desk) -> None:
    home = desk.issuer
    key = home.keys.generate("dv-00002")
    holder = HolderReference("RU", "DV77001", "00002")
    lesser = open_cvca(load_trust(home.folder).cvca, home.keys).issue_document_verifier(
        verify_request(create_request(key, holder=holder)), rights=READ, at=TODAY
    )
    TerminalFolder(home.folder.path).verifier.write_bytes(lesser.octets)
    assert desk.certify(desk.request(), rights=ALL_RIGHTS).desk.rights == READ


def test_a_desk_that_is_allowed_nothing_it_asks_for_gets_no_certificate(desk: Desk) -> None:
    other = another_desk(desk, DeskWish(desk="2", clinic="x", rights=WRITE))
    octets = other.request()
    assert code_of(lambda: other.certify(octets)) == "desk-no-rights"
    assert register(desk).desks() == ()


@pytest.mark.parametrize("wished", [0, 8, 90])
def test_a_terminal_certificate_holds_a_week_at_most(desk: Desk, wished: int) -> None:
    octets = desk.request()
    with pytest.raises(UsageError, match="1 to 7 days"):
        desk.certify(octets, days=wished)
    assert register(desk).desks() == ()


def test_a_renewal_is_vouched_for_by_the_present_key_and_keeps_the_rights(desk: Desk) -> None:
    first = desk.certify(desk.request(), rights=READ | HISTORY)
    desk.install(first)
    later = START + days(5)
    second = desk.renew(at=later)
    assert second.desk.rights == READ | HISTORY
    assert (second.desk.sequence, second.desk.until) == ("00002", (later + days(6)).date())
    assert second.desk.enrolled == START
    assert first.desk.holder == second.desk.holder
    assert first.bundle.terminal.public_key != second.bundle.terminal.public_key
    desk.renew(at=later + days(6))
    assert len(register(desk).desks()) == 1


def test_a_renewal_asks_for_no_more_than_the_desk_was_given(desk: Desk) -> None:
    desk.install(desk.certify(desk.request()))
    assert desk.renew(at=START).desk.rights == READ


def test_a_certificate_that_ran_out_vouches_for_nothing(desk: Desk) -> None:
    desk.enrol()
    octets, late = desk.renewal(), START + days(7)
    assert code_of(lambda: desk.certify(octets, at=late, confirmed=False)) == "desk-unconfirmed"
    assert desk.certify(octets, at=late).desk.sequence == "00002"


def test_a_request_that_was_taken_may_be_brought_again_by_a_person_only(desk: Desk) -> None:
    desk.enrol()
    octets = desk.renewal()
    first = desk.certify(octets, confirmed=False)
    assert code_of(lambda: desk.certify(octets, confirmed=False)) == "desk-unconfirmed"
    again = desk.certify(octets)
    assert again.bundle.terminal.public_key == first.bundle.terminal.public_key


def test_an_earlier_key_is_not_certified_again(desk: Desk) -> None:
    octets = desk.request()
    desk.install(desk.certify(octets))
    desk.renew(at=START)
    assert code_of(lambda: desk.certify(octets)) == "desk-request-used"


def test_a_key_before_the_last_does_not_vouch(desk: Desk) -> None:
    desk.enrol()
    kept = desk.certify(desk.renewal(), confirmed=False)  # certified, and never installed
    assert kept.desk.sequence == "00002"
    octets = desk.renewal()
    assert code_of(lambda: desk.certify(octets, confirmed=False)) == "desk-request-damaged"


def test_a_renewal_around_another_request_is_refused(desk: Desk) -> None:
    desk.enrol()
    one, two = desk.renewal(), desk.renewal()
    key = desk.keys.signing_key("desk-00003")
    members = json.loads(two) | {"vouched": json.loads(one)["vouched"]}
    octets = signed_again(members, key)
    assert code_of(lambda: desk.certify(octets, confirmed=False)) == "desk-request-damaged"


def signed_again(members: dict[str, object], key: EcdsaP256Key) -> bytes:
    said = {name: value for name, value in members.items() if name != "signature"}
    return canonical({**said, "signature": plain_signer(key)(canonical(said)).hex()})


def test_a_thief_without_the_desks_key_cannot_renew_for_it(desk: Desk) -> None:
    enrolled = desk.enrol()
    thief = InsecureMemoryKeyStore(production=False).generate("mine")
    holder = replace(enrolled.bundle.reference, sequence="00002")
    request = create_request(thief, holder=holder)
    vouched = authenticate_request(request, key=thief, holder=enrolled.bundle.reference)
    octets = write_request(WISH, thief, request, vouched=vouched)
    assert code_of(lambda: desk.certify(octets, confirmed=False)) == "desk-request-damaged"
    bare = write_request(WISH, thief, request)
    assert code_of(lambda: desk.certify(bare, confirmed=False)) == "desk-unconfirmed"


def ended(desk: Desk, name: str = WISH.desk) -> str:
    ground = Ground(by=CLERK, at=START, reason="left")
    return end_desk(desk.issuer.folder, name, ground).holder


def test_an_ended_desk_gets_no_new_certificate(desk: Desk) -> None:
    octets = desk.request()
    enrolled = desk.certify(octets)
    desk.install(enrolled)
    assert ended(desk) == enrolled.desk.holder
    assert code_of(lambda: desk.certify(desk.renewal())) == "desk-ended"
    assert code_of(lambda: desk.certify(octets)) == "desk-ended"
    assert code_of(lambda: ended(desk)) == "no-desk"
    (known,) = register(desk).desks()
    assert known.ended == START


def test_a_desk_that_lost_its_keys_is_ended_before_it_is_enrolled_anew(desk: Desk) -> None:
    desk.enrol()
    anew = another_desk(desk, WISH)
    octets = anew.request()
    assert code_of(lambda: anew.certify(octets)) == "desk-name-taken"
    ended(desk)
    assert anew.certify(octets).desk.ended is None
    assert len(register(desk).desks()) == 2


def test_a_name_that_two_clinics_use_must_be_told_apart(desk: Desk) -> None:
    desk.enrol()
    other = another_desk(desk, replace(WISH, clinic="Поликлиника № 5"))
    holder = other.enrol().desk.holder
    assert code_of(lambda: ended(desk)) == "desk-ambiguous"
    assert ended(desk, holder) == holder
    assert ended(desk) != holder


def test_a_desk_keeps_the_name_it_was_enrolled_with(desk: Desk) -> None:
    desk.enrol()
    members = json.loads(desk.renewal()) | {"desk": "Окно 2"}
    octets = signed_again(members, desk.keys.signing_key("desk-00002"))
    assert code_of(lambda: desk.certify(octets)) == "desk-renamed"


def test_an_expired_verifier_certifies_nobody_until_it_is_renewed(desk: Desk) -> None:
    octets, at = desk.request(), START + days(90)
    assert code_of(lambda: desk.certify(octets, at=at)) == "verifier-expired"
    renew_verifier(desk.issuer.folder, desk.issuer.keys, at=at)
    assert desk.certify(octets, at=at).desk.until == (at + days(6)).date()


def test_a_certificate_ends_with_its_verifier(desk: Desk) -> None:
    at = START + days(87)
    assert desk.certify(desk.request(), at=at).desk.until == TODAY + days(89)


def test_without_the_verifiers_key_nothing_is_recorded(desk: Desk) -> None:
    asked = read_request(desk.request())
    decision = Decision(by=CLERK, fingerprint=asked.fingerprint)
    away = InsecureMemoryKeyStore(production=False)
    with pytest.raises(KeyStoreError, match="no key dv-00001"):
        enrol(desk.issuer.folder, away, asked, decision, at=START)
    assert register(desk).desks() == ()


def test_a_card_of_the_old_trust_point_believes_a_desk_over_the_link(desk: Desk) -> None:
    old = load_trust(desk.issuer.folder).cvca
    for count in (100, 200):
        roll_over(desk.issuer.folder, desk.issuer.keys, at=START + days(count))
    at = START + days(200)
    bundle = desk.certify(desk.request(), at=at).bundle
    chain = verify_chain(verify_trust_point(old), bundle.certificates, on=at.date())
    assert [one.car for one in chain.certificates][:3] == [
        b"RUCVCA7700100001",
        b"RUCVCA7700100002",
        b"RUCVCA7700100003",
    ]
    new = verify_trust_point(load_trust(desk.issuer.folder).cvca)
    assert verify_chain(new, bundle.certificates[2:], on=at.date()).rights == READ


@pytest.mark.parametrize("line", [b"{}", b"[]", b"not JSON", b'{"event": "ended", "holder": "x"}'])
def test_a_damaged_register_is_told_by_its_line(desk: Desk, line: bytes) -> None:
    desk.enrol()
    path = TerminalFolder(desk.issuer.folder.path).desks
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(Refusal, match="Line 2") as refusal:
        register(desk)
    assert refusal.value.code == "desks-damaged"


def test_a_line_of_the_register_that_was_cut_short_is_dropped_at_the_next_one(desk: Desk) -> None:
    desk.enrol()
    path = TerminalFolder(desk.issuer.folder.path).desks
    with path.open("ab") as file:
        file.write(b'{"at": "2026-')
    assert len(register(desk).desks()) == 1
    ended(desk)
    assert register(desk).desks()[0].ended == START
    assert len(path.read_bytes().splitlines()) == 2
