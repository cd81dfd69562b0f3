"""Key ceremonies: what was made is written down, bound together, and signed by two persons."""

import json
import subprocess
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from cardservice.errors import MalformedDataError, PeerError, Refusal, UsageError
from cardservice.home.ceremony import TEXT, TRANSCRIPT, Ceremony, ceremonies, hold, read_transcript
from cardservice.home.ceremony_signatures import (
    CeremonyCheck,
    add_signature,
    check,
    find,
    sign_with_key,
)
from cardservice.home.ceremony_transcript import (
    NOTHING_BEFORE,
    Person,
    parse_transcript,
    read_person,
    require_two,
)
from cardservice.home.enrolment_files import canonical
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.trust_points import create_authority, load_trust, roll_over
from cardservice.keystores.memory import InsecureMemoryKeyStore
from tests.chain import FUND, START
from tests.unit.home.homes import Premises, new_premises

PASSPHRASE = "of a person of a test"  # noqa: S105


def private_pem(key: ec.EllipticCurvePrivateKey, passphrase: str | None = None) -> bytes:
    sealed = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


ANNA_KEY, IVAN_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
ANNA, IVAN = read_person("Анна", public_pem(ANNA_KEY)), read_person("Иван", public_pem(IVAN_KEY))


@pytest.fixture
def home(tmp_path: Path) -> Premises:
    return new_premises(tmp_path / "home", at=START)


def clock() -> datetime:
    return START


def held(home: Premises, persons: Sequence[Person] = (ANNA, IVAN)) -> Path:
    ceremony = Ceremony(title="rollover", persons=persons, witnesses=["Олег"], place="Комната 7")
    return hold(
        home.folder,
        home.keys,
        ceremony,
        lambda: roll_over(home.folder, home.keys, at=START),
        clock=clock,
    )


def signed(place: Path) -> None:
    sign_with_key(place, "Анна", private_pem(ANNA_KEY))
    sign_with_key(place, "Иван", private_pem(IVAN_KEY))


def checked(home: Premises, place: Path) -> CeremonyCheck:
    return check(home.folder, place)


def test_a_transcript_says_what_was_made_and_who_was_there(home: Premises) -> None:
    transcript = read_transcript(held(home))
    opened, *made, closed = transcript.entries
    assert (opened.event, closed.event) == ("opened", "closed")
    assert opened.details["person 1"] == f"Анна, key {ANNA.fingerprint}"
    assert (opened.details["witness 1"], opened.details["place"]) == ("Олег", "Комната 7")
    assert [(one.event, one.details.get("key") or one.details["file"]) for one in made] == [
        ("key made", "cvca-00002"),
        ("key made", "dv-00002"),
        ("file replaced", "terminals/cvca.cvcert"),
        ("file made", "terminals/former/RUCVCA7700100001.cvcert"),
        ("file made", "terminals/links/RUCVCA7700100002.cvcert"),
        ("file replaced", "terminals/verifier.cvcert"),
    ]
    assert closed.details["done 1"].startswith("CVCA RUCVCA7700100002 made")


def test_fingerprints_are_those_of_the_keys_and_files(home: Premises) -> None:
    transcript = read_transcript(held(home))
    details = [one.details for one in transcript.entries]
    said = {one.get("key") or one.get("file"): one for one in details}
    key = home.keys.signing_key("cvca-00002").public_key
    assert said["cvca-00002"]["SHA-256 of the public key"] == sha256(key).hexdigest()
    octets = load_trust(home.folder).cvca.octets
    assert said["terminals/cvca.cvcert"]["SHA-256"] == sha256(octets).hexdigest()


def test_the_foundation_of_a_home_is_a_ceremony_too_and_tells_no_secret(tmp_path: Path) -> None:
    folder, keys = Folder(tmp_path / "home"), InsecureMemoryKeyStore(production=False)

    def found() -> list[str]:
        wish = NewHome(fund=FUND, demonstration=False)
        establish(folder, keys, wish, entropy=lambda count: b"\x07" * count, at=START)
        return ["founded"]

    place = hold(
        folder, keys, Ceremony(title="foundation", persons=(ANNA, IVAN)), found, clock=clock
    )
    text = (place / TEXT).read_text() + (place / TRANSCRIPT).read_text()
    entries = read_transcript(place).entries
    kinds = {one.details["key"]: one.details["kind"] for one in entries if "key" in one.details}
    assert kinds["issuer-master"] == kinds["transport-master"] == "secret"
    assert kinds["root"] == kinds["cvca-00001"] == "signing"
    assert keys.secret("issuer-master").value.hex() not in text
    scalar = keys.signing_key("root").private_key.private_numbers().private_value
    assert f"{scalar:064x}" not in text
    signed(place)
    assert check(folder, place).is_complete


def test_a_ceremony_that_failed_is_written_down(home: Premises) -> None:
    ceremony = Ceremony(title="again", persons=(ANNA, IVAN))
    with pytest.raises(Refusal):
        hold(
            home.folder,
            home.keys,
            ceremony,
            lambda: create_authority(home.folder, home.keys, at=START),
            clock=clock,
        )
    (place,) = ceremonies(home.folder)
    last = read_transcript(place).entries[-1]
    assert last.event == "failed"
    assert "This home has a CVCA" in last.details["because"]


def test_a_foundation_that_failed_leaves_nothing_in_the_way_of_the_next(tmp_path: Path) -> None:
    folder, keys = Folder(tmp_path / "home"), InsecureMemoryKeyStore(production=False)

    def fail() -> list[str]:
        raise UsageError("no such fund")

    with pytest.raises(UsageError):
        hold(folder, keys, Ceremony(title="x", persons=(ANNA, IVAN)), fail, clock=clock)
    assert not folder.path.exists()


@pytest.mark.parametrize(
    "persons",
    [
        (),
        (ANNA,),
        (ANNA, ANNA),
        (ANNA, IVAN, Person("Олег", b"other")),
        (ANNA, Person("Иван", ANNA.public_key)),
        (ANNA, Person("АННА ", IVAN.public_key)),
    ],
)
def test_a_ceremony_is_held_by_two_different_persons_with_different_keys(
    home: Premises, persons: Sequence[Person]
) -> None:
    before = home.keys.names()
    with pytest.raises(UsageError):
        held(home, persons)
    assert home.keys.names() == before


def test_a_transcript_is_complete_when_both_signed_the_same(home: Premises) -> None:
    place = held(home)
    nobody = checked(home, place)
    assert (nobody.signed, nobody.missing) == ((), ("Анна", "Иван"))
    sign_with_key(place, "Анна", private_pem(ANNA_KEY))
    one = checked(home, place)
    assert (one.signed, one.missing, one.is_complete) == (("Анна",), ("Иван",), False)
    sign_with_key(place, "Иван", private_pem(IVAN_KEY))
    both = checked(home, place)
    assert (both.signed, both.missing, both.faults) == (("Анна", "Иван"), (), ())
    assert both.is_complete
    assert both.digest in (place / TEXT).read_text().replace(" ", "")


def test_a_person_signs_with_their_own_key_and_name_only(home: Premises) -> None:
    place = held(home)
    for name, key in (("Анна", IVAN_KEY), ("Олег", ANNA_KEY)):
        with pytest.raises(Refusal) as refusal:
            sign_with_key(place, name, private_pem(key))
        assert refusal.value.code == "not-of-ceremony"
    assert checked(home, place).missing == ("Анна", "Иван")


def test_an_encrypted_key_asks_for_its_passphrase(home: Premises) -> None:
    place, pem = held(home), private_pem(ANNA_KEY, PASSPHRASE)
    sign_with_key(place, "Анна", pem, lambda _: PASSPHRASE)
    assert checked(home, place).signed == ("Анна",)
    for answer in (lambda _: "", lambda _: "another"):
        with pytest.raises(UsageError, match="does not open"):
            sign_with_key(place, "Анна", pem, answer)


def test_a_signature_of_one_does_not_count_for_the_other(home: Premises) -> None:
    place = held(home)
    signature = sign_with_key(place, "Анна", private_pem(ANNA_KEY))
    with pytest.raises(Refusal):
        add_signature(place, "Иван", signature.read_bytes())
    (place / "signature-2.sig").write_bytes(signature.read_bytes())
    found = checked(home, place)
    assert (found.signed, found.is_complete) == (("Анна",), False)
    assert found.faults == ("signature-2.sig is not a signature of Иван",)


@pytest.mark.parametrize("octets", [b"", b"\x30\x00", b"\x30" * 73, b"\x00" * 64])
def test_what_is_no_signature_is_not_taken(home: Premises, octets: bytes) -> None:
    place = held(home)
    with pytest.raises(Refusal) as refusal:
        add_signature(place, "Анна", octets)
    assert refusal.value.code == "not-of-ceremony"


def test_a_signature_over_another_transcript_does_not_verify(home: Premises) -> None:
    first = held(home)
    signed(first)
    second = held(home)
    for name in ("signature-1.sig", "signature-2.sig"):
        (second / name).write_bytes((first / name).read_bytes())
    assert len(checked(home, second).faults) == 2


def test_openssl_signs_and_verifies_the_same(home: Premises, tmp_path: Path) -> None:
    place, key = held(home), tmp_path / "anna.key"
    key.write_bytes(private_pem(ANNA_KEY))
    (tmp_path / "ivan.pem").write_bytes(public_pem(IVAN_KEY))
    transcript = place / TRANSCRIPT
    openssl = ["openssl", "dgst", "-sha256"]
    made = subprocess.run(
        [*openssl, "-sign", str(key), str(transcript)], capture_output=True, check=True
    )
    add_signature(place, "Анна", made.stdout)
    signature = sign_with_key(place, "Иван", private_pem(IVAN_KEY))
    subprocess.run(
        [*openssl, "-verify", str(tmp_path / "ivan.pem"), "-signature", str(signature), transcript],
        capture_output=True,
        check=True,
    )
    assert checked(home, place).is_complete


def test_keys_that_openssl_made_are_taken(home: Premises, tmp_path: Path) -> None:
    key = tmp_path / "oleg.key"
    make = ["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", str(key)]
    subprocess.run(make, capture_output=True, check=True)
    public = subprocess.run(
        ["openssl", "ec", "-in", str(key), "-pubout"], capture_output=True, check=True
    )
    place = held(home, (ANNA, read_person("Олег", public.stdout)))
    sign_with_key(place, "Олег", key.read_bytes())
    assert checked(home, place).signed == ("Олег",)


def altered(place: Path, change: dict[str, object], number: int = 1) -> bytes:
    members = json.loads((place / TRANSCRIPT).read_bytes())
    members["entries"][number] |= change
    return canonical(members) + b"\n"


@pytest.mark.parametrize(
    "change",
    [
        {"at": "2026-11-01T09:30:01+00:00"},
        {"event": "key seen"},
        {"details": {}},
        {"previous": NOTHING_BEFORE},
        {"hash": NOTHING_BEFORE},
    ],
)
def test_an_entry_that_was_altered_is_found(home: Premises, change: dict[str, object]) -> None:
    with pytest.raises(MalformedDataError, match="was altered"):
        parse_transcript(altered(held(home), change))


def test_entries_that_were_left_out_or_moved_are_found(home: Premises) -> None:
    members = json.loads((held(home) / TRANSCRIPT).read_bytes())
    first, second, *rest = members["entries"]
    for entries in ([first, *rest], [second, first, *rest], []):
        with pytest.raises(MalformedDataError):
            parse_transcript(canonical({**members, "entries": entries}) + b"\n")


def test_every_octet_of_a_transcript_counts(home: Premises) -> None:
    place = held(home)
    signed(place)
    path = place / TRANSCRIPT
    octets = path.read_bytes()
    for at in range(0, len(octets), 7):
        path.write_bytes(octets[:at] + bytes((octets[at] ^ 0x01,)) + octets[at + 1 :])
        try:
            complete = checked(home, place).is_complete
        except Refusal:
            complete = False
        assert not complete, at


@pytest.mark.parametrize(
    "octets", [b"", b"[]", b"{}", b"null", b"[" * 60_000, b'{"kind": "cardservice key ceremony"}']
)
def test_what_is_no_transcript_is_refused(octets: bytes) -> None:
    with pytest.raises(PeerError):
        parse_transcript(octets)


def test_a_printed_text_that_says_something_else_is_found(home: Premises) -> None:
    place = held(home)
    signed(place)
    text = (place / TEXT).read_text()
    (place / TEXT).write_text(text.replace("Комната 7", "Комната 8"))
    assert checked(home, place).faults == (f"{TEXT} says something else than {TRANSCRIPT}",)


def test_ceremonies_of_a_home_are_bound_to_one_another(home: Premises) -> None:
    first, second, third = (held(home) for _ in range(3))
    signed(third)
    assert read_transcript(first).entries[0].previous == NOTHING_BEFORE
    assert read_transcript(second).entries[0].previous == read_transcript(first).head
    assert checked(home, third).is_complete
    (second / TRANSCRIPT).unlink()
    assert checked(home, third).faults == ("the ceremony before it is another one, or is missing",)


def test_the_last_ceremony_is_found_without_a_name(home: Premises) -> None:
    with pytest.raises(Refusal) as refusal:
        find(home.folder, None)
    assert refusal.value.code == "no-ceremony"
    first, second = held(home), held(home)
    assert (find(home.folder, None), find(home.folder, first.name)) == (second, first)


def test_only_keys_on_p256_are_persons_keys(home: Premises) -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    edwards = Ed25519PrivateKey.generate()
    for pem in (
        public_pem(other),
        edwards.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        b"no PEM",
    ):
        with pytest.raises(UsageError):
            read_person("Олег", pem)
    place = held(home)
    sealed = edwards.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for pem in (sealed, private_pem(other), b"no PEM"):
        with pytest.raises(UsageError):
            sign_with_key(place, "Анна", pem)


def test_names_that_do_not_print_are_refused() -> None:
    for name in ("", "x" * 65, "a\x1b[2Jb"):
        with pytest.raises(UsageError):
            Person(name, b"")
    assert require_two([ANNA, IVAN]) == (ANNA, IVAN)
