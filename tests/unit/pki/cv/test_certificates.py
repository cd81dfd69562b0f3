"""CV certificates as values, against the published ones octet for octet."""

from datetime import date, timedelta
from typing import Any

import pytest

from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki.cv.certificates import CertificateFields, parse_certificate, sign_certificate
from cardservice.pki.cv.chat import Chat
from cardservice.pki.cv.keys import public_key_of
from cardservice.pki.cv.terms import ALL_RIGHTS, CvTag, Role
from tests.unit.pki.cv.coding import assembled, members, objects, tlv, value_of
from tests.unit.pki.cv.office import (
    PUBLISHED,
    TODAY,
    cvca,
    key,
    published,
    resigned,
    terminal,
    trusted,
    verifier,
)

# DEDVeIDDPST00035 as standards.md 7.2 takes it apart; cv_certificates.json has it too.
DV_HEAD = "7F2181E7 7F4E81A0 5F290100 420E4445544553546549443030303034 7F494F060A"
NAMES = list(PUBLISHED)
EXTENSION = tlv(0x73, bytes.fromhex("060904007F0007030103018001AA"))


def named(oid: str) -> bytes:
    """Return the contents octets of a dotted identifier whose arcs fit one octet, 127 too."""
    first, second, *rest = map(int, oid.split("."))
    return bytes((40 * first + second, *rest))


@pytest.mark.parametrize("name", NAMES)
def test_published_certificates_are_read_as_their_source_reads_them(name: str) -> None:
    parsed: dict[str, Any] = PUBLISHED[name]["parsed"]
    certificate = published(name)
    assert certificate.car == parsed["car"].encode()
    assert certificate.chr == parsed["chr"].encode()
    assert certificate.public_key.algorithm == named(parsed["oid"])
    assert certificate.public_key.point.hex() == parsed["pk_tags"]["86"]
    assert (certificate.public_key.domain is not None) is ("81" in parsed["pk_tags"])
    assert certificate.chat.terminal_type == named(parsed["chat_oid"])
    assert certificate.chat.template.hex() == parsed["chat"]
    assert certificate.effective.isoformat() == parsed["effective"]
    assert certificate.expiration.isoformat() == parsed["expiration"]
    assert certificate.signature.hex() == parsed["signature"]
    assert bool(certificate.extensions) is bool(parsed.get("extensions"))


@pytest.mark.parametrize("name", NAMES)
def test_published_certificates_are_written_back_octet_for_octet(name: str) -> None:
    certificate = published(name)
    assert CertificateFields.encode(certificate) == certificate.body
    assert tlv(0x7F21, certificate.content) == certificate.octets
    assert certificate.content == certificate.body + tlv(0x5F37, certificate.signature)


def test_the_annotated_certificate_is_what_a_card_is_shown() -> None:
    certificate = published("cvdv-DEDVeIDDPST00035")
    assert certificate.octets.hex().upper().startswith(DV_HEAD.replace(" ", ""))
    assert len(certificate.content) == 0xE7
    assert certificate.body[:4].hex() == "7f4e81a0"
    assert certificate.chat.role is Role.FOREIGN_DV


def test_a_non_minimal_length_is_tolerated_and_the_received_octets_are_kept() -> None:
    """A real verifier's certificate has 7F21 82 00E7, under a good signature."""
    minimal = terminal().octets
    content = value_of(minimal, 0x7F21)
    wide = b"\x7f\x21\x82" + len(content).to_bytes(2) + content
    assert wide != minimal
    certificate = parse_certificate(wide)
    assert (certificate.octets, certificate.body) == (wide, terminal().body)
    body = b"\x7f\x4e\x82" + (len(certificate.body) - 4).to_bytes(2) + certificate.body[4:]
    inside = parse_certificate(tlv(0x7F21, body + tlv(0x5F37, certificate.signature)))
    assert inside.body == body


def test_the_last_day_counts() -> None:
    certificate = published("cvdv-DEDVeIDDPST00035")
    first, last = date(2014, 2, 11), date(2014, 5, 12)
    assert certificate.is_valid_on(first)
    assert certificate.is_valid_on(last)
    assert not certificate.is_valid_on(first - timedelta(days=1))
    assert not certificate.is_valid_on(last + timedelta(days=1))


def test_a_new_certificate_has_the_objects_in_their_order_and_a_plain_signature() -> None:
    tags = [tag for tag, _ in members(terminal().octets)]
    assert tags == [0x5F29, 0x42, 0x7F49, 0x5F20, 0x7F4C, 0x5F25, 0x5F24]
    assert len(terminal().signature) == 64
    assert len(cvca().certificate.octets) in range(380, 450)
    assert len(terminal().octets) in range(200, 240)


def test_only_a_trust_point_brings_its_curve() -> None:
    parts = [tag for tag, _ in objects(members(cvca().certificate.octets)[2][1])]
    assert parts == [0x06, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87]
    for certificate in (verifier().certificate, terminal()):
        parts = [tag for tag, _ in objects(members(certificate.octets)[2][1])]
        assert parts == [0x06, 0x86]


BODY = members(terminal().octets)
ORDERS = {
    "empty": [],
    "profile missing": BODY[1:],
    "authority missing": [BODY[0], *BODY[2:]],
    "expiration missing": BODY[:-1],
    "key and holder swapped": [*BODY[:2], BODY[3], BODY[2], *BODY[4:]],
    "days swapped": [*BODY[:5], BODY[6], BODY[5]],
    "authority twice": [*BODY[:2], *BODY[1:]],
    "unknown object": [*BODY, (0x5F38, b"\x00")],
    "extensions twice": [*BODY, (0x65, EXTENSION), (0x65, EXTENSION)],
    "profile 1": [(0x5F29, b"\x01"), *BODY[1:]],
    "profile of two octets": [(0x5F29, b"\x00\x00"), *BODY[1:]],
    "no extension in extensions": [*BODY, (0x65, tlv(0x74, b"\x06\x01\x00"))],
    "extension without identifier": [*BODY, (0x65, tlv(0x73, b"\x80\x01\x00"))],
    "empty extension": [*BODY, (0x65, tlv(0x73, b""))],
    "authority of 17 octets": [BODY[0], (0x42, b"RUDESK00423400001"), *BODY[2:]],
    "a terminal that signs itself": [BODY[0], (0x42, BODY[3][1]), *BODY[2:]],
    "expires before it begins": [*BODY[:6], (0x5F24, bytes((2, 6, 0, 1, 0, 1)))],
}


@pytest.mark.parametrize("name", ORDERS)
def test_another_structure_is_malformed(name: str) -> None:
    with pytest.raises(MalformedDataError):
        parse_certificate(assembled(ORDERS[name]))


def test_the_assembled_certificate_itself_would_be_read() -> None:
    assert parse_certificate(assembled([*BODY, (0x65, EXTENSION)])).extensions == tlv(
        0x65, EXTENSION
    )


@pytest.mark.parametrize("tag", [0x7F20, 0x7F4E, 0x67, 0x30])
def test_another_outer_object_is_malformed(tag: int) -> None:
    with pytest.raises(MalformedDataError):
        parse_certificate(tlv(tag, terminal().content))


def test_octets_around_a_certificate_are_malformed() -> None:
    octets = terminal().octets
    for other in (octets + b"\x00", b"\x00" + octets, octets + octets, b""):
        with pytest.raises(MalformedDataError):
            parse_certificate(other)


def test_a_certificate_longer_than_a_card_takes_is_malformed() -> None:
    padding = tlv(0x73, bytes.fromhex("060104") + tlv(0x80, bytes(1900)))
    with pytest.raises(MalformedDataError, match="octets at most"):
        parse_certificate(assembled([*BODY, (0x65, padding)]))


def test_a_curve_below_the_trust_point_is_malformed() -> None:
    with_curve = public_key_of(key("terminal"))
    with pytest.raises(MalformedDataError, match="curve"):
        resigned(terminal(), key("verifier"), public_key=with_curve)


def test_a_trust_point_without_its_curve_is_malformed() -> None:
    bare = public_key_of(key("cvca 1")).without_domain()
    with pytest.raises(MalformedDataError, match="curve"):
        resigned(cvca().certificate, key("cvca 1"), public_key=bare)


def test_a_certificate_that_ends_before_it_begins_is_not_written() -> None:
    fields = CertificateFields(
        car=b"RUOMSCVCA00001",
        chr=b"RUOMSCVCA00001",
        public_key=public_key_of(key("cvca 1")),
        chat=Chat.inspection_system(Role.CVCA, ALL_RIGHTS),
        effective=TODAY,
        expiration=TODAY - timedelta(days=1),
    )
    with pytest.raises(UsageError):
        sign_certificate(fields, key("cvca 1"))


def test_octets_and_signature_do_not_print() -> None:
    shown = repr(terminal())
    assert "signature" not in shown
    assert repr(terminal().content) not in shown
    assert trusted().certificate.chr == b"RUOMSCVCA00001"
    assert CvTag.CAR in [tag for tag, _ in BODY]
