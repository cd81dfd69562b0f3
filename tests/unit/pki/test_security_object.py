"""LDSSecurityObject: the two decoders and the encoder."""

import pytest

from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki import der
from cardservice.pki.algorithms import SHA_512
from cardservice.pki.oids import Oid
from cardservice.pki.security_object import (
    decode_security_object,
    encode_security_object,
    match_issued_layout,
)
from cardservice.pki.suite import SHA_256, DigestAlgorithm
from tests.shared import vectors
from tests.unit.pki.office import HASHES

BSI = vectors("ef_sod_synthetic")["synthetic"][0]["facts"]
V1_INFO = der.sequence(
    der.encode(der.DerTag.PRINTABLE_STRING, b"0108"),
    der.encode(der.DerTag.PRINTABLE_STRING, b"040000"),
)


def entry(number: int, value: bytes = bytes(32)) -> bytes:
    return der.sequence(der.integer(number), der.octet_string(value))


def lds(*entries: bytes, version: int = 0, digest: bytes | None = None, info: bytes = b"") -> bytes:
    algorithm = digest or der.algorithm(Oid.SHA256)
    return der.sequence(der.integer(version), algorithm, der.sequence(*entries), info)


def test_the_published_object_decodes_to_the_published_hashes_in_their_order() -> None:
    decoded = decode_security_object(bytes.fromhex(BSI["econtent"]))
    assert [(n, value.hex()) for n, value in decoded.hashes.items()] == [
        (int(n), value) for n, value in BSI["dg_hashes"].items()
    ]
    assert decoded.digest is SHA_256


def test_encoding_is_version_0_ascending_with_parameters_absent() -> None:
    shuffled = {number: HASHES[number] for number in (14, 3, 1, 4, 2)}
    expected = lds(*(entry(number, HASHES[number]) for number in (1, 2, 3, 4, 14)))
    assert encode_security_object(shuffled, digest=SHA_256) == expected


@pytest.mark.parametrize("digest", [SHA_256, SHA_512], ids=lambda digest: digest.name)
@pytest.mark.parametrize("count", range(2, 17))
def test_both_decoders_return_what_was_encoded(count: int, digest: DigestAlgorithm) -> None:
    hashes = {n: bytes((n,)) * digest.size for n in range(1, count + 1)}
    octets = encode_security_object(hashes, digest=digest)
    matched = match_issued_layout(octets, digest)
    assert matched == decode_security_object(octets)
    assert matched is not None
    assert dict(matched.hashes) == hashes


@pytest.mark.parametrize(
    "octets",
    [
        lds(entry(1), entry(1)),
        lds(entry(1), entry(17)),
        lds(entry(1), entry(0)),
        lds(entry(1), entry(2), version=1, info=V1_INFO),
        lds(entry(1), entry(2), digest=der.algorithm(Oid.SHA256, der.NULL)),
        lds(entry(1), entry(2))[:-1],
        lds(entry(1), entry(2, bytes(31)), b"\x00"),
        b"",
    ],
    ids=range(8),
)
def test_the_quick_decoder_leaves_every_other_layout_alone(octets: bytes) -> None:
    assert match_issued_layout(octets, SHA_256) is None


def test_version_1_with_its_versions_decodes() -> None:
    octets = lds(entry(1), entry(2), version=1, info=V1_INFO)
    assert set(decode_security_object(octets).hashes) == {1, 2}


def test_algorithm_parameters_may_be_null() -> None:
    octets = lds(entry(1), entry(2), digest=der.algorithm(Oid.SHA256, der.NULL))
    assert set(decode_security_object(octets).hashes) == {1, 2}


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (lds(entry(3), entry(1), entry(3)), "twice"),
        (lds(entry(1), entry(2), version=2), "version"),
        (lds(entry(1), entry(2), version=2, info=V1_INFO), "version"),
        (lds(entry(1), entry(2), version=1), "version"),
        (lds(entry(1), entry(2), info=V1_INFO), "version"),
        (lds(entry(1), entry(17)), "impossible"),
        (lds(entry(0), entry(1)), "impossible"),
        (lds(entry(1), entry(2, bytes(31))), "impossible"),
        (lds(entry(1), entry(2), digest=der.algorithm("1.3.14.3.2.26")), "unsupported"),
        (lds(entry(1)), "malformed"),
        (lds(), "malformed"),
        (lds(*(entry(n) for n in range(1, 18))), "malformed"),
        (lds(entry(1), entry(2)) + b"\x00", "malformed"),
        (b"", "malformed"),
    ],
    ids=range(14),
)
def test_what_leaves_room_for_doubt_is_refused(octets: bytes, message: str) -> None:
    with pytest.raises(MalformedDataError, match=message):
        decode_security_object(octets)


@pytest.mark.parametrize(
    "hashes",
    [
        {},
        {1: bytes(32)},
        {n: bytes(32) for n in range(17)},
        {1: bytes(32), 17: bytes(32)},
        {1: bytes(32), 2: bytes(20)},
    ],
    ids=range(5),
)
def test_an_impossible_object_is_not_encoded(hashes: dict[int, bytes]) -> None:
    with pytest.raises(UsageError):
        encode_security_object(hashes, digest=SHA_256)
