"""The home's list: kept whole between builds, published in one step, never older than before."""

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardservice.errors import Refusal
from cardservice.home.folder import open_signer
from cardservice.home.status_lists import (
    HOLDS,
    ListPlaces,
    Published,
    build_list,
    etag,
    list_uri,
    publish_list,
)
from cardservice.home.status_lists_kept import read_kept, write_kept
from cardservice.home.status_lists_showing import list_signers, show_list
from cardservice.home.status_lists_signer import (
    LIST_SIGNER_SPARE,
    list_signer_file,
    open_list_signer,
    renew_list_signer,
)
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.pki.keys import KeyStoreError
from cardservice.pki.status_list import StatusArray, StatusListError, StatusListFault, StatusType
from cardservice.pki.status_list_tokens import TokenForm
from cardservice.pki.status_list_verifying import ExpectedList, verify_status_list
from cardservice.registry.status_lists import KeptList, Mark
from tests.chain import START
from tests.unit.home.homes import Premises, new_premises

PLACES = 1 << 10
URI = "https://oms.example.org/statuslists/1"
NOW = START + timedelta(hours=1)
MARKS = {"45000": Mark(7, b"\x07" * 32)}
HALF_HOUR = timedelta(minutes=30)


@dataclass
class Rows:
    """A register of a few cards; counts how often it is read as a whole."""

    cards: dict[int, str] = field(default_factory=dict)
    wholes: int = 0

    def marks(self) -> Mapping[str, Mark]:
        return MARKS

    def knows(self, region: str, mark: Mark) -> bool:
        return MARKS.get(region) == mark

    def not_active(self) -> Iterator[tuple[int, str | None]]:
        self.wholes += 1
        yield from self.cards.items()

    def touched(self, region: str, after: int) -> Iterator[int]:
        yield from self.cards

    def states(self, numbers: Iterable[int]) -> Iterator[tuple[int, str | None]]:
        yield from ((one, self.cards[one]) for one in numbers)


@dataclass(frozen=True)
class Issuer:
    """A home with a signer of lists, and where its list lies."""

    premises: Premises
    places: ListPlaces

    def publish(self, *, at: datetime = NOW, uri: str = URI) -> Published:
        kept = build_list(self.places, Rows({1 << 32 | 5: "blocked"}), size=PLACES).kept
        signer = open_list_signer(self.premises.folder, self.premises.keys)
        return publish_list(self.places, kept, signer, uri=uri, at=at)


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    premises = new_premises(tmp_path / "home", at=START)
    renew_list_signer(premises.folder, premises.keys, entropy=secrets.token_bytes, at=START)
    return Issuer(premises, ListPlaces(premises.folder, 1, tmp_path / "www"))


def kept_list() -> KeptList:
    array = StatusArray(PLACES)
    array.set(3, StatusType.INVALID)
    return KeptList(number=1, marks=MARKS, array=array)


# kept between builds


def test_a_list_is_kept_with_its_marks_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    write_kept(path, kept_list())
    found = read_kept(path, number=1, places=PLACES)
    assert found is not None
    assert found.array.octets == kept_list().array.octets
    assert (found.number, found.marks) == (1, MARKS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("at", [2, 40, -1])
def test_a_kept_list_with_another_octet_is_not_taken(tmp_path: Path, at: int) -> None:
    path = tmp_path / "kept"
    write_kept(path, kept_list())
    octets = bytearray(path.read_bytes())
    octets[at] ^= 0x55
    path.write_bytes(octets)
    assert read_kept(path, number=1, places=PLACES) is None


@pytest.mark.parametrize("octets", [b"", b"{}\n", b"[]\n", b"null\n", b"\xff", b'{"format":1}\n'])
def test_what_is_no_kept_list_is_not_taken(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "kept"
    path.write_bytes(octets)
    assert read_kept(path, number=1, places=PLACES) is None


@pytest.mark.parametrize(("number", "places"), [(2, PLACES), (1, 2 * PLACES)])
def test_a_kept_list_of_another_number_or_size_is_not_taken(
    tmp_path: Path, number: int, places: int
) -> None:
    write_kept(tmp_path / "kept", kept_list())
    assert read_kept(tmp_path / "kept", number=number, places=places) is None


def test_the_register_is_read_as_a_whole_once_and_then_only_when_asked(issuer: Issuer) -> None:
    rows = Rows({1 << 32 | 5: "blocked"})
    assert build_list(issuer.places, rows, size=PLACES).whole
    assert not build_list(issuer.places, rows, size=PLACES).whole
    assert build_list(issuer.places, rows, size=PLACES, whole=True).whole
    issuer.places.kept.write_bytes(b"damaged")
    assert build_list(issuer.places, rows, size=PLACES).whole
    assert rows.wholes == 3


def test_an_odd_number_of_places_is_rounded_up_to_whole_octets(issuer: Issuer) -> None:
    built = build_list(issuer.places, Rows(), size=1025)
    assert built.kept.array.places == 1028


# published


def test_what_is_published_is_what_a_desk_of_this_home_believes(issuer: Issuer) -> None:
    published = issuer.publish()
    signers = list_signers(issuer.premises.folder, production=False)
    for form in TokenForm:
        octets = issuer.places.token(form).read_bytes()
        expected = ExpectedList(uri=URI, form=form)
        found = verify_status_list(octets, expected=expected, signers=signers, now=NOW)
        assert (found.issued, found.expires) == (NOW, NOW + HOLDS)
        assert found.status_of(5) is StatusType.SUSPENDED
        assert published.etags[form] == f'"{hashlib.sha256(octets).hexdigest()}"'
        assert published.octets[form] == len(octets)


def test_anybody_may_read_what_is_published_and_nothing_else_lies_there(issuer: Issuer) -> None:
    issuer.publish()
    found = sorted(one.name for one in issuer.places.out.iterdir())
    assert found == ["1.cwt", "1.json", "1.jwt"]
    modes = {stat.S_IMODE(one.stat().st_mode) for one in issuer.places.out.iterdir()}
    assert modes == {0o644}


def test_the_facts_say_what_a_servers_headers_say(issuer: Issuer) -> None:
    published = issuer.publish()
    facts = json.loads(issuer.places.facts.read_bytes())
    assert facts["uri"] == URI
    assert facts["max_age_s"] == 1800
    assert facts["files"]["cwt"] == {
        "type": "application/statuslist+cwt",
        "etag": published.etags[TokenForm.CWT],
        "octets": published.octets[TokenForm.CWT],
    }


def test_other_octets_have_another_entity_tag(issuer: Issuer) -> None:
    first = issuer.publish()
    second = issuer.publish(at=NOW + HALF_HOUR)
    assert first.etags[TokenForm.CWT] != second.etags[TokenForm.CWT]
    assert etag(b"one") == etag(b"one") != etag(b"two")


def test_a_clock_that_was_set_back_publishes_nothing(issuer: Issuer) -> None:
    issuer.publish()
    before = issuer.places.token(TokenForm.CWT).read_bytes()
    with pytest.raises(Refusal) as caught:
        issuer.publish(at=NOW - timedelta(seconds=1))
    assert caught.value.code == "status-list-clock"
    assert issuer.places.token(TokenForm.CWT).read_bytes() == before


@pytest.mark.parametrize("octets", [b"", b"[]", b"{}", b'{"issued":"2026-01-01"}', b'{"issued":5}'])
def test_facts_that_nobody_can_read_do_not_stop_publishing(issuer: Issuer, octets: bytes) -> None:
    issuer.publish()
    issuer.places.facts.write_bytes(octets)
    assert issuer.publish(at=NOW + HALF_HOUR).issued == NOW + HALF_HOUR


def test_a_disk_that_fails_leaves_the_list_before_in_place(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.publish()
    before = issuer.places.token(TokenForm.CWT).read_bytes()

    def fail(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", fail)
    kept = kept_list()
    signer = open_list_signer(issuer.premises.folder, issuer.premises.keys)
    with pytest.raises(OSError, match="no space"):
        publish_list(issuer.places, kept, signer, uri=URI, at=NOW + HALF_HOUR)
    assert issuer.places.token(TokenForm.CWT).read_bytes() == before


def test_the_name_of_a_list_is_below_the_address_however_that_ends() -> None:
    assert list_uri("https://oms.example.org/", 1) == list_uri("https://oms.example.org", 1) == URI


# shown


def test_the_shown_list_is_verified_and_counted(issuer: Issuer) -> None:
    issuer.publish()
    settings = issuer.premises.settings()
    shown = show_list(issuer.places, settings, uri=URI, at=NOW + HALF_HOUR, place=5)
    assert (shown.places, shown.age_s, shown.status) == (PLACES, 1800, "suspended")
    assert shown.counts == {
        "valid": PLACES - 1,
        "invalid": 0,
        "suspended": 1,
        "application-specific": 0,
    }


def test_a_list_of_another_name_is_not_shown(issuer: Issuer) -> None:
    issuer.publish()
    with pytest.raises(StatusListError) as caught:
        show_list(issuer.places, issuer.premises.settings(), uri=URI + "0", at=NOW)
    assert caught.value.fault is StatusListFault.OTHER_LIST


def test_nothing_published_is_said_to_be_so(issuer: Issuer) -> None:
    with pytest.raises(Refusal) as caught:
        show_list(issuer.places, issuer.premises.settings(), uri=URI, at=NOW)
    assert caught.value.code == "no-status-list"


# the signer


def renewed(premises: Premises, at: datetime) -> bool:
    return renew_list_signer(premises.folder, premises.keys, entropy=secrets.token_bytes, at=at)


def test_a_signer_is_made_once_and_again_when_its_time_is_short(issuer: Issuer) -> None:
    premises = issuer.premises
    first = open_list_signer(premises.folder, premises.keys)
    assert not renewed(premises, first.usage.end - LIST_SIGNER_SPARE)
    assert renewed(premises, first.usage.end - LIST_SIGNER_SPARE + timedelta(seconds=1))
    second = open_list_signer(premises.folder, premises.keys)
    assert second.certificate.public_key != first.certificate.public_key


def test_the_signer_of_lists_is_another_than_that_of_cards(issuer: Issuer) -> None:
    premises = issuer.premises
    of_cards = open_signer(premises.folder, premises.keys)
    of_lists = open_list_signer(premises.folder, premises.keys)
    assert of_lists.key.public_key != of_cards.key.public_key


def test_a_signer_whose_key_is_elsewhere_cannot_be_opened(issuer: Issuer) -> None:
    with pytest.raises(KeyStoreError):
        open_list_signer(issuer.premises.folder, InsecureMemoryKeyStore(production=False))


@pytest.mark.parametrize("octets", [b"", b"no certificate"])
def test_a_damaged_certificate_is_named(issuer: Issuer, octets: bytes) -> None:
    path = list_signer_file(issuer.premises.folder)
    path.write_bytes(octets)
    with pytest.raises(Refusal, match=path.name) as caught:
        open_list_signer(issuer.premises.folder, issuer.premises.keys)
    assert caught.value.code == "home-damaged"
